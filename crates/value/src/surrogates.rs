//! Lone surrogates: how Python keeps bytes that are not UTF-8 in text, and what `"\udce9"` in JSON means.
//!
//! PEP 383 ("surrogateescape") reads the byte 0xe9 as the code unit U+DCE9, which no Unicode text, and so no `str` of Rust,
//! can hold. Here a lone surrogate U+Dxxx is the private character U+10Dxxx. It counts as one character, goes through every
//! operation on text, and is turned back where text becomes bytes, JSON or output. Text that really has those private
//! characters of plane 16 is taken for bytes: that is the price.

use crate::{Data, Value};
use memchr::memchr;
use std::borrow::Cow;
use std::fmt;

const OFFSET: u32 = 0x10_0000;
/// The first byte of every character of plane 16.
const LEAD: u8 = 0xf4;

/// The surrogate that a character stands for.
pub fn surrogate(character: char) -> Option<u16> {
    let unit = u32::from(character).checked_sub(OFFSET)?;
    u16::try_from(unit).ok().filter(|unit| (0xd800..0xe000).contains(unit))
}

/// The character that stands for a lone surrogate, 0xd800 to 0xdfff; the replacement character for other numbers.
pub fn of_surrogate(unit: u16) -> char {
    char::from_u32(OFFSET + u32::from(unit))
        .filter(|it| surrogate(*it).is_some())
        .unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// Bytes as text; what is not UTF-8 is escaped.
pub fn escape_bytes(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let mut text = String::with_capacity(bytes.len() + 16);
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|byte| of_surrogate(0xdc00 + u16::from(*byte))));
    }
    Cow::Owned(text)
}

/// The bytes that [`escape_bytes`] read as this text. A surrogate that no byte is read as is a question mark.
pub fn unescape_bytes(text: &str) -> Cow<'_, [u8]> {
    if !has_surrogates(text) {
        return Cow::Borrowed(text.as_bytes());
    }
    let mut bytes = Vec::with_capacity(text.len());
    for character in text.chars() {
        match surrogate(character) {
            Some(unit) => {
                bytes.push(u8::try_from(unit.wrapping_sub(0xdc00)).ok().filter(|it| *it >= 0x80).unwrap_or(b'?'))
            }
            None => bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    Cow::Owned(bytes)
}

/// Text for people: a question mark for each surrogate.
pub fn replace_surrogates(text: &str) -> Cow<'_, str> {
    if !has_surrogates(text) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|character| if surrogate(character).is_some() { '?' } else { character }).collect())
}

/// Whether the text has a surrogate.
pub fn has_surrogates(text: &str) -> bool {
    memchr(LEAD, text.as_bytes()).is_some() && text.chars().any(|character| surrogate(character).is_some())
}

/// Text that cannot be encoded. Displayed as Python's `UnicodeEncodeError` of the codec `utf-8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoneSurrogates {
    /// The first code unit, 0xd800 to 0xdfff.
    pub unit: u16,
    /// The place of the first in its text, in characters from 0.
    pub first: usize,
    /// The place of the last that follows without a gap.
    pub last: usize,
}

impl fmt::Display for LoneSurrogates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("'utf-8' codec can't encode character")?;
        if self.first == self.last {
            write!(f, " '\\u{:x}' in position {}", self.unit, self.first)?;
        } else {
            write!(f, "s in position {}-{}", self.first, self.last)?;
        }
        f.write_str(": surrogates not allowed")
    }
}

impl std::error::Error for LoneSurrogates {}

impl LoneSurrogates {
    /// The first of a text.
    pub fn of_text(text: &str) -> Option<Self> {
        memchr(LEAD, text.as_bytes())?;
        let mut units = text.chars().map(surrogate).enumerate().skip_while(|(_, unit)| unit.is_none());
        let (first, unit) = units.next().and_then(|(at, unit)| Some((at, unit?)))?;
        Some(Self { unit, first, last: first + units.take_while(|(_, unit)| unit.is_some()).count() })
    }

    /// The first of all texts of a value, keys of mappings among them, in the order of a document.
    pub fn of_value(value: &Value) -> Option<Self> {
        match &value.data {
            Data::Str(text) => Self::of_text(text),
            Data::List(items) => items.iter().find_map(Self::of_value),
            Data::Dict(entries) => {
                entries.iter().find_map(|(key, value)| Self::of_value(key).or_else(|| Self::of_value(value)))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{LoneSurrogates, escape_bytes, has_surrogates, replace_surrogates, unescape_bytes};

    #[test]
    fn bytes_come_back() {
        for bytes in [&b"plain"[..], b"Caf\xe9|", b"\xed\xa0\x80", b"\xff\xfe", "\u{10d7ff}é😀".as_bytes(), b"\xf4\x8d"]
        {
            assert_eq!(unescape_bytes(&escape_bytes(bytes))[..], *bytes);
        }
        assert_eq!(escape_bytes(b"Caf\xe9").chars().count(), 4);
        assert_eq!(replace_surrogates(&escape_bytes(b"Caf\xe9!")), "Caf?!");
        assert!(!has_surrogates("\u{10ffff} 😀"));
    }

    #[test]
    fn what_python_says() {
        let said = |bytes: &[u8]| LoneSurrogates::of_text(&escape_bytes(bytes)).map(|it| it.to_string());
        assert_eq!(said(b"fine"), None);
        assert_eq!(
            said(b"a\xe9b\xff").unwrap(),
            "'utf-8' codec can't encode character '\\udce9' in position 1: surrogates not allowed"
        );
        assert_eq!(
            said(b"\xed\xa0\x80").unwrap(),
            "'utf-8' codec can't encode characters in position 0-2: surrogates not allowed"
        );
    }
}
