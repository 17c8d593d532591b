//! Vaults written by ansible-core, and our own.

use churten_vault::{Secrets, VaultError, is_vault, load_secret};
use std::os::unix::fs::PermissionsExt as _;

const DEFAULT: &[u8] = include_bytes!("fixtures/default.vault");
const DEV: &[u8] = include_bytes!("fixtures/dev.vault");

fn secrets(list: &[(&str, &str)]) -> Secrets {
    let mut secrets = Secrets::new();
    for (id, password) in list {
        secrets.add(id, password.as_bytes().to_vec());
    }
    secrets
}

#[test]
fn reads_ansible_vaults() {
    let one = secrets(&[("default", "pw1")]);
    assert_eq!(one.decrypt(DEFAULT).unwrap().as_slice(), b"hello: world\n");
    let opened = one.open(DEV).unwrap();
    assert_eq!((opened.label.as_deref(), opened.secret.id()), (Some("dev"), "default"));
    assert_eq!(opened.plaintext.as_slice(), b"hello: world\n");
    // With ids that must match, the right password under the wrong id does not open.
    assert_eq!(one.clone().match_ids(true).decrypt(DEV).unwrap_err(), VaultError::NoMatch);
    assert!(secrets(&[("x", "no"), ("dev", "pw1")]).match_ids(true).decrypt(DEV).is_ok());
}

#[test]
fn errors_are_ansibles() {
    let one = secrets(&[("default", "pw1")]);
    for (data, message) in [
        ("hello", "Input is not vault encrypted data."),
        ("$ANSIBLE_VAULT;1.1\n31\n", "Vault envelope format error: list index out of range"),
        ("$ANSIBLE_VAULT;1.1;AES\n31\n", "Cipher 'AES' could not be found."),
        ("$ANSIBLE_VAULT;1.1;AES256\nzz\n", "Vault format unhexlify error: Non-hexadecimal digit found"),
        ("$ANSIBLE_VAULT;1.1;AES256\n313\n", "Vault format unhexlify error: Odd-length string"),
        (
            "$ANSIBLE_VAULT;1.1;AES256\n",
            "Vault vaulttext format error: not enough values to unpack (expected 3, got 1)",
        ),
        (
            "$ANSIBLE_VAULT;1.1;AES256\n31310a32320a3333\n",
            "Decryption failed (no vault secrets were found that could decrypt).",
        ),
    ] {
        assert_eq!(one.decrypt(data.as_bytes()).unwrap_err().to_string(), message);
    }
    assert_eq!(Secrets::new().decrypt(DEFAULT).unwrap_err(), VaultError::NoSecrets);
}

#[test]
fn writes_what_it_reads() {
    let one = secrets(&[("dev", "pw")]);
    let text = one.encrypt("geheim ✓".as_bytes(), Some("dev"), Some(b"fixed salt")).unwrap();
    assert!(is_vault(text.as_bytes()) && text.starts_with("$ANSIBLE_VAULT;1.2;AES256;dev\n"));
    assert!(text.lines().skip(1).all(|line| line.len() <= 80));
    assert_eq!(*one.decrypt_text(&text).unwrap(), "geheim ✓");
    assert!(!format!("{one:?} {:?}", one.open(text.as_bytes())).contains("geheim"));
    assert!(one.encrypt(b"", Some("other"), None).is_err());
}

#[test]
fn loads_secrets() {
    let directory = std::env::temp_dir().join(format!("churten-vault-test-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let file = |name: &str, text: &str, mode: u32| {
        let path = directory.join(name);
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let opens = |path: &str, id: Option<&str>| {
        let mut secrets = Secrets::new();
        secrets.push(load_secret(path, id).unwrap());
        secrets.decrypt(DEV).is_ok()
    };
    assert!(opens(&file("plain", " pw1\n\n", 0o600), None));
    assert!(opens(&file("script.sh", "#!/bin/sh\necho pw1\n", 0o700), Some("x")));
    assert!(opens(
        &file("a-client.sh", "#!/bin/sh\n[ \"$1 $2\" = '--vault-id dev' ] && echo pw1\n", 0o700),
        Some("dev")
    ));
    for (path, message) in [
        (file("empty", "\n", 0o600), "Invalid vault password was provided from file (PATH)"),
        (file("empty.sh", "#!/bin/sh\n", 0o700), "Invalid vault password was provided from script (PATH)"),
        (file("bad.sh", "#!/bin/sh\nexit 3\n", 0o700), "Vault password script PATH returned non-zero (3): None"),
        (
            file("b-client", "#!/bin/sh\necho no >&2\nexit 2\n", 0o700),
            "Vault password client script PATH did not find a secret for vault-id=dev: b'no\\n'",
        ),
        (
            file("c-client", "#!/bin/sh\nexit 1\n", 0o700),
            "Vault password client script PATH returned non-zero (1) when getting secret for vault-id=dev: b''",
        ),
        (
            file("data", "pw1", 0o700),
            "Problem running vault password script PATH ([Errno 8] Exec format error: 'PATH'). If this is not a script, remove the executable bit from the file.",
        ),
        (format!("{}/none", directory.display()), "The vault password file PATH was not found"),
        (directory.to_str().unwrap().to_owned(), "The vault password file provided 'PATH' can not be a directory"),
    ] {
        assert_eq!(load_secret(&path, Some("dev")).unwrap_err().to_string(), message.replace("PATH", &path));
    }
    std::fs::remove_dir_all(&directory).unwrap();
}
