//! `ansible-config`: settings, where they come from, and what is wrong with their sources.

mod declared;
mod documentation;
mod dump;
mod init;
mod list;
mod validate;

use crate::command_line::{ConfigAction, ConfigOptions};
use crate::output::Console;
use crate::start::{Started, fail, start};
use churten_config::Settings;
use churten_diagnostics::{ErrorKind, Report};
use std::path::Path;

/// The kind of `-t` that means settings and no plugins.
const BASE: &str = "base";
/// The kind of `-t` that means settings and all plugins.
const ALL: &str = "all";
/// What the name of a collection's plugin begins with.
const COLLECTIONS: &str = "ansible_collections.";
/// The largest configuration file that is shown.
const MAX_BYTES: u64 = 16 << 20;

/// Show what was asked for; gives the exit code.
pub(crate) fn run(options: &ConfigOptions) -> u8 {
    let file = options.file.as_ref().map(|file| std::path::absolute(file).unwrap_or_else(|_| file.clone()));
    if let Some(missing) = file.as_ref().filter(|file| !file.exists()) {
        let message = format!("The provided configuration file is missing or not accessible: {}", missing.display());
        let mut console = Console::new(crate::output::ConsoleOptions::default());
        return fail(&mut console, &Report::new(message).kind(ErrorKind::Options));
    }
    // ansible-core validates the file that is found, whatever `-c` says.
    let file = file.filter(|_| options.action != ConfigAction::Validate);
    let Started { settings, mut console, .. } = match start("ansible-config", &options.run, file) {
        Ok(started) => started,
        Err(code) => return code,
    };
    let outcome = match options.action {
        ConfigAction::Dump => dump::dump(options, &settings, &mut console).map(|text| console.line(&text)),
        ConfigAction::View => view(&settings).map(|text| console.line(&text)),
        ConfigAction::Validate => return validate::validate(options, &settings, &mut console),
        ConfigAction::List => list::list(options, &settings, &mut console).map(|text| console.line(&text)),
        ConfigAction::Init => init::init(options, &settings, &mut console).map(|text| console.line(&text)),
    };
    match outcome {
        Ok(()) => 0,
        Err(report) => fail(&mut console, &report),
    }
}

fn view(settings: &Settings) -> Result<String, Report> {
    let file = settings.config_file().ok_or_else(|| Report::new("Invalid or no config file was supplied"))?;
    read(file)
}

fn read(file: &Path) -> Result<String, Report> {
    use std::io::Read;
    let mut bytes = Vec::new();
    std::fs::File::open(file)
        .and_then(|file| file.take(MAX_BYTES).read_to_end(&mut bytes))
        .map_err(|error| Report::new(format!("Unable to read {}: {error}", file.display())))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
