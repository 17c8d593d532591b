//! YAML 1.1's implicit types, by PyYAML's patterns.

/// The type of a node: one of `tag:yaml.org,2002:...`, ansible's own, or unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Tag {
    Null,
    Bool,
    Int,
    Float,
    Str,
    Binary,
    Timestamp,
    Merge,
    Value,
    Seq,
    Map,
    Set,
    OrderedMap,
    Pairs,
    Vault,
    Unsafe,
    Other(String),
}

impl Tag {
    /// The meaning of an explicit tag.
    pub(crate) fn explicit(tag: &str) -> Self {
        match tag.strip_prefix("tag:yaml.org,2002:").unwrap_or(tag) {
            "null" if tag.len() > 4 => Self::Null,
            "bool" if tag.len() > 4 => Self::Bool,
            "int" if tag.len() > 4 => Self::Int,
            "float" if tag.len() > 5 => Self::Float,
            "str" if tag.len() > 3 => Self::Str,
            "binary" if tag.len() > 6 => Self::Binary,
            "timestamp" if tag.len() > 9 => Self::Timestamp,
            "merge" if tag.len() > 5 => Self::Merge,
            "value" if tag.len() > 5 => Self::Value,
            "seq" if tag.len() > 3 => Self::Seq,
            "map" if tag.len() > 3 => Self::Map,
            "set" if tag.len() > 3 => Self::Set,
            "omap" if tag.len() > 4 => Self::OrderedMap,
            "pairs" if tag.len() > 5 => Self::Pairs,
            "!vault" | "!vault-encrypted" => Self::Vault,
            "!unsafe" => Self::Unsafe,
            _ => Self::Other(tag.to_owned()),
        }
    }

    /// The implicit type of a plain scalar.
    pub(crate) fn implicit(text: &str) -> Self {
        let Some(&first) = text.as_bytes().first() else { return Self::Null };
        let number = matches!(first, b'-' | b'+' | b'0'..=b'9' | b'.');
        if number {
            if is_float(text) {
                return Self::Float;
            }
            if is_int(text) {
                return Self::Int;
            }
            if first.is_ascii_digit() && crate::timestamp::parse(text).is_some() {
                return Self::Timestamp;
            }
            return Self::Str;
        }
        match text {
            "yes" | "Yes" | "YES" | "no" | "No" | "NO" | "true" | "True" | "TRUE" | "false" | "False" | "FALSE"
            | "on" | "On" | "ON" | "off" | "Off" | "OFF" => Self::Bool,
            "~" | "null" | "Null" | "NULL" => Self::Null,
            "<<" => Self::Merge,
            "=" => Self::Value,
            _ => Self::Str,
        }
    }

    /// The full tag, for messages and for the emitter.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Null => "tag:yaml.org,2002:null",
            Self::Bool => "tag:yaml.org,2002:bool",
            Self::Int => "tag:yaml.org,2002:int",
            Self::Float => "tag:yaml.org,2002:float",
            Self::Str => "tag:yaml.org,2002:str",
            Self::Binary => "tag:yaml.org,2002:binary",
            Self::Timestamp => "tag:yaml.org,2002:timestamp",
            Self::Merge => "tag:yaml.org,2002:merge",
            Self::Value => "tag:yaml.org,2002:value",
            Self::Seq => "tag:yaml.org,2002:seq",
            Self::Map => "tag:yaml.org,2002:map",
            Self::Set => "tag:yaml.org,2002:set",
            Self::OrderedMap => "tag:yaml.org,2002:omap",
            Self::Pairs => "tag:yaml.org,2002:pairs",
            Self::Vault => "!vault",
            Self::Unsafe => "!unsafe",
            Self::Other(tag) => tag,
        }
    }
}

/// Eats a prefix of bytes that satisfy `accept`; the rest, and how many were eaten.
fn eat(bytes: &[u8], accept: impl Fn(u8) -> bool) -> (&[u8], usize) {
    let count = bytes.iter().take_while(|byte| accept(**byte)).count();
    (&bytes[count..], count)
}

fn unsigned(bytes: &[u8]) -> &[u8] {
    match bytes {
        [b'-' | b'+', rest @ ..] => rest,
        _ => bytes,
    }
}

fn digit_or_underscore(byte: u8) -> bool {
    byte.is_ascii_digit() || byte == b'_'
}

/// `(?::[0-5]?[0-9])+`; `None` when there is not even one.
fn sixties(mut bytes: &[u8]) -> Option<&[u8]> {
    let mut any = false;
    while let [b':', rest @ ..] = bytes {
        bytes = match rest {
            [b'0'..=b'5', b'0'..=b'9', rest @ ..] | [b'0'..=b'9', rest @ ..] => rest,
            _ => return None,
        };
        any = true;
    }
    any.then_some(bytes)
}

fn is_exponent(bytes: &[u8]) -> bool {
    match bytes {
        [] => true,
        [b'e' | b'E', b'-' | b'+', digits @ ..] => !digits.is_empty() && digits.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

fn is_float(text: &str) -> bool {
    let bytes = text.as_bytes();
    if matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    let body = unsigned(bytes);
    if matches!(body, b".inf" | b".Inf" | b".INF") {
        return true;
    }
    if let [b'.', b'0'..=b'9', ..] = bytes {
        return is_exponent(eat(&bytes[1..], digit_or_underscore).0);
    }
    if !body.first().is_some_and(u8::is_ascii_digit) {
        return false;
    }
    let rest = eat(body, digit_or_underscore).0;
    if let [b'.', rest @ ..] = rest {
        return is_exponent(eat(rest, digit_or_underscore).0);
    }
    matches!(sixties(rest), Some([b'.', rest @ ..]) if rest.iter().all(|byte| digit_or_underscore(*byte)))
}

fn is_int(text: &str) -> bool {
    let body = unsigned(text.as_bytes());
    match body {
        [b'0'] => true,
        [b'0', b'b', rest @ ..] => !rest.is_empty() && rest.iter().all(|b| matches!(b, b'0' | b'1' | b'_')),
        [b'0', b'x', rest @ ..] => !rest.is_empty() && rest.iter().all(|b| b.is_ascii_hexdigit() || *b == b'_'),
        [b'0', rest @ ..] => rest.iter().all(|b| matches!(b, b'0'..=b'7' | b'_')),
        [b'1'..=b'9', ..] => {
            let rest = eat(body, digit_or_underscore).0;
            rest.is_empty() || sixties(rest).is_some_and(<[u8]>::is_empty)
        }
        _ => false,
    }
}
