//! AES256 as Ansible means it: PBKDF2, AES-256 in counter mode, PKCS#7 padding, HMAC-SHA256.

use crate::VaultError;
use crate::envelope::Sealed;
use aes::Aes256;
use aes::cipher::{KeyIvInit as _, StreamCipher as _};
use ctr::Ctr128BE;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

const ROUNDS: u32 = 10_000;
const KEY: usize = 32;
const BLOCK: usize = 16;

struct Keys(Zeroizing<[u8; 2 * KEY + BLOCK]>);

impl Keys {
    fn derive(password: &[u8], salt: &[u8]) -> Self {
        let mut keys = Zeroizing::new([0; 2 * KEY + BLOCK]);
        pbkdf2::pbkdf2_hmac::<Sha256>(password, salt, ROUNDS, &mut *keys);
        Self(keys)
    }

    fn apply(&self, data: &mut [u8]) {
        let key: &[u8] = &self.0[..KEY];
        let counter: &[u8] = &self.0[2 * KEY..];
        Ctr128BE::<Aes256>::new(key.into(), counter.into()).apply_keystream(data);
    }

    fn hmac(&self, ciphertext: &[u8]) -> Vec<u8> {
        // An HMAC takes a key of any length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0[KEY..2 * KEY]) else { return Vec::new() };
        mac.update(ciphertext);
        mac.finalize().into_bytes().to_vec()
    }
}

/// Encrypt; a `salt` of `None` is 32 random bytes.
pub(crate) fn seal(plaintext: &[u8], password: &[u8], salt: Option<&[u8]>) -> Result<Sealed, VaultError> {
    let salt = match salt {
        Some(salt) => salt.to_vec(),
        None => {
            let mut salt = vec![0; 32];
            getrandom::fill(&mut salt).map_err(|_| VaultError::Random)?;
            salt
        }
    };
    let keys = Keys::derive(password, &salt);
    let padding = BLOCK - plaintext.len() % BLOCK;
    let mut ciphertext = Vec::with_capacity(plaintext.len() + padding);
    ciphertext.extend_from_slice(plaintext);
    ciphertext.resize(plaintext.len() + padding, padding as u8);
    keys.apply(&mut ciphertext);
    let hmac = keys.hmac(&ciphertext);
    Ok(Sealed { salt, hmac, ciphertext })
}

/// Decrypt; `None` when the password is not the one.
pub(crate) fn open(sealed: &Sealed, password: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let keys = Keys::derive(password, &sealed.salt);
    if !bool::from(keys.hmac(&sealed.ciphertext).ct_eq(&sealed.hmac)) {
        return None;
    }
    let mut plaintext = Zeroizing::new(sealed.ciphertext.clone());
    keys.apply(&mut plaintext);
    let padding = usize::from(*plaintext.last()?);
    if padding == 0 || padding > BLOCK || padding > plaintext.len() {
        return None;
    }
    let length = plaintext.len() - padding;
    if plaintext[length..].iter().any(|byte| usize::from(*byte) != padding) {
        return None;
    }
    plaintext.truncate(length);
    Some(plaintext)
}
