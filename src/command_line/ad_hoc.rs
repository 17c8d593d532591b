//! The options of `ansible`, typed.

use super::grammar::{Arity, Grammar, Positional};
use super::option_table::{OptionSpec, flag, text};
use super::parser::Arguments;
use super::playbook::PlaybookOptions;
use super::shared_options::*;
use std::path::PathBuf;

/// The command line of `ansible`.
pub(super) const GRAMMAR: Grammar = Grammar {
    options: AD_HOC,
    positional: Positional { name: "pattern", arity: Arity::One, help: "the hosts to work on" },
    about: "Runs one action on the hosts that a pattern selects.",
};

const AD_HOC: &[OptionSpec] = &[
    HELP,
    VERSION,
    VERBOSE,
    BECOME,
    BECOME_METHOD,
    BECOME_USER,
    ASK_BECOME_PASS,
    BECOME_PASSWORD_FILE,
    INVENTORY,
    LIST_HOSTS,
    LOG_EVENTS,
    PROFILE,
    LIMIT,
    FLUSH_CACHE,
    text(&["-P", "--poll"], "POLL_INTERVAL", "with -B: seconds between two looks at the job (default: 15)").number(),
    text(&["-B", "--background"], "SECONDS", "run in the background, for at most so many seconds").number(),
    flag(&["-o", "--one-line"], "show each result on one line"),
    text(&["-t", "--tree"], "TREE", "write each host's result to a file in this directory, too"),
    PRIVATE_KEY,
    USER,
    CONNECTION,
    TIMEOUT,
    SSH_COMMON_ARGS,
    SFTP_EXTRA_ARGS,
    SCP_EXTRA_ARGS,
    SSH_EXTRA_ARGS,
    ASK_PASS,
    CONNECTION_PASSWORD_FILE,
    CHECK,
    DIFF,
    EXTRA_VARS,
    VAULT_ID,
    ASK_VAULT_PASSWORD,
    VAULT_PASSWORD_FILE,
    FORKS,
    MODULE_PATH,
    PLAYBOOK_DIRECTORY,
    text(&["--task-timeout"], "TASK_TIMEOUT", "seconds the action may take (default: no limit)").number(),
    text(&["-a", "--args"], "MODULE_ARGS", "the action's arguments: k=v words, JSON, or a command"),
    text(&["-m", "--module-name"], "MODULE_NAME", "the action (default: command)"),
];

/// What `ansible` was asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct AdHocOptions {
    /// What `ansible-playbook` has, too.
    pub(crate) run: PlaybookOptions,
    /// The host pattern.
    pub(crate) pattern: String,
    /// `-m`
    pub(crate) module_name: Option<String>,
    /// `-a`
    pub(crate) module_args: Option<String>,
    /// `-o`
    pub(crate) one_line: bool,
    /// `-t`
    pub(crate) tree: Option<PathBuf>,
    /// `-P`, seconds.
    pub(crate) poll: Option<i64>,
    /// `-B`, seconds; 0 is the foreground.
    pub(crate) background: i64,
    /// `--task-timeout`, seconds.
    pub(crate) task_timeout: Option<i64>,
}

impl AdHocOptions {
    /// The options of arguments that were read with [`GRAMMAR`].
    ///
    /// # Errors
    /// The words after `error: `.
    pub(super) fn new(mut arguments: Arguments) -> Result<Self, String> {
        let pattern = std::mem::take(&mut arguments.positional).into_iter().next().unwrap_or_default();
        let (run, rest) = PlaybookOptions::of_table(AD_HOC, arguments)?;
        let mut options = Self { run, pattern, ..Self::default() };
        for (name, value) in rest {
            // The parser has seen to it that they are numbers.
            let number = || value.trim().parse::<i64>().unwrap_or_default();
            match name {
                "-m" => options.module_name = Some(value),
                "-a" => options.module_args = Some(value),
                "-o" => options.one_line = true,
                "-t" => options.tree = Some(value.into()),
                "-P" => options.poll = Some(number()),
                "-B" => options.background = number(),
                "--task-timeout" => options.task_timeout = Some(number()),
                "--playbook-dir" => options.run.playbook_directory = Some(value.into()),
                _ => {}
            }
        }
        Ok(options)
    }
}
