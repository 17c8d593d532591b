//! Private keys on the curve P-256 whose number begins with a zero byte, which are one of 256.
//!
//! OpenSSH writes the number without zeros in front (an `mpint` of RFC 4251, 5), and `ssh-key` 0.7.0-rc.11 reads none of
//! fewer than 32 bytes. What is read here is the format of `PROTOCOL.key` in the sources of OpenSSH.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use russh::keys::PrivateKey;
use russh::keys::ssh_key::private::{EcdsaKeypair, EcdsaPrivateKey, KeypairData};
use russh::keys::ssh_key::public::EcdsaPublicKey;
use zeroize::Zeroizing;

/// Bytes of the number.
const SIZE: usize = 32;
/// The type of such a key.
const TYPE: &[u8] = b"ecdsa-sha2-nistp256";
/// How a file of OpenSSH's begins below its base64.
const MAGIC: &[u8] = b"openssh-key-v1\0";

/// The key in the text of a file, if it is of this kind.
pub(super) fn read(text: &str, passphrase: Option<&str>) -> Option<PrivateKey> {
    match PrivateKey::from_openssh(text.as_bytes()) {
        Ok(key) => {
            let cipher = key.cipher();
            let (secret, iv) = key.kdf().derive_key_and_iv(cipher, passphrase?).ok()?;
            let mut plain = Zeroizing::new(key.key_data().encrypted()?.to_vec());
            cipher.decrypt(&secret, &iv, &mut plain, None).ok()?;
            keypair(&plain)
        }
        Err(_) => {
            let lines = text.lines().map(str::trim).filter(|line| !line.starts_with('-'));
            let joined = Zeroizing::new(lines.collect::<String>());
            let file = Zeroizing::new(STANDARD.decode(joined.as_bytes()).ok()?);
            let mut rest = file.strip_prefix(MAGIC)?;
            let (cipher, _derivation, _options) = (string(&mut rest)?, string(&mut rest)?, string(&mut rest)?);
            let count = number(&mut rest)?;
            let _public = string(&mut rest)?;
            (cipher == b"none" && count == 1).then(|| keypair(string(&mut rest)?))?
        }
    }
}

/// The private part of a file, opened.
fn keypair(mut rest: &[u8]) -> Option<PrivateKey> {
    let rest = &mut rest;
    // The same number twice, where the passphrase was right.
    let is_open = number(rest)? == number(rest)?;
    let is_ours = is_open && string(rest)? == TYPE && string(rest)? == b"nistp256";
    let EcdsaPublicKey::NistP256(public) = EcdsaPublicKey::from_sec1_bytes(string(rest).filter(|_| is_ours)?).ok()?
    else {
        return None;
    };
    let short = string(rest).filter(|short| short.len() < SIZE)?;
    let comment = String::from_utf8_lossy(string(rest)?).into_owned();
    let mut private = Zeroizing::new([0; SIZE]);
    private.get_mut(SIZE - short.len()..)?.copy_from_slice(short);
    let private = EcdsaPrivateKey::from(*private);
    PrivateKey::new(KeypairData::Ecdsa(EcdsaKeypair::NistP256 { public, private }), comment).ok()
}

fn number(rest: &mut &[u8]) -> Option<u32> {
    let (bytes, more) = rest.split_first_chunk()?;
    *rest = more;
    Some(u32::from_be_bytes(*bytes))
}

fn string<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = usize::try_from(number(rest)?).ok()?;
    let (bytes, more) = rest.split_at_checked(length)?;
    *rest = more;
    Some(bytes)
}
