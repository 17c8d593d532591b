//! The `churten` program, and every program of Ansible's that a link to it is named after.

mod command_line;
mod output;

use command_line::{Command, VersionFacts, ask_password, link, parse, read_password_file, version_text};
use std::io::Write;
use std::process::ExitCode;

fn main() -> ExitCode {
    match parse(std::env::args_os()) {
        Command::Playbook(options) => {
            let _ = (ask_password, read_password_file, options);
            refuse("[ERROR]: not yet supported by churten: running playbooks\n", 1)
        }
        Command::Version(program) => print(&(version_text(&program, &VersionFacts::default()) + "\n")),
        Command::Link(directory) => match link(&directory) {
            Ok(paths) => print(&paths.iter().map(|path| format!("{}\n", path.display())).collect::<String>()),
            Err(report) => refuse(&format!("[ERROR]: {}\n", report.render()), 1),
        },
        Command::Demo => refuse("[ERROR]: not yet supported by churten: demo\n", 1),
        Command::Print(text) => print(&text),
        Command::Refuse(text, code) => refuse(&text, code),
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
