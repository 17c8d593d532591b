//! The options of `ansible-inventory`, typed.

use super::grammar::{Arity, Grammar, Positional};
use super::option_table::{Group, OptionSpec, flag, text};
use super::parser::Arguments;
use super::playbook::PlaybookOptions;
use super::shared_options::*;
use std::path::PathBuf;

/// The command line of `ansible-inventory`.
pub(super) const GRAMMAR: Grammar = Grammar {
    options: INVENTORY_TABLE,
    positional: Positional { name: "group", arity: Arity::Optional, help: "with --graph: the group to begin with" },
    about: "Shows an inventory: its hosts, groups and variables.",
};

const INVENTORY_TABLE: &[OptionSpec] = &[
    HELP,
    VERSION,
    VERBOSE,
    INVENTORY,
    LIMIT,
    FLUSH_CACHE,
    VAULT_ID,
    ASK_VAULT_PASSWORD,
    VAULT_PASSWORD_FILE,
    PLAYBOOK_DIRECTORY,
    EXTRA_VARS,
    flag(&["--list"], "everything, as an inventory script would give it").group(Group::Actions),
    text(&["--host"], "HOST", "the variables of one host").group(Group::Actions),
    flag(&["--graph"], "the groups as a tree").group(Group::Actions),
    flag(&["-y", "--yaml"], "YAML instead of JSON"),
    flag(&["--toml"], "TOML instead of JSON"),
    flag(&["--vars"], "with --graph: variables, too"),
    flag(&["--export"], "with --list: variables stay with the groups that have them"),
    OUTPUT_FILE,
];

/// What to show of an inventory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct InventoryActions {
    /// `--list`
    pub(crate) list: bool,
    /// `--host`
    pub(crate) host: Option<String>,
    /// `--graph`
    pub(crate) graph: bool,
}

/// How it is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum InventoryFormat {
    /// JSON.
    #[default]
    Json,
    /// `--yaml`
    Yaml,
    /// `--toml`
    Toml,
}

/// What `ansible-inventory` was asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct InventoryOptions {
    /// What `ansible-playbook` has, too.
    pub(crate) run: PlaybookOptions,
    /// The actions that were named; exactly one is right.
    pub(crate) actions: InventoryActions,
    /// The group of `--graph`.
    pub(crate) group: Option<String>,
    /// The format; YAML is stronger than TOML.
    pub(crate) format: InventoryFormat,
    /// `--vars`
    pub(crate) vars: bool,
    /// `--export`
    pub(crate) export: bool,
    /// `--output`
    pub(crate) output: Option<PathBuf>,
}

impl InventoryOptions {
    /// The options of arguments that were read with [`GRAMMAR`].
    ///
    /// # Errors
    /// The words after `error: `.
    pub(super) fn new(mut arguments: Arguments) -> Result<Self, String> {
        let group = std::mem::take(&mut arguments.positional).into_iter().next();
        let (run, rest) = PlaybookOptions::of_table(INVENTORY_TABLE, arguments)?;
        let mut options = Self { run, group, ..Self::default() };
        for (name, value) in rest {
            match name {
                "--list" => options.actions.list = true,
                "--host" => options.actions.host = Some(value),
                "--graph" => options.actions.graph = true,
                "-y" => options.format = InventoryFormat::Yaml,
                "--toml" if options.format == InventoryFormat::Json => options.format = InventoryFormat::Toml,
                "--vars" => options.vars = true,
                "--export" => options.export = true,
                "--output" => options.output = Some(value.into()),
                "--playbook-dir" => options.run.playbook_directory = Some(value.into()),
                _ => {}
            }
        }
        Ok(options)
    }
}
