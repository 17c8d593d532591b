//! A run with its two sides: the runtime that works, and the thread that shows what happens.

use super::inputs::{self, Passwords};
use super::interrupt::{EndSignal, Interrupt};
use super::reporter::{self, Totals};
use super::setup;
use crate::command_line::PlaybookOptions;
use crate::output::{Callbacks, Console};
use crate::prompt;
use crate::start::fail;
use churten_config::Settings;
use churten_diagnostics::Report;
use churten_executor::{Event, Run, RunEnd};
use churten_playbook::Playbook;
use churten_vault::Secrets;
use std::sync::Arc;
use tokio::runtime::Runtime;
use tokio::sync::mpsc::{self, UnboundedSender};

/// ansible-core's exit code after an error of its own.
const UNEXPECTED: u8 = 250;

/// The runtime of a run, which hears of Ctrl-C from now on.
pub(crate) fn runtime() -> Result<(Runtime, Interrupt), Report> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Report::new(format!("could not start the runtime: {error}")))?;
    let interrupt = Interrupt::listen(&runtime)?;
    Ok((runtime, interrupt))
}

/// The passwords for hosts and vaults, in the order in which ansible-core asks for them.
pub(crate) fn credentials(
    inputs: &PlaybookOptions,
    settings: &Settings,
    interrupt: &Interrupt,
    console: &mut Console,
) -> Result<(Passwords, Arc<Secrets>), Report> {
    check_agent(settings)?;
    let ask = |text: &str| prompt::ask_private(text, &|| interrupt.is_set());
    let passwords =
        if inputs::only_looks(inputs) { Passwords::default() } else { inputs::passwords(inputs, settings, &ask)? };
    let secrets = setup::vault_secrets(settings, inputs, &ask, &mut |warning| console.warning(&warning))?;
    Ok((passwords, Arc::new(secrets)))
}

/// An agent that is named must answer, whether or not a host is asked for.
fn check_agent(settings: &Settings) -> Result<(), Report> {
    let socket = settings.ssh_agent();
    if matches!(socket, "none" | "auto") {
        return Ok(());
    }
    let refused = |reason: String| {
        let socket = churten_value::str_repr(socket);
        Report::new(format!(
            "Failed to launch ssh agent: Could not communicate with ssh-agent using auth sock {socket}: {reason}"
        ))
    };
    match std::os::unix::net::UnixStream::connect(socket) {
        Ok(_) => Ok(()),
        Err(_) if socket.is_empty() => Err(refused("[Errno 22] Invalid argument".into())),
        Err(error) => {
            let text = error.to_string();
            let words = text.split(" (os error").next().unwrap_or_default();
            Err(refused(format!("[Errno {}] {words}", error.raw_os_error().unwrap_or_default())))
        }
    }
}

/// Do `work` while a thread shows its events with `callbacks`; gives the exit code and the recap's sums.
pub(crate) fn drive(
    mut callbacks: Callbacks,
    work: impl FnOnce(UnboundedSender<Event>) -> Result<u8, Report>,
) -> (u8, Totals) {
    let (sender, receiver) = mpsc::unbounded_channel();
    let live = callbacks.console().has_progress();
    let reporter = std::thread::spawn(move || reporter::show(receiver, callbacks, live));
    let outcome = work(sender);
    // The run and with it every sender is gone, so the reporter ends.
    let Ok((mut callbacks, totals)) = reporter.join() else { return (UNEXPECTED, Totals::default()) };
    let code = match &outcome {
        Ok(code) => *code,
        Err(report) => fail(callbacks.console(), report),
    };
    callbacks.end(code, outcome.as_ref().err());
    (code, totals)
}

/// Run playbooks to their end, or to a signal that asks for one.
pub(crate) fn finish(runtime: &Runtime, interrupt: Interrupt, run: Run, playbooks: &[Playbook]) -> Result<u8, Report> {
    let mut waiting = interrupt.clone();
    Ok(match runtime.block_on(run.run(playbooks, async { waiting.wait().await }))? {
        RunEnd::Ok => 0,
        RunEnd::Failed => 2,
        RunEnd::Unreachable => 4,
        RunEnd::Interrupted => match interrupt.signal() {
            // As ansible-core, which says nothing when these end it.
            Some(ended @ (EndSignal::Terminate | EndSignal::HangUp)) => ended.exit_code(),
            _ => return Err(prompt::interrupted()),
        },
    })
}
