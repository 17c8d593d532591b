//! The header line and the hexadecimal body.

use crate::VaultError;
use zeroize::Zeroizing;

const MAGIC: &[u8] = b"$ANSIBLE_VAULT";
/// Hexadecimal digits a line.
const LINE: usize = 80;

/// True when the data starts as a vault does and is all ASCII.
pub fn is_vault(data: &[u8]) -> bool {
    data.starts_with(MAGIC) && data.is_ascii()
}

/// A vault taken apart: who encrypted it, and the undecoded body.
pub(crate) struct Envelope {
    pub(crate) vault_id: Option<String>,
    /// The hexadecimal digits without line ends.
    body: Vec<u8>,
}

/// What the cipher needs.
pub(crate) struct Sealed {
    pub(crate) salt: Vec<u8>,
    pub(crate) hmac: Vec<u8>,
    pub(crate) ciphertext: Vec<u8>,
}

fn unhexlify(digits: &[u8]) -> Result<Vec<u8>, VaultError> {
    let error = |text: &str| VaultError::Format(format!("Vault format unhexlify error: {text}"));
    if !digits.len().is_multiple_of(2) {
        return Err(error("Odd-length string"));
    }
    let value = |digit: u8| (digit as char).to_digit(16);
    digits
        .chunks_exact(2)
        .map(|pair| match pair {
            [high, low] => Some((value(*high)? * 16 + value(*low)?) as u8),
            _ => None,
        })
        .collect::<Option<Vec<u8>>>()
        .ok_or_else(|| error("Non-hexadecimal digit found"))
}

fn hexlify(bytes: &[u8]) -> Vec<u8> {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]).collect()
}

impl Envelope {
    /// Read the header and gather the body.
    pub(crate) fn parse(data: &[u8]) -> Result<Self, VaultError> {
        if !is_vault(data) {
            return Err(VaultError::NotEncrypted);
        }
        let mut lines = data.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
        let header = lines.next().unwrap_or_default();
        let header = String::from_utf8_lossy(header).trim().to_owned();
        let fields: Vec<&str> = header.split(';').collect();
        let (Some(version), Some(cipher)) = (fields.get(1), fields.get(2)) else {
            return Err(VaultError::Format("Vault envelope format error: list index out of range".into()));
        };
        if !matches!(cipher.trim(), "AES256") {
            return Err(VaultError::Cipher(cipher.trim().to_owned()));
        }
        let vault_id = match fields.get(3) {
            Some(id) if version.trim() == "1.2" => Some(id.trim().to_owned()),
            _ => None,
        };
        let body = lines.flat_map(|line| line.trim_ascii().iter().copied()).collect();
        Ok(Self { vault_id, body })
    }

    /// Decode the body.
    pub(crate) fn unseal(&self) -> Result<Sealed, VaultError> {
        let inner = unhexlify(&self.body)?;
        let parts: Vec<&[u8]> = inner.splitn(3, |byte| *byte == b'\n').collect();
        let [salt, hmac, ciphertext] = parts[..] else {
            return Err(VaultError::Format(format!(
                "Vault vaulttext format error: not enough values to unpack (expected 3, got {})",
                parts.len()
            )));
        };
        Ok(Sealed { salt: unhexlify(salt)?, hmac: unhexlify(hmac)?, ciphertext: unhexlify(ciphertext)? })
    }
}

/// The text of a vault, with a final newline. A vault id other than `default` makes it format 1.2.
pub(crate) fn format(sealed: &Sealed, vault_id: Option<&str>) -> String {
    let mut inner = Zeroizing::new(hexlify(&sealed.salt));
    inner.push(b'\n');
    inner.extend(hexlify(&sealed.hmac));
    inner.push(b'\n');
    inner.extend(hexlify(&sealed.ciphertext));
    let mut text = match vault_id {
        Some(id) if id != crate::DEFAULT_ID => format!("$ANSIBLE_VAULT;1.2;AES256;{id}\n"),
        _ => "$ANSIBLE_VAULT;1.1;AES256\n".to_owned(),
    };
    for line in hexlify(&inner).chunks(LINE) {
        text.extend(line.iter().map(|digit| *digit as char));
        text.push('\n');
    }
    text
}
