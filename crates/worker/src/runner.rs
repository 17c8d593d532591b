//! The way to the modules.

use churten_protocol::Invocation;
use churten_value::{Dict, Value};
use std::path::Path;

/// What the worker tells a runner besides the invocation.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// A private directory of this invocation, when it came with files; gone afterwards.
    pub directory: Option<&'a Path>,
    /// The worker's own private directory, for temporary files; gone when the worker ends. `None` when there is no
    /// place for one.
    pub temporary: Option<&'a Path>,
}

/// Runs modules on this machine.
///
/// Called from several threads at once. Children must be started from the calling thread, so that a cancel finds
/// them; the environment of the invocation is for them alone, never for this process. A panic is caught and becomes a
/// failed result.
pub trait Runner: Send + Sync {
    /// Run one module to its end and return its result.
    fn run(&self, invocation: &Invocation, context: Context<'_>) -> Dict;
}

/// A runner that knows no module.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoModules;

impl Runner for NoModules {
    fn run(&self, invocation: &Invocation, _: Context<'_>) -> Dict {
        failure(format!("The module {} was not found in this worker.", invocation.module))
    }
}

/// A failed result with a message.
pub(crate) fn failure(message: String) -> Dict {
    Dict::from([("failed", Value::from(true)), ("msg", message.into())])
}
