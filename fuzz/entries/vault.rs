//! Vaults: taken apart and, when they are whole, opened with a fixed password.

use churten_vault::{Secrets, is_vault};
use std::sync::OnceLock;

/// What opens the vaults of an id, and takes those of others apart without trying.
fn secrets(id: &str) -> Secrets {
    let mut secrets = Secrets::new().match_ids(true);
    secrets.add(id, b"fuzz".to_vec());
    secrets
}

/// Making the keys takes 10,000 rounds, which tell a fuzzer nothing: one input of 64 goes that way.
fn is_chosen(data: &[u8]) -> bool {
    data.iter().fold(0_u8, |sum, byte| sum.wrapping_mul(31).wrapping_add(*byte)).is_multiple_of(64)
}

/// The text of a vault; behind a `>` a plaintext, which must come out of its vault as it went in.
pub(crate) fn run(data: &[u8]) {
    static CHOSEN: OnceLock<Secrets> = OnceLock::new();
    static OTHERS: OnceLock<Secrets> = OnceLock::new();
    if let Some(plaintext) = data.strip_prefix(b">") {
        if is_chosen(data) {
            let secrets = CHOSEN.get_or_init(|| secrets("dev"));
            let vault =
                secrets.encrypt(plaintext, Some("dev"), Some(b"0123456789abcdef")).expect("a secret of this id");
            let opened = secrets.decrypt(vault.as_bytes()).expect("the secret opens it");
            assert_eq!(opened.as_slice(), plaintext);
        }
        return;
    }
    let secrets =
        if is_chosen(data) { CHOSEN.get_or_init(|| secrets("dev")) } else { OTHERS.get_or_init(|| secrets("nobody")) };
    let opened = secrets.open(data);
    assert!(is_vault(data) || opened.is_err(), "only vaults are opened");
    if let (Ok(opened), Ok(text)) = (opened, std::str::from_utf8(data)) {
        let same = secrets.decrypt_text(text).map(|text| text.len());
        assert!(same.is_err() || same.is_ok_and(|length| length == opened.plaintext.len()));
    }
}
