//! The run itself.

use super::reporter::Totals;
use super::{inputs, listing, reporter, setup};
use crate::command_line::{PlaybookOptions, VersionFacts, ask_password, version_text};
use crate::output::{Console, ConsoleOptions, DefaultCallback, OutputOptions, ResultFormat, Stream};
use churten_config::Settings;
use churten_diagnostics::{ErrorKind, Report};
use churten_executor::{Event, Run, RunEnd};
use churten_playbook::TagFilter;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::mpsc;

/// ansible-core's exit code after Ctrl-C.
const INTERRUPTED: u8 = 99;

/// Run playbooks, or look at them; gives the exit code.
pub(crate) fn run(inputs: &PlaybookOptions) -> u8 {
    run_with(inputs, None).0
}

/// [`run`] with a configuration file of one's own instead of the one that is found; gives the recap's sums, too.
pub(crate) fn run_with(inputs: &PlaybookOptions, configuration: Option<PathBuf>) -> (u8, Totals) {
    let settings = match setup::settings(inputs, configuration) {
        Ok(settings) => Arc::new(settings),
        Err(report) => {
            let mut console = Console::new(ConsoleOptions::for_terminal(false, false, |_| None));
            console.error(Stream::Error, &report.render());
            // Settings are read before anything else; their errors have ansible-core's code for wrong options.
            return (5, Totals::default());
        }
    };
    let mut callback = callback(&settings, inputs);
    introduce(callback.console(), &settings);
    for warning in settings.warnings() {
        callback.console().warning(&warning.render());
    }
    if let Some(report) = inputs::missing(inputs) {
        return (fail(&mut callback, &report), Totals::default());
    }
    let asked = inputs::passwords(inputs)
        .and_then(|passwords| Ok((passwords, Arc::new(setup::secrets(&settings, inputs, &ask_password)?))));
    let (passwords, secrets) = match asked {
        Ok(asked) => asked,
        Err(report) => return (fail(&mut callback, &report), Totals::default()),
    };
    // What cannot be found is said before the inventory is read, as ansible-core does.
    for playbook in &inputs.playbooks {
        if !playbook.exists() {
            let message = format!("the playbook: {} could not be found", playbook.display());
            return (fail(&mut callback, &Report::new(message)), Totals::default());
        }
    }
    let (sender, receiver) = mpsc::unbounded_channel();
    let live = callback.console().has_progress();
    let reporter = std::thread::spawn(move || reporter::show(receiver, callback, live));
    let outcome = execute(inputs, &passwords, settings, secrets, sender);
    // The run and with it every sender is gone, so the reporter ends.
    let Ok((mut callback, totals)) = reporter.join() else { return (250, Totals::default()) };
    let code = match outcome {
        Ok(code) => code,
        Err(Stop::Interrupted) => {
            callback.console().clear_progress();
            callback.console().error(Stream::Error, "User interrupted execution");
            INTERRUPTED
        }
        Err(Stop::Failed(report)) => fail(&mut callback, &report),
    };
    (code, totals)
}

enum Stop {
    Interrupted,
    Failed(Report),
}

impl From<Report> for Stop {
    fn from(report: Report) -> Self {
        Self::Failed(report)
    }
}

fn execute(
    inputs: &PlaybookOptions,
    passwords: &inputs::Passwords,
    settings: Arc<Settings>,
    secrets: Arc<churten_vault::Secrets>,
    events: mpsc::UnboundedSender<Event>,
) -> Result<u8, Stop> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Report::new(format!("could not start the runtime: {error}")))?;
    let setup = setup::run(inputs, passwords, settings, secrets, events.clone())?;
    let run = {
        // Connections belong to the runtime they were made in.
        let _inside = runtime.enter();
        Run::new(setup)
    };
    run.check_limit()?;
    let playbooks = run.load(&inputs.playbooks)?;
    if inputs::only_looks(inputs) {
        let mut filter = TagFilter::new(run.tags(), run.skip_tags());
        if inputs.list_tags {
            // Tags are listed to be asked for, those of tasks that only run when asked for among them.
            filter.only.push("never".into());
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
    let end = runtime.block_on(async {
        tokio::select! {
            end = run.run(&playbooks) => Some(end),
            _ = tokio::signal::ctrl_c() => None,
        }
    });
    match end {
        None => Err(Stop::Interrupted),
        Some(Err(report)) => Err(report.into()),
        Some(Ok(end)) => Ok(match end {
            RunEnd::Ok => 0,
            RunEnd::Failed => 2,
            RunEnd::Unreachable => 4,
        }),
    }
}

/// What `-v` tells before anything else.
fn introduce(console: &mut Console, settings: &Settings) {
    let facts = VersionFacts { config_file: settings.config_file().map(Into::into), ..VersionFacts::default() };
    console.verbose(2, None, &version_text("ansible-playbook", &facts));
    match settings.config_file() {
        Some(file) => console.verbose(1, None, &format!("Using {} as config file", file.display())),
        None => console.verbose(1, None, "No config file found; using defaults"),
    }
}

/// Show an error and give its exit code: the one place where errors become codes.
fn fail(callback: &mut DefaultCallback, report: &Report) -> u8 {
    callback.console().clear_progress();
    callback.console().error(Stream::Error, &report.render());
    match report.kind {
        ErrorKind::Parser => 4,
        ErrorKind::Options => 5,
        ErrorKind::General | ErrorKind::Undefined | ErrorKind::NotYet => 1,
    }
}

fn callback(settings: &Settings, inputs: &PlaybookOptions) -> DefaultCallback {
    let mut console = ConsoleOptions::for_terminal(settings.no_color(), settings.force_color(), |name| {
        settings.text(name).map(str::to_owned)
    });
    console.verbosity = inputs.verbosity;
    console.deprecation_warnings = settings.deprecation_warnings();
    let option = |name: &str| settings.callback_option(name).ok();
    let flag = |name: &str, default: bool| option(name).and_then(|value| value.as_bool()).unwrap_or(default);
    let options = OutputOptions {
        verbosity: inputs.verbosity,
        check_mode: inputs.check,
        check_mode_markers: flag("check_mode_markers", false),
        display_skipped_hosts: flag("display_skipped_hosts", true),
        display_ok_hosts: flag("display_ok_hosts", true),
        display_failed_stderr: flag("display_failed_stderr", false),
        show_custom_stats: flag("show_custom_stats", false),
        show_per_host_start: flag("show_per_host_start", false),
        show_task_path_on_failure: flag("show_task_path_on_failure", false),
        result_format: match option("result_format").as_ref().and_then(|value| value.as_str()) {
            Some("yaml") => ResultFormat::Yaml,
            _ => ResultFormat::Json,
        },
        result_indentation: option("result_indentation")
            .and_then(|value| value.as_int())
            .and_then(|number| usize::try_from(number).ok())
            .unwrap_or(4),
        pretty_results: option("pretty_results").and_then(|value| value.as_bool()),
        display_arguments: settings.display_args_to_stdout(),
    };
    DefaultCallback::new(Console::new(console), options)
}
