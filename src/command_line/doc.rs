//! The options of `ansible-doc`, typed.

use super::grammar::{Arity, Grammar, Positional};
use super::option_table::{OptionSpec, flag, text};
use super::parser::Arguments;
use super::playbook::PlaybookOptions;
use super::shared_options::*;
use std::path::PathBuf;

/// The command line of `ansible-doc`.
pub(super) const GRAMMAR: Grammar = Grammar {
    options: TABLE,
    positional: Positional { name: "plugin", arity: Arity::Any, help: "what to show, or a collection to list" },
    about: "Shows what modules and plugins say about themselves.",
};

/// The kinds of plugins that have documentation, in the order in which they are gone through.
pub(crate) const PLUGIN_KINDS: [&str; 15] = joined(&CONFIGURABLE, &["module", "strategy", "test", "filter"]);

const TYPES: &[&str] = &joined::<17>(&PLUGIN_KINDS, &["role", "keyword"]);

/// `-e`, `-s`, `-F`, `-l` and `--metadata-dump` exclude each other.
const MODES: u8 = 1;

const TABLE: &[OptionSpec] = &[
    HELP,
    VERSION,
    VERBOSE,
    MODULE_PATH,
    PLAYBOOK_DIRECTORY,
    text(&["-t", "--type"], "", "the kind of plugin (default: module)").choices(TYPES),
    flag(&["-j", "--json"], "JSON instead of text"),
    text(&["-r", "--roles-path"], "ROLES_PATH", "more directories with roles, separated by colons"),
    text(&["-e", "--entry-point"], "ENTRY_POINT", "the entry point of a role").exclusive(MODES),
    flag(&["-s", "--snippet"], "a task to begin with; of modules").exclusive(MODES),
    flag(&["-F", "--list_files"], "list names and their files; a collection may be given").exclusive(MODES),
    flag(&["-l", "--list"], "list names and what they are; a collection may be given").exclusive(MODES),
    flag(&["--metadata-dump"], "everything about everything, as JSON").exclusive(MODES),
    flag(&["--no-fail-on-errors"], "with --metadata-dump: tell errors in the JSON"),
];

/// What to show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum DocMode {
    /// Pages.
    #[default]
    Pages,
    /// `--snippet`
    Snippet,
    /// `--list`
    List,
    /// `--list_files`
    Files,
    /// `--metadata-dump`
    Dump,
}

/// What `ansible-doc` was asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct DocOptions {
    /// What `ansible-playbook` has, too.
    pub(crate) run: PlaybookOptions,
    /// What to show.
    pub(crate) mode: DocMode,
    /// `-t`
    pub(crate) kind: String,
    /// `--json`
    pub(crate) json: bool,
    /// `--roles-path`
    pub(crate) roles_path: Vec<PathBuf>,
    /// `--entry-point`
    pub(crate) entry_point: Option<String>,
    /// `--no-fail-on-errors`
    pub(crate) tells_errors: bool,
    /// The names.
    pub(crate) names: Vec<String>,
}

impl DocOptions {
    /// The options of arguments that were read with [`GRAMMAR`].
    ///
    /// # Errors
    /// The words after `error: `.
    pub(super) fn new(mut arguments: Arguments) -> Result<Self, String> {
        let names = std::mem::take(&mut arguments.positional);
        let (run, rest) = PlaybookOptions::of_table(TABLE, arguments)?;
        let mut options = Self { run, names, kind: "module".into(), ..Self::default() };
        for (name, value) in rest {
            match name {
                "-t" => options.kind = value,
                "-j" => options.json = true,
                "-r" => {
                    // Before those of options that came earlier.
                    let paths = value.split(':').filter(|path| !path.is_empty()).map(PathBuf::from);
                    options.roles_path.splice(0..0, paths);
                }
                "--no-fail-on-errors" => options.tells_errors = true,
                "-e" => options.entry_point = Some(value),
                "-s" => options.mode = DocMode::Snippet,
                "-F" => options.mode = DocMode::Files,
                "-l" => options.mode = DocMode::List,
                "--metadata-dump" => options.mode = DocMode::Dump,
                "--playbook-dir" => options.run.playbook_directory = Some(value.into()),
                _ => {}
            }
        }
        Ok(options)
    }
}
