//! What is done to hosts by other means than a module.

use churten_module::{Args, FileArguments};
use churten_value::Value;
use std::path::PathBuf;

/// Copy a file from the host to the controller.
#[derive(Args)]
pub(super) struct Fetch {
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

/// Manage packages with whatever the host's package manager is.
///
/// Hands its arguments on to the module of that manager, which may take more of them.
#[derive(Args)]
pub(super) struct Package {
    /// The packages, as the manager's module takes them.
    name: Value,
    /// What they should be, as the manager's module names it.
    state: String,
    /// The module to use; found by the facts of the host when not given.
    #[arg(name = "use", default = "auto")]
    manager: String,
}

/// Run a command without a module: for hosts that can run none.
#[derive(Args)]
pub(super) struct Raw {
    /// The command, as the value of the action itself.
    free_form: String,
    /// The shell that runs it, by its path.
    executable: Option<String>,
}

/// Reboot the host and wait until it is back.
#[derive(Args)]
pub(super) struct Reboot {
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
pub(super) struct Script {
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

/// Run a command on the host by a shell.
///
/// As `command`, with pipes, redirections, variables and whatever else the shell knows.
#[derive(Args)]
pub(super) struct Shell {
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
pub(super) struct Template {
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

/// Wait until the host can be reached and worked with.
#[derive(Args)]
pub(super) struct WaitForConnection {
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
