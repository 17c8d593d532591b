//! Lines of a `known_hosts` file (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT).

use churten_module::{Algorithm, base64, digest, glob};
use std::hash::{BuildHasher, RandomState};

/// A line with a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry<'a> {
    /// `@cert-authority` or `@revoked`.
    pub(super) marker: Option<&'a str>,
    pub(super) hosts: &'a str,
    pub(super) kind: &'a str,
    pub(super) key: &'a str,
}

impl<'a> Entry<'a> {
    pub(super) fn of(line: &'a str) -> Option<Self> {
        let mut words = line.split_whitespace().peekable();
        let marker = words.next_if(|word| word.starts_with('@'));
        let hosts = words.next().filter(|hosts| !hosts.starts_with('#'))?;
        Some(Self { marker, hosts, kind: words.next()?, key: words.next()? })
    }

    /// Whether it is for a host.
    pub(super) fn is_for(&self, host: &str) -> bool {
        let host = host.to_lowercase();
        if let Some(hashed) = self.hosts.strip_prefix("|1|") {
            let salt = hashed.split_once('|').and_then(|(salt, _)| base64::decode(salt));
            return salt.is_some_and(|salt| self.hosts == hashed_name(&host, &salt));
        }
        let mut is_named = false;
        for pattern in self.hosts.to_lowercase().split(',') {
            match pattern.strip_prefix('!') {
                Some(pattern) if matches(pattern, &host) => return false,
                Some(_) => {}
                None => is_named |= matches(pattern, &host),
            }
        }
        is_named
    }

    pub(super) fn is_hashed(&self) -> bool {
        self.hosts.starts_with('|')
    }
}

/// Only `*` and `?` have a meaning; a bracket belongs to `[host]:port`.
fn matches(pattern: &str, host: &str) -> bool {
    glob::matches(&pattern.replace('[', "[[]"), host)
}

/// A name that cannot be read, with a salt of its own.
pub(super) fn hashed(host: &str) -> String {
    // The salt only has to differ from line to line.
    let words = (0..3_u8).flat_map(|number| RandomState::new().hash_one(number).to_be_bytes());
    let salt: Vec<u8> = words.take(SHA1_LENGTH).collect();
    hashed_name(&host.to_lowercase(), &salt)
}

const SHA1_LENGTH: usize = 20;
/// The block size of SHA-1.
const BLOCK: usize = 64;

/// `|1|SALT|HMAC-SHA1`.
fn hashed_name(host: &str, salt: &[u8]) -> String {
    let padded = |pad: u8| {
        let mut key = salt.get(..BLOCK).unwrap_or(salt).to_vec();
        key.resize(BLOCK, 0);
        key.iter().map(|byte| byte ^ pad).collect::<Vec<u8>>()
    };
    let inner = sha1(&[&*padded(0x36), host.as_bytes()].concat());
    let code = sha1(&[&*padded(0x5c), &inner].concat());
    format!("|1|{}|{}", base64::encode(salt), base64::encode(&code))
}

fn sha1(mut bytes: &[u8]) -> Vec<u8> {
    // Memory can be read to its end.
    let text = digest(Algorithm::Sha1, &mut bytes).unwrap_or_default();
    (0..text.len() / 2).filter_map(|at| u8::from_str_radix(text.get(at * 2..at * 2 + 2)?, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_found() {
        for (hosts, host, expected) in [
            ("h1", "H1", true),
            ("h1,h2", "h2", true),
            ("*.Dom", "a.dom", true),
            ("*,!a", "a", false),
            ("[h]:22", "[h]:22", true),
            ("[h]:22", "h", false),
            // Made by ssh-keygen -H.
            ("|1|Zy6A/pbPh+mYatffrNQ04WLcLEQ=|RDc1+pybfS+04LYphaWEpjSw1M0=", "h3", true),
            ("|1|Zy6A/pbPh+mYatffrNQ04WLcLEQ=|RDc1+pybfS+04LYphaWEpjSw1M0=", "h4", false),
        ] {
            let line = format!("{hosts} ssh-rsa AAAA comment");
            assert_eq!(Entry::of(&line).unwrap().is_for(host), expected, "{hosts}");
        }
        let line = format!("{} ssh-rsa AAAA", hashed("New"));
        assert!(Entry::of(&line).unwrap().is_for("new") && Entry::of(&line).unwrap().is_hashed());
        assert_eq!(Entry::of("# h1 ssh-rsa AAAA"), None);
        let authority = Entry::of("@cert-authority *.dom ssh-rsa AAAA").unwrap();
        assert!(authority.is_for("*.dom") && authority.marker == Some("@cert-authority"));
        assert_eq!(Entry::of("h1 ssh-rsa"), None);
    }
}
