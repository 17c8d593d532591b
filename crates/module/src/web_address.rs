//! Addresses of the web.

/// `scheme://user:password@host:port/path?query#fragment`, taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WebAddress {
    /// `http`, `https` or `ftp`, in lower case.
    pub scheme: String,
    /// Name and password before the host.
    pub credentials: Option<(String, String)>,
    /// The host; an IPv6 address without its brackets.
    pub host: String,
    /// The port, when it is given.
    pub port: Option<u16>,
    /// Path and query, beginning with `/`, without the fragment.
    pub path: String,
}

impl WebAddress {
    /// Take an address apart. `None` when it has no scheme or host, or a port that is no number.
    pub fn parse(text: &str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        let rest = rest.split('#').next().unwrap_or_default();
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        let (user, place) = authority.rsplit_once('@').map_or((None, authority), |(user, place)| (Some(user), place));
        let credentials = user.map(|user| {
            let (name, password) = user.split_once(':').unwrap_or((user, ""));
            (unquote(name), unquote(password))
        });
        let (host, port) = match place.strip_prefix('[') {
            Some(bracketed) => {
                let (host, after) = bracketed.split_once(']')?;
                (host, after.strip_prefix(':'))
            }
            None => place.rsplit_once(':').map_or((place, None), |(host, port)| (host, Some(port))),
        };
        let port = match port {
            None | Some("") => None,
            Some(port) => Some(port.parse().ok()?),
        };
        if host.is_empty() || host.contains(char::is_whitespace) {
            return None;
        }
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
        Some(Self { scheme: scheme.to_ascii_lowercase(), credentials, host: host.to_owned(), port, path })
    }

    /// The port, or that of the scheme.
    pub fn port(&self) -> u16 {
        self.port.unwrap_or(match self.scheme.as_str() {
            "https" => 443,
            "ftp" => 21,
            _ => 80,
        })
    }

    /// Host and port for the `Host` header.
    pub fn authority(&self) -> String {
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        self.port.map_or_else(|| host.clone(), |port| format!("{host}:{port}"))
    }

    /// The address that a redirection's `Location` means.
    pub fn join(&self, location: &str) -> String {
        if location.contains("://") {
            return location.to_owned();
        }
        let base = format!("{}://{}", self.scheme, self.authority());
        if let Some(rest) = location.strip_prefix("//") {
            return format!("{}://{rest}", self.scheme);
        }
        if location.starts_with('/') {
            return base + &without_dots(location);
        }
        let path = self.path.split('?').next().unwrap_or_default();
        let directory = path.rsplit_once('/').map_or("", |(directory, _)| directory);
        if location.starts_with('?') {
            format!("{base}{path}{location}")
        } else {
            base + &without_dots(&format!("{directory}/{location}"))
        }
    }
}

/// A path without its `.` and `..` (RFC 3986, section 5.2.4).
fn without_dots(path: &str) -> String {
    let (path, rest) = path.split_at(path.find(['?', '#']).unwrap_or(path.len()));
    let mut kept: Vec<&str> = Vec::new();
    let mut parts = path.split('/').skip(1).peekable();
    while let Some(part) = parts.next() {
        let is_last = parts.peek().is_none();
        match part {
            "." | ".." => {
                if part == ".." {
                    kept.pop();
                }
                if is_last {
                    kept.push("");
                }
            }
            _ => kept.push(part),
        }
    }
    format!("/{}{rest}", kept.join("/"))
}

/// `%41` to `A`.
pub(crate) fn unquote(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let coded = bytes.get(at + 1..at + 3).and_then(|pair| std::str::from_utf8(pair).ok());
        match coded.filter(|_| *byte == b'%').and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            Some(decoded) => {
                out.push(decoded);
                at += 3;
            }
            None => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::WebAddress;

    #[test]
    fn takes_addresses_apart() {
        let address = WebAddress::parse("HTTP://me:p%40ss@host:8080/a?b#c").unwrap();
        assert_eq!(address.scheme, "http");
        assert_eq!(address.credentials, Some(("me".into(), "p@ss".into())));
        assert_eq!((address.host.as_str(), address.port()), ("host", 8080));
        assert_eq!(address.path, "/a?b");
        assert_eq!(WebAddress::parse("https://[::1]:1/").unwrap().authority(), "[::1]:1");
        assert_eq!(WebAddress::parse("https://x?y").unwrap().path, "/?y");
        for bad in ["", "x", "http://", "http://a:b/", "/path"] {
            assert!(WebAddress::parse(bad).is_none(), "{bad}");
        }
        let base = WebAddress::parse("http://h:1/a/b?c").unwrap();
        for (location, joined) in [
            ("/x", "http://h:1/x"),
            ("x", "http://h:1/a/x"),
            ("x/./../y?z/../", "http://h:1/a/y?z/../"),
            ("../../..", "http://h:1/"),
            ("?q", "http://h:1/a/b?q"),
            ("//o/x", "http://o/x"),
            ("https://o/", "https://o/"),
        ] {
            assert_eq!(base.join(location), joined);
        }
    }
}
