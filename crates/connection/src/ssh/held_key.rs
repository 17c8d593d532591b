//! A private key that is a variable instead of a file (`ansible_ssh_private_key`).
//!
//! ansible-core hands it to an agent of its own and names it to the ssh program; here nothing but this process has it.

use crate::settings::{KeyAgent, SshOptions};
use crate::ssh::short_number;
use russh::keys::{self, PrivateKey};
use std::sync::Arc;

/// The key of the options; `None` without one.
///
/// # Errors
/// Why it cannot be used, in ansible-core's words where it has some.
pub(crate) fn held_key(options: &SshOptions) -> Result<Option<Arc<PrivateKey>>, String> {
    let Some(secret) = &options.private_key else { return Ok(None) };
    read(secret.expose(), options).map(|key| Some(Arc::new(key))).map_err(|reason| {
        format!("Failed to authenticate: Failed to add configured private key into ssh-agent: {reason}")
    })
}

fn read(text: &[u8], options: &SshOptions) -> Result<PrivateKey, String> {
    if options.agent == KeyAgent::Environment {
        return Err("Cannot utilize private_key with SSH_AGENT disabled".into());
    }
    let strange = || "Not OpenSSH private key format".to_owned();
    let text = std::str::from_utf8(text).map_err(|_| strange())?;
    if !text.trim_start().starts_with("-----BEGIN OPENSSH PRIVATE KEY-----") {
        return Err(strange());
    }
    let passphrase = options.passphrase.as_ref().and_then(|secret| std::str::from_utf8(secret.expose()).ok());
    let key = match keys::decode_secret_key(text, passphrase) {
        Ok(key) => Some(key),
        Err(keys::Error::KeyIsEncrypted) if passphrase.is_none() => None,
        Err(error) => match short_number::read(text, passphrase) {
            Some(key) => Some(key),
            None if passphrase.is_some() => return Err("Corrupt data: broken checksum".into()),
            None => return Err(error.to_string()),
        },
    };
    key.filter(|key| !key.is_encrypted())
        .ok_or_else(|| "Key is password-protected, but password was not provided.".to_owned())
}
