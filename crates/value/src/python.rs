//! `str()`, `repr()`, truth, equality, hashing and order as Python defines them.

use crate::{BigInt, Data, Dict, Value, float_repr, surrogate};
use num_traits::ToPrimitive;
use std::cmp::Ordering;
use std::fmt::{self, Write as _};
use std::hash::{Hash, Hasher};

/// Prints `str(value)`.
pub struct Str<'a>(pub &'a Value);
/// Prints `repr(value)`.
pub struct Repr<'a>(pub &'a Value);

impl fmt::Display for Str<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.data {
            Data::Str(text) => f.write_str(text),
            Data::Timestamp(when) => write!(f, "{when}"),
            Data::Time(time) => f.write_str(&time.iso()),
            _ => Repr(self.0).fmt(f),
        }
    }
}

impl fmt::Display for Repr<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.data {
            Data::None => f.write_str("None"),
            Data::Bool(true) => f.write_str("True"),
            Data::Bool(false) => f.write_str("False"),
            Data::Int(number) => write!(f, "{number}"),
            Data::BigInt(number) => write!(f, "{number}"),
            Data::Float(number) => f.write_str(&float_repr(*number)),
            Data::Str(text) => f.write_str(&str_repr(text)),
            Data::Bytes(bytes) => write_bytes(bytes, f),
            Data::Timestamp(when) => f.write_str(&when.repr()),
            Data::Time(time) => f.write_str(&time.repr()),
            Data::List(items) => {
                f.write_char('[')?;
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        f.write_str(", ")?;
                    }
                    Repr(item).fmt(f)?;
                }
                f.write_char(']')
            }
            Data::Dict(entries) => {
                f.write_char('{')?;
                for (index, (key, value)) in entries.iter().enumerate() {
                    if index > 0 {
                        f.write_str(", ")?;
                    }
                    write!(f, "{}: {}", Repr(key), Repr(value))?;
                }
                f.write_char('}')
            }
            Data::Vault(_) => f.write_str("EncryptedString(ciphertext='$ANSIBLE_VAULT;...')"),
            Data::Omit => f.write_str("<<Omit>>"),
        }
    }
}

/// `repr()` of text: single quotes unless only single quotes occur inside, Python's escapes, and
/// characters that Python calls unprintable as `\x`, `\u` or `\U`.
pub fn str_repr(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut out = String::with_capacity(text.len() + 2);
    out.push(quote);
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == quote => {
                out.push('\\');
                out.push(c);
            }
            c if is_printable(c) => out.push(c),
            c => {
                let code = c as u32;
                let _ = match surrogate(c).map_or(code, u32::from) {
                    code @ 0xd800..=0xdfff => write!(out, "\\u{code:04x}"),
                    0..=0xff => write!(out, "\\x{code:02x}"),
                    0x100..=0xffff => write!(out, "\\u{code:04x}"),
                    _ => write!(out, "\\U{code:08x}"),
                };
            }
        }
    }
    out.push(quote);
    out
}

/// `str.isprintable` for one character, without the full Unicode table: controls, format
/// characters, separators other than the space, private use and the last two of each plane.
fn is_printable(c: char) -> bool {
    let code = c as u32;
    if code < 0x7f {
        return code >= 0x20;
    }
    !(c.is_control()
        || (c.is_whitespace() && c != ' ')
        || matches!(code,
            0xad | 0x600..=0x605 | 0x61c | 0x6dd | 0x70f | 0x180e | 0x200b..=0x200f | 0x202a..=0x202e
            | 0x2060..=0x206f | 0xe000..=0xf8ff | 0xfeff | 0xfff9..=0xfffb | 0xe0001..=0xe007f | 0xf0000..)
        || code & 0xfffe == 0xfffe)
}

fn write_bytes(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let quote = if bytes.contains(&b'\'') && !bytes.contains(&b'"') { b'"' } else { b'\'' };
    write!(f, "b{}", quote as char)?;
    for &byte in bytes {
        match byte {
            b'\\' => f.write_str("\\\\")?,
            b'\n' => f.write_str("\\n")?,
            b'\r' => f.write_str("\\r")?,
            b'\t' => f.write_str("\\t")?,
            _ if byte == quote => write!(f, "\\{}", byte as char)?,
            0x20..=0x7e => f.write_char(byte as char)?,
            _ => write!(f, "\\x{byte:02x}")?,
        }
    }
    f.write_char(quote as char)
}

impl Value {
    /// `str(value)` as a `String`.
    pub fn to_text(&self) -> String {
        Str(self).to_string()
    }

    /// `bool(value)`.
    pub fn is_truthy(&self) -> bool {
        match &self.data {
            Data::None => false,
            Data::Bool(flag) => *flag,
            Data::Int(number) => *number != 0,
            Data::Float(number) => *number != 0.0,
            Data::Str(text) => !text.is_empty(),
            Data::Bytes(bytes) => !bytes.is_empty(),
            Data::List(items) => !items.is_empty(),
            Data::Dict(entries) => !entries.is_empty(),
            Data::BigInt(_) | Data::Timestamp(_) | Data::Time(_) | Data::Vault(_) | Data::Omit => true,
        }
    }

    /// The name of the Python type: `str`, `int`, `NoneType`, ...
    pub fn type_name(&self) -> &'static str {
        match &self.data {
            Data::None => "NoneType",
            Data::Bool(_) => "bool",
            Data::Int(_) | Data::BigInt(_) => "int",
            Data::Float(_) => "float",
            Data::Str(_) => "str",
            Data::Bytes(_) => "bytes",
            Data::Timestamp(when) if when.time.is_some() => "datetime",
            Data::Timestamp(_) => "date",
            Data::Time(_) => "time",
            Data::List(_) => "list",
            Data::Dict(_) => "dict",
            Data::Vault(_) => "EncryptedString",
            Data::Omit => "Omit",
        }
    }
}

/// A number for comparison across `bool`, `int` and `float`.
enum Number<'a> {
    Small(i64),
    Big(&'a BigInt),
    Float(f64),
}

fn number(value: &Value) -> Option<Number<'_>> {
    Some(match &value.data {
        Data::Bool(flag) => Number::Small((*flag).into()),
        Data::Int(number) => Number::Small(*number),
        Data::BigInt(number) => Number::Big(number),
        Data::Float(number) => Number::Float(*number),
        _ => return None,
    })
}

/// Exact, as in Python: an integer is not rounded to a float to be compared with one.
fn compare_numbers(a: &Number<'_>, b: &Number<'_>) -> Option<Ordering> {
    use Number::{Big, Float, Small};
    match (a, b) {
        (Small(a), Small(b)) => Some(a.cmp(b)),
        (Float(a), Float(b)) => a.partial_cmp(b),
        (Big(a), Big(b)) => Some(a.cmp(b)),
        (Small(a), Big(b)) => Some(BigInt::from(*a).cmp(b)),
        (Big(a), Small(b)) => Some((*a).cmp(&BigInt::from(*b))),
        (Float(a), Small(b)) => compare_float(*a, &BigInt::from(*b)),
        (Float(a), Big(b)) => compare_float(*a, b),
        (Small(a), Float(b)) => compare_float(*b, &BigInt::from(*a)).map(Ordering::reverse),
        (Big(a), Float(b)) => compare_float(*b, a).map(Ordering::reverse),
    }
}

fn compare_float(a: f64, b: &BigInt) -> Option<Ordering> {
    use num_traits::FromPrimitive;
    if a.is_nan() {
        return None;
    }
    let Some(whole) = BigInt::from_f64(a.trunc()) else {
        return Some(if a > 0.0 { Ordering::Greater } else { Ordering::Less });
    };
    Some(whole.cmp(b).then_with(|| a.fract().partial_cmp(&0.0).unwrap_or(Ordering::Equal)))
}

/// Python's `==`; tags do not count.
impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        if let (Some(a), Some(b)) = (number(self), number(other)) {
            return compare_numbers(&a, &b) == Some(Ordering::Equal);
        }
        match (&self.data, &other.data) {
            (Data::None, Data::None) | (Data::Omit, Data::Omit) => true,
            (Data::Str(a), Data::Str(b)) => a == b,
            (Data::Bytes(a), Data::Bytes(b)) => a == b,
            (Data::Timestamp(a), Data::Timestamp(b)) => a == b,
            (Data::Time(a), Data::Time(b)) => a == b,
            (Data::List(a), Data::List(b)) => a == b,
            (Data::Dict(a), Data::Dict(b)) => a == b,
            (Data::Vault(a), Data::Vault(b)) => a == b,
            _ => false,
        }
    }
}

/// A `nan` key is equal to nothing, as in Python; the map then simply keeps both.
impl Eq for Value {}

pub(crate) fn hash_str<H: Hasher>(text: &str, state: &mut H) {
    state.write_u8(2);
    text.hash(state);
}

impl Hash for Value {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let int = |number: i64, state: &mut H| {
            state.write_u8(1);
            state.write_i64(number);
        };
        match &self.data {
            Data::Bool(flag) => int((*flag).into(), state),
            Data::Int(number) => int(*number, state),
            Data::Float(number) => match number.to_i64() {
                Some(whole) if whole as f64 == *number => int(whole, state),
                _ => {
                    state.write_u8(3);
                    state.write_u64(number.to_bits());
                }
            },
            Data::BigInt(number) => match number.to_f64() {
                // A float of this size equals the integer, so both must hash alike.
                Some(float) if compare_float(float, number) == Some(Ordering::Equal) => {
                    state.write_u8(3);
                    state.write_u64(float.to_bits());
                }
                _ => number.hash(state),
            },
            Data::Str(text) => hash_str(text, state),
            Data::Bytes(bytes) => bytes.hash(state),
            Data::Timestamp(when) => when.hash(state),
            Data::Time(time) => time.hash(state),
            Data::Vault(vaulted) => vaulted.hash(state),
            // Containers are no keys in Python; they may still be put into a set of ours.
            Data::List(items) => {
                state.write_u8(4);
                items.hash(state);
            }
            Data::Dict(entries) => state.write_usize(entries.len()),
            Data::None => state.write_u8(5),
            Data::Omit => state.write_u8(6),
        }
    }
}

/// Two values Python refuses to order: `'<' not supported between instances of 'int' and 'str'`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotComparable;

/// Python's order. `Ok(None)` is an unordered pair (`nan`), for which every comparison is false.
pub fn compare(a: &Value, b: &Value) -> Result<Option<Ordering>, NotComparable> {
    if let (Some(a), Some(b)) = (number(a), number(b)) {
        return Ok(compare_numbers(&a, &b));
    }
    match (&a.data, &b.data) {
        (Data::Str(a), Data::Str(b)) => Ok(Some(a.cmp(b))),
        (Data::Bytes(a), Data::Bytes(b)) => Ok(Some(a.cmp(b))),
        (Data::Time(a), Data::Time(b)) => Ok(Some(a.cmp(b))),
        (Data::Timestamp(a), Data::Timestamp(b)) if a.time.is_some() == b.time.is_some() => Ok(Some(a.cmp(b))),
        (Data::List(a), Data::List(b)) => {
            for (a, b) in a.iter().zip(b.iter()) {
                if a != b {
                    return compare(a, b);
                }
            }
            Ok(Some(a.len().cmp(&b.len())))
        }
        _ => Err(NotComparable),
    }
}

/// A mapping prints as its `repr()`.
impl fmt::Display for Dict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Repr(&Value::dict(self.clone())).fmt(f)
    }
}
