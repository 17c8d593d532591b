//! Whether the host is the one it says it is; what else the server tells during the handshake.

use crate::settings::HostKeyChecking;
use crate::ssh::config::Resolved;
use crate::ssh::known_hosts::{self, Entry, KnownHosts, Marker, Verdict, host_field};
use crate::ssh::pattern::matches_list;
use russh::client::{self, DisconnectReason};
use russh::keys::ssh_key::certificate::CertType;
use russh::keys::{Algorithm, Certificate, HashAlg, PublicKey, PublicKeyOrCertificate};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// Why a handshake ended.
#[derive(Debug)]
pub(crate) enum HandshakeError {
    /// The protocol or the stream.
    Ssh(russh::Error),
    /// The key was refused, in OpenSSH's words.
    HostKey(String),
}

impl From<russh::Error> for HandshakeError {
    fn from(error: russh::Error) -> Self {
        Self::Ssh(error)
    }
}

/// What was learned on the way, for messages and for the authentication.
#[derive(Debug, Default)]
pub(crate) struct Learned {
    /// The key has changed and the user wants to connect all the same: no passwords are sent.
    pub(crate) no_passwords: bool,
    /// What the server said when it disconnected, or how the connection broke.
    pub(crate) farewell: Option<String>,
    /// The server has ended the connection, and said so.
    pub(crate) dismissed: bool,
}

/// The shared form of [`Learned`].
pub(crate) type Shared = Arc<Mutex<Learned>>;

/// Answers the server during one connection.
pub(crate) struct Handler {
    checker: Checker,
    learned: Shared,
}

impl Handler {
    pub(crate) fn new(checker: Checker, learned: Shared) -> Self {
        Self { checker, learned }
    }

    fn learned(&self) -> std::sync::MutexGuard<'_, Learned> {
        self.learned.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl client::Handler for Handler {
    type Error = HandshakeError;

    async fn check_server_key(&mut self, presented: &PublicKeyOrCertificate) -> Result<bool, HandshakeError> {
        match self.checker.check(presented) {
            Ok(passwords) => {
                self.learned().no_passwords = !passwords;
                Ok(true)
            }
            Err(message) => Err(HandshakeError::HostKey(message)),
        }
    }

    async fn disconnected(&mut self, reason: DisconnectReason<HandshakeError>) -> Result<(), HandshakeError> {
        match reason {
            DisconnectReason::ReceivedDisconnect(info) => {
                let mut learned = self.learned();
                learned.farewell = Some(info.message.trim().to_owned());
                learned.dismissed = true;
                Ok(())
            }
            DisconnectReason::Error(error) => {
                if let HandshakeError::Ssh(error) = &error {
                    self.learned().farewell = Some(error.to_string());
                }
                Err(error)
            }
        }
    }
}

/// Knows what to accept for one host.
#[derive(Clone, Debug)]
pub(crate) struct Checker {
    known: KnownHosts,
    /// The host as known_hosts writes it.
    field: String,
    /// The bare name, for the principals of certificates.
    name: String,
    strict: HostKeyChecking,
    user_file: Option<PathBuf>,
    hashed: bool,
    enabled: bool,
}

impl Checker {
    /// Read what is known of the host.
    pub(crate) fn new(options: &Resolved) -> Self {
        let field = if options.key_alias {
            options.key_name.to_ascii_lowercase()
        } else {
            host_field(&options.key_name, options.port)
        };
        let files: Vec<PathBuf> = options.user_known_hosts.iter().chain(&options.global_known_hosts).cloned().collect();
        Self {
            known: if options.check_host_key { KnownHosts::read(&files, &field) } else { KnownHosts::default() },
            field,
            name: options.key_name.to_ascii_lowercase(),
            strict: options.strict,
            user_file: options.user_known_hosts.first().cloned(),
            hashed: options.hash_known_hosts,
            enabled: options.check_host_key,
        }
    }

    /// The types of keys known for the host.
    pub(crate) fn known_types(&self) -> Vec<Algorithm> {
        self.known.with(Marker::Key).map(|entry| entry.key.algorithm()).collect()
    }

    /// True when certificates can be checked.
    pub(crate) fn has_authorities(&self) -> bool {
        self.known.with(Marker::Authority).next().is_some()
    }

    /// Judge a key or certificate. `Ok(false)` is acceptance without passwords.
    fn check(&self, presented: &PublicKeyOrCertificate) -> Result<bool, String> {
        if !self.enabled {
            return Ok(true);
        }
        let mut key = presented.public_key();
        key.set_comment("");
        if let Some(certificate) = presented.certificate() {
            match self.check_certificate(certificate) {
                Ok(()) => return Ok(true),
                // Its plain key may still be known.
                Err(reason) if matches!(self.known.check(&key), Verdict::Known) => {
                    tracing::debug!(host = self.name, reason, "certificate not accepted, its key is known");
                    return Ok(true);
                }
                Err(reason) => {
                    return Err(format!("Certificate invalid: {reason}\r\nHost key verification failed."));
                }
            }
        }
        match self.known.check(&key) {
            Verdict::Known => Ok(true),
            Verdict::Revoked(entry) => Err(self.revoked(&key, &entry)),
            Verdict::Changed(entry) if self.strict == HostKeyChecking::No => {
                tracing::warn!(host = self.name, file = %entry.file.display(), "host key has changed");
                Ok(false)
            }
            Verdict::Changed(entry) => Err(self.changed(&key, &entry)),
            Verdict::Unknown if self.strict == HostKeyChecking::Yes => Err(self.unknown(&key)),
            Verdict::Unknown => {
                let name = if self.hashed { known_hosts::hashed(&self.field) } else { self.field.clone() };
                if let Some(file) = &self.user_file
                    && let Err(error) = known_hosts::add(file, &name, &key)
                {
                    // As OpenSSH: the connection goes on.
                    tracing::warn!(file = %file.display(), %error, "failed to add the host to the list of known hosts");
                }
                Ok(true)
            }
        }
    }

    fn check_certificate(&self, certificate: &Certificate) -> Result<(), String> {
        if certificate.cert_type() != CertType::Host {
            return Err("not a host certificate".to_owned());
        }
        let principals = certificate.valid_principals();
        // OpenSSH takes a host certificate without principals for any host.
        if !principals.is_empty() && matches_list(principals.iter().map(String::as_str), &self.name) != Some(true) {
            return Err("name is not a listed principal".to_owned());
        }
        let signer = PublicKey::new(certificate.signature_key().clone(), "");
        let by_this = |entry: &&Entry| entry.key.key_data() == signer.key_data();
        if self.known.with(Marker::Revoked).any(|entry| by_this(&entry)) {
            return Err("its authority is revoked".to_owned());
        }
        if !self.known.with(Marker::Authority).any(|entry| by_this(&entry)) {
            return Err(format!("no @cert-authority line for {} has the key that signed it", self.field));
        }
        certificate.validate(&[signer.fingerprint(HashAlg::Sha256)]).map_err(|error| error.to_string())
    }

    /// OpenSSH without a terminal says only its last line; ours names the file and the way out before it.
    fn unknown(&self, key: &PublicKey) -> String {
        let file = self.user_file.as_ref().map_or_else(|| "known_hosts".to_owned(), |file| file.display().to_string());
        format!(
            "No {kind} host key is known for {host} and you have requested strict checking. Add it to {file} \
             (ssh-keyscan), or set host_key_checking to false. The host's key is {print}.\r\n\
             Host key verification failed.",
            kind = kind(key),
            host = self.field,
            print = key.fingerprint(HashAlg::Sha256),
        )
    }

    fn changed(&self, key: &PublicKey, entry: &Entry) -> String {
        let line = "@".repeat(59);
        let file = entry.file.display();
        let kind = kind(key);
        let host = &self.field;
        [
            line.clone(),
            "@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @".to_owned(),
            line,
            "IT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!".to_owned(),
            "Someone could be eavesdropping on you right now (man-in-the-middle attack)!".to_owned(),
            "It is also possible that a host key has just been changed.".to_owned(),
            format!(
                "The fingerprint for the {kind} key sent by the remote host is\n{}.",
                key.fingerprint(HashAlg::Sha256)
            ),
            "Please contact your system administrator.".to_owned(),
            format!("Add correct host key in {file} to get rid of this message."),
            format!("Offending {} key in {file}:{}", self::kind(&entry.key), entry.line),
            "  remove with:".to_owned(),
            format!("  ssh-keygen -f \"{file}\" -R \"{host}\""),
            format!("Host key for {host} has changed and you have requested strict checking."),
            "Host key verification failed.".to_owned(),
        ]
        .join("\r\n")
    }

    fn revoked(&self, key: &PublicKey, entry: &Entry) -> String {
        format!(
            "{} host key for {} was revoked in {}:{}.\r\nHost key verification failed.",
            kind(key),
            self.field,
            entry.file.display(),
            entry.line
        )
    }
}

/// The type of a key as OpenSSH's messages have it.
fn kind(key: &PublicKey) -> &'static str {
    match key.algorithm() {
        Algorithm::Ed25519 => "ED25519",
        Algorithm::Ecdsa { .. } => "ECDSA",
        Algorithm::Rsa { .. } => "RSA",
        _ => "unknown",
    }
}
