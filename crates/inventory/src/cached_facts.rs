//! Facts of hosts that earlier runs kept.

use churten_diagnostics::Report;
use churten_value::Dict;
use std::sync::Arc;

/// Why there are no facts of a host where there should be some.
#[derive(Debug)]
pub struct CorruptFacts {
    /// What there is to warn of.
    pub warning: Report,
    /// The error.
    pub report: Report,
}

type Ask = dyn Fn(&str) -> Result<Option<Dict>, Box<CorruptFacts>> + Send + Sync;

/// Asks for the facts of a host. By default there are none.
#[derive(Clone, Default)]
pub struct CachedFacts(Option<Arc<Ask>>);

impl std::fmt::Debug for CachedFacts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("CachedFacts").field(&self.0.is_some()).finish()
    }
}

impl CachedFacts {
    /// Facts that `ask` knows by the name of a host.
    pub fn new(ask: impl Fn(&str) -> Result<Option<Dict>, Box<CorruptFacts>> + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(ask)))
    }

    /// The facts of a host.
    ///
    /// # Errors
    /// Facts that cannot be read; what there is to warn of is told first.
    pub(crate) fn of(&self, host: &str, warn: &mut dyn FnMut(Report)) -> Result<Option<Dict>, Report> {
        let Some(ask) = &self.0 else { return Ok(None) };
        ask(host).map_err(|corrupt| {
            warn(corrupt.warning);
            corrupt.report
        })
    }
}
