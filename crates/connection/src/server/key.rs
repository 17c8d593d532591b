//! Keys that live as long as a test or a demonstration.

use russh::keys::key::safe_rng;
use russh::keys::ssh_key::LineEnding;
use russh::keys::{Algorithm, PrivateKey};
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// A fresh Ed25519 key pair.
#[derive(Clone)]
pub struct ThrowawayKey {
    pub(super) private: PrivateKey,
}

impl std::fmt::Debug for ThrowawayKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ThrowawayKey({})", self.public_line())
    }
}

impl ThrowawayKey {
    /// Make one.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub fn generate() -> io::Result<Self> {
        let private = PrivateKey::random(&mut safe_rng(), Algorithm::Ed25519).map_err(io::Error::other)?;
        Ok(Self { private })
    }

    /// Write the private key to a new file with mode 0600, as OpenSSH has it.
    ///
    /// # Errors
    /// When the file exists or cannot be written.
    pub fn write(&self, file: &Path) -> io::Result<()> {
        let text = self.private.to_openssh(LineEnding::LF).map_err(io::Error::other)?;
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?.write_all(text.as_bytes())
    }

    /// The public key as `authorized_keys` and `known_hosts` have it: type and base64.
    pub fn public_line(&self) -> String {
        let text = self.private.public_key().to_openssh().unwrap_or_default();
        text.split_whitespace().take(2).collect::<Vec<_>>().join(" ")
    }
}
