//! What can go wrong with a vault, in ansible-core's words.

use churten_diagnostics::Report;
use std::fmt;

/// Why a vault cannot be read or written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VaultError {
    /// There is no secret at all.
    NoSecrets,
    /// No secret opens the vault.
    NoMatch,
    /// The data does not start with a vault header.
    NotEncrypted,
    /// A damaged vault: the whole message.
    Format(String),
    /// The header names another cipher than AES256.
    Cipher(String),
    /// No secret for a vault id to encrypt with: the whole message.
    NoSecretFor(String),
    /// A secret could not be read: the whole message.
    Secret(String),
    /// The decrypted text is not UTF-8.
    NotText,
    /// The system gave no random numbers.
    Random,
}

impl fmt::Display for VaultError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSecrets => f.write_str("Attempting to decrypt but no vault secrets found."),
            Self::NoMatch => f.write_str("Decryption failed (no vault secrets were found that could decrypt)."),
            Self::NotEncrypted => f.write_str("Input is not vault encrypted data."),
            Self::Cipher(name) => write!(f, "Cipher '{name}' could not be found."),
            Self::Format(message) | Self::NoSecretFor(message) | Self::Secret(message) => f.write_str(message),
            Self::NotText => f.write_str("The decrypted text is not valid UTF-8."),
            Self::Random => f.write_str("The system gave no random numbers for the salt."),
        }
    }
}

impl std::error::Error for VaultError {}

impl From<VaultError> for Report {
    fn from(error: VaultError) -> Self {
        Self::new(error.to_string())
    }
}
