//! Ctrl-C, from the first question to the last task.

use churten_diagnostics::Report;
use tokio::runtime::Runtime;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// Knows whether the user has pressed Ctrl-C.
#[derive(Clone, Debug)]
pub(crate) struct Interrupt(watch::Receiver<bool>);

impl Interrupt {
    /// Listen from now on.
    ///
    /// # Errors
    /// The system does not let us.
    pub(super) fn listen(runtime: &Runtime) -> Result<Self, Report> {
        let _inside = runtime.enter();
        let mut signals = signal(SignalKind::interrupt())
            .map_err(|error| Report::new(format!("could not listen for signals: {error}")))?;
        let (sender, receiver) = watch::channel(false);
        runtime.spawn(async move {
            while signals.recv().await.is_some() {
                let _ = sender.send(true);
            }
        });
        Ok(Self(receiver))
    }

    /// Has it been pressed?
    pub(super) fn is_set(&self) -> bool {
        *self.0.borrow()
    }

    /// Wait until it is pressed.
    pub(super) async fn wait(&mut self) {
        if self.0.wait_for(|pressed| *pressed).await.is_err() {
            // Nobody listens any more, so nothing will ever be pressed.
            std::future::pending::<()>().await;
        }
    }
}
