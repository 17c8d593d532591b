//! What the controller does itself, without a module on the host: declared here for its manual, done in `executor`.

#![expect(dead_code, reason = "only what the structs declare is read")]

use churten_module::{Args, CheckMode, FileArguments, Manual};
use churten_value::{Dict, Value};
use std::path::PathBuf;

/// Expands to the table of manuals.
macro_rules! controller {
    ($($name:literal $arguments:ident $check:ident $difference:literal,)*) => {
        /// The manuals of what the controller does.
        pub(crate) static CONTROLLER: &[Manual] = &[$(Manual {
            name: $name,
            spec: <$arguments as Args>::SPEC,
            docs: <$arguments as Args>::DOCS,
            check: CheckMode::$check,
            has_difference: $difference,
        }),*];
    };
}

controller! {
    "add_host" AddHost Run false,
    "assert" Assert Run false,
    "debug" Debug Run false,
    "fail" Fail Run false,
    "fetch" Fetch Run true,
    "gather_facts" GatherFacts Run false,
    "group_by" GroupBy Run false,
    "import_playbook" ImportPlaybook Run false,
    "import_role" ImportRole Run false,
    "import_tasks" ImportTasks Run false,
    "include_role" IncludeRole Run false,
    "include_tasks" IncludeTasks Run false,
    "include_vars" IncludeVars Run false,
    "meta" Meta Run false,
    "package" Package Run false,
    "pause" Pause Run false,
    "raw" Raw Skip false,
    "reboot" Reboot Run false,
    "script" Script Run false,
    "set_fact" SetFact Run false,
    "set_stats" SetStats Run false,
    "shell" Shell Run false,
    "template" Template Run true,
    "validate_argument_spec" ValidateArgumentSpec Run false,
    "wait_for_connection" WaitForConnection Skip false,
}

/// Add a host to the inventory of this run.
///
/// The host and its groups are there for the plays that follow. Every other argument becomes a variable of the host.
#[derive(Args)]
struct AddHost {
    /// The host, perhaps with a port behind a colon.
    #[arg(alias("host", "hostname"))]
    name: String,
    /// The groups it belongs to; those that are not there are made.
    #[arg(alias("group", "groupname"))]
    groups: Option<Vec<String>>,
}

/// Fail unless all of some conditions hold.
#[derive(Args)]
struct Assert {
    /// The conditions, written as in `when`.
    that: Vec<String>,
    /// What is said when one does not hold.
    #[arg(alias("msg"))]
    fail_msg: Option<String>,
    /// What is said when all hold.
    success_msg: Option<String>,
    /// Say only what does not hold.
    #[arg(default = false)]
    quiet: bool,
}

/// Show a text or the value of a variable.
#[derive(Args)]
#[args(exclusive("msg", "var"))]
struct Debug {
    /// The text.
    #[arg(default = "Hello world!")]
    msg: String,
    /// An expression whose value is shown; it needs no braces.
    var: Option<String>,
    /// Show it only with so many `-v`.
    #[arg(default = 0)]
    verbosity: i64,
}

/// Fail, with a text.
#[derive(Args)]
struct Fail {
    /// The text.
    #[arg(default = "Failed as requested from task")]
    msg: String,
}

/// Copy a file from the host to the controller.
#[derive(Args)]
struct Fetch {
    /// The file on the host.
    src: String,
    /// The directory on the controller. Below it are a directory for each host and the path of the file.
    dest: String,
    /// Fail where the file is missing or cannot be read.
    #[arg(default = true)]
    fail_on_missing: bool,
    /// Take `dest` as the file itself, or, with a slash at its end, as the directory of the file.
    #[arg(default = false)]
    flat: bool,
    /// Compare the checksums of both files afterwards.
    #[arg(default = true)]
    validate_checksum: bool,
}

/// Gather facts with the modules that `FACTS_MODULES` names.
#[derive(Args)]
struct GatherFacts {
    /// Run several of these modules at the same time; without a choice of one's own, where there are several.
    parallel: Option<bool>,
}

/// Put the host into a group that is named by a value.
#[derive(Args)]
struct GroupBy {
    /// The name of the group. Blanks in it become `-`.
    key: String,
    /// The groups that hold the group.
    #[arg(default = ["all"])]
    parents: Vec<String>,
}

/// Take in the plays of another playbook. Stands among plays.
#[derive(Args)]
struct ImportPlaybook {
    /// The playbook, as the value of the keyword itself.
    #[arg(name = "free-form")]
    free_form: Option<String>,
}

/// Take in the tasks of a role while the playbook is read.
#[derive(Args)]
struct ImportRole {
    /// The role.
    name: String,
    /// Run the role even where it has been run before.
    #[arg(default = true)]
    allow_duplicates: bool,
    /// The file of defaults to use.
    #[arg(default = "main")]
    defaults_from: String,
    /// The file of handlers to use.
    #[arg(default = "main")]
    handlers_from: String,
    /// Let the rest of the play see the variables and defaults of the role.
    #[arg(default = true)]
    public: bool,
    /// Check the role's arguments first, where it declares them.
    #[arg(default = true)]
    rolespec_validate: bool,
    /// The file of tasks to use.
    #[arg(default = "main")]
    tasks_from: String,
    /// The file of variables to use.
    #[arg(default = "main")]
    vars_from: String,
}

/// Take in the tasks of a file while the playbook is read.
#[derive(Args)]
struct ImportTasks {
    /// The file.
    file: Option<String>,
    /// The file, as the value of the action itself.
    #[arg(name = "free-form")]
    free_form: Option<String>,
}

/// Take in the tasks of a role when the task is reached.
#[derive(Args)]
struct IncludeRole {
    /// The role.
    name: String,
    /// Run the role even where it has been run before.
    #[arg(default = true)]
    allow_duplicates: bool,
    /// Keywords for the tasks that are taken in, such as `tags` or `become`.
    apply: Option<Dict>,
    /// The file of defaults to use.
    #[arg(default = "main")]
    defaults_from: String,
    /// The file of handlers to use.
    #[arg(default = "main")]
    handlers_from: String,
    /// Let the rest of the play see the variables and defaults of the role.
    #[arg(default = false)]
    public: bool,
    /// Check the role's arguments first, where it declares them.
    #[arg(default = true)]
    rolespec_validate: bool,
    /// The file of tasks to use.
    #[arg(default = "main")]
    tasks_from: String,
    /// The file of variables to use.
    #[arg(default = "main")]
    vars_from: String,
}

/// Take in the tasks of a file when the task is reached.
#[derive(Args)]
struct IncludeTasks {
    /// The file.
    file: Option<String>,
    /// Keywords for the tasks that are taken in, such as `tags` or `become`.
    apply: Option<Dict>,
    /// The file, as the value of the action itself.
    #[arg(name = "free-form")]
    free_form: Option<String>,
}

/// Read variables from files while the play runs.
#[derive(Args)]
struct IncludeVars {
    /// The file, looked for in the role's `vars` first.
    file: Option<PathBuf>,
    /// A directory whose files are read in the order of their names.
    dir: Option<PathBuf>,
    /// The variable to put all of it into; without one, each becomes a variable of its own.
    name: Option<String>,
    /// How many levels of directories to read; 0 for all.
    #[arg(default = 0)]
    depth: i64,
    /// A regular expression for the names of files in `dir`.
    files_matching: Option<String>,
    /// Names of files in `dir` to leave out.
    ignore_files: Option<Vec<String>>,
    /// The endings of files in `dir` that are read.
    #[arg(default = ["json", "yaml", "yml"])]
    extensions: Vec<String>,
    /// Leave out files with other endings, instead of failing.
    #[arg(default = false)]
    ignore_unknown_extensions: bool,
    /// What happens to mappings that are there already; the setting `DEFAULT_HASH_BEHAVIOUR` when not given.
    #[arg(choices("replace", "merge"))]
    hash_behaviour: Option<String>,
    /// The file, as the value of the action itself.
    #[arg(name = "free-form")]
    free_form: Option<String>,
}

/// Tell the run itself something: to go on elsewhere, to end, to forget.
#[derive(Args)]
struct Meta {
    /// What to do, as the value of the action itself.
    #[arg(choices(
        "clear_facts",
        "clear_host_errors",
        "end_host",
        "end_play",
        "flush_handlers",
        "noop",
        "refresh_inventory",
        "reset_connection",
        "end_batch",
        "end_role"
    ))]
    free_form: String,
}

/// Manage packages with whatever the host's package manager is.
///
/// Hands its arguments on to the module of that manager, which may take more of them.
#[derive(Args)]
struct Package {
    /// The packages, as the manager's module takes them.
    name: Value,
    /// What they should be, as the manager's module names it.
    state: String,
    /// The module to use; found by the facts of the host when not given.
    #[arg(name = "use", default = "auto")]
    manager: String,
}

/// Wait for some time, or for somebody.
#[derive(Args)]
struct Pause {
    /// For so many minutes.
    minutes: Option<String>,
    /// For so many seconds.
    seconds: Option<String>,
    /// Ask this and wait for a line of input.
    prompt: Option<String>,
    /// Show what is typed.
    #[arg(default = true)]
    echo: bool,
}

/// Run a command without a module: for hosts that can run none.
#[derive(Args)]
struct Raw {
    /// The command, as the value of the action itself.
    free_form: String,
    /// The shell that runs it, by its path.
    executable: Option<String>,
}

/// Reboot the host and wait until it is back.
#[derive(Args)]
struct Reboot {
    /// The command whose answer changes with each boot.
    #[arg(default = "cat /proc/sys/kernel/random/boot_id")]
    boot_time_command: String,
    /// Seconds to wait for a connection.
    connect_timeout: Option<i64>,
    /// What users are told.
    #[arg(default = "Reboot initiated by Ansible")]
    msg: String,
    /// Seconds to wait after the reboot before looking whether it is done.
    #[arg(default = 0)]
    post_reboot_delay: i64,
    /// Seconds to wait before the reboot; whole minutes on Linux.
    #[arg(default = 0)]
    pre_reboot_delay: i64,
    /// The command that reboots, when it is not the one of the host's system.
    #[arg(default = "[determined based on target OS]")]
    reboot_command: String,
    /// Seconds until the host must be back, counted for the reboot and for the test apart.
    #[arg(default = 600)]
    reboot_timeout: i64,
    /// Where the command is looked for.
    #[arg(default = ["/sbin", "/bin", "/usr/sbin", "/usr/bin", "/usr/local/sbin"])]
    search_paths: Vec<String>,
    /// A command that succeeds once the host can be worked with.
    #[arg(default = "whoami")]
    test_command: String,
}

/// Run a program of the controller on the host.
#[derive(Args)]
struct Script {
    /// The program on the controller, with its arguments, as the value of the action itself.
    free_form: Option<String>,
    /// The same as an argument.
    cmd: Option<String>,
    /// The directory on the host to run it in.
    chdir: Option<String>,
    /// Do nothing when this path exists on the host.
    creates: Option<String>,
    /// Do nothing unless this path exists on the host.
    removes: Option<String>,
    /// The program on the host that runs it.
    executable: Option<String>,
    /// Open the file where it is a vault.
    #[arg(default = true)]
    decrypt: bool,
}

/// Set variables of the host while the play runs.
#[derive(Args)]
struct SetFact {
    /// The variables: every argument is one.
    key_value: Dict,
    /// Put them into the cache of facts, too.
    #[arg(default = false)]
    cacheable: bool,
}

/// Set values that are shown, and told to callbacks, at the end of the run.
#[derive(Args)]
struct SetStats {
    /// The values by name.
    data: Dict,
    /// Keep a value for each host.
    #[arg(default = false)]
    per_host: bool,
    /// Add to a value that is there, instead of replacing it.
    #[arg(default = true)]
    aggregate: bool,
}

/// Run a command on the host by a shell.
///
/// As `command`, with pipes, redirections, variables and whatever else the shell knows.
#[derive(Args)]
struct Shell {
    /// The command, as the value of the action itself.
    free_form: Option<String>,
    /// The same as an argument.
    cmd: Option<String>,
    /// Change into this directory first.
    chdir: Option<PathBuf>,
    /// Do nothing when this path, or a path that matches this pattern, exists.
    creates: Option<PathBuf>,
    /// Do nothing unless this path, or a path that matches this pattern, exists.
    removes: Option<PathBuf>,
    /// The shell, by its path.
    executable: Option<PathBuf>,
    /// Text for the standard input of the command.
    stdin: Option<String>,
    /// End that text with a newline.
    #[arg(default = true)]
    stdin_add_newline: bool,
}

/// Fill in a template of the controller and put it on the host.
///
/// Templates are Jinja's. Beside the variables of the task they see `template_host`, `template_uid`, `template_path`,
/// `template_fullpath`, `template_destpath`, `template_run_date` and `ansible_managed`.
#[derive(Args)]
struct Template {
    /// The template on the controller, looked for in the role's `templates` first.
    src: PathBuf,
    /// The file on the host.
    dest: PathBuf,
    /// Keep a copy of the file as it was.
    #[arg(default = false)]
    backup: bool,
    /// What begins a block.
    #[arg(default = "{%")]
    block_start_string: String,
    /// What ends a block.
    #[arg(default = "%}")]
    block_end_string: String,
    /// What begins a variable.
    #[arg(default = "{{")]
    variable_start_string: String,
    /// What ends a variable.
    #[arg(default = "}}")]
    variable_end_string: String,
    /// What begins a comment.
    comment_start_string: Option<String>,
    /// What ends a comment.
    comment_end_string: Option<String>,
    /// Write through a link at `dest`.
    #[arg(default = false)]
    follow: bool,
    /// Replace a file that differs; otherwise only write where there is none.
    #[arg(default = true)]
    force: bool,
    /// Take off blanks and tabs in front of a block.
    #[arg(default = false)]
    lstrip_blocks: bool,
    /// Take off the first newline after a block.
    #[arg(default = true)]
    trim_blocks: bool,
    /// What ends a line.
    #[arg(default = "\\n", choices("\\n", "\\r", "\\r\\n"))]
    newline_sequence: String,
    /// The encoding of the file.
    #[arg(default = "utf-8")]
    output_encoding: String,
    /// A command that must accept the new file, `%s`, before it is put in place.
    validate: Option<String>,
    #[arg(flatten)]
    file: FileArguments,
}

/// Check values against a specification of arguments, as roles declare them.
#[derive(Args)]
struct ValidateArgumentSpec {
    /// The specification: names with types, defaults, choices.
    argument_spec: Dict,
    /// The values; variables of the same names when not given.
    provided_arguments: Option<Dict>,
}

/// Wait until the host can be reached and worked with.
#[derive(Args)]
struct WaitForConnection {
    /// Seconds to wait for a connection.
    #[arg(default = 5)]
    connect_timeout: i64,
    /// Seconds to wait before the first attempt.
    #[arg(default = 0)]
    delay: i64,
    /// Seconds between attempts.
    #[arg(default = 1)]
    sleep: i64,
    /// Seconds until it is given up.
    #[arg(default = 600)]
    timeout: i64,
}
