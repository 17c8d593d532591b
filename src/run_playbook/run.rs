//! The run itself.

use super::interrupt::Interrupt;
use super::reporter::Totals;
use super::{inputs, listing, reporter, setup};
use crate::command_line::{PlaybookOptions, VersionFacts, version_text};
use crate::output::{Console, ConsoleOptions, DefaultCallback, Log, OutputOptions, ResultFormat, Stream};
use crate::prompt;
use churten_config::Settings;
use churten_diagnostics::{ErrorKind, Report};
use churten_executor::{Event, PluginFilter, Run, RunEnd};
use churten_playbook::TagFilter;
use churten_vault::Secrets;
use std::os::unix::fs::FileTypeExt;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::runtime::Runtime;
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
    let mut inputs = inputs.clone();
    inputs.verbosity = inputs.verbosity.saturating_add(u8::try_from(settings.verbosity()).unwrap_or(u8::MAX));
    let inputs = &inputs;
    let mut callback = callback(&settings, inputs);
    let filter = match PluginFilter::load(&settings) {
        Ok((filter, warnings)) => {
            introduce(callback.console(), &settings);
            warnings.iter().for_each(|warning| callback.console().warning(&warning.render()));
            Arc::new(filter)
        }
        Err(report) => return (fail(&mut callback, &report), Totals::default()),
    };
    for warning in settings.warnings() {
        callback.console().warning(&warning.render());
    }
    let prepared = runtime().and_then(|(runtime, interrupt)| {
        let prepared = prepare(inputs, &settings, &interrupt, callback.console())?;
        Ok((runtime, interrupt, prepared))
    });
    let (runtime, interrupt, (passwords, secrets)) = match prepared {
        Ok(prepared) => prepared,
        Err(report) => return (fail(&mut callback, &report), Totals::default()),
    };
    let (sender, receiver) = mpsc::unbounded_channel();
    let live = callback.console().has_progress();
    let reporter = std::thread::spawn(move || reporter::show(receiver, callback, live));
    let parts = setup::Parts { passwords: &passwords, settings, secrets, filter };
    let outcome = execute(&runtime, interrupt, inputs, parts, sender);
    // The run and with it every sender is gone, so the reporter ends.
    let Ok((mut callback, totals)) = reporter.join() else { return (250, Totals::default()) };
    let code = match outcome {
        Ok(code) => code,
        Err(report) => fail(&mut callback, &report),
    };
    (code, totals)
}

/// The runtime of a run, which hears of Ctrl-C from now on.
fn runtime() -> Result<(Runtime, Interrupt), Report> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Report::new(format!("could not start the runtime: {error}")))?;
    let interrupt = Interrupt::listen(&runtime)?;
    Ok((runtime, interrupt))
}

/// What must be known before anything is loaded, in ansible-core's order: are the playbooks there, and the passwords.
fn prepare(
    inputs: &PlaybookOptions,
    settings: &Settings,
    interrupt: &Interrupt,
    console: &mut Console,
) -> Result<(inputs::Passwords, Arc<Secrets>), Report> {
    if let Some(report) = inputs::missing(inputs) {
        return Err(report);
    }
    for playbook in &inputs.playbooks {
        let shown = playbook.display();
        let Ok(metadata) = std::fs::metadata(playbook) else {
            return Err(Report::new(format!("the playbook: {shown} could not be found")));
        };
        if !metadata.is_file() && !metadata.file_type().is_fifo() {
            return Err(Report::new(format!("the playbook: {shown} does not appear to be a file")));
        }
    }
    let ask = |text: &str| prompt::ask_private(text, &|| interrupt.is_set());
    let passwords = if inputs::only_looks(inputs) {
        inputs::Passwords::default()
    } else {
        inputs::passwords(inputs, settings, &ask)?
    };
    let secrets = setup::secrets(settings, inputs, &ask, &mut |warning| console.warning(&warning))?;
    Ok((passwords, Arc::new(secrets)))
}

fn execute(
    runtime: &Runtime,
    mut interrupt: Interrupt,
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
    let end = runtime.block_on(async {
        tokio::select! {
            end = run.run(&playbooks) => Some(end),
            () = interrupt.wait() => None,
        }
    });
    match end {
        None => Err(prompt::interrupted()),
        Some(Err(report)) => Err(report),
        Some(Ok(end)) => Ok(match end {
            RunEnd::Ok => 0,
            RunEnd::Failed => 2,
            RunEnd::Unreachable => 4,
        }),
    }
}

/// What `-v` tells before anything else.
fn introduce(console: &mut Console, settings: &Settings) {
    let facts = VersionFacts::of(settings);
    console.verbose(2, None, &version_text("ansible-playbook", &facts));
    match settings.config_file() {
        Some(file) => console.verbose(1, None, &format!("Using {} as config file", file.display())),
        None => console.verbose(1, None, "No config file found; using defaults"),
    }
}

/// Show an error and give its exit code: the one place where errors become codes.
fn fail(callback: &mut DefaultCallback, report: &Report) -> u8 {
    callback.console().clear_progress();
    // Who was told already why the run ends needs no error.
    if report.kind != ErrorKind::Interrupted || !report.message.is_empty() {
        callback.console().error(Stream::Error, &report.render());
    }
    match report.kind {
        ErrorKind::Parser => 4,
        ErrorKind::Options => 5,
        ErrorKind::Interrupted => INTERRUPTED,
        ErrorKind::Unexpected => 250,
        ErrorKind::General | ErrorKind::Undefined | ErrorKind::NotYet => 1,
    }
}

fn callback(settings: &Settings, inputs: &PlaybookOptions) -> DefaultCallback {
    let mut console = ConsoleOptions::for_terminal(settings.no_color(), settings.force_color(), |name| {
        settings.text(name).map(str::to_owned)
    });
    console.verbosity = inputs.verbosity;
    console.deprecation_warnings = settings.deprecation_warnings();
    console.verbose_to_stderr = settings.get("VERBOSE_TO_STDERR").as_bool().unwrap_or(false);
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
        command_line: inputs.describe(settings),
    };
    let mut console = Console::new(console);
    match Log::open(settings) {
        Ok(log) => console.set_log(log),
        Err(complaint) => console.complain(&complaint),
    }
    DefaultCallback::new(console, options)
}
