//! The options of `ansible-playbook`, typed.

use super::grammar::{Arity, Grammar, Positional};
use super::option_table::{OptionSpec, PLAYBOOK};
use super::parser::Arguments;
use churten_value::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The command line of `ansible-playbook`.
pub(super) const GRAMMAR: Grammar = Grammar {
    options: PLAYBOOK,
    positional: Positional { name: "playbook", arity: Arity::Some, help: "the playbooks to run" },
    about: "Runs playbooks: the tasks in them, on the hosts they name.",
};

/// What `ansible-playbook` was asked for, and what other programs that work with hosts share with it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct PlaybookOptions {
    /// The playbooks.
    pub(crate) playbooks: Vec<PathBuf>,
    /// `-i`, in order.
    pub(crate) inventory: Vec<String>,
    /// `--limit`; the last one counts.
    pub(crate) limit: Option<String>,
    /// `-e`, in order, as given.
    pub(crate) extra_vars: Vec<String>,
    /// `--vault-id`, as given.
    pub(crate) vault_ids: Vec<String>,
    /// `--vault-password-file`, as given.
    pub(crate) vault_password_files: Vec<String>,
    /// `-J`
    pub(crate) ask_vault_password: bool,
    /// `--tags`, split at commas.
    pub(crate) tags: Vec<String>,
    /// `--skip-tags`, split at commas.
    pub(crate) skip_tags: Vec<String>,
    /// `--check`
    pub(crate) check: bool,
    /// `--diff`
    pub(crate) diff: bool,
    /// Number of `-v`.
    pub(crate) verbosity: u8,
    /// `--forks`
    pub(crate) forks: Option<u32>,
    /// `--become`
    pub(crate) r#become: bool,
    /// `--ask-pass`
    pub(crate) ask_pass: bool,
    /// `--connection-password-file`
    pub(crate) connection_password_file: Option<PathBuf>,
    /// `--ask-become-pass`
    pub(crate) ask_become_pass: bool,
    /// `--become-password-file`
    pub(crate) become_password_file: Option<PathBuf>,
    /// `--force-handlers`
    pub(crate) force_handlers: bool,
    /// `--flush-cache`
    pub(crate) flush_cache: bool,
    /// `--module-path`, split at colons.
    pub(crate) module_path: Vec<PathBuf>,
    /// `--syntax-check`
    pub(crate) syntax_check: bool,
    /// `--list-hosts`
    pub(crate) list_hosts: bool,
    /// `--list-tasks`
    pub(crate) list_tasks: bool,
    /// `--list-tags`
    pub(crate) list_tags: bool,
    /// `--step`
    pub(crate) step: bool,
    /// `--start-at-task`
    pub(crate) start_at_task: Option<String>,
    /// `--log-events`, which ansible-core does not have.
    pub(crate) log_events: Option<PathBuf>,
    /// `--profile`, which ansible-core does not have.
    pub(crate) profile: Option<PathBuf>,
    /// `--no-batch`, which ansible-core does not have.
    pub(crate) no_batch: bool,
    /// `--playbook-dir` of the programs that have it.
    pub(crate) playbook_directory: Option<PathBuf>,
    /// Options that are settings, by the name ansible-core stores them under: `remote_user`, `timeout`, ...
    pub(crate) settings: BTreeMap<String, Value>,
}

/// Options that `ansible-playbook` does not have: first name and value.
pub(super) type OtherOptions = Vec<(&'static str, String)>;

/// Options whose value becomes a setting, and its name.
const SETTINGS: [(&str, &str); 11] = [
    ("-u", "remote_user"),
    ("-c", "connection"),
    ("-T", "timeout"),
    ("--private-key", "private_key_file"),
    ("--ssh-common-args", "ssh_common_args"),
    ("--sftp-extra-args", "sftp_extra_args"),
    ("--scp-extra-args", "scp_extra_args"),
    ("--ssh-extra-args", "ssh_extra_args"),
    ("--become-method", "become_method"),
    ("--become-user", "become_user"),
    ("-b", "become"),
];

impl PlaybookOptions {
    /// The options of arguments that were read with the table of `ansible-playbook`.
    ///
    /// # Errors
    /// The words after `error: `.
    pub(super) fn new(arguments: Arguments) -> Result<Self, String> {
        let playbooks = arguments.positional.iter().map(PathBuf::from).collect();
        let (options, rest) = Self::of_table(PLAYBOOK, arguments)?;
        debug_assert!(rest.is_empty(), "{rest:?}");
        Ok(Self { playbooks, ..options })
    }

    /// The options of any table that are `ansible-playbook`'s, too, and the name and value of the others.
    ///
    /// # Errors
    /// The words after `error: `.
    pub(super) fn of_table(table: &'static [OptionSpec], arguments: Arguments) -> Result<(Self, OtherOptions), String> {
        let mut options = Self::default();
        let mut rest = Vec::new();
        for given in arguments.options {
            let value = given.value;
            let option = &table[given.option];
            let name = option.names[0];
            // The same letter means something else in another program.
            if !PLAYBOOK.iter().any(|known| known.names == option.names) {
                rest.push((name, value));
                continue;
            }
            if let Some((_, setting)) = SETTINGS.iter().find(|(option, _)| *option == name) {
                let value = match *setting {
                    "timeout" => value.trim().parse::<i64>().map_or(Value::NONE, Value::from),
                    "become" => true.into(),
                    _ => value.clone().into(),
                };
                options.settings.insert((*setting).to_owned(), value);
            }
            match name {
                "-v" => options.verbosity = options.verbosity.saturating_add(1),
                "-i" => options.inventory.push(value),
                "-l" => options.limit = Some(value),
                "-e" => options.extra_vars.push(value),
                "--vault-id" => options.vault_ids.push(value),
                "--vault-password-file" => options.vault_password_files.push(value),
                "-J" => options.ask_vault_password = true,
                "-t" => options.tags.extend(split(&value)),
                "--skip-tags" => options.skip_tags.extend(split(&value)),
                "-C" => options.check = true,
                "-D" => options.diff = true,
                "-f" => options.forks = Some(forks(&value)?),
                "-b" => options.r#become = true,
                "-k" => options.ask_pass = true,
                "--connection-password-file" => options.connection_password_file = Some(value.into()),
                "-K" => options.ask_become_pass = true,
                "--become-password-file" => options.become_password_file = Some(value.into()),
                "--force-handlers" => options.force_handlers = true,
                "--flush-cache" => options.flush_cache = true,
                "-M" => options.module_path.extend(value.split(':').filter(|path| !path.is_empty()).map(PathBuf::from)),
                "--syntax-check" => options.syntax_check = true,
                "--list-hosts" => options.list_hosts = true,
                "--list-tasks" => options.list_tasks = true,
                "--list-tags" => options.list_tags = true,
                "--step" => options.step = true,
                "--start-at-task" => options.start_at_task = Some(value),
                "--log-events" => options.log_events = Some(value.into()),
                "--profile" => options.profile = Some(value.into()),
                "--no-batch" => options.no_batch = true,
                _ => {}
            }
        }
        Ok((options, rest))
    }
}

fn split(tags: &str) -> impl Iterator<Item = String> {
    tags.split(',').map(|tag| tag.trim().to_owned())
}

fn forks(value: &str) -> Result<u32, String> {
    match value.trim().parse::<i64>() {
        Ok(forks) if forks >= 1 => Ok(u32::try_from(forks).unwrap_or(u32::MAX)),
        _ => Err("The number of processes (--forks) must be >= 1".into()),
    }
}
