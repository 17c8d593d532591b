//! Ansible vaults: reading, writing and the secrets that open them.
//!
//! The format is the one ansible-core documents: a header `$ANSIBLE_VAULT;1.1;AES256` (or `1.2` with a vault id),
//! then lines of 80 hexadecimal digits. PBKDF2-HMAC-SHA256, 10,000 rounds, gives the keys of AES-256 in counter mode
//! and of an HMAC-SHA256 over the ciphertext.

mod cipher;
mod envelope;
mod error;
mod load;
mod secrets;

pub use envelope::is_vault;
pub use error::VaultError;
pub use load::{is_client_script, load_secret};
pub use secrets::{DEFAULT_ID, Opened, Secret, Secrets};
