//! The secrets of a run, in the order they were given.

use crate::envelope::Envelope;
use crate::{VaultError, cipher, envelope, is_vault};
use churten_diagnostics::Report;
use churten_value::{Origin, Source};
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex};
use zeroize::Zeroizing;

/// The vault id of a secret given without one.
pub const DEFAULT_ID: &str = "default";

/// Deriving the keys takes 10 ms, and an inline vault is read once a host: so many plaintexts are kept.
const MAX_KEPT: usize = 4096;

/// A password and the vault id it was given under.
#[derive(Clone)]
pub struct Secret {
    id: Arc<str>,
    password: Arc<Zeroizing<Vec<u8>>>,
}

impl Secret {
    /// A secret under a vault id.
    pub fn new(id: &str, password: Vec<u8>) -> Self {
        Self { id: id.into(), password: Arc::new(Zeroizing::new(password)) }
    }

    /// The vault id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Encrypt with this secret. The text is format 1.2 when `label` is a vault id other than `default`; a `salt` of
    /// `None` is random.
    ///
    /// # Errors
    /// Only when the system gives no random numbers.
    pub fn encrypt(&self, plaintext: &[u8], label: Option<&str>, salt: Option<&[u8]>) -> Result<String, VaultError> {
        Ok(envelope::format(&cipher::seal(plaintext, &self.password, salt)?, label))
    }
}

/// The password is not shown.
impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secret").field("id", &self.id).finish_non_exhaustive()
    }
}

/// A decrypted vault, and what opened it.
#[derive(Clone)]
pub struct Opened {
    /// The plaintext.
    pub plaintext: Arc<Zeroizing<Vec<u8>>>,
    /// The secret that opened the vault.
    pub secret: Secret,
    /// The vault id in the header, if it has one.
    pub label: Option<String>,
}

/// The plaintext is not shown.
impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opened").field("secret", &self.secret).field("label", &self.label).finish_non_exhaustive()
    }
}

/// The secrets of a run.
#[derive(Default)]
pub struct Secrets {
    list: Vec<Secret>,
    match_ids: bool,
    /// The id of vaults that have none; [`DEFAULT_ID`] where it is not said.
    unlabelled: Option<Box<str>>,
    kept: Mutex<HashMap<[u8; 32], Opened>>,
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secrets").field("list", &self.list).field("match_ids", &self.match_ids).finish_non_exhaustive()
    }
}

impl Clone for Secrets {
    fn clone(&self) -> Self {
        Self {
            list: self.list.clone(),
            match_ids: self.match_ids,
            unlabelled: self.unlabelled.clone(),
            kept: Mutex::default(),
        }
    }
}

impl Secrets {
    /// No secrets.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only secrets whose id is the vault's may open it (setting `DEFAULT_VAULT_ID_MATCH`).
    #[must_use]
    pub fn match_ids(mut self, only: bool) -> Self {
        self.match_ids = only;
        self
    }

    /// The id of vaults whose header has none (setting `DEFAULT_VAULT_IDENTITY`).
    #[must_use]
    pub fn unlabelled(mut self, id: &str) -> Self {
        self.unlabelled = Some(id.into());
        self
    }

    /// Add a secret behind the others.
    pub fn push(&mut self, secret: Secret) {
        self.list.push(secret);
    }

    /// Add a password under a vault id behind the others.
    pub fn add(&mut self, id: &str, password: Vec<u8>) {
        self.push(Secret::new(id, password));
    }

    /// True without any secret.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The secrets in order.
    pub fn iter(&self) -> impl Iterator<Item = &Secret> {
        self.list.iter()
    }

    /// The first secret under one of the ids, ids first; the first of all for no ids.
    pub fn best(&self, ids: &[&str]) -> Option<&Secret> {
        if ids.is_empty() {
            return self.list.first();
        }
        self.list.iter().find(|secret| ids.contains(&secret.id()))
    }

    /// Decrypt a vault. Secrets under the vault's id are tried first, then, unless ids must match, all others.
    ///
    /// # Errors
    /// See [`VaultError`]; a damaged vault is reported before a wrong secret.
    pub fn open(&self, data: &[u8]) -> Result<Opened, VaultError> {
        let envelope = Envelope::parse(data)?;
        if self.list.is_empty() {
            return Err(VaultError::NoSecrets);
        }
        let digest: [u8; 32] = Sha256::digest(data).into();
        if let Some(opened) = self.kept.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).get(&digest) {
            return Ok(opened.clone());
        }
        let unlabelled = self.unlabelled.as_deref().unwrap_or(DEFAULT_ID);
        let id = envelope.vault_id.as_deref().unwrap_or(unlabelled);
        let same = self.list.iter().filter(|secret| secret.id() == id);
        let others = self.list.iter().filter(|secret| !self.match_ids && secret.id() != id);
        let sealed = envelope.unseal()?;
        for secret in same.chain(others) {
            let Some(plaintext) = cipher::open(&sealed, &secret.password) else { continue };
            let label = envelope.vault_id.clone();
            let opened = Opened { plaintext: Arc::new(plaintext), secret: secret.clone(), label };
            let mut kept = self.kept.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            if kept.len() < MAX_KEPT {
                kept.insert(digest, opened.clone());
            }
            return Ok(opened);
        }
        Err(VaultError::NoMatch)
    }

    /// The plaintext of a vault.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn decrypt(&self, data: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        self.open(data).map(|opened| (*opened.plaintext).clone())
    }

    /// What a file says whose bytes these are: the plaintext when it is a vault, and otherwise they themselves.
    ///
    /// # Errors
    /// As [`open`](Self::open), at the file.
    pub fn content(&self, bytes: Vec<u8>, path: &Path) -> Result<Zeroizing<Vec<u8>>, Report> {
        let bytes = Zeroizing::new(bytes);
        if !is_vault(&bytes) {
            return Ok(bytes);
        }
        let place = || Origin::whole(Source::file(&path.display().to_string()));
        self.decrypt(&bytes).map_err(|error| Report::from(error).or_at(Some(place())))
    }

    /// The plaintext of a vault as text, for inline `!vault` values.
    ///
    /// # Errors
    /// As [`open`](Self::open), and for text that is not UTF-8.
    pub fn decrypt_text(&self, armour: &str) -> Result<Zeroizing<String>, VaultError> {
        let opened = self.open(armour.as_bytes())?;
        let text = std::str::from_utf8(&opened.plaintext).map_err(|_| VaultError::NotText)?;
        Ok(Zeroizing::new(text.to_owned()))
    }

    /// Encrypt with the first secret under `id` (or the first of all), labelled with the id when one is given.
    ///
    /// # Errors
    /// When there is no such secret.
    pub fn encrypt(&self, plaintext: &[u8], id: Option<&str>, salt: Option<&[u8]>) -> Result<String, VaultError> {
        let ids: Vec<&str> = id.into_iter().collect();
        let secret = self.best(&ids).ok_or_else(|| {
            VaultError::NoSecretFor(match id {
                Some(id) => {
                    format!("Did not find a match for --encrypt-vault-id={id} in the known vault-ids {:?}", self.ids())
                }
                None => "A vault password must be specified to encrypt data".into(),
            })
        })?;
        secret.encrypt(plaintext, id, salt)
    }

    fn ids(&self) -> Vec<&str> {
        self.list.iter().map(Secret::id).collect()
    }
}
