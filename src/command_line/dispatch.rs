//! Which program this is, by the name it was called with, and what it was asked for.

use super::option_table::{PLAYBOOK, PLAYBOOK_ABOUT};
use super::playbook::PlaybookOptions;
use super::{help, parser};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The programs of the family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Program {
    /// `ansible-playbook`
    Playbook,
    /// `ansible-inventory`
    Inventory,
    /// `ansible-vault`
    Vault,
    /// `ansible`
    AdHoc,
}

impl Program {
    /// Every program, its name, its subcommand, and whether churten has it.
    pub(super) const ALL: [(Self, &str, &str, bool); 4] = [
        (Self::Playbook, "ansible-playbook", "playbook", true),
        (Self::AdHoc, "ansible", "adhoc", false),
        (Self::Inventory, "ansible-inventory", "inventory", false),
        (Self::Vault, "ansible-vault", "vault", false),
    ];
}

/// What to do.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Command {
    /// Run playbooks.
    Playbook(Box<PlaybookOptions>),
    /// Print the version of this program, called so.
    Version(String),
    /// Make links to this program in a directory.
    Link(PathBuf),
    /// Show what churten can do on this machine.
    Demo,
    /// Print text on the output stream and exit with 0.
    Print(String),
    /// Print text on the error stream and exit with this code.
    Refuse(String, u8),
}

const CHURTEN_USAGE: &str = "\
usage: churten COMMAND [ARGUMENT ...]

Runs Ansible content without Python.

commands:
  playbook ARGUMENT ...  run playbooks; the arguments are ansible-playbook's
  link DIRECTORY         make links in DIRECTORY, named like the programs of Ansible
  demo                   run a small playbook on this machine
  --version              show the version
  --help                 show this text

Called by a link named ansible-playbook, churten takes that program's arguments.
";

/// The command in `argv`, whose first element is the program's name.
pub(crate) fn parse(argv: impl IntoIterator<Item = OsString>) -> Command {
    let mut words = argv.into_iter();
    let called = words.next().unwrap_or_default();
    let name = Path::new(&called).file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut arguments = Vec::new();
    for word in words {
        match word.into_string() {
            Ok(word) => arguments.push(word),
            Err(word) => return Command::Refuse(format!("{name}: error: no text: {}\n", word.to_string_lossy()), 2),
        }
    }
    if let Some((program, name, _, exists)) = Program::ALL.iter().find(|(_, known, ..)| *known == name) {
        return of_program(*program, name, *exists, &arguments);
    }
    let Some((first, rest)) = arguments.split_first() else {
        return Command::Refuse(CHURTEN_USAGE.into(), 2);
    };
    if let Some((program, _, command, exists)) = Program::ALL.iter().find(|(_, _, command, _)| command == first) {
        return of_program(*program, &format!("churten {command}"), *exists, rest);
    }
    match (first.as_str(), rest) {
        ("--version", _) => Command::Version("churten".into()),
        ("-h" | "--help" | "help", _) => Command::Print(CHURTEN_USAGE.into()),
        ("demo", []) => Command::Demo,
        ("link", [directory]) => Command::Link(directory.into()),
        ("link", _) => Command::Refuse(format!("{CHURTEN_USAGE}\nchurten link: error: one directory is required\n"), 2),
        _ => Command::Refuse(format!("{CHURTEN_USAGE}\nchurten: error: no such command: {first}\n"), 2),
    }
}

fn of_program(program: Program, name: &str, exists: bool, arguments: &[String]) -> Command {
    if !exists || program != Program::Playbook {
        return Command::Refuse(format!("[ERROR]: not yet supported by churten: {name}\n"), 1);
    }
    let about = ("playbook", "the playbooks to run");
    let help = || help::help(name, PLAYBOOK, about, PLAYBOOK_ABOUT);
    let read = parser::read(PLAYBOOK, "playbook", arguments);
    let options = match read {
        Ok(arguments) => match arguments.stopped {
            Some("--help") => return Command::Print(help()),
            Some(_) => return Command::Version(name.to_owned()),
            None => PlaybookOptions::new(arguments),
        },
        Err(message) => Err(message),
    };
    match options {
        Ok(options) => Command::Playbook(Box::new(options)),
        Err(message) => {
            let usage = help::usage(name, PLAYBOOK, "playbook");
            Command::Refuse(format!("{usage}{name}: error: {message}\n \n{}", help()), 2)
        }
    }
}
