//! What a program's command line is made of.

use super::option_table::OptionSpec;

/// How many arguments that are no options there may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arity {
    /// One.
    One,
    /// One or none.
    Optional,
    /// Any number.
    Any,
    /// At least one.
    Some,
    /// One, and all arguments behind it belong to it: a command.
    Command,
}

/// The arguments that are no options.
#[derive(Clone, Copy, Debug)]
pub(super) struct Positional {
    /// What messages and the help call them.
    pub(super) name: &'static str,
    /// How many there may be.
    pub(super) arity: Arity,
    /// What they are.
    pub(super) help: &'static str,
}

impl Positional {
    /// As the usage line shows it.
    pub(super) fn usage(&self) -> String {
        let name = self.name;
        match self.arity {
            Arity::One => name.to_owned(),
            Arity::Optional => format!("[{name}]"),
            Arity::Any => format!("[{name} ...]"),
            Arity::Some => format!("{name} [{name} ...]"),
            Arity::Command => format!("{name} ..."),
        }
    }
}

/// The command line of a program, or of one command of a program.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grammar {
    /// Every option, in the order of the usage line.
    pub(super) options: &'static [OptionSpec],
    /// The other arguments.
    pub(super) positional: Positional,
    /// What the program does.
    pub(super) about: &'static str,
}

/// A program that is told by its first argument what to do.
#[derive(Clone, Copy, Debug)]
pub(super) struct Family {
    /// The command line up to the command.
    pub(super) grammar: Grammar,
    /// The commands by name.
    pub(super) commands: &'static [(&'static str, Grammar)],
}
