//! The options of `ansible-config`, typed.

use super::grammar::{Arity, Family, Grammar, Positional};
use super::option_table::{OptionSpec, flag, text};
use super::parser::Arguments;
use super::playbook::PlaybookOptions;
use super::shared_options::*;
use std::path::PathBuf;

/// The command line of `ansible-config`.
pub(super) const FAMILY: Family = Family {
    grammar: Grammar {
        options: &[HELP, VERSION, VERBOSE],
        positional: Positional { name: "{list,dump,view,init,validate}", arity: Arity::Command, help: "" },
        about: "Shows settings and where they come from.",
    },
    commands: &[
        ("list", grammar(LIST, "list every setting")),
        ("dump", grammar(DUMP, "show the settings in force")),
        ("view", grammar(VIEW, "show the configuration file")),
        ("init", grammar(INIT, "write a first configuration file")),
        ("validate", grammar(VALIDATE, "look for unknown names in the configuration file or the environment")),
    ],
};

const fn grammar(options: &'static [OptionSpec], about: &'static str) -> Grammar {
    let positional = Positional { name: "args", arity: Arity::Any, help: "plugins to show; needs -t" };
    Grammar { options, positional, about }
}

const TYPES: &[&str] = &joined::<13>(&["all", "base"], &CONFIGURABLE);
const FILE: OptionSpec = text(&["-c", "--config"], "CONFIG_FILE", "the configuration file, instead of the one found");
const TYPE: OptionSpec =
    text(&["-t", "--type"], "", "base settings, or the options of plugins of this kind").choices(TYPES);
const LIST: &[OptionSpec] =
    &[HELP, VERBOSE, FILE, TYPE, text(&["--format", "-f"], "", "how to write").choices(&["json", "yaml"])];
const DUMP: &[OptionSpec] = &[
    HELP,
    VERBOSE,
    FILE,
    TYPE,
    flag(&["--only-changed", "--changed-only"], "only what is not the default"),
    text(&["--format", "-f"], "", "how to write").choices(&["json", "yaml", "display"]),
];
const VIEW: &[OptionSpec] = &[HELP, VERBOSE, FILE, TYPE];
const INIT: &[OptionSpec] = &[
    HELP,
    VERBOSE,
    FILE,
    TYPE,
    text(&["--format", "-f"], "", "how to write").choices(&["ini", "env", "vars"]),
    flag(&["--disabled"], "every entry as a comment"),
];
const VALIDATE: &[OptionSpec] =
    &[HELP, VERBOSE, FILE, TYPE, text(&["--format", "-f"], "", "what to look at").choices(&["ini", "env"])];

/// What `ansible-config` does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum ConfigAction {
    /// `list`
    List,
    /// `dump`
    #[default]
    Dump,
    /// `view`
    View,
    /// `init`
    Init,
    /// `validate`
    Validate,
}

/// What `ansible-config` was asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ConfigOptions {
    /// What `ansible-playbook` has, too.
    pub(crate) run: PlaybookOptions,
    /// What to do.
    pub(crate) action: ConfigAction,
    /// `-c`
    pub(crate) file: Option<PathBuf>,
    /// `-t`: `base`, `all`, or a kind of plugin.
    pub(crate) kind: String,
    /// `--format`
    pub(crate) format: Option<String>,
    /// `--only-changed`
    pub(crate) only_changed: bool,
    /// `--disabled`
    pub(crate) disabled: bool,
    /// Plugins.
    pub(crate) plugins: Vec<String>,
}

impl ConfigOptions {
    /// The options of a command, whose arguments were read with its table.
    ///
    /// # Errors
    /// The words after `error: `.
    pub(super) fn new(command: &str, mut arguments: Arguments) -> Result<Self, String> {
        let (action, table) = match command {
            "list" => (ConfigAction::List, LIST),
            "view" => (ConfigAction::View, VIEW),
            "init" => (ConfigAction::Init, INIT),
            "validate" => (ConfigAction::Validate, VALIDATE),
            _ => (ConfigAction::Dump, DUMP),
        };
        let plugins = std::mem::take(&mut arguments.positional);
        let (run, rest) = PlaybookOptions::of_table(table, arguments)?;
        let mut options = Self { run, action, plugins, kind: "base".into(), ..Self::default() };
        for (name, value) in rest {
            match name {
                "-c" => options.file = Some(value.into()),
                "-t" => options.kind = value,
                "--format" => options.format = Some(value),
                "--only-changed" => options.only_changed = true,
                "--disabled" => options.disabled = true,
                _ => {}
            }
        }
        Ok(options)
    }
}
