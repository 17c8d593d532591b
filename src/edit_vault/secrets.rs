//! What opens vaults, and what they are encrypted with.

use super::refuse;
use crate::command_line::{VaultAction, VaultOptions};
use crate::output::Console;
use crate::prompt;
use crate::run_playbook::{Asking, asked_id, of_ids, wanted_ids};
use churten_config::Settings;
use churten_diagnostics::Report;
use churten_vault::{Opened, Secret, Secrets, VaultError};

/// The secrets of the command line and the settings.
pub(super) struct Keys {
    secrets: Secrets,
}

/// A secret to encrypt with.
pub(super) struct Encryption {
    secret: Secret,
    /// `VAULT_ENCRYPT_SALT`: the same text under the same password is the same vault.
    salt: Option<Vec<u8>>,
}

impl Encryption {
    /// The vault of a plaintext, labelled with the secret's vault id.
    pub(super) fn seal(&self, plaintext: &[u8]) -> Result<String, Report> {
        Ok(self.secret.encrypt(plaintext, Some(self.secret.id()), self.salt.as_deref())?)
    }
}

impl Keys {
    /// Read every secret; a password is asked for when there is none, twice when it is to encrypt with.
    pub(super) fn load(options: &VaultOptions, settings: &Settings, console: &mut Console) -> Result<Self, Report> {
        let is_new = matches!(options.action, VaultAction::Create | VaultAction::Encrypt | VaultAction::EncryptString);
        let mut wanted = wanted_ids(&options.run, settings);
        if wanted.is_empty() {
            wanted.push(asked_id(settings));
        }
        let asking = if is_new { Asking::New } else { Asking::Known };
        Ok(Self { secrets: of_ids(settings, &wanted, asking, &ask, &mut |text| console.warning(&text))? })
    }

    /// Open a vault; `name` is what messages call it.
    pub(super) fn open(&self, data: &[u8], name: &str) -> Result<Opened, Report> {
        self.secrets.open(data).map_err(|error: VaultError| Report::new(format!("{error} for {name}")))
    }

    /// The secret to encrypt with.
    pub(super) fn encryption(&self, options: &VaultOptions, settings: &Settings) -> Result<Encryption, Report> {
        let id = wanted_id(options, settings);
        if self.secrets.iter().nth(1).is_some() && id.is_none() {
            let ids: Vec<&str> = self.secrets.iter().map(Secret::id).collect();
            return Err(refuse(format!(
                "The vault-ids {} are available to encrypt. Specify the vault-id to encrypt with --encrypt-vault-id",
                ids.join(",")
            )));
        }
        choose(&self.secrets, id, settings)
    }

    /// The secret to encrypt with from now on (`rekey`).
    pub(super) fn new_key(
        options: &VaultOptions,
        settings: &Settings,
        console: &mut Console,
    ) -> Result<Encryption, Report> {
        let wanted: Vec<String> =
            options.new_vault_id.iter().chain(&options.new_vault_password_file).cloned().collect();
        let wanted = if wanted.is_empty() { vec![asked_id(settings)] } else { wanted };
        let secrets = of_ids(settings, &wanted, Asking::New, &ask, &mut |text| console.warning(&text))?;
        choose(&secrets, options.encrypt_vault_id.as_deref(), settings)
    }
}

/// Ask without echo.
fn ask(text: &str) -> Result<zeroize::Zeroizing<String>, Report> {
    prompt::ask_private(text, &|| false)
}

fn wanted_id<'a>(options: &'a VaultOptions, settings: &'a Settings) -> Option<&'a str> {
    options.encrypt_vault_id.as_deref().or_else(|| settings.text("DEFAULT_VAULT_ENCRYPT_IDENTITY"))
}

/// The salt that the settings ask for.
pub(super) fn fixed_salt(settings: &Settings) -> Option<Vec<u8>> {
    settings.text("VAULT_ENCRYPT_SALT").filter(|salt| !salt.is_empty()).map(|salt| salt.as_bytes().to_vec())
}

fn choose(secrets: &Secrets, id: Option<&str>, settings: &Settings) -> Result<Encryption, Report> {
    let found = match id {
        Some(id) => secrets.iter().find(|secret| secret.id() == id),
        None => secrets.iter().next(),
    };
    let salt = fixed_salt(settings);
    found.cloned().map(|secret| Encryption { secret, salt }).ok_or_else(|| {
        let ids: Vec<String> = secrets.iter().map(|secret| churten_value::str_repr(secret.id())).collect();
        Report::new(format!(
            "Did not find a match for --encrypt-vault-id={} in the known vault-ids [{}]",
            id.unwrap_or_default(),
            ids.join(", ")
        ))
    })
}
