//! Choosing ciphers in OpenSSL's words (`man openssl-ciphers`).

use crate::host::HttpError;
use churten_value::sort_by_key;
use rustls::{CipherSuite, SupportedCipherSuite};

/// What a suite of TLS 1.2 is called, and the words that select it.
struct Name {
    suite: CipherSuite,
    name: &'static str,
    words: &'static [&'static str],
}

/// Words that select every suite below.
const ALL: &[&str] =
    &["ALL", "DEFAULT", "COMPLEMENTOFALL", "HIGH", "ECDH", "ECDHE", "EECDH", "kECDHE", "kEECDH", "TLSv1.2", "FIPS"];

const NAMES: [Name; 6] = [
    Name {
        suite: CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        name: "ECDHE-ECDSA-AES256-GCM-SHA384",
        words: &["AESGCM", "AES", "AES256", "AESGCM256", "aECDSA", "ECDSA", "SHA384", "SUITEB128", "SUITEB192"],
    },
    Name {
        suite: CipherSuite::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        name: "ECDHE-RSA-AES256-GCM-SHA384",
        words: &["AESGCM", "AES", "AES256", "aRSA", "SHA384"],
    },
    Name {
        suite: CipherSuite::TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
        name: "ECDHE-ECDSA-CHACHA20-POLY1305",
        words: &["CHACHA20", "aECDSA", "ECDSA"],
    },
    Name {
        suite: CipherSuite::TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
        name: "ECDHE-RSA-CHACHA20-POLY1305",
        words: &["CHACHA20", "aRSA"],
    },
    Name {
        suite: CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        name: "ECDHE-ECDSA-AES128-GCM-SHA256",
        words: &["AESGCM", "AES", "AES128", "aECDSA", "ECDSA", "SHA256", "SUITEB128", "SUITEB128ONLY"],
    },
    Name {
        suite: CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        name: "ECDHE-RSA-AES128-GCM-SHA256",
        words: &["AESGCM", "AES", "AES128", "aRSA", "SHA256"],
    },
];

/// Words of ciphers that OpenSSL has and this program does not.
const MISSING: [&str; 24] = [
    "3DES", "AECDH", "ADH", "AES128", "AES256", "AESCCM", "ARIA", "CAMELLIA", "CBC", "DES", "DH", "DHE", "EDH", "IDEA",
    "LOW", "MD5", "MEDIUM", "NULL", "PSK", "RC4", "RSA", "SEED", "SHA", "SRP",
];

impl Name {
    /// True when a selection (`ECDHE+AESGCM`, or a full name) means this suite.
    fn is_meant(&self, selection: &str) -> bool {
        selection == self.name || selection.split('+').all(|word| ALL.contains(&word) || self.words.contains(&word))
    }
}

/// Keep what a list of OpenSSL's selects. As in OpenSSL, the suites of TLS 1.3 are not concerned, and words that mean
/// nothing are passed over.
pub(super) fn choose(wished: &[String], suites: &mut Vec<SupportedCipherSuite>) -> Result<(), HttpError> {
    if wished.is_empty() {
        return Ok(());
    }
    let joined = wished.join(":");
    let mut chosen: Vec<&Name> = Vec::new();
    let mut killed: Vec<&Name> = Vec::new();
    let mut missing = false;
    for word in joined.split([':', ',', ' ', ';']).filter(|word| !word.is_empty() && !word.starts_with('@')) {
        let meant = |selection: &str| NAMES.iter().filter(|name| name.is_meant(selection)).collect::<Vec<_>>();
        let suite = |a: &&Name, b: &[&Name]| b.iter().any(|other| other.suite == a.suite);
        match (word.chars().next(), word.get(1..).unwrap_or_default()) {
            (Some('!'), rest) => killed.extend(meant(rest)),
            (Some('-'), rest) => {
                let removed = meant(rest);
                chosen.retain(|name| !suite(name, &removed));
            }
            (Some('+'), rest) => {
                let moved = meant(rest);
                let (last, first): (Vec<_>, Vec<_>) = chosen.iter().copied().partition(|name| suite(name, &moved));
                chosen = first.into_iter().chain(last).collect();
            }
            _ => {
                let added = meant(word);
                missing |= added.is_empty() && word.split(['-', '+', '_']).any(|part| MISSING.contains(&part));
                for name in added {
                    if !suite(&name, &chosen) {
                        chosen.push(name);
                    }
                }
            }
        }
    }
    chosen.retain(|name| !killed.iter().any(|killed| killed.suite == name.suite));
    if chosen.is_empty() {
        return Err(HttpError::Broken(if missing {
            format!(
                "not yet supported by churten: none of the ciphers {joined} (of TLS 1.2 there are ECDHE with AES-GCM \
                 and with ChaCha20)"
            )
        } else {
            "('No cipher can be selected.',)".to_owned()
        }));
    }
    let (newer, mut older): (Vec<_>, Vec<_>) = suites.iter().copied().partition(|suite| suite.tls13().is_some());
    let place = |suite: &SupportedCipherSuite| chosen.iter().position(|name| name.suite == suite.suite());
    older.retain(|suite| place(suite).is_some());
    sort_by_key(&mut older, place);
    *suites = newer.into_iter().chain(older).collect();
    Ok(())
}

#[cfg(test)]
mod tests {
    use rustls::CipherSuite::{self, *};

    fn chosen(list: &[&str]) -> Result<Vec<CipherSuite>, String> {
        let mut suites = rustls::crypto::ring::default_provider().cipher_suites;
        let list: Vec<String> = list.iter().map(|word| (*word).to_owned()).collect();
        super::choose(&list, &mut suites).map_err(|error| error.to_string())?;
        Ok(suites.iter().filter(|suite| suite.tls13().is_none()).map(|suite| suite.suite()).collect())
    }

    #[test]
    fn lists() {
        assert_eq!(chosen(&[]).unwrap().len(), 6);
        assert_eq!(chosen(&["HIGH:!aNULL:!ECDSA"]).unwrap().len(), 3);
        assert_eq!(
            chosen(&["@SECLEVEL=2", "ECDHE-RSA-AES128-GCM-SHA256", "ECDH+CHACHA20", "DHE+AES", "!aECDSA"]).unwrap(),
            [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256]
        );
        assert!(chosen(&["NOSUCH"]).unwrap_err().contains("('No cipher can be selected.',)"));
        assert!(chosen(&["DHE+AES", "AES128-SHA"]).unwrap_err().contains("not yet supported by churten"));
    }
}
