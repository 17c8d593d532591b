//! Signals that ask for the end, from the first question to the last task: the first ends the run gently, the second at
//! once.

use churten_diagnostics::Report;
use std::time::Duration;
use tokio::runtime::Runtime;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

/// After the first signal the program ends by itself. Where it does not, because it waits for another program or a slow
/// file system, it is ended after so long.
const PATIENCE: Duration = Duration::from_secs(5);

/// A signal that asks the program to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EndSignal {
    /// Ctrl-C.
    Interrupt,
    /// SIGTERM.
    Terminate,
    /// SIGHUP: the terminal is gone.
    HangUp,
}

impl EndSignal {
    /// The exit code: ansible-core's 99 after Ctrl-C; the others end ansible-core, which a shell shows as these.
    pub(crate) fn exit_code(self) -> u8 {
        match self {
            Self::Interrupt => 99,
            Self::Terminate => 128 + 15,
            Self::HangUp => 128 + 1,
        }
    }
}

/// Knows whether a signal has asked for the end.
#[derive(Clone, Debug)]
pub(crate) struct Interrupt(watch::Receiver<Option<EndSignal>>);

impl Interrupt {
    /// Listen from now on.
    ///
    /// # Errors
    /// The system does not let us.
    pub(super) fn listen(runtime: &Runtime) -> Result<Self, Report> {
        let _inside = runtime.enter();
        let open = |kind: SignalKind| {
            signal(kind).map_err(|error| Report::new(format!("could not listen for signals: {error}")))
        };
        let mut interrupts = open(SignalKind::interrupt())?;
        let mut terminations = open(SignalKind::terminate())?;
        // Under nohup the end of the terminal is no reason to end.
        let mut hang_ups = if ignores_hang_up() { None } else { Some(open(SignalKind::hangup())?) };
        let (sender, receiver) = watch::channel(None);
        runtime.spawn(async move {
            loop {
                let received = tokio::select! {
                    Some(()) = interrupts.recv() => EndSignal::Interrupt,
                    Some(()) = terminations.recv() => EndSignal::Terminate,
                    Some(()) = next(&mut hang_ups) => EndSignal::HangUp,
                    else => return,
                };
                if sender.borrow().is_some() {
                    std::process::exit(received.exit_code().into());
                }
                sender.send_replace(Some(received));
                tokio::spawn(async move {
                    tokio::time::sleep(PATIENCE).await;
                    std::process::exit(received.exit_code().into());
                });
            }
        });
        Ok(Self(receiver))
    }

    /// Has the end been asked for?
    pub(super) fn is_set(&self) -> bool {
        self.signal().is_some()
    }

    /// The signal that has asked for the end.
    pub(super) fn signal(&self) -> Option<EndSignal> {
        *self.0.borrow()
    }

    /// Wait until the end is asked for.
    pub(super) async fn wait(&mut self) {
        if self.0.wait_for(Option::is_some).await.is_err() {
            // Nobody listens any more, so nothing will ever be asked.
            std::future::pending::<()>().await;
        }
    }
}

async fn next(signals: &mut Option<Signal>) -> Option<()> {
    match signals {
        Some(signals) => signals.recv().await,
        None => std::future::pending().await,
    }
}

/// Was this program started with SIGHUP ignored?
fn ignores_hang_up() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 1 != 0)
}
