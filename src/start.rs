//! What every program does first and last: settings, the console, and errors that become exit codes.

use crate::command_line::{PlaybookOptions, VersionFacts, version_text};
use crate::output::{Console, ConsoleOptions, Log, Stream};
use crate::run_playbook::settings as load_settings;
use churten_config::Settings;
use churten_diagnostics::{ErrorKind, Report};
use churten_executor::PluginFilter;
use std::path::PathBuf;
use std::sync::Arc;

/// ansible-core's exit code after Ctrl-C.
const INTERRUPTED: u8 = 99;
/// Settings are read before anything else; their errors have ansible-core's code for wrong options.
const WRONG_SETTINGS: u8 = 5;

/// What a program begins with.
pub(crate) struct Started {
    /// The settings.
    pub(crate) settings: Arc<Settings>,
    /// The console.
    pub(crate) console: Console,
    /// Number of `-v`, with the setting's.
    pub(crate) verbosity: u8,
    /// Modules that must not be used.
    pub(crate) filter: Arc<PluginFilter>,
}

/// Read the settings and tell what `-v` tells before anything else; an exit code when that is not possible.
pub(crate) fn start(program: &str, options: &PlaybookOptions, configuration: Option<PathBuf>) -> Result<Started, u8> {
    let settings = match load_settings(options, configuration) {
        Ok(settings) => Arc::new(settings),
        Err(report) => {
            let mut console = Console::new(ConsoleOptions::for_terminal(false, false, |_| None));
            console.error(Stream::Error, &report.render());
            return Err(WRONG_SETTINGS);
        }
    };
    let verbosity = options.verbosity.saturating_add(u8::try_from(settings.verbosity()).unwrap_or(u8::MAX));
    let mut console = Console::new(console_options(&settings, verbosity));
    match Log::open(&settings) {
        Ok(log) => console.set_log(log),
        Err(complaint) => console.complain(&complaint),
    }
    let (filter, warnings) = PluginFilter::load(&settings).map_err(|report| fail(&mut console, &report))?;
    introduce(program, &mut console, &settings);
    for warning in warnings.iter().chain(settings.warnings()) {
        console.warning(&warning.render());
    }
    Ok(Started { settings, console, verbosity, filter: Arc::new(filter) })
}

/// The console that the settings ask for.
pub(crate) fn console_options(settings: &Settings, verbosity: u8) -> ConsoleOptions {
    let mut console = ConsoleOptions::for_terminal(settings.no_color(), settings.force_color(), |name| {
        settings.text(name).map(str::to_owned)
    });
    console.verbosity = verbosity;
    console.diff_context = settings.diff_context() as usize;
    console.deprecation_warnings = settings.deprecation_warnings();
    console.verbose_to_stderr = settings.get("VERBOSE_TO_STDERR").as_bool().unwrap_or(false);
    console
}

fn introduce(program: &str, console: &mut Console, settings: &Settings) {
    console.verbose(2, None, &version_text(program, &VersionFacts::of(settings)));
    match settings.config_file() {
        Some(file) => console.verbose(1, None, &format!("Using {} as config file", file.display())),
        None => console.verbose(1, None, "No config file found; using defaults"),
    }
}

/// Show an error and give its exit code: the one place where errors become codes.
pub(crate) fn fail(console: &mut Console, report: &Report) -> u8 {
    console.clear_progress();
    // Who was told already why the run ends needs no error.
    if report.kind != ErrorKind::Interrupted || !report.message.is_empty() {
        console.error(Stream::Error, &report.render());
    }
    match report.kind {
        ErrorKind::Parser => 4,
        ErrorKind::Options => 5,
        ErrorKind::Interrupted => INTERRUPTED,
        ErrorKind::Unexpected => 250,
        ErrorKind::General | ErrorKind::Undefined | ErrorKind::NotYet => 1,
    }
}
