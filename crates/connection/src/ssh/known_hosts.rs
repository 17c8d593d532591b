//! `known_hosts`, as sshd(8) describes it under "SSH_KNOWN_HOSTS FILE FORMAT".

use crate::ssh::pattern;
use data_encoding::BASE64;
use russh::keys::PublicKey;
use sha1::{Digest, Sha1};
use std::fs;
use std::io::{self, Read as _, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// A file larger than this is not read.
const MAX_FILE: u64 = 64 << 20;

/// What a line says about its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Marker {
    /// A host's key.
    Key,
    /// A key that signs host certificates.
    Authority,
    /// A key that must not be accepted.
    Revoked,
}

/// One line that holds for the host looked up.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) marker: Marker,
    pub(crate) key: PublicKey,
    pub(crate) file: PathBuf,
    /// From 1.
    pub(crate) line: usize,
}

/// What the files say about a key a host presented.
#[derive(Clone, Debug)]
pub(crate) enum Verdict {
    /// It is the host's.
    Known,
    /// There is no key for this host.
    Unknown,
    /// The host has other keys. The entry is the one to complain about.
    Changed(Box<Entry>),
    /// The key is revoked.
    Revoked(Box<Entry>),
}

/// All lines about one host, from all files.
#[derive(Clone, Debug, Default)]
pub(crate) struct KnownHosts {
    entries: Vec<Entry>,
}

/// How a key that a host presents stands in the text of a `known_hosts` file, with the lines that say so, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is the host's.
    Known,
    /// There is no key for this host.
    Unknown,
    /// The host has another key of this type.
    Changed(usize),
    /// It is revoked.
    Revoked(usize),
}

/// How a key in base64 stands in the text of a `known_hosts` file for a host; `None` for text that is no key. For
/// tests, and for text of others.
pub fn standing(text: &str, host: &str, port: u16, key: &str) -> Option<Standing> {
    let key = russh::keys::parse_public_key_base64(key).ok()?;
    let mut entries = Vec::new();
    parse(text, &host_field(host, port), Path::new("known_hosts"), &mut entries);
    Some(match (KnownHosts { entries }).check(&key) {
        Verdict::Known => Standing::Known,
        Verdict::Unknown => Standing::Unknown,
        Verdict::Changed(entry) => Standing::Changed(entry.line),
        Verdict::Revoked(entry) => Standing::Revoked(entry.line),
    })
}

/// How a host is written in the files: its name, with the port in brackets when it is not 22.
pub(crate) fn host_field(host: &str, port: u16) -> String {
    let host = host.to_ascii_lowercase();
    if port == 22 { host } else { format!("[{host}]:{port}") }
}

impl KnownHosts {
    /// Read what the files say about a host; `field` is [`host_field`]'s. Files that do not exist say nothing.
    pub(crate) fn read(files: &[PathBuf], field: &str) -> Self {
        let mut entries = Vec::new();
        for file in files {
            let Ok(opened) = fs::File::open(file) else { continue };
            let mut bytes = Vec::new();
            // What a device or a pipe tells about its size says nothing about how much it gives.
            let read = opened.take(MAX_FILE + 1).read_to_end(&mut bytes);
            if read.is_err() || bytes.len() as u64 > MAX_FILE {
                continue;
            }
            parse(&String::from_utf8_lossy(&bytes), field, file, &mut entries);
        }
        Self { entries }
    }

    /// What is known of a key.
    pub(crate) fn check(&self, key: &PublicKey) -> Verdict {
        let same = |entry: &&Entry| entry.key.key_data() == key.key_data();
        if let Some(entry) = self.with(Marker::Revoked).find(same) {
            return Verdict::Revoked(Box::new(entry.clone()));
        }
        if self.with(Marker::Key).any(|entry| same(&entry)) {
            return Verdict::Known;
        }
        // Keys of other types say nothing about this one, as with OpenSSH; it is asked for the known types first.
        match self.with(Marker::Key).find(|entry| entry.key.algorithm() == key.algorithm()) {
            Some(entry) => Verdict::Changed(Box::new(entry.clone())),
            None => Verdict::Unknown,
        }
    }

    /// The lines with a marker.
    pub(crate) fn with(&self, marker: Marker) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(move |entry| entry.marker == marker)
    }
}

fn parse(text: &str, field: &str, file: &Path, entries: &mut Vec<Entry>) {
    for (index, line) in text.lines().enumerate() {
        let mut words = line.split([' ', '\t']).filter(|word| !word.is_empty());
        let Some(mut first) = words.next() else { continue };
        if first.starts_with('#') {
            continue;
        }
        let marker = match first {
            "@cert-authority" => Marker::Authority,
            "@revoked" => Marker::Revoked,
            other if other.starts_with('@') => continue,
            _ => Marker::Key,
        };
        if marker != Marker::Key {
            let Some(next) = words.next() else { continue };
            first = next;
        }
        if !names_host(first, field) {
            continue;
        }
        // An old line (bits, exponent, modulus) has digits here and does not parse.
        let (Some(_kind), Some(blob)) = (words.next(), words.next()) else { continue };
        let Ok(mut key) = russh::keys::parse_public_key_base64(blob) else { continue };
        key.set_comment("");
        entries.push(Entry { marker, key, file: file.to_owned(), line: index + 1 });
    }
}

fn names_host(names: &str, field: &str) -> bool {
    match names.strip_prefix("|1|") {
        Some(hashed) => hashed_name(hashed, field),
        None => {
            let names = names.to_ascii_lowercase();
            pattern::matches_list(names.split(','), field) == Some(true)
        }
    }
}

/// `salt|hash` in base64, the hash being HMAC-SHA1 of the name under the salt.
fn hashed_name(text: &str, field: &str) -> bool {
    let Some((salt, hash)) = text.split_once('|') else { return false };
    let (Ok(salt), Ok(hash)) = (BASE64.decode(salt.as_bytes()), BASE64.decode(hash.as_bytes())) else {
        return false;
    };
    hmac_sha1(&salt, field.as_bytes()).as_slice() == hash
}

/// RFC 2104 with SHA-1, for host names only; nothing secret is compared.
fn hmac_sha1(key: &[u8], message: &[u8]) -> [u8; 20] {
    let mut block = [0_u8; 64];
    if key.len() > block.len() {
        block.iter_mut().zip(Sha1::digest(key)).for_each(|(slot, byte)| *slot = byte);
    } else {
        block.iter_mut().zip(key).for_each(|(slot, byte)| *slot = *byte);
    }
    let inner = Sha1::new().chain_update(block.map(|byte| byte ^ 0x36)).chain_update(message).finalize();
    Sha1::new().chain_update(block.map(|byte| byte ^ 0x5c)).chain_update(inner).finalize().into()
}

/// A name as `HashKnownHosts` writes it.
pub(crate) fn hashed(field: &str) -> String {
    use std::hash::{BuildHasher, RandomState};
    // A salt has to differ from others, no more.
    let salt: Vec<u8> = (0..3_u8).flat_map(|part| RandomState::new().hash_one(part).to_le_bytes()).take(20).collect();
    format!("|1|{}|{}", BASE64.encode(&salt), BASE64.encode(&hmac_sha1(&salt, field.as_bytes())))
}

/// Add a key to a file: whole, by rename, so that a reader sees the old or the new file.
///
/// # Errors
/// When the directory or file cannot be written.
pub(crate) fn add(file: &Path, field: &str, key: &PublicKey) -> io::Result<()> {
    // Hosts of one run are accepted at the same time; each must see the others' lines.
    static WRITING: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _guard = WRITING.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let encoded = key.to_openssh().map_err(io::Error::other)?;
    let encoded = encoded.split_whitespace().take(2).collect::<Vec<_>>().join(" ");
    let directory = file.parent().unwrap_or(Path::new("."));
    if !directory.as_os_str().is_empty() && !directory.exists() {
        fs::create_dir_all(directory)?;
        fs::set_permissions(directory, fs::Permissions::from_mode(0o700))?;
    }
    // A link (dotfiles) stays a link.
    let file = fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
    let (mut text, mode) = match fs::metadata(&file) {
        Ok(metadata) if metadata.is_file() => (fs::read(&file)?, metadata.permissions().mode() & 0o777),
        // `/dev/null` and the like take the line and forget it.
        Ok(_) => return fs::OpenOptions::new().append(true).open(&file)?.write_all(encoded.as_bytes()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => (Vec::new(), 0o600),
        Err(error) => return Err(error),
    };
    if !text.is_empty() && !text.ends_with(b"\n") {
        text.push(b'\n');
    }
    text.extend_from_slice(format!("{field} {encoded}\n").as_bytes());
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}", std::process::id()));
    let temporary = file.with_file_name(name);
    let _ = fs::remove_file(&temporary);
    let written = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(mode)
        .open(&temporary)
        .and_then(|mut output| output.write_all(&text))
        .and_then(|()| fs::rename(&temporary, &file));
    if written.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "AAAAC3NzaC1lZDI1NTE5AAAAIFM03R1IY3Ojf2TEKHIS46u0yLZn++ZecaLBKOejujN+";
    const B: &str = "AAAAC3NzaC1lZDI1NTE5AAAAIEaJJJWFin74fJ3PdpEh3EJ5ORwAcm8dqfzvzWNYGMy+";

    fn verdict(text: &str, host: &str, port: u16) -> &'static str {
        let mut entries = Vec::new();
        parse(text, &host_field(host, port), Path::new("kh"), &mut entries);
        let mut key = russh::keys::parse_public_key_base64(A).unwrap();
        key.set_comment("a comment must not count");
        match (KnownHosts { entries }).check(&key) {
            Verdict::Known => "known",
            Verdict::Unknown => "unknown",
            Verdict::Changed(_) => "changed",
            Verdict::Revoked(_) => "revoked",
        }
    }

    #[test]
    fn lines() {
        for (text, host, port, expected) in [
            (format!("h ssh-ed25519 {A}"), "h", 22, "known"),
            (format!("h ssh-ed25519 {A} comment here"), "H", 22, "known"),
            (format!("h\tssh-ed25519\t{A}"), "h", 22, "known"),
            (format!("  h ssh-ed25519 {A}"), "h", 22, "known"),
            (format!("h ssh-ed25519 {B}"), "h", 22, "changed"),
            (format!("h ssh-ed25519 {B}\nh ssh-ed25519 {A}"), "h", 22, "known"),
            (format!("h ssh-ed25519 {A}"), "h", 2222, "unknown"),
            (format!("[h]:2222 ssh-ed25519 {A}"), "h", 2222, "known"),
            (format!("g,h,127.0.0.1 ssh-ed25519 {A}"), "127.0.0.1", 22, "known"),
            (format!("*.example,!no.example ssh-ed25519 {A}"), "a.example", 22, "known"),
            (format!("*.example,!no.example ssh-ed25519 {A}"), "no.example", 22, "unknown"),
            (format!("@revoked * ssh-ed25519 {A}\nh ssh-ed25519 {A}"), "h", 22, "revoked"),
            (format!("@cert-authority h ssh-ed25519 {A}"), "h", 22, "unknown"),
            (format!("@unknown h ssh-ed25519 {A}"), "h", 22, "unknown"),
            (format!("# h ssh-ed25519 {A}"), "h", 22, "unknown"),
            ("h ssh-ed25519 AAAA".to_owned(), "h", 22, "unknown"),
            ("h ssh-ed25519".to_owned(), "h", 22, "unknown"),
            ("|1|x|y ssh-ed25519 AAAA".to_owned(), "h", 22, "unknown"),
        ] {
            assert_eq!(verdict(&text, host, port), expected, "{text}");
        }
    }

    #[test]
    fn hashed_names() {
        let salt = [7; 20];
        let hash = hmac_sha1(&salt, b"[h]:2222");
        let line = format!("|1|{}|{} ssh-ed25519 {A}", BASE64.encode(&salt), BASE64.encode(&hash));
        assert_eq!(verdict(&line, "h", 2222), "known");
        assert_eq!(verdict(&line, "h", 22), "unknown");
        let ours = format!("{} ssh-ed25519 {A}", hashed("h"));
        assert_eq!((verdict(&ours, "h", 22), verdict(&ours, "g", 22)), ("known", "unknown"));
        // RFC 2202, test case 2.
        let expected = [
            0xef, 0xfc, 0xdf, 0x6a, 0xe5, 0xeb, 0x2f, 0xa2, 0xd2, 0x74, 0x16, 0xd5, 0xf1, 0x84, 0xdf, 0x9c, 0x25, 0x9a,
            0x7c, 0x79,
        ];
        assert_eq!(hmac_sha1(b"Jefe", b"what do ya want for nothing?"), expected);
    }

    #[test]
    fn adding_keeps_what_is_there() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("new/known_hosts");
        let key = russh::keys::parse_public_key_base64(A).unwrap();
        add(&file, "h", &key).unwrap();
        fs::write(&file, format!("{}# no newline", fs::read_to_string(&file).unwrap())).unwrap();
        add(&file, "[g]:22022", &key).unwrap();
        let text = fs::read_to_string(&file).unwrap();
        assert_eq!(text, format!("h ssh-ed25519 {A}\n# no newline\n[g]:22022 ssh-ed25519 {A}\n"));
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
