//! What a module reads.

use crate::kind::MARK;
use churten_value::{Dict, JsonStyle, Value};

/// What ansible-core tells a module beside the task's arguments.
#[derive(Clone, Debug, Default)]
pub struct Internals {
    /// `--check`.
    pub check_mode: bool,
    /// `--diff`.
    pub diff: bool,
    /// The task's `no_log`.
    pub no_log: bool,
    /// Number of `-v`.
    pub verbosity: u8,
    /// The module's short name.
    pub module_name: String,
    /// The version of ansible-core that it belongs to.
    pub version: String,
    /// A directory of the host for the module's own files, with a slash at its end; the module makes its own when there is none.
    pub temporary_directory: Option<String>,
    /// `remote_tmp`.
    pub remote_tmp: String,
    /// The shell on the host.
    pub shell: String,
    /// `DEFAULT_SYSLOG_FACILITY`.
    pub syslog_facility: String,
    /// `DEFAULT_SELINUX_SPECIAL_FS`.
    pub special_file_systems: Vec<String>,
    /// `TARGET_LOG_INFO`.
    pub log_info: Option<String>,
    /// `DEFAULT_KEEP_REMOTE_FILES`.
    pub keep_remote_files: bool,
    /// What tracebacks are wanted for: `error`, `warning`, `deprecated`, `deprecated_value`.
    pub tracebacks: Vec<String>,
}

/// The JSON text on a module's standard input.
pub fn invocation(arguments: &Dict, internals: &Internals) -> String {
    let whole = Dict::from([("ANSIBLE_MODULE_ARGS", Value::dict(with_internals(arguments, internals)))]);
    Value::dict(whole).to_json(JsonStyle::PLAIN)
}

fn with_internals(arguments: &Dict, internals: &Internals) -> Dict {
    let mut all = arguments.clone();
    let text = |text: &str| Value::from(text.to_owned());
    let tracebacks = internals.tracebacks.iter().map(|name| text(name)).collect();
    let file_systems = internals.special_file_systems.iter().map(|name| text(name)).collect();
    for (name, value) in [
        ("check_mode", Value::from(internals.check_mode)),
        ("no_log", Value::from(internals.no_log)),
        ("debug", Value::from(false)),
        ("diff", Value::from(internals.diff)),
        ("verbosity", Value::from(i64::from(internals.verbosity))),
        ("version", text(&internals.version)),
        ("module_name", text(&internals.module_name)),
        ("syslog_facility", text(&internals.syslog_facility)),
        ("selinux_special_fs", Value::list(file_systems)),
        ("socket", Value::NONE),
        ("shell_executable", text(&internals.shell)),
        ("keep_remote_files", Value::from(internals.keep_remote_files)),
        ("tmpdir", internals.temporary_directory.as_deref().map_or(Value::NONE, text)),
        ("remote_tmp", text(&internals.remote_tmp)),
        ("ignore_unknown_opts", Value::from(false)),
        ("target_log_info", internals.log_info.as_deref().map_or(Value::NONE, text)),
        ("tracebacks_for", Value::list(tracebacks)),
    ] {
        all.insert(format!("_ansible_{name}"), value);
    }
    all
}

/// A script's source with the arguments in the place of [the mark](crate::ModuleKind::JsonArguments).
pub fn with_arguments(source: &[u8], arguments: &Dict, internals: &Internals) -> Vec<u8> {
    let Some(at) = source.windows(MARK.len()).position(|window| window == MARK) else { return source.to_vec() };
    let json = plain_arguments(arguments, internals);
    // The mark stands in a string of the script's language; Python's and Ruby's escapes are alike.
    let quoted = json.replace('\\', "\\\\").replace('"', "\\\"");
    let (before, after) = source.split_at(at);
    [before, quoted.as_bytes(), after.get(MARK.len()..).unwrap_or_default()].concat()
}

/// The arguments as a JSON text, as [`crate::ModuleKind::WantJson`] reads them from a file.
pub fn plain_arguments(arguments: &Dict, internals: &Internals) -> String {
    Value::dict(with_internals(arguments, internals)).to_json(JsonStyle::PLAIN)
}

/// The arguments as `key=value`, as [`crate::ModuleKind::OldStyle`] reads them from a file.
pub fn key_value_arguments(arguments: &Dict, internals: &Internals) -> String {
    let mut text = String::new();
    for (name, value) in with_internals(arguments, internals).iter() {
        text.push_str(&format!("{}={} ", name.to_text(), churten_syntax::shlex_quote(&value.to_text())));
    }
    text
}
