//! Filters on URLs.

use super::Filter;
use super::types::soft_text;
use crate::eval::Call;
use crate::fault::{Fault, Outcome};
use crate::val::{Val, python_str};

pub(super) const TABLE: &[Filter] =
    &[Filter::new("urldecode", urldecode), Filter::new("urlencode", urlencode), Filter::new("urlsplit", urlsplit)];

fn quoted(text: &str, in_query: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'.' | b'-' | b'~' => out.push(char::from(byte)),
            b'/' if !in_query => out.push('/'),
            b' ' if in_query => out.push('+'),
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

fn urlencode(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value] = call.bind("do_urlencode", ["value"], 1)?;
    let value = value.unwrap_or(Val::None);
    let pairs: Vec<(Val, Val)> = match (&value, call.session.mapping(&value)) {
        (_, Some(entries)) => call.pairs(&entries)?.into_iter().map(|(key, value)| (key.into_value(), value)).collect(),
        (Val::List(_) | Val::Tuple(_), _) => {
            let mut pairs = Vec::new();
            for item in call.items(&value)? {
                let parts = call.items(&item)?;
                let [key, value] = &*parts else {
                    return Err(Fault::python(match parts.len() {
                        0 | 1 => format!("not enough values to unpack (expected 2, got {})", parts.len()),
                        _ => "too many values to unpack (expected 2)".to_owned(),
                    }));
                };
                pairs.push((key.clone(), value.clone()));
            }
            pairs
        }
        _ => return Ok(quoted(&soft_text(Some(value), call)?, false).into()),
    };
    let mut parts = Vec::with_capacity(pairs.len());
    for (key, value) in pairs {
        let (key, value) = (python_str(&key, call.session)?, python_str(&value, call.session)?);
        parts.push(format!("{}={}", quoted(&key, true), quoted(&value, true)));
    }
    Ok(parts.join("&").into())
}

fn urldecode(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value] = call.bind("unquote_plus", ["string"], 1)?;
    let value = value.unwrap_or(Val::None);
    let Val::Str(text) = &value else {
        return Err(Fault::python(format!("'{}' object has no attribute 'replace'", value.python_class())));
    };
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        let decoded = match (byte, after) {
            (b'%', [high, low, ..]) => {
                let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
                digit(high).zip(digit(low)).map(|(high, low)| high << 4 | low)
            }
            _ => None,
        };
        match decoded {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => bytes.push(if *byte == b'+' { b' ' } else { *byte }),
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned().into())
}

/// The parts of a URL, in the order in which ansible-core lists them.
fn parts(url: &str) -> Outcome<[(&'static str, Val); 9]> {
    // Python removes these wherever they stand.
    let url = url.trim_start_matches(|c: char| c <= ' ').replace(['\t', '\r', '\n'], "");
    let mut rest = url.as_str();
    let mut scheme = String::new();
    if let Some((start, after)) = rest.split_once(':')
        && start.starts_with(|c: char| c.is_ascii_alphabetic())
        && start.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    {
        scheme = start.to_lowercase();
        rest = after;
    }
    let mut netloc = "";
    if let Some(after) = rest.strip_prefix("//") {
        let end = after.find(['/', '?', '#']).unwrap_or(after.len());
        (netloc, rest) = after.split_at(end);
        if netloc.contains('[') != netloc.contains(']') {
            return Err(Fault::python("Invalid IPv6 URL"));
        }
    }
    let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (user, host) = netloc.rsplit_once('@').map_or((None, netloc), |(user, host)| (Some(user), host));
    let (host, port) = match host.split_once('[').and_then(|(_, inner)| inner.split_once(']')) {
        Some((host, after)) => (host, after.strip_prefix(':').unwrap_or("")),
        None => host.split_once(':').unwrap_or((host, "")),
    };
    let port = match port {
        "" => Val::None,
        port if !port.bytes().all(|byte| byte.is_ascii_digit()) => {
            return Err(Fault::python(format!(
                "Port could not be cast to integer value as {}",
                churten_value::str_repr(port)
            )));
        }
        port => match port.parse::<u16>() {
            Ok(port) => Val::Int(port.into()),
            Err(_) => return Err(Fault::python("Port out of range 0-65535")),
        },
    };
    let optional = |text: Option<&str>| text.map_or(Val::None, Val::str);
    let (name, password) = match user.map(|user| user.split_once(':')) {
        Some(Some((name, password))) => (Some(name), Some(password)),
        Some(None) => (user, None),
        None => (None, None),
    };
    Ok([
        ("fragment", fragment.into()),
        ("hostname", if host.is_empty() { Val::None } else { host.to_lowercase().into() }),
        ("netloc", netloc.into()),
        ("password", optional(password)),
        ("path", path.into()),
        ("port", port),
        ("query", query.into()),
        ("scheme", scheme.into()),
        ("username", optional(name)),
    ])
}

fn urlsplit(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, query, alias] = call.bind("split_url", ["value", "query", "alias"], 1)?;
    let value = value.unwrap_or(Val::None);
    let Val::Str(url) = &value else {
        return Err(Fault::python(format!("'{}' object has no attribute 'decode'", value.python_class())));
    };
    let parts = parts(url)?;
    let query = query.map_or(Ok(String::new()), |query| call.text(&query))?;
    if query.is_empty() {
        return Ok(Val::dict(parts));
    }
    let alias = alias.map_or(Ok("urlsplit".to_owned()), |alias| call.text(&alias))?;
    match parts.into_iter().find(|(name, _)| *name == query) {
        Some((_, value)) => Ok(value),
        None => Err(Fault::python(format!("{alias}: unknown URL component: {query}"))),
    }
}
