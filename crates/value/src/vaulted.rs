//! Text that is still encrypted.

use std::sync::Arc;

/// The armoured text of an inline `!vault` value (from `$ANSIBLE_VAULT;` on), not yet decrypted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Vaulted {
    /// The armour: header line and hexadecimal body, without indentation.
    pub armour: Arc<str>,
}
