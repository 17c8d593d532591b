//! The settings churten reads, typed.

use crate::Settings;
use churten_value::{BigInt, Data, Value};
use std::path::PathBuf;

/// What to do about a problem that may be tolerated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnProblem {
    /// Stop.
    Error,
    /// Warn and go on.
    Warn,
    /// Go on.
    Ignore,
}

/// What becomes of a dictionary variable defined on several levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HashBehaviour {
    /// The highest level wins.
    Replace,
    /// Dictionaries are merged, deeply.
    Merge,
}

/// Whose `group_vars` and `host_vars` count for a task, beside the inventory's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VarsRoot {
    /// The playbook's.
    Top,
    /// Those of the first directory that the task looks for files in.
    Bottom,
    /// Those of all of these.
    All,
}

impl Settings {
    /// A boolean setting.
    pub fn flag(&self, name: &str) -> bool {
        self.get(name).as_bool().unwrap_or(false)
    }

    /// An integer setting; a value that does not fit is the nearest that does.
    pub fn number(&self, name: &str) -> Option<i64> {
        match &self.get(name).data {
            Data::Int(number) => Some(*number),
            Data::BigInt(number) => Some(if **number < BigInt::ZERO { i64::MIN } else { i64::MAX }),
            _ => None,
        }
    }

    /// A text setting; `None` when it is not set.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name).as_str()
    }

    /// The items of a list setting.
    pub fn list(&self, name: &str) -> Vec<&str> {
        self.get(name).as_list().unwrap_or_default().iter().filter_map(Value::as_str).collect()
    }

    /// The items of a list of paths.
    pub fn paths(&self, name: &str) -> Vec<PathBuf> {
        self.list(name).into_iter().map(PathBuf::from).collect()
    }

    fn on_problem(&self, name: &str) -> OnProblem {
        match self.text(name) {
            Some("error") => OnProblem::Error,
            Some("ignore") => OnProblem::Ignore,
            _ => OnProblem::Warn,
        }
    }
}

/// Booleans.
impl Settings {
    /// `ALLOW_BROKEN_CONDITIONALS`.
    pub fn allow_broken_conditionals(&self) -> bool {
        self.flag("ALLOW_BROKEN_CONDITIONALS")
    }

    /// `ALLOW_EMBEDDED_TEMPLATES`.
    pub fn allow_embedded_templates(&self) -> bool {
        self.flag("ALLOW_EMBEDDED_TEMPLATES")
    }

    /// `COLLECTIONS_SCAN_SYS_PATH`.
    pub fn collections_scan_sys_path(&self) -> bool {
        self.flag("COLLECTIONS_SCAN_SYS_PATH")
    }

    /// `ANSIBLE_FORCE_COLOR`.
    pub fn force_color(&self) -> bool {
        self.flag("ANSIBLE_FORCE_COLOR")
    }

    /// `ANSIBLE_NOCOLOR`.
    pub fn no_color(&self) -> bool {
        self.flag("ANSIBLE_NOCOLOR")
    }

    /// `ANSIBLE_PIPELINING`.
    pub fn pipelining(&self) -> bool {
        self.flag("ANSIBLE_PIPELINING")
    }

    /// `ANY_ERRORS_FATAL`.
    pub fn any_errors_fatal(&self) -> bool {
        self.flag("ANY_ERRORS_FATAL")
    }

    /// `BECOME_ALLOW_SAME_USER`.
    pub fn become_allow_same_user(&self) -> bool {
        self.flag("BECOME_ALLOW_SAME_USER")
    }

    /// `DEFAULT_ASK_PASS`.
    pub fn ask_pass(&self) -> bool {
        self.flag("DEFAULT_ASK_PASS")
    }

    /// `DEFAULT_ASK_VAULT_PASS`.
    pub fn ask_vault_pass(&self) -> bool {
        self.flag("DEFAULT_ASK_VAULT_PASS")
    }

    /// `DEFAULT_BECOME`.
    pub fn r#become(&self) -> bool {
        self.flag("DEFAULT_BECOME")
    }

    /// `DEFAULT_BECOME_ASK_PASS`.
    pub fn become_ask_pass(&self) -> bool {
        self.flag("DEFAULT_BECOME_ASK_PASS")
    }

    /// `DEFAULT_FORCE_HANDLERS`.
    pub fn force_handlers(&self) -> bool {
        self.flag("DEFAULT_FORCE_HANDLERS")
    }

    /// `DEFAULT_KEEP_REMOTE_FILES`.
    pub fn keep_remote_files(&self) -> bool {
        self.flag("DEFAULT_KEEP_REMOTE_FILES")
    }

    /// `DEFAULT_NO_LOG`.
    pub fn no_log(&self) -> bool {
        self.flag("DEFAULT_NO_LOG")
    }

    /// `DEFAULT_PRIVATE_ROLE_VARS`.
    pub fn private_role_vars(&self) -> bool {
        self.flag("DEFAULT_PRIVATE_ROLE_VARS")
    }

    /// `DEPRECATION_WARNINGS`.
    pub fn deprecation_warnings(&self) -> bool {
        self.flag("DEPRECATION_WARNINGS")
    }

    /// `DIFF_ALWAYS`.
    pub fn diff_always(&self) -> bool {
        self.flag("DIFF_ALWAYS")
    }

    /// `DISPLAY_ARGS_TO_STDOUT`.
    pub fn display_args_to_stdout(&self) -> bool {
        self.flag("DISPLAY_ARGS_TO_STDOUT")
    }

    /// `DISPLAY_SKIPPED_HOSTS`.
    pub fn display_skipped_hosts(&self) -> bool {
        self.flag("DISPLAY_SKIPPED_HOSTS")
    }

    /// `ERROR_ON_MISSING_HANDLER`.
    pub fn error_on_missing_handler(&self) -> bool {
        self.flag("ERROR_ON_MISSING_HANDLER")
    }

    /// `HOST_KEY_CHECKING`.
    pub fn host_key_checking(&self) -> bool {
        self.flag("HOST_KEY_CHECKING")
    }

    /// `INJECT_FACTS_AS_VARS`.
    pub fn inject_facts_as_vars(&self) -> bool {
        self.flag("INJECT_FACTS_AS_VARS")
    }

    /// `INVENTORY_ANY_UNPARSED_IS_FAILED`.
    pub fn inventory_any_unparsed_is_failed(&self) -> bool {
        self.flag("INVENTORY_ANY_UNPARSED_IS_FAILED")
    }

    /// `INVENTORY_UNPARSED_IS_FAILED`.
    pub fn inventory_unparsed_is_failed(&self) -> bool {
        self.flag("INVENTORY_UNPARSED_IS_FAILED")
    }

    /// `INVENTORY_UNPARSED_WARNING`.
    pub fn inventory_unparsed_warning(&self) -> bool {
        self.flag("INVENTORY_UNPARSED_WARNING")
    }

    /// `LOCALHOST_WARNING`.
    pub fn localhost_warning(&self) -> bool {
        self.flag("LOCALHOST_WARNING")
    }

    /// `RETRY_FILES_ENABLED`.
    pub fn retry_files_enabled(&self) -> bool {
        self.flag("RETRY_FILES_ENABLED")
    }

    /// `SHOW_CUSTOM_STATS`.
    pub fn show_custom_stats(&self) -> bool {
        self.flag("SHOW_CUSTOM_STATS")
    }

    /// `SYSTEM_WARNINGS`.
    pub fn system_warnings(&self) -> bool {
        self.flag("SYSTEM_WARNINGS")
    }

    /// `DEFAULT_VAULT_ID_MATCH`, which declares no type.
    pub fn vault_id_match(&self) -> bool {
        Self::boolean_of(self.get("DEFAULT_VAULT_ID_MATCH"))
    }
}

/// Text that may be missing.
impl Settings {
    /// `DEFAULT_BECOME_EXE`.
    pub fn become_exe(&self) -> Option<&str> {
        self.text("DEFAULT_BECOME_EXE").filter(|text| !text.is_empty())
    }

    /// `DEFAULT_BECOME_FLAGS`.
    pub fn become_flags(&self) -> Option<&str> {
        self.text("DEFAULT_BECOME_FLAGS").filter(|text| !text.is_empty())
    }

    /// `DEFAULT_PRIVATE_KEY_FILE`.
    pub fn private_key_file(&self) -> Option<&str> {
        self.text("DEFAULT_PRIVATE_KEY_FILE").filter(|text| !text.is_empty())
    }

    /// `DEFAULT_REMOTE_USER`.
    pub fn remote_user(&self) -> Option<&str> {
        self.text("DEFAULT_REMOTE_USER").filter(|text| !text.is_empty())
    }

    /// `DEFAULT_VAULT_PASSWORD_FILE`.
    pub fn vault_password_file(&self) -> Option<&str> {
        self.text("DEFAULT_VAULT_PASSWORD_FILE").filter(|text| !text.is_empty())
    }

    /// `DEFAULT_VAULT_ENCRYPT_IDENTITY`.
    pub fn vault_encrypt_identity(&self) -> Option<&str> {
        self.text("DEFAULT_VAULT_ENCRYPT_IDENTITY").filter(|text| !text.is_empty())
    }

    /// `DEFAULT_LOG_PATH`.
    pub fn log_path(&self) -> Option<&str> {
        self.text("DEFAULT_LOG_PATH").filter(|text| !text.is_empty())
    }

    /// `DEFAULT_MODULE_ARGS`.
    pub fn module_args(&self) -> Option<&str> {
        self.text("DEFAULT_MODULE_ARGS").filter(|text| !text.is_empty())
    }

    /// `PLAYBOOK_DIR`.
    pub fn playbook_dir(&self) -> Option<&str> {
        self.text("PLAYBOOK_DIR").filter(|text| !text.is_empty())
    }

    /// `RETRY_FILES_SAVE_PATH`.
    pub fn retry_files_save_path(&self) -> Option<&str> {
        self.text("RETRY_FILES_SAVE_PATH").filter(|text| !text.is_empty())
    }

    /// `BECOME_PASSWORD_FILE`.
    pub fn become_password_file(&self) -> Option<&str> {
        self.text("BECOME_PASSWORD_FILE").filter(|text| !text.is_empty())
    }

    /// `CONNECTION_PASSWORD_FILE`.
    pub fn connection_password_file(&self) -> Option<&str> {
        self.text("CONNECTION_PASSWORD_FILE").filter(|text| !text.is_empty())
    }
}

/// Text that always has a value.
impl Settings {
    /// `DEFAULT_BECOME_METHOD`.
    pub fn become_method(&self) -> &str {
        self.text("DEFAULT_BECOME_METHOD").unwrap_or_default()
    }

    /// `DEFAULT_BECOME_USER`.
    pub fn become_user(&self) -> &str {
        self.text("DEFAULT_BECOME_USER").unwrap_or_default()
    }

    /// `DEFAULT_GATHERING`.
    pub fn gathering(&self) -> &str {
        self.text("DEFAULT_GATHERING").unwrap_or_default()
    }

    /// `DEFAULT_MODULE_NAME`.
    pub fn module_name(&self) -> &str {
        self.text("DEFAULT_MODULE_NAME").unwrap_or_default()
    }

    /// `DEFAULT_STDOUT_CALLBACK`.
    pub fn stdout_callback(&self) -> &str {
        self.text("DEFAULT_STDOUT_CALLBACK").unwrap_or_default()
    }

    /// `RUN_VARS_PLUGINS`: `demand` or `start`.
    pub fn run_vars_plugins(&self) -> &str {
        self.text("RUN_VARS_PLUGINS").unwrap_or_default()
    }

    /// `SSH_AGENT`: `none`, `auto`, or the socket of an agent.
    pub fn ssh_agent(&self) -> &str {
        self.text("SSH_AGENT").unwrap_or_default()
    }

    /// `DEFAULT_STRATEGY`.
    pub fn strategy(&self) -> &str {
        self.text("DEFAULT_STRATEGY").unwrap_or_default()
    }

    /// `DEFAULT_TRANSPORT`.
    pub fn transport(&self) -> &str {
        self.text("DEFAULT_TRANSPORT").unwrap_or_default()
    }

    /// `DEFAULT_VAULT_IDENTITY`.
    pub fn vault_identity(&self) -> &str {
        self.text("DEFAULT_VAULT_IDENTITY").unwrap_or_default()
    }

    /// `INTERPRETER_PYTHON`.
    pub fn interpreter_python(&self) -> &str {
        self.text("INTERPRETER_PYTHON").unwrap_or_default()
    }

    /// `PLAYBOOK_VARS_ROOT`.
    pub fn playbook_vars_root(&self) -> VarsRoot {
        match self.text("PLAYBOOK_VARS_ROOT") {
            Some("bottom") => VarsRoot::Bottom,
            Some("all") => VarsRoot::All,
            _ => VarsRoot::Top,
        }
    }

    /// `TRANSFORM_INVALID_GROUP_CHARS`.
    pub fn transform_invalid_group_chars(&self) -> &str {
        self.text("TRANSFORM_INVALID_GROUP_CHARS").unwrap_or_default()
    }

    /// `DEFAULT_LOCAL_TMP`.
    pub fn local_tmp(&self) -> &str {
        self.text("DEFAULT_LOCAL_TMP").unwrap_or_default()
    }

    /// `ANSIBLE_HOME`.
    pub fn ansible_home(&self) -> &str {
        self.text("ANSIBLE_HOME").unwrap_or_default()
    }

    /// The colour of `COLOR_` + `name` (`OK`, `CHANGED`, `ERROR`, ...) as it is written in the settings.
    pub fn color(&self, name: &str) -> &str {
        self.text(&format!("COLOR_{name}")).unwrap_or("normal")
    }
}

/// Lists.
impl Settings {
    /// `FACTS_MODULES`.
    pub fn facts_modules(&self) -> Vec<&str> {
        self.list("FACTS_MODULES")
    }

    /// `CALLBACKS_ENABLED`.
    pub fn callbacks_enabled(&self) -> Vec<&str> {
        self.list("CALLBACKS_ENABLED")
    }

    /// `DEFAULT_VAULT_IDENTITY_LIST`.
    pub fn vault_identity_list(&self) -> Vec<&str> {
        self.list("DEFAULT_VAULT_IDENTITY_LIST")
    }

    /// `INVENTORY_ENABLED`.
    pub fn inventory_enabled(&self) -> Vec<&str> {
        self.list("INVENTORY_ENABLED")
    }

    /// `INVENTORY_IGNORE_EXTS`.
    pub fn inventory_ignore_extensions(&self) -> Vec<&str> {
        self.list("INVENTORY_IGNORE_EXTS")
    }

    /// `INVENTORY_IGNORE_PATTERNS`.
    pub fn inventory_ignore_patterns(&self) -> Vec<&str> {
        self.list("INVENTORY_IGNORE_PATTERNS")
    }

    /// `DEFAULT_JINJA2_EXTENSIONS`.
    pub fn jinja2_extensions(&self) -> Vec<&str> {
        self.list("DEFAULT_JINJA2_EXTENSIONS")
    }

    /// `TAGS_RUN`.
    pub fn run_tags(&self) -> Vec<&str> {
        self.list("TAGS_RUN")
    }

    /// `TAGS_SKIP`.
    pub fn skip_tags(&self) -> Vec<&str> {
        self.list("TAGS_SKIP")
    }

    /// `VARIABLE_PRECEDENCE`.
    pub fn variable_precedence(&self) -> Vec<&str> {
        self.list("VARIABLE_PRECEDENCE")
    }

    /// `YAML_FILENAME_EXTENSIONS`.
    pub fn yaml_filename_extensions(&self) -> Vec<&str> {
        self.list("YAML_FILENAME_EXTENSIONS")
    }

    /// `DEFAULT_HOST_LIST`.
    pub fn inventory_sources(&self) -> Vec<PathBuf> {
        self.paths("DEFAULT_HOST_LIST")
    }

    /// `DEFAULT_ROLES_PATH`.
    pub fn roles_path(&self) -> Vec<PathBuf> {
        self.paths("DEFAULT_ROLES_PATH")
    }

    /// `COLLECTIONS_PATHS`.
    pub fn collections_paths(&self) -> Vec<PathBuf> {
        self.paths("COLLECTIONS_PATHS")
    }

    /// `DEFAULT_ACTION_PLUGIN_PATH`.
    pub fn action_plugin_path(&self) -> Vec<PathBuf> {
        self.paths("DEFAULT_ACTION_PLUGIN_PATH")
    }

    /// `DEFAULT_MODULE_PATH`.
    pub fn module_path(&self) -> Vec<PathBuf> {
        self.paths("DEFAULT_MODULE_PATH")
    }
}

/// Numbers and choices.
impl Settings {
    /// `DEFAULT_FORKS`; below zero is zero.
    pub fn forks(&self) -> u32 {
        u32::try_from(self.number("DEFAULT_FORKS").unwrap_or(5).max(0)).unwrap_or(u32::MAX)
    }

    /// `DEFAULT_TIMEOUT`; below zero is zero.
    pub fn timeout(&self) -> u32 {
        u32::try_from(self.number("DEFAULT_TIMEOUT").unwrap_or(10).max(0)).unwrap_or(u32::MAX)
    }

    /// `TASK_TIMEOUT`; below zero is zero.
    pub fn task_timeout(&self) -> u32 {
        u32::try_from(self.number("TASK_TIMEOUT").unwrap_or(0).max(0)).unwrap_or(u32::MAX)
    }

    /// `DIFF_CONTEXT`; below zero is zero.
    pub fn diff_context(&self) -> u32 {
        u32::try_from(self.number("DIFF_CONTEXT").unwrap_or(3).max(0)).unwrap_or(u32::MAX)
    }

    /// `MAX_FILE_SIZE_FOR_DIFF`; below zero is zero.
    pub fn max_file_size_for_diff(&self) -> u64 {
        u64::try_from(self.number("MAX_FILE_SIZE_FOR_DIFF").unwrap_or(104448).max(0)).unwrap_or(u64::MAX)
    }

    /// `DEFAULT_POLL_INTERVAL`; below zero is zero.
    pub fn poll_interval(&self) -> u32 {
        u32::try_from(self.number("DEFAULT_POLL_INTERVAL").unwrap_or(15).max(0)).unwrap_or(u32::MAX)
    }

    /// `DEFAULT_VERBOSITY`; below zero is zero.
    pub fn verbosity(&self) -> u32 {
        u32::try_from(self.number("DEFAULT_VERBOSITY").unwrap_or(0).max(0)).unwrap_or(u32::MAX)
    }

    /// `DEFAULT_REMOTE_PORT`.
    pub fn remote_port(&self) -> Option<u16> {
        u16::try_from(self.number("DEFAULT_REMOTE_PORT")?).ok()
    }

    /// `DEFAULT_HASH_BEHAVIOUR`.
    pub fn hash_behaviour(&self) -> HashBehaviour {
        if self.text("DEFAULT_HASH_BEHAVIOUR") == Some("merge") { HashBehaviour::Merge } else { HashBehaviour::Replace }
    }

    /// `HOST_PATTERN_MISMATCH`.
    pub fn host_pattern_mismatch(&self) -> OnProblem {
        self.on_problem("HOST_PATTERN_MISMATCH")
    }

    /// `COLLECTIONS_ON_ANSIBLE_VERSION_MISMATCH`.
    pub fn collections_on_version_mismatch(&self) -> OnProblem {
        self.on_problem("COLLECTIONS_ON_ANSIBLE_VERSION_MISMATCH")
    }

    /// `DUPLICATE_YAML_DICT_KEY`.
    pub fn duplicate_yaml_dict_key(&self) -> OnProblem {
        self.on_problem("DUPLICATE_YAML_DICT_KEY")
    }

    /// An option of the stdout callback `default`: `display_ok_hosts`, `display_failed_stderr`, `check_mode_markers`,
    /// `show_task_path_on_failure`, `result_format`, `pretty_results`, ...
    ///
    /// # Errors
    /// A value of the wrong type or outside of the choices.
    pub fn callback_option(&self, option: &str) -> Result<Value, churten_diagnostics::Report> {
        self.plugin_option("callback/default", option, &|_| None).map(|resolved| resolved.value)
    }
}
