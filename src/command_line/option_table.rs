//! Options as data: parsing, usage and help read the same tables. The table of `ansible-playbook` is here; those of the
//! other programs, which have many of its options, stand with what they mean.

use super::shared_options::{
    ASK_BECOME_PASS, ASK_PASS, ASK_VAULT_PASSWORD, BECOME, BECOME_METHOD, BECOME_PASSWORD_FILE, BECOME_USER, CHECK,
    CONNECTION, CONNECTION_PASSWORD_FILE, DIFF, EXTRA_VARS, FLUSH_CACHE, FORKS, HELP, INVENTORY, LIMIT, LIST_HOSTS,
    LOG_EVENTS, MODULE_PATH, NO_BATCH, PRIVATE_KEY, PROFILE, SCP_EXTRA_ARGS, SFTP_EXTRA_ARGS, SSH_COMMON_ARGS,
    SSH_EXTRA_ARGS, TIMEOUT, USER, VAULT_ID, VAULT_PASSWORD_FILE, VERBOSE, VERSION,
};

/// What an option takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    /// Nothing; given twice it counts.
    Nothing,
    /// Any text.
    Text,
    /// An integer.
    Number,
    /// One of these words.
    Choice(&'static [&'static str]),
}

/// The heading an option stands under in the help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Group {
    /// `options:`
    General,
    /// `Connection Options:`
    Connection,
    /// `Privilege Escalation Options:`
    Privilege,
    /// `Actions:`
    Actions,
    /// `Options of churten:`
    Own,
}

/// One option.
#[derive(Clone, Copy, Debug)]
pub(super) struct OptionSpec {
    /// Its spellings, the one that sorts it first.
    pub(super) names: &'static [&'static str],
    /// The value's name in the help.
    pub(super) value_name: &'static str,
    /// What it takes.
    pub(super) takes: Takes,
    /// The heading in the help.
    pub(super) group: Group,
    /// Options with the same number (not 0) exclude each other.
    pub(super) exclusive: u8,
    /// What it does.
    pub(super) help: &'static str,
}

pub(super) const fn flag(names: &'static [&'static str], help: &'static str) -> OptionSpec {
    OptionSpec { names, value_name: "", takes: Takes::Nothing, group: Group::General, exclusive: 0, help }
}

pub(super) const fn text(names: &'static [&'static str], value_name: &'static str, help: &'static str) -> OptionSpec {
    OptionSpec { names, value_name, takes: Takes::Text, group: Group::General, exclusive: 0, help }
}

impl OptionSpec {
    pub(super) const fn number(mut self) -> Self {
        self.takes = Takes::Number;
        self
    }

    /// Its value is one of these.
    pub(super) const fn choices(mut self, choices: &'static [&'static str]) -> Self {
        self.takes = Takes::Choice(choices);
        self
    }

    pub(super) const fn group(mut self, group: Group) -> Self {
        self.group = group;
        self
    }

    pub(super) const fn exclusive(mut self, set: u8) -> Self {
        self.exclusive = set;
        self
    }
}

/// The options of `ansible-playbook`, in the order of its usage line.
pub(super) const PLAYBOOK: &[OptionSpec] = &[
    HELP,
    VERSION,
    VERBOSE,
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
    flag(&["--force-handlers"], "run notified handlers on hosts that failed, too"),
    BECOME,
    BECOME_METHOD,
    BECOME_USER,
    ASK_BECOME_PASS,
    BECOME_PASSWORD_FILE,
    text(&["-t", "--tags"], "TAGS", "run only what has one of these tags; may be given several times"),
    text(&["--skip-tags"], "SKIP_TAGS", "leave out what has one of these tags; may be given several times"),
    CHECK,
    DIFF,
    INVENTORY,
    LIST_HOSTS,
    LIMIT,
    FLUSH_CACHE,
    EXTRA_VARS,
    VAULT_ID,
    ASK_VAULT_PASSWORD,
    VAULT_PASSWORD_FILE,
    FORKS,
    MODULE_PATH,
    flag(&["--syntax-check"], "check the syntax of the playbooks and do nothing else"),
    flag(&["--list-tasks"], "list the tasks of each play and do nothing else"),
    flag(&["--list-tags"], "list the tags of each play and do nothing else"),
    flag(&["--step"], "ask before each task"),
    text(&["--start-at-task"], "START_AT_TASK", "begin with the task of this name"),
    LOG_EVENTS,
    NO_BATCH,
    PROFILE,
];
