//! Which program this is, by the name it was called with, and what it was asked for.

use super::ad_hoc::AdHocOptions;
use super::config::ConfigOptions;
use super::doc::DocOptions;
use super::grammar::{Family, Grammar};
use super::inventory::InventoryOptions;
use super::parser::Arguments;
use super::playbook::PlaybookOptions;
use super::vault::VaultOptions;
use super::{ad_hoc, config, doc, help, inventory, parser, playbook, vault};
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
    /// `ansible-config`
    Config,
    /// `ansible-doc`
    Doc,
}

impl Program {
    /// Every program, its name, and its command of churten.
    pub(super) const ALL: [(Self, &str, &str); 6] = [
        (Self::Playbook, "ansible-playbook", "playbook"),
        (Self::AdHoc, "ansible", "adhoc"),
        (Self::Inventory, "ansible-inventory", "inventory"),
        (Self::Vault, "ansible-vault", "vault"),
        (Self::Config, "ansible-config", "config"),
        (Self::Doc, "ansible-doc", "doc"),
    ];
}

/// What to do.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Command {
    /// Run playbooks.
    Playbook(Box<PlaybookOptions>),
    /// Run one action.
    AdHoc(Box<AdHocOptions>),
    /// Show an inventory.
    Inventory(Box<InventoryOptions>),
    /// Work with vaults.
    Vault(Box<VaultOptions>),
    /// Show settings.
    Config(Box<ConfigOptions>),
    /// Show documentation.
    Doc(Box<DocOptions>),
    /// Print the version of this program, called so.
    Version(String),
    /// Make links to this program in a directory.
    Link(PathBuf),
    /// Show the record of a run again.
    Replay(PathBuf),
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
  playbook ARGUMENT ...   run playbooks; the arguments are ansible-playbook's
  adhoc ARGUMENT ...      run one action; the arguments are ansible's
  inventory ARGUMENT ...  show an inventory; the arguments are ansible-inventory's
  vault ARGUMENT ...      work with vaults; the arguments are ansible-vault's
  config ARGUMENT ...     show settings; the arguments are ansible-config's
  doc ARGUMENT ...        show documentation; the arguments are ansible-doc's
  link DIRECTORY          make links in DIRECTORY, named like the programs of Ansible
  replay FILE             show again the run that --log-events FILE recorded
  demo                    run a small playbook on this machine
  --version               show the version
  --help                  show this text

Called by a link named like a program of Ansible, churten takes that program's arguments.
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
    if let Some((program, name, _)) = Program::ALL.iter().find(|(_, known, _)| *known == name) {
        return of_program(*program, name, &arguments);
    }
    let Some((first, rest)) = arguments.split_first() else {
        return Command::Refuse(CHURTEN_USAGE.into(), 2);
    };
    if let Some((program, _, command)) = Program::ALL.iter().find(|(_, _, command)| command == first) {
        return of_program(*program, &format!("churten {command}"), rest);
    }
    match (first.as_str(), rest) {
        ("--version", _) => Command::Version("churten".into()),
        ("-h" | "--help" | "help", _) => Command::Print(CHURTEN_USAGE.into()),
        ("demo", []) => Command::Demo,
        ("link", [directory]) => Command::Link(directory.into()),
        ("replay", [file]) => Command::Replay(file.into()),
        ("replay", _) => Command::Refuse(format!("{CHURTEN_USAGE}\nchurten replay: error: one file is required\n"), 2),
        ("link", _) => Command::Refuse(format!("{CHURTEN_USAGE}\nchurten link: error: one directory is required\n"), 2),
        _ => Command::Refuse(format!("{CHURTEN_USAGE}\nchurten: error: no such command: {first}\n"), 2),
    }
}

fn of_program(program: Program, name: &str, arguments: &[String]) -> Command {
    match program {
        Program::Playbook => one(name, &playbook::GRAMMAR, arguments, PlaybookOptions::new, Command::Playbook),
        Program::AdHoc => one(name, &ad_hoc::GRAMMAR, arguments, AdHocOptions::new, Command::AdHoc),
        Program::Inventory => one(name, &inventory::GRAMMAR, arguments, InventoryOptions::new, Command::Inventory),
        Program::Vault => several(name, &vault::FAMILY, arguments, VaultOptions::new, Command::Vault),
        Program::Config => several(name, &config::FAMILY, arguments, ConfigOptions::new, Command::Config),
        Program::Doc => one(name, &doc::GRAMMAR, arguments, DocOptions::new, Command::Doc),
    }
}

/// A program without commands.
fn one<T>(
    name: &str,
    grammar: &Grammar,
    arguments: &[String],
    options: impl Fn(Arguments) -> Result<T, String>,
    command: impl Fn(Box<T>) -> Command,
) -> Command {
    let help = || help::help(name, grammar);
    let read = parser::read(grammar, arguments).and_then(|read| match read.stopped {
        Some("--help") => Ok(Err(Command::Print(help()))),
        Some(_) => Ok(Err(Command::Version(name.to_owned()))),
        None => {
            recognized(&read)?;
            Ok(Ok(options(read)?))
        }
    });
    match read {
        Ok(Ok(options)) => command(Box::new(options)),
        Ok(Err(other)) => other,
        Err(message) => refusal(name, grammar, &message, &help()),
    }
}

/// A program with commands: what a command does not know is the program's error, everything else its own.
fn several<T>(
    name: &str,
    family: &Family,
    arguments: &[String],
    options: impl Fn(&str, Arguments) -> Result<T, String>,
    command: impl Fn(Box<T>) -> Command,
) -> Command {
    let help = || help::family_help(name, family);
    let refuse = |message: &str| refusal(name, &family.grammar, message, &help());
    let outer = match parser::read(&family.grammar, arguments) {
        Ok(outer) => outer,
        Err(message) if message.starts_with("the following arguments") => {
            return refuse("the following arguments are required: action");
        }
        Err(message) => return refuse(&message),
    };
    match outer.stopped {
        Some("--help") => return Command::Print(help()),
        Some(_) => return Command::Version(name.to_owned()),
        None => {}
    }
    let Some((word, rest)) = outer.positional.split_first() else { return Command::Print(help()) };
    let Some((word, grammar)) = family.commands.iter().find(|(known, _)| known == word) else {
        let names: Vec<&str> = family.commands.iter().map(|(name, _)| *name).collect();
        return refuse(&format!("argument action: {}", parser::invalid_choice(word, &names)));
    };
    let inner_name = format!("{name} {word}");
    let mut read = match parser::read(grammar, rest) {
        Ok(read) => read,
        Err(message) => return refusal(&inner_name, grammar, &message, &help()),
    };
    if read.stopped.is_some() {
        return Command::Print(help::help(&inner_name, grammar));
    }
    read.unrecognized.splice(0..0, outer.unrecognized);
    match recognized(&read).and_then(|()| options(word, read)) {
        Ok(options) => command(Box::new(options)),
        Err(message) => refuse(&message),
    }
}

fn recognized(arguments: &Arguments) -> Result<(), String> {
    if arguments.unrecognized.is_empty() {
        return Ok(());
    }
    Err(format!("unrecognized arguments: {}", arguments.unrecognized.join(" ")))
}

fn refusal(name: &str, grammar: &Grammar, message: &str, help: &str) -> Command {
    let usage = help::usage(name, grammar);
    Command::Refuse(format!("{usage}{name}: error: {message}\n \n{help}"), 2)
}
