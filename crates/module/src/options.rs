//! What a module is told beside its arguments.

use crate::HostLog;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// The circumstances of one run of a module (ansible-core's `_ansible_*` arguments).
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Say what would change, change nothing.
    pub check: bool,
    /// Show what changes.
    pub diff: bool,
    /// How many `-v`.
    pub verbosity: u8,
    /// The host's log is told of the invocation; `None` where it is to hear nothing (`no_log`, `no_target_syslog`).
    pub log: Option<HostLog>,
    /// The name to use in messages, as resolved (`ansible.builtin.file`); the module's own when empty.
    pub module_name: String,
    /// Where temporary files go; `/tmp` when absent.
    pub temporary_directory: Option<PathBuf>,
    /// Data that came with the invocation, by name.
    pub attachments: BTreeMap<String, Attachment>,
}

/// Data that came with an invocation.
#[derive(Clone, Debug)]
pub enum Attachment {
    /// In memory.
    Bytes(Arc<[u8]>),
    /// In a temporary file of the host, which belongs to the worker.
    File(PathBuf),
}
