//! Every option of `ansible-playbook`, declared once: parsing, usage and help read this table.

/// What an option takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    /// Nothing; given twice it counts.
    Nothing,
    /// Any text.
    Text,
    /// An integer.
    Number,
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

const fn flag(names: &'static [&'static str], help: &'static str) -> OptionSpec {
    OptionSpec { names, value_name: "", takes: Takes::Nothing, group: Group::General, exclusive: 0, help }
}

const fn text(names: &'static [&'static str], value_name: &'static str, help: &'static str) -> OptionSpec {
    OptionSpec { names, value_name, takes: Takes::Text, group: Group::General, exclusive: 0, help }
}

impl OptionSpec {
    const fn number(mut self) -> Self {
        self.takes = Takes::Number;
        self
    }

    const fn group(mut self, group: Group) -> Self {
        self.group = group;
        self
    }

    const fn exclusive(mut self, set: u8) -> Self {
        self.exclusive = set;
        self
    }
}

/// The options of `ansible-playbook`, in the order of its usage line.
pub(super) const PLAYBOOK: &[OptionSpec] = &[
    flag(&["-h", "--help"], "show this text and exit"),
    flag(&["--version"], "show the version and where configuration, modules and collections are found, and exit"),
    flag(&["-v", "--verbose"], "say more; up to -vvvv, each one adds detail"),
    text(&["--private-key", "--key-file"], "PRIVATE_KEY_FILE", "the private key to log in with")
        .group(Group::Connection),
    text(&["-u", "--user"], "REMOTE_USER", "the user to log in as").group(Group::Connection),
    text(&["-c", "--connection"], "CONNECTION", "how to reach hosts (default: ssh)").group(Group::Connection),
    text(&["-T", "--timeout"], "TIMEOUT", "seconds to wait for a connection").number().group(Group::Connection),
    text(&["--ssh-common-args"], "SSH_COMMON_ARGS", "arguments for ssh, scp and sftp").group(Group::Connection),
    text(&["--sftp-extra-args"], "SFTP_EXTRA_ARGS", "arguments for sftp only").group(Group::Connection),
    text(&["--scp-extra-args"], "SCP_EXTRA_ARGS", "arguments for scp only").group(Group::Connection),
    text(&["--ssh-extra-args"], "SSH_EXTRA_ARGS", "arguments for ssh only").group(Group::Connection),
    flag(&["-k", "--ask-pass"], "ask for the password to log in with").exclusive(1),
    text(
        &["--connection-password-file", "--conn-pass-file"],
        "CONNECTION_PASSWORD_FILE",
        "file with the password to log in with",
    )
    .exclusive(1),
    flag(&["--force-handlers"], "run notified handlers on hosts that failed, too"),
    flag(&["-b", "--become"], "become another user on the hosts").group(Group::Privilege),
    text(&["--become-method"], "BECOME_METHOD", "how to become another user (default: sudo)").group(Group::Privilege),
    text(&["--become-user"], "BECOME_USER", "the user to become (default: root)").group(Group::Privilege),
    flag(&["-K", "--ask-become-pass"], "ask for the password to become another user with").exclusive(2),
    text(
        &["--become-password-file", "--become-pass-file"],
        "BECOME_PASSWORD_FILE",
        "file with the password to become another user with",
    )
    .exclusive(2),
    text(&["-t", "--tags"], "TAGS", "run only what has one of these tags; may be given several times"),
    text(&["--skip-tags"], "SKIP_TAGS", "leave out what has one of these tags; may be given several times"),
    flag(&["-C", "--check"], "change nothing; predict what would change"),
    flag(&["-D", "--diff"], "show the differences in changed files and templates"),
    text(
        &["-i", "--inventory", "--inventory-file"],
        "INVENTORY",
        "an inventory, or hosts separated by commas; may be given several times",
    ),
    flag(&["--list-hosts"], "list the hosts of each play and do nothing else"),
    text(&["-l", "--limit"], "SUBSET", "run only on hosts that match this pattern, too"),
    flag(&["--flush-cache"], "forget the cached facts of every host first"),
    text(
        &["-e", "--extra-vars"],
        "EXTRA_VARS",
        "variables as key=value, JSON or YAML, or from a file as @FILE; may be given several times",
    ),
    text(&["--vault-id"], "VAULT_IDS", "a vault password as LABEL@SOURCE; may be given several times"),
    flag(&["-J", "--ask-vault-password", "--ask-vault-pass"], "ask for the vault password").exclusive(3),
    text(&["--vault-password-file", "--vault-pass-file"], "VAULT_PASSWORD_FILES", "file with the vault password")
        .exclusive(3),
    text(&["-f", "--forks"], "FORKS", "hosts to work on at the same time (default: 5)").number(),
    text(&["-M", "--module-path"], "MODULE_PATH", "more directories with modules, separated by colons"),
    flag(&["--syntax-check"], "check the syntax of the playbooks and do nothing else"),
    flag(&["--list-tasks"], "list the tasks of each play and do nothing else"),
    flag(&["--list-tags"], "list the tags of each play and do nothing else"),
    flag(&["--step"], "ask before each task"),
    text(&["--start-at-task"], "START_AT_TASK", "begin with the task of this name"),
];

/// What `ansible-playbook` does, for its help.
pub(super) const PLAYBOOK_ABOUT: &str = "Runs playbooks: the tasks in them, on the hosts they name.";
