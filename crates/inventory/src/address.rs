//! Host names with ports: `host:22`, `[2001:db8::1]:22`, `web[1:3]:22`, `2001:db8::1`.

use churten_value::BigInt;
use std::net::Ipv6Addr;

/// The host part (ranges kept) and the port, which may be any number here.
pub(crate) fn split_port(text: &str) -> (&str, Option<BigInt>) {
    let Some((host, port)) = text.rsplit_once(':') else { return (bracketed(text).unwrap_or(text), None) };
    if port.is_empty() || !port.bytes().all(|byte| byte.is_ascii_digit()) {
        return (bracketed(text).unwrap_or(text), None);
    }
    let Ok(port) = port.parse::<BigInt>() else { return (text, None) };
    if let Some(host) = bracketed(host) {
        return (host, Some(port));
    }
    if is_name(host) { (host, Some(port)) } else { (text, None) }
}

/// True for text that can be one host: an address or a name, perhaps with ranges and a port.
pub(crate) fn is_address(text: &str) -> bool {
    let (host, _) = split_port(text);
    host.parse::<Ipv6Addr>().is_ok() || is_name(host)
}

/// `[address]` without its brackets.
fn bracketed(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('[')?.strip_suffix(']')?;
    (inner.parse::<Ipv6Addr>().is_ok() || is_name(inner)).then_some(inner)
}

/// Labels of letters, digits, `-` and `_`, joined by dots, with ranges `[a:b]` and `[a:b:c]` inside.
fn is_name(text: &str) -> bool {
    let mut rest = text;
    let mut label_length = 0;
    while let Some(c) = rest.chars().next() {
        if c == '[' {
            let Some(end) = rest.find(']') else { return false };
            let parts: Vec<&str> = rest[1..end].split(':').collect();
            let is_bound = |part: &&str| part.bytes().all(|byte| byte.is_ascii_alphanumeric());
            if !(2..=3).contains(&parts.len()) || !parts.iter().all(is_bound) {
                return false;
            }
            rest = &rest[end + 1..];
            label_length += 1;
            continue;
        }
        if c == '.' {
            if label_length == 0 {
                return false;
            }
            label_length = 0;
        } else if c.is_alphanumeric() || c == '-' || c == '_' {
            label_length += 1;
        } else {
            return false;
        }
        rest = &rest[c.len_utf8()..];
    }
    label_length > 0
}

#[cfg(test)]
mod tests {
    use super::{BigInt, is_address, split_port};

    #[test]
    fn splits_ports() {
        for (text, host, port) in [
            ("h", "h", None),
            ("h:22", "h", Some(22)),
            ("h:1:2", "h:1:2", None),
            ("10.0.0.1:2200", "10.0.0.1", Some(2200)),
            ("2001:db8::2", "2001:db8::2", None),
            ("[2001:db8::3]:99", "2001:db8::3", Some(99)),
            ("[2001:db8::3]", "2001:db8::3", None),
            ("web[01:10:2].example.com:2222", "web[01:10:2].example.com", Some(2222)),
            ("h[1:2]", "h[1:2]", None),
            ("h:99999", "h", Some(99999)),
            ("a b:1", "a b:1", None),
        ] {
            assert_eq!(split_port(text), (host, port.map(BigInt::from)), "{text}");
        }
        assert!(is_address("::1") && is_address("a[1:2]:3") && !is_address("a:b") && !is_address("a:&b"));
    }
}
