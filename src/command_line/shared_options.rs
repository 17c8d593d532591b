//! Options that several programs have.

use super::option_table::{Group, OptionSpec, flag, text};

pub(super) const HELP: OptionSpec = flag(&["-h", "--help"], "show this text and exit");
pub(super) const VERSION: OptionSpec =
    flag(&["--version"], "show the version and where configuration, modules and collections are found, and exit");
pub(super) const VERBOSE: OptionSpec = flag(&["-v", "--verbose"], "say more; up to -vvvv, each one adds detail");
pub(super) const PRIVATE_KEY: OptionSpec =
    text(&["--private-key", "--key-file"], "PRIVATE_KEY_FILE", "the private key to log in with")
        .group(Group::Connection);
pub(super) const USER: OptionSpec =
    text(&["-u", "--user"], "REMOTE_USER", "the user to log in as").group(Group::Connection);
pub(super) const CONNECTION: OptionSpec =
    text(&["-c", "--connection"], "CONNECTION", "how to reach hosts (default: ssh)").group(Group::Connection);
pub(super) const TIMEOUT: OptionSpec =
    text(&["-T", "--timeout"], "TIMEOUT", "seconds to wait for a connection").number().group(Group::Connection);
pub(super) const SSH_COMMON_ARGS: OptionSpec =
    text(&["--ssh-common-args"], "SSH_COMMON_ARGS", "arguments for ssh, scp and sftp").group(Group::Connection);
pub(super) const SFTP_EXTRA_ARGS: OptionSpec =
    text(&["--sftp-extra-args"], "SFTP_EXTRA_ARGS", "arguments for sftp only").group(Group::Connection);
pub(super) const SCP_EXTRA_ARGS: OptionSpec =
    text(&["--scp-extra-args"], "SCP_EXTRA_ARGS", "arguments for scp only").group(Group::Connection);
pub(super) const SSH_EXTRA_ARGS: OptionSpec =
    text(&["--ssh-extra-args"], "SSH_EXTRA_ARGS", "arguments for ssh only").group(Group::Connection);
pub(super) const ASK_PASS: OptionSpec = flag(&["-k", "--ask-pass"], "ask for the password to log in with").exclusive(1);
pub(super) const CONNECTION_PASSWORD_FILE: OptionSpec = text(
    &["--connection-password-file", "--conn-pass-file"],
    "CONNECTION_PASSWORD_FILE",
    "file with the password to log in with",
)
.exclusive(1);
pub(super) const BECOME: OptionSpec =
    flag(&["-b", "--become"], "become another user on the hosts").group(Group::Privilege);
pub(super) const BECOME_METHOD: OptionSpec =
    text(&["--become-method"], "BECOME_METHOD", "how to become another user (default: sudo)").group(Group::Privilege);
pub(super) const BECOME_USER: OptionSpec =
    text(&["--become-user"], "BECOME_USER", "the user to become (default: root)").group(Group::Privilege);
pub(super) const ASK_BECOME_PASS: OptionSpec =
    flag(&["-K", "--ask-become-pass"], "ask for the password to become another user with").exclusive(2);
pub(super) const BECOME_PASSWORD_FILE: OptionSpec = text(
    &["--become-password-file", "--become-pass-file"],
    "BECOME_PASSWORD_FILE",
    "file with the password to become another user with",
)
.exclusive(2);
pub(super) const CHECK: OptionSpec = flag(&["-C", "--check"], "change nothing; predict what would change");
pub(super) const DIFF: OptionSpec = flag(&["-D", "--diff"], "show the differences in changed files and templates");
pub(super) const INVENTORY: OptionSpec = text(
    &["-i", "--inventory", "--inventory-file"],
    "INVENTORY",
    "an inventory, or hosts separated by commas; may be given several times",
);
pub(super) const LIST_HOSTS: OptionSpec = flag(&["--list-hosts"], "list the hosts and do nothing else");
pub(super) const LOG_EVENTS: OptionSpec =
    text(&["--log-events"], "FILE", "record the run in this file, for `churten replay`").group(Group::Own);
pub(super) const PROFILE: OptionSpec =
    text(&["--profile"], "FILE", "write into this file where the time goes, for trace viewers").group(Group::Own);
pub(super) const NO_BATCH: OptionSpec = flag(
    &["--no-batch"],
    "one request for each task and each item of a loop, also where they could go to a host together",
)
.group(Group::Own);
pub(super) const LIMIT: OptionSpec =
    text(&["-l", "--limit"], "SUBSET", "run only on hosts that match this pattern, too");
pub(super) const FLUSH_CACHE: OptionSpec = flag(&["--flush-cache"], "forget the cached facts of every host first");
pub(super) const EXTRA_VARS: OptionSpec = text(
    &["-e", "--extra-vars"],
    "EXTRA_VARS",
    "variables as key=value, JSON or YAML, or from a file as @FILE; may be given several times",
);
pub(super) const VAULT_ID: OptionSpec =
    text(&["--vault-id"], "VAULT_IDS", "a vault password as LABEL@SOURCE; may be given several times");
pub(super) const ASK_VAULT_PASSWORD: OptionSpec =
    flag(&["-J", "--ask-vault-password", "--ask-vault-pass"], "ask for the vault password").exclusive(3);
pub(super) const VAULT_PASSWORD_FILE: OptionSpec =
    text(&["--vault-password-file", "--vault-pass-file"], "VAULT_PASSWORD_FILES", "file with the vault password")
        .exclusive(3);
pub(super) const FORKS: OptionSpec =
    text(&["-f", "--forks"], "FORKS", "hosts to work on at the same time (default: 5)").number();
pub(super) const MODULE_PATH: OptionSpec =
    text(&["-M", "--module-path"], "MODULE_PATH", "more directories with modules, separated by colons");
pub(super) const PLAYBOOK_DIRECTORY: OptionSpec = text(
    &["--playbook-dir"],
    "BASEDIR",
    "the directory that stands for a playbook's: group_vars, roles and relative files are looked for there",
);
pub(super) const OUTPUT_FILE: OptionSpec =
    text(&["--output"], "OUTPUT_FILE", "the file to write instead of showing or replacing; - is standard output");

/// The kinds of plugins that settings are of.
pub(super) const CONFIGURABLE: [&str; 11] = [
    "become",
    "cache",
    "callback",
    "cliconf",
    "connection",
    "httpapi",
    "inventory",
    "lookup",
    "netconf",
    "shell",
    "vars",
];

/// Two lists of words as one.
pub(super) const fn joined<const COUNT: usize>(
    first: &[&'static str],
    second: &[&'static str],
) -> [&'static str; COUNT] {
    let mut all = [""; COUNT];
    let mut index = 0;
    while index < COUNT {
        all[index] = if index < first.len() { first[index] } else { second[index - first.len()] };
        index += 1;
    }
    all
}
