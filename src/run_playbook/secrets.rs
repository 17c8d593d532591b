//! Vault passwords from files, programs and prompts.

use crate::command_line::PlaybookOptions;
use churten_config::Settings;
use churten_diagnostics::{ErrorKind, Report};
use churten_vault::{Secrets, load_secret};
use zeroize::Zeroizing;

/// Reads a password without echo; `None` at the end of input.
pub(crate) type Ask<'a> = &'a dyn Fn(&str) -> Result<Zeroizing<String>, Report>;

/// What a password is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asking {
    /// To open what was encrypted with it.
    Known,
    /// To encrypt with it: it is asked for twice.
    New,
}

/// The vault id of a password that `-J` asks for.
pub(crate) fn asked_id(settings: &Settings) -> String {
    labelled("prompt_ask_vault_pass", settings)
}

/// The vault ids of a run, in the order ansible-core tries them: those of the settings, then those of the command line.
pub(crate) fn wanted_ids(options: &PlaybookOptions, settings: &Settings) -> Vec<String> {
    let mut wanted: Vec<String> = settings.vault_identity_list().iter().map(|id| (*id).to_owned()).collect();
    wanted.extend(options.vault_ids.iter().cloned());
    wanted.extend(options.vault_password_files.iter().map(|file| labelled(file, settings)));
    if let Some(file) = settings.vault_password_file() {
        wanted.push(labelled(file, settings));
    }
    let gives_none = options.vault_ids.is_empty() && options.vault_password_files.is_empty();
    if options.ask_vault_password || settings.ask_vault_pass() && gives_none {
        wanted.push(asked_id(settings));
    }
    wanted
}

/// The vault id of a source that has no label of its own.
fn labelled(source: &str, settings: &Settings) -> String {
    format!("{}@{source}", settings.vault_identity())
}

/// The secrets of vault ids, as `LABEL@SOURCE` or `SOURCE`. A file that gives no password is warned of; it is an error
/// only when none gives one.
pub(crate) fn of_ids(
    settings: &Settings,
    wanted: &[String],
    asking: Asking,
    ask: Ask<'_>,
    warn: &mut dyn FnMut(String),
) -> Result<Secrets, Report> {
    let unlabelled = settings.vault_identity();
    let mut secrets = Secrets::new().match_ids(settings.vault_id_match()).unlabelled(unlabelled);
    let mut last_error = None;
    for id in wanted {
        // The part before the first @ is the label; a path may hold further ones.
        let (label, source) = id.split_once('@').map_or((None, id.as_str()), |(label, source)| (Some(label), source));
        // Messages about files call a vault id without a label so.
        let shown = label.unwrap_or("None");
        let label = label.filter(|label| !label.is_empty()).unwrap_or(unlabelled);
        match source {
            "prompt" | "prompt_ask_vault_pass" => {
                let prompts = prompts(label, source == "prompt", asking);
                let password =
                    asked(&prompts, ask).map_err(|report| end_of_input(label, report)).inspect_err(|report| {
                        warn(format!("Error in vault password prompt ({label}): {}", report.message));
                    })?;
                secrets.add(label, password.as_bytes().to_vec());
            }
            path => {
                match load_secret(path, Some(label)).map_err(Report::from) {
                    Ok(secret) => secrets.push(secret),
                    Err(report) => {
                        // A file that is not there is another error than one that gives no password.
                        let is_missing = report.message.starts_with("The vault password file");
                        let what = if is_missing {
                            "Error getting vault password file"
                        } else {
                            "Error in vault password file loading"
                        };
                        warn(format!("{what} ({shown}): {}", report.message));
                        last_error = Some(report);
                    }
                }
            }
        }
    }
    match last_error {
        Some(report) if secrets.iter().next().is_none() => Err(report),
        _ => Ok(secrets),
    }
}

fn prompts(label: &str, named: bool, asking: Asking) -> Vec<String> {
    match (named, asking) {
        (true, Asking::Known) => vec![format!("Vault password ({label}): ")],
        (false, Asking::Known) => vec!["Vault password: ".into()],
        (true, Asking::New) => {
            vec![format!("New vault password ({label}): "), format!("Confirm new vault password ({label}): ")]
        }
        (false, Asking::New) => vec!["New Vault password: ".into(), "Confirm New Vault password: ".into()],
    }
}

/// The end of the input instead of a password is an error as any other.
fn end_of_input(label: &str, report: Report) -> Report {
    match report.kind {
        ErrorKind::Unexpected => Report::new(format!("EOFError (ctrl-d) on prompt for ({label})")),
        _ => report,
    }
}

/// One password, asked for with every prompt.
fn asked(prompts: &[String], ask: Ask<'_>) -> Result<Zeroizing<String>, Report> {
    let mut first: Option<Zeroizing<String>> = None;
    for prompt in prompts {
        let password = ask(prompt)?;
        if password.is_empty() {
            return Err(Report::new("Invalid vault password was provided"));
        }
        match &first {
            Some(first) if **first != *password => return Err(Report::new("Passwords do not match")),
            _ => first = Some(password),
        }
    }
    first.ok_or_else(|| Report::new("Invalid vault password was provided"))
}
