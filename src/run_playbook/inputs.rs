//! What a run of playbooks is asked for: the command line's options, and the passwords that were asked for.

use crate::command_line::{PlaybookOptions, ask_password, read_password_file};
use churten_diagnostics::Report;
use zeroize::Zeroizing;

/// The passwords of a run.
#[derive(Default)]
pub(crate) struct Passwords {
    /// For the connection.
    pub(crate) connection: Option<Zeroizing<String>>,
    /// For privilege escalation.
    pub(crate) r#become: Option<Zeroizing<String>>,
}

/// Ask for the passwords that the options want, or read them from files.
pub(crate) fn passwords(options: &PlaybookOptions) -> Result<Passwords, Report> {
    let mut passwords = Passwords::default();
    if options.ask_pass {
        passwords.connection = Some(ask_password("SSH password: ")?);
    } else if let Some(file) = &options.connection_password_file {
        passwords.connection = Some(read_password_file(file)?);
    }
    if options.ask_become_pass {
        let hint = if options.ask_pass { "BECOME password[defaults to SSH password]: " } else { "BECOME password: " };
        let password = ask_password(hint)?;
        let same = options.ask_pass && password.is_empty();
        passwords.r#become = if same { passwords.connection.clone() } else { Some(password) };
    } else if let Some(file) = &options.become_password_file {
        passwords.r#become = Some(read_password_file(file)?);
    }
    Ok(passwords)
}

/// The first option that churten parses and does not have yet.
pub(crate) fn missing(options: &PlaybookOptions) -> Option<Report> {
    let missing = [
        (options.step, "--step"),
        (options.start_at_task.is_some(), "--start-at-task"),
        (!options.module_path.is_empty(), "--module-path"),
    ];
    missing.iter().find(|(given, _)| *given).map(|(_, name)| Report::not_yet(name))
}

/// True when nothing is run.
pub(crate) fn only_looks(options: &PlaybookOptions) -> bool {
    options.syntax_check || options.list_hosts || options.list_tasks || options.list_tags
}
