//! Ctrl-C and its kin wait until a file is whole, and until plain text in temporary files is gone.

use crate::prompt;
use churten_diagnostics::Report;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use tokio::signal::unix::{SignalKind, signal};

/// Whether the program was told to stop.
pub(super) struct Interrupts(Arc<AtomicBool>);

impl Interrupts {
    /// From now on signals that would end this program only leave a mark.
    ///
    /// # Errors
    /// When signals cannot be watched.
    pub(super) fn watch() -> Result<Self, Report> {
        let told = Arc::new(AtomicBool::new(false));
        let (ready, is_ready) = mpsc::channel();
        let mark = told.clone();
        std::thread::spawn(move || {
            let runtime = match tokio::runtime::Builder::new_current_thread().enable_io().build() {
                Ok(runtime) => runtime,
                Err(error) => return drop(ready.send(Err(error))),
            };
            runtime.block_on(async {
                let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
                let [Ok(mut interrupt), Ok(mut terminate), Ok(mut hangup)] = kinds.map(signal) else {
                    return drop(ready.send(Err(std::io::Error::other("signals cannot be watched"))));
                };
                let _ = ready.send(Ok(()));
                loop {
                    tokio::select! {
                        _ = interrupt.recv() => {}
                        _ = terminate.recv() => {}
                        _ = hangup.recv() => {}
                    }
                    mark.store(true, Ordering::Relaxed);
                }
            });
        });
        match is_ready.recv() {
            Ok(Ok(())) => Ok(Self(told)),
            Ok(Err(error)) => Err(Report::new(format!("cannot watch for signals: {error}"))),
            Err(_) => Err(Report::new("cannot watch for signals")),
        }
    }

    /// An error once the program was told to stop.
    pub(super) fn check(&self) -> Result<(), Report> {
        if self.0.load(Ordering::Relaxed) { Err(prompt::interrupted()) } else { Ok(()) }
    }
}
