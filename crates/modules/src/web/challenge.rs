//! Answering a server that asks who one is (RFC 7617, RFC 2617).

use churten_module::base64;
use churten_module::prelude::*;
use churten_module::{HttpError, HttpResponse, digest};

/// How often a digest is tried, as in Python's `urllib`.
const DIGESTS: u32 = 6;

/// `Basic` and the credentials.
pub(super) fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", base64::encode(format!("{user}:{password}").as_bytes()))
}

/// The credentials for the servers that ask for them, and what was tried.
#[derive(Debug)]
pub(super) struct Challenges {
    user: String,
    password: String,
    /// Host and port that they are for.
    place: (String, u16),
    basic_tried: bool,
    digests: u32,
    nonce: String,
    nonce_count: u32,
}

/// What to do about an answer.
pub(super) enum Reaction {
    /// Ask again with this header.
    Authorization(String),
    /// Take the answer as it is.
    Take,
    /// The digest was refused again and again.
    GiveUp,
}

impl Challenges {
    pub(super) fn new(user: String, password: String, place: (String, u16)) -> Self {
        let nonce = String::new();
        Self { user, password, place, basic_tried: false, digests: 0, nonce, nonce_count: 0 }
    }

    /// Another request begins, which may be asked anew.
    pub(super) fn begin(&mut self) {
        self.basic_tried = false;
        self.digests = 0;
    }

    /// React to a 401 from a host and port.
    pub(super) fn react(
        &mut self,
        host: &dyn Observe,
        response: &HttpResponse,
        place: &(String, u16),
        (method, path): (&str, &str),
    ) -> Result<Reaction, HttpError> {
        let asked: Vec<&str> = response
            .headers
            .iter()
            .filter(|(name, _)| name.eq_ignore_ascii_case("www-authenticate"))
            .map(|(_, value)| value.as_str())
            .collect();
        let scheme = |value: &str| value.split_whitespace().next().unwrap_or_default().to_ascii_lowercase();
        let Some(first) = asked.first() else { return Ok(Reaction::Take) };
        if *place != self.place {
            return Ok(Reaction::Take);
        }
        match scheme(first).as_str() {
            "digest" if self.digests >= DIGESTS => return Ok(Reaction::GiveUp),
            "digest" => {
                let parts = parts(first.split_once(char::is_whitespace).map_or("", |(_, rest)| rest));
                if let Some(header) = self.digest(host, &parts, method, path)? {
                    self.digests += 1;
                    return Ok(Reaction::Authorization(header));
                }
            }
            "basic" => {}
            _ => {
                let shown = first.split_whitespace().next().unwrap_or_default();
                return Err(HttpError::Invalid(format!(
                    "AbstractDigestAuthHandler does not support the following scheme: '{shown}'"
                )));
            }
        }
        if !self.basic_tried && asked.iter().any(|value| scheme(value) == "basic") {
            self.basic_tried = true;
            return Ok(Reaction::Authorization(basic(&self.user, &self.password)));
        }
        Ok(Reaction::Take)
    }

    /// The header of a digest; `None` when the server did not say enough.
    fn digest(
        &mut self,
        host: &dyn Observe,
        parts: &[(String, String)],
        method: &str,
        path: &str,
    ) -> Result<Option<String>, HttpError> {
        let part = |name: &str| parts.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let (Some(realm), Some(nonce)) = (part("realm"), part("nonce")) else { return Ok(None) };
        let algorithm = part("algorithm").unwrap_or("MD5");
        let hash = match algorithm.to_ascii_uppercase().as_str() {
            "MD5" => Algorithm::Md5,
            "SHA" => Algorithm::Sha1,
            _ => {
                let text = format!("Unsupported digest authentication algorithm '{algorithm}'");
                return Err(HttpError::Invalid(text));
            }
        };
        let hash = |text: String| digest(hash, &mut text.as_bytes()).unwrap_or_default();
        let secret = hash(format!("{}:{realm}:{}", self.user, self.password));
        let asked = hash(format!("{method}:{path}"));
        let (response, more) = match part("qop") {
            None => (hash(format!("{secret}:{nonce}:{asked}")), String::new()),
            Some(qop) if qop.split(',').any(|word| word == "auth") => {
                if self.nonce == nonce {
                    self.nonce_count += 1;
                } else {
                    (self.nonce, self.nonce_count) = (nonce.to_owned(), 1);
                }
                let count = format!("{:08x}", self.nonce_count);
                let now = host.now();
                let seed = format!("{}:{nonce}:{}:{}:{}", count, now.seconds, now.nanoseconds, host.process_id());
                let own: String = hash(seed).chars().take(16).collect();
                let response = hash(format!("{secret}:{nonce}:{count}:{own}:auth:{asked}"));
                (response, format!(", qop=auth, nc={count}, cnonce=\"{own}\""))
            }
            Some(qop) => return Err(HttpError::Unreachable(format!("qop '{qop}' is not supported."))),
        };
        let opaque = part("opaque").map_or_else(String::new, |opaque| format!(", opaque=\"{opaque}\""));
        Ok(Some(format!(
            "Digest username=\"{}\", realm=\"{realm}\", nonce=\"{nonce}\", uri=\"{path}\", response=\"{response}\"{opaque}, algorithm=\"{algorithm}\"{more}",
            self.user
        )))
    }
}

/// `a="b, c", d=e`
fn parts(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((name, value)) = rest.split_once('=') {
        let value = value.trim_start();
        let (value, after) = match value.strip_prefix('"') {
            Some(quoted) => {
                let (value, after) = quoted.split_once('"').unwrap_or((quoted, ""));
                (value, after.split_once(',').map_or("", |(_, after)| after))
            }
            None => value.split_once(',').unwrap_or((value, "")),
        };
        found.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        rest = after;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{Challenges, Reaction, parts};
    use churten_module::{FakeHost, HttpResponse};

    #[test]
    fn parts_of_challenges() {
        let found = parts("realm=\"a, b\", nonce=\"c=\",qop=auth, algorithm=MD5");
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(found, [pair("realm", "a, b"), pair("nonce", "c="), pair("qop", "auth"), pair("algorithm", "MD5")]);
    }

    #[test]
    fn digests() {
        let place = ("h".to_owned(), 80);
        let mut challenges = Challenges::new("me".to_owned(), "pw".to_owned(), place.clone());
        let asks = |value: &str| HttpResponse {
            headers: vec![("WWW-Authenticate".to_owned(), value.to_owned())],
            ..HttpResponse::default()
        };
        let host = FakeHost::new();
        let response = asks("Digest realm=\"r, x\", nonce=\"abc\", opaque=\"op\", algorithm=SHA");
        let reaction = challenges.react(&host, &response, &place, ("GET", "/digest2")).unwrap();
        let Reaction::Authorization(header) = reaction else { panic!("no header") };
        // As Python's urllib answers it.
        assert!(header.contains("response=\"0c9d9e83710aa8c863f9009957ff75b77473786e\", opaque=\"op\""), "{header}");
        let elsewhere = ("other".to_owned(), 80);
        assert!(matches!(challenges.react(&host, &response, &elsewhere, ("GET", "/")), Ok(Reaction::Take)));
        assert!(challenges.react(&host, &asks("Negotiate"), &place, ("GET", "/")).is_err());
    }
}
