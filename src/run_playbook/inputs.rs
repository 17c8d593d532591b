//! What a run of playbooks is asked for, however it was asked.

use churten_value::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;
use zeroize::Zeroizing;

/// What to do with the playbooks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Modes {
    /// `--syntax-check`
    pub(crate) syntax_check: bool,
    /// `--list-hosts`
    pub(crate) list_hosts: bool,
    /// `--list-tasks`
    pub(crate) list_tasks: bool,
    /// `--list-tags`
    pub(crate) list_tags: bool,
}

impl Modes {
    /// True when nothing is run.
    pub(crate) fn only_looks(self) -> bool {
        self.syntax_check || self.list_hosts || self.list_tasks || self.list_tags
    }
}

/// What a run of playbooks is asked for.
#[derive(Clone, Default)]
pub(crate) struct Inputs {
    /// The playbooks, as given.
    pub(crate) playbooks: Vec<PathBuf>,
    /// `-i`; empty for the setting.
    pub(crate) inventory: Vec<String>,
    /// `--limit`
    pub(crate) limit: Option<String>,
    /// `-e`, in order.
    pub(crate) extra_vars: Vec<String>,
    /// `--vault-id` and `--vault-password-file`, in order: `label@source` or a path; source `prompt` asks.
    pub(crate) vault_ids: Vec<String>,
    /// `--ask-vault-password`
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
    /// `--force-handlers`
    pub(crate) force_handlers: bool,
    /// What to do.
    pub(crate) modes: Modes,
    /// The connection password, when one was asked for or read.
    pub(crate) connection_password: Option<Zeroizing<String>>,
    /// The privilege escalation password, when one was asked for or read.
    pub(crate) become_password: Option<Zeroizing<String>>,
    /// Options that are settings, by the name ansible-core stores them under.
    pub(crate) settings: BTreeMap<String, Value>,
}
