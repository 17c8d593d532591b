//! What takes time on the way to a host, for whoever wants to know: connections, workers, round trips.
//!
//! Work is observed in [`observed`] only; elsewhere nothing is measured.

use churten_protocol::{Request, TOOK_KEY};
use churten_value::{Dict, Value};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Something that took time.
#[derive(Clone, Debug)]
pub struct Phase {
    /// What it was.
    pub kind: PhaseKind,
    /// The host, as the inventory names it.
    pub host: String,
    /// What was asked for: `module`, `put`, `fetch`; or the way another identity was taken on.
    pub request: &'static str,
    /// When it began.
    pub began: Instant,
    /// When it ended.
    pub ended: Instant,
    /// The module that was run.
    pub module: Option<String>,
    /// How long the module took on the host, by the host's clock. It is part of the round trip.
    pub inside: Option<Duration>,
}

/// The kinds of phases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhaseKind {
    /// A connection was made.
    Connect,
    /// A worker was looked for, sent where it was missing, and started.
    Deliver,
    /// A worker was started under another identity.
    Become,
    /// A request went to a worker and its answer came back; or a command ran without one.
    RoundTrip,
}

/// Hears of phases.
pub trait Observer: Send + Sync {
    /// A phase has ended.
    fn phase(&self, phase: Phase);
}

tokio::task_local! {
    static OBSERVER: Arc<dyn Observer>;
}

/// Do `work`, and tell the observer what takes time in it.
pub async fn observed<F: Future>(observer: Arc<dyn Observer>, work: F) -> F::Output {
    OBSERVER.scope(observer, work).await
}

/// A phase under way that is observed.
pub(crate) struct Watch {
    observer: Arc<dyn Observer>,
    began: Instant,
}

impl Watch {
    /// Now; `None` where nobody observes.
    pub(crate) fn begin() -> Option<Self> {
        let observer = OBSERVER.try_with(Arc::clone).ok()?;
        Some(Self { observer, began: Instant::now() })
    }

    /// The phase has ended.
    pub(crate) fn end(watch: Option<Self>, kind: PhaseKind, host: &str, request: &'static str) {
        if let Some(mut watch) = watch {
            watch.tell(kind, host, request, None, None);
        }
    }

    /// A module has answered, and another phase begins; how long it took is taken out of its result.
    pub(crate) fn answered(&mut self, host: &str, request: &'static str, module: Option<String>, result: &mut Dict) {
        let took = result.remove(TOOK_KEY).as_ref().and_then(Value::as_int);
        let inside = took.and_then(|took| u64::try_from(took).ok()).map(Duration::from_micros);
        self.tell(PhaseKind::RoundTrip, host, request, module, inside);
    }

    fn tell(
        &mut self,
        kind: PhaseKind,
        host: &str,
        request: &'static str,
        module: Option<String>,
        inside: Option<Duration>,
    ) {
        let (began, ended) = (self.began, Instant::now());
        self.began = ended;
        self.observer.phase(Phase { kind, host: host.to_owned(), request, began, ended, module, inside });
    }
}

/// What a request is called.
pub(crate) fn request_name(request: &Request) -> &'static str {
    match request {
        Request::Ping => "ping",
        Request::Module(_) => "module",
        Request::Batch(_) => "batch",
        Request::Exec(_) => "exec",
        Request::Python(_) => "python",
        Request::Put(_) => "put",
        Request::Begun(_) => "begun",
        Request::Fetch(_) => "fetch",
        Request::Stat { .. } => "stat",
        Request::Remove { .. } => "remove",
        Request::Become(_) => "become",
        Request::Detach(_) => "detach",
        Request::TemporaryDirectory { .. } => "temporary_directory",
    }
}
