//! The run itself.

use super::drive::{credentials, drive, finish, runtime};
use super::interrupt::Interrupt;
use super::reporter::Totals;
use super::{inputs, listing, setup};
use crate::command_line::PlaybookOptions;
use crate::output::{Callbacks, Choice, listeners};
use crate::profile::Profile;
use crate::record::{About, Record};
use crate::start::{Started, fail, start};
use churten_diagnostics::{ErrorKind, Report};
use churten_executor::{Event, Run};
use churten_playbook::TagFilter;
use std::os::unix::fs::FileTypeExt;
use std::path::PathBuf;
use tokio::runtime::Runtime;
use tokio::sync::mpsc;

/// Run playbooks, or look at them; gives the exit code.
pub(crate) fn run(inputs: &PlaybookOptions) -> u8 {
    run_with(inputs, None).0
}

/// [`run`] with a configuration file of one's own instead of the one that is found; gives the recap's sums, too.
pub(crate) fn run_with(inputs: &PlaybookOptions, configuration: Option<PathBuf>) -> (u8, Totals) {
    let Started { settings, mut console, verbosity, filter } = match start("ansible-playbook", inputs, configuration) {
        Ok(started) => started,
        Err(code) => return (code, Totals::default()),
    };
    // A playbook of a collection may be named as `namespace.collection.playbook`.
    let in_collection = |path: &PathBuf| churten_executor::collection_playbook(&settings, path.to_str()?);
    let playbooks = inputs.playbooks.iter().map(|path| in_collection(path).unwrap_or_else(|| path.clone())).collect();
    let inputs = &PlaybookOptions { verbosity, playbooks, ..inputs.clone() };
    let prepared = runtime().and_then(|(runtime, interrupt)| {
        check(inputs)?;
        let credentials = credentials(inputs, &settings, &interrupt, &mut console)?;
        Ok((runtime, interrupt, credentials))
    });
    let (runtime, interrupt, (passwords, secrets)) = match prepared {
        Ok(prepared) => prepared,
        Err(report) => return (fail(&mut console, &report), Totals::default()),
    };
    // Callbacks hear of runs only: with nothing to run none is loaded, not even to find that there is no such one.
    let is_run = !inputs::only_looks(inputs);
    let choice = Choice {
        settings: &settings,
        verbosity: inputs.verbosity,
        check_mode: inputs.check,
        command_line: inputs.describe(&settings),
        tree: None,
        screen: settings.text("DEFAULT_STDOUT_CALLBACK").filter(|_| is_run).unwrap_or("default"),
        load_enabled: is_run,
    };
    let record = if is_run { recorded("ansible-playbook", inputs, &choice) } else { Ok(None) };
    let files = record.and_then(|record| Ok((record, if is_run { profiled(inputs)? } else { None })));
    let callbacks = match files.and_then(|files| Ok((files, listeners(&mut console, &choice)?))) {
        Ok(((record, profile), listeners)) => Callbacks::new(console, listeners).recorded(record).profiled(profile),
        Err(report) => return (fail(&mut console, &report), Totals::default()),
    };
    let parts = setup::Parts { passwords: &passwords, settings, secrets, filter };
    drive(callbacks, |events| execute(&runtime, interrupt, inputs, parts, events))
}

/// The record that `--log-events` asks for.
pub(crate) fn recorded(program: &str, inputs: &PlaybookOptions, choice: &Choice<'_>) -> Result<Option<Record>, Report> {
    let Some(path) = &inputs.log_events else { return Ok(None) };
    let about = About { program, verbosity: inputs.verbosity, check_mode: inputs.check, screen: choice.screen };
    Record::create(path, &about)
        .map(Some)
        .map_err(|error| Report::new(format!("--log-events {}: {error}", path.display())).kind(ErrorKind::Options))
}

/// The profile that `--profile` asks for.
pub(crate) fn profiled(inputs: &PlaybookOptions) -> Result<Option<Profile>, Report> {
    let Some(path) = &inputs.profile else { return Ok(None) };
    Profile::create(path)
        .map(Some)
        .map_err(|error| Report::new(format!("--profile {}: {error}", path.display())).kind(ErrorKind::Options))
}

/// What must be known before anything is asked or loaded: are the playbooks there?
fn check(inputs: &PlaybookOptions) -> Result<(), Report> {
    for playbook in &inputs.playbooks {
        let shown = playbook.display();
        let Ok(metadata) = std::fs::metadata(playbook) else {
            return Err(Report::new(format!("the playbook: {shown} could not be found")));
        };
        if !metadata.is_file() && !metadata.file_type().is_fifo() {
            return Err(Report::new(format!("the playbook: {shown} does not appear to be a file")));
        }
    }
    Ok(())
}

fn execute(
    runtime: &Runtime,
    interrupt: Interrupt,
    inputs: &PlaybookOptions,
    parts: setup::Parts<'_>,
    events: mpsc::UnboundedSender<Event>,
) -> Result<u8, Report> {
    let setup = setup::run(inputs, parts, events.clone())?;
    let mut run = {
        // Connections belong to the runtime they were made in.
        let _inside = runtime.enter();
        Run::new(setup)?
    };
    run.check_limit()?;
    let playbooks = run.load(&inputs.playbooks)?;
    if inputs::only_looks(inputs) {
        let mut filter = TagFilter::new(run.tags(), run.skip_tags());
        if inputs.list_tags {
            // Tags are listed to be asked for, those of tasks that only run when asked for among them.
            filter.only.push("never".into());
        }
        run.assume_prompts(&playbooks)?;
        for (index, playbook) in playbooks.iter().enumerate() {
            for event in run.take_held(index) {
                let _ = events.send(event);
            }
            let told = format!("{} plays in {}", playbook.plays.len(), playbook.path.display());
            let _ = events.send(Event::Verbose { level: 2, host: None, text: told });
        }
        for playbook in &playbooks {
            let text = if inputs.syntax_check && !(inputs.list_hosts || inputs.list_tasks || inputs.list_tags) {
                playbook.plays.iter().try_for_each(|play| run.check_keywords(play))?;
                format!("\nplaybook: {}", playbook.path.display())
            } else {
                listing::text(&run, playbook, inputs, &filter)?
            };
            let _ = events.send(Event::Text(text));
        }
        return Ok(0);
    }
    run.check_features(&playbooks)?;
    finish(runtime, interrupt, run, &playbooks)
}
