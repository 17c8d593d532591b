//! Vault passwords from files, programs and prompts.

use churten_config::Settings;
use churten_diagnostics::Report;
use churten_vault::{DEFAULT_ID, Secrets, load_secret};
use zeroize::Zeroizing;

/// Reads a password without echo; `None` at the end of input.
pub(crate) type Ask<'a> = &'a dyn Fn(&str) -> Result<Zeroizing<String>, Report>;

/// The secrets of a run, in the order ansible-core tries them: those of the settings, then those of the command line.
pub(crate) fn load(
    settings: &Settings,
    ids: &[String],
    ask_password: bool,
    ask: Ask<'_>,
    warn: &mut dyn FnMut(String),
) -> Result<Secrets, Report> {
    let mut wanted: Vec<String> = settings.vault_identity_list().iter().map(|id| (*id).to_owned()).collect();
    wanted.extend(ids.iter().cloned());
    if let Some(file) = settings.vault_password_file().filter(|_| ids.is_empty()) {
        wanted.push(file.to_owned());
    }
    if ask_password {
        wanted.push(format!("{DEFAULT_ID}@prompt_ask_vault_pass"));
    }
    let mut secrets = Secrets::new().match_ids(settings.vault_id_match());
    for id in &wanted {
        // The part before the first @ is the label; a path may hold further ones.
        let (label, source) = id.split_once('@').map_or((DEFAULT_ID, id.as_str()), |(label, source)| {
            (if label.is_empty() { DEFAULT_ID } else { label }, source)
        });
        match source {
            "prompt" | "prompt_ask_vault_pass" => {
                let prompt = if source == "prompt" {
                    format!("Vault password ({label}): ")
                } else {
                    "Vault password: ".to_owned()
                };
                let password = ask(&prompt)?;
                if password.is_empty() {
                    let message = "Invalid vault password was provided";
                    warn(format!("Error in vault password prompt ({label}): {message}"));
                    return Err(Report::new(message));
                }
                secrets.add(label, password.as_bytes().to_vec());
            }
            path => secrets.push(load_secret(path, Some(label)).map_err(Report::from)?),
        }
    }
    Ok(secrets)
}
