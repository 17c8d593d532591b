//! What a run of playbooks is asked for: the command line's options, and the passwords that were asked for.

use super::secrets::Ask;
use crate::command_line::{PlaybookOptions, read_password_file};
use churten_config::Settings;
use churten_diagnostics::Report;
use std::path::PathBuf;
use zeroize::Zeroizing;

/// The passwords of a run.
#[derive(Default)]
pub(crate) struct Passwords {
    /// For the connection.
    pub(crate) connection: Option<Zeroizing<String>>,
    /// For privilege escalation.
    pub(crate) r#become: Option<Zeroizing<String>>,
}

/// Ask for the passwords that the options or the settings want, or read them from files.
pub(crate) fn passwords(options: &PlaybookOptions, settings: &Settings, ask: Ask<'_>) -> Result<Passwords, Report> {
    let mut passwords = Passwords::default();
    let file = |given: &Option<PathBuf>, setting: Option<&str>| given.clone().or_else(|| setting.map(Into::into));
    let ask_connection = options.ask_pass || (settings.ask_pass() && options.connection_password_file.is_none());
    if ask_connection {
        passwords.connection = Some(ask("SSH password: ")?);
    } else if let Some(file) = file(&options.connection_password_file, settings.connection_password_file()) {
        passwords.connection = Some(read_password_file(&file)?);
    }
    let ask_become = options.ask_become_pass || (settings.become_ask_pass() && options.become_password_file.is_none());
    if ask_become {
        let what = match settings.flag("AGNOSTIC_BECOME_PROMPT") {
            true => "BECOME".to_owned(),
            false => settings.become_method().to_uppercase(),
        };
        let default = if ask_connection { "[defaults to SSH password]" } else { "" };
        let password = ask(&format!("{what} password{default}: "))?;
        let same = ask_connection && password.is_empty();
        passwords.r#become = if same { passwords.connection.clone() } else { Some(password) };
    } else if let Some(file) = file(&options.become_password_file, settings.become_password_file()) {
        passwords.r#become = Some(read_password_file(&file)?);
    }
    Ok(passwords)
}

/// True when nothing is run.
pub(crate) fn only_looks(options: &PlaybookOptions) -> bool {
    options.syntax_check || options.list_hosts || options.list_tasks || options.list_tags
}
