//! The `churten` program, and every program of Ansible's that a link to it is named after.

mod command_line;
mod demo;
mod edit_vault;
mod locale;
mod logging;
mod output;
mod profile;
mod prompt;
mod record;
mod run_ad_hoc;
mod run_playbook;
mod show_documentation;
mod show_inventory;
mod show_settings;
mod start;
mod workers;

use churten_config::{LoadOptions, Settings};
use command_line::{Command, VersionFacts, link, parse, version_text};
use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;

fn main() -> ExitCode {
    // A second worker of this machine, for `become` with `connection: local`.
    let mut words = std::env::args_os();
    if words.nth(1).is_some_and(|word| word == run_playbook::WORKER_ARGUMENT) {
        let again = [run_playbook::WORKER_ARGUMENT];
        let program = std::env::args_os().take(1);
        return churten_worker::run_program_as(program.chain(words), &again, Arc::new(churten_worker::NativeModules));
    }
    if let Err(report) = logging::start() {
        return refuse(&format!("[ERROR]: {}\n", report.render()), 1);
    }
    let command = parse(std::env::args_os());
    if !matches!(command, Command::Link(_) | Command::Replay(_) | Command::Demo)
        && let Some(refusal) = locale::refusal()
    {
        return refuse(&refusal, 1);
    }
    match command {
        Command::Playbook(options) => ExitCode::from(run_playbook::run(&options)),
        Command::AdHoc(options) => ExitCode::from(run_ad_hoc::run(&options)),
        Command::Inventory(options) => ExitCode::from(show_inventory::run(&options)),
        Command::Vault(options) => ExitCode::from(edit_vault::run(&options)),
        Command::Config(options) => ExitCode::from(show_settings::run(&options)),
        Command::Doc(options) => ExitCode::from(show_documentation::run(&options)),
        Command::Version(program) => version(&program),
        Command::Link(directory) => match link(&directory) {
            Ok(paths) => print(&paths.iter().map(|path| format!("{}\n", path.display())).collect::<String>()),
            Err(report) => refuse(&format!("[ERROR]: {}\n", report.render()), 1),
        },
        Command::Replay(file) => ExitCode::from(record::replay(&file)),
        Command::Demo => ExitCode::from(demo::run()),
        Command::Print(text) => print(&text),
        Command::Refuse(text, code) => refuse(&text, code),
    }
}

/// The version, and what the settings say beside it.
fn version(program: &str) -> ExitCode {
    match Settings::load(LoadOptions::of_process()) {
        Ok(settings) => print(&(version_text(program, &VersionFacts::of(&settings)) + "\n")),
        Err(report) => refuse(&format!("[ERROR]: {}\n", report.render()), 5),
    }
}

fn print(text: &str) -> ExitCode {
    match std::io::stdout().write_all(text.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn refuse(text: &str, code: u8) -> ExitCode {
    let _ = std::io::stderr().write_all(text.as_bytes());
    ExitCode::from(code)
}
