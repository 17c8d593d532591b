//! Text in the encodings that Python knows: Unicode's, ASCII, Latin-1 and those of one byte in `encodings.txt`.

mod charmap;

use charmap::Charmap;
use churten_diagnostics::Report;
use churten_value::{escape_bytes, has_surrogates, of_surrogate, str_repr, unescape_bytes};
use std::fmt::Write as _;

/// An encoding of text.
#[derive(Clone, Copy)]
pub(crate) enum Codec {
    Utf8 { mark: bool },
    Utf16(Order),
    Utf32(Order),
    Ascii,
    Latin1,
    Charmap(&'static Charmap),
}

/// The order of bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    Little,
    Big,
    /// As a mark in front says; little where there is none. A mark is written.
    Marked,
}

/// Bytes in a named encoding.
///
/// # Errors
/// What Python says: an encoding that it does not know (or that is not there yet), a character that the encoding lacks.
pub fn encode_text(text: &str, encoding: &str) -> Result<Vec<u8>, String> {
    Codec::find(encoding)?.encode(text)
}

/// The text of a file in UTF-8. Other bytes are escaped, and `warn` is told that this is deprecated.
pub fn decode_file(bytes: &[u8], path: &str, warn: impl Fn(Report)) -> String {
    let text = escape_bytes(bytes);
    if has_surrogates(&text) {
        warn(Report::new(format!(
            "File {} could not be decoded as 'utf-8'. Invalid content has been escaped. This feature will be removed \
             from ansible-core version 2.23. This file must be UTF-8 encoded.",
            str_repr(path)
        )));
    }
    text.into_owned()
}

impl Codec {
    /// The encoding of a name.
    ///
    /// # Errors
    /// What Python says of a name that it does not know, or that the encoding is not there yet.
    pub(crate) fn find(name: &str) -> Result<Self, String> {
        let plain = normal(name);
        Ok(match plain.as_str() {
            "utf_8" | "u8" | "utf" | "utf8" | "utf8_ucs2" | "utf8_ucs4" | "cp65001" => Self::Utf8 { mark: false },
            "utf_8_sig" => Self::Utf8 { mark: true },
            "utf_16" | "u16" | "utf16" => Self::Utf16(Order::Marked),
            "utf_16_le" | "unicodelittleunmarked" | "utf_16le" => Self::Utf16(Order::Little),
            "utf_16_be" | "unicodebigunmarked" | "utf_16be" => Self::Utf16(Order::Big),
            "utf_32" | "u32" | "utf32" => Self::Utf32(Order::Marked),
            "utf_32_le" | "utf_32le" => Self::Utf32(Order::Little),
            "utf_32_be" | "utf_32be" => Self::Utf32(Order::Big),
            "ascii" | "646" | "ansi_x3.4_1968" | "ansi_x3_4_1968" | "ansi_x3.4_1986" | "cp367" | "csascii"
            | "ibm367" | "iso646_us" | "iso_646.irv_1991" | "iso_ir_6" | "us" | "us_ascii" => Self::Ascii,
            "latin_1" | "8859" | "cp819" | "csisolatin1" | "ibm819" | "iso8859" | "iso8859_1" | "iso_8859_1"
            | "iso_8859_1_1987" | "iso_ir_100" | "l1" | "latin" | "latin1" => Self::Latin1,
            other => match Charmap::find(other) {
                Some(charmap) => Self::Charmap(charmap),
                None if is_elsewhere(other) => {
                    return Err(format!("not yet supported by churten: the encoding {name}"));
                }
                None => return Err(format!("unknown encoding: {name}")),
            },
        })
    }

    /// The bytes of a text.
    ///
    /// # Errors
    /// The first characters that the encoding lacks, in Python's words.
    pub(crate) fn encode(self, text: &str) -> Result<Vec<u8>, String> {
        match self {
            Self::Utf8 { mark } => Ok([if mark { "\u{feff}" } else { "" }.as_bytes(), &*unescape_bytes(text)].concat()),
            Self::Utf16(order) => {
                let units = marked(order, text).flat_map(|character| {
                    let mut buffer = [0; 2];
                    character.encode_utf16(&mut buffer).to_vec()
                });
                let bytes = |unit: u16| if order == Order::Big { unit.to_be_bytes() } else { unit.to_le_bytes() };
                Ok(units.flat_map(bytes).collect())
            }
            Self::Utf32(order) => {
                let bytes = |unit: u32| if order == Order::Big { unit.to_be_bytes() } else { unit.to_le_bytes() };
                Ok(marked(order, text).map(u32::from).flat_map(bytes).collect())
            }
            Self::Ascii => {
                let byte = |character: char| u8::try_from(u32::from(character)).ok().filter(u8::is_ascii);
                narrow(text, &byte, "ascii", "ordinal not in range(128)")
            }
            Self::Latin1 => {
                let byte = |character: char| u8::try_from(u32::from(character)).ok();
                narrow(text, &byte, "latin-1", "ordinal not in range(256)")
            }
            Self::Charmap(charmap) => {
                narrow(text, &|character| charmap.byte(character), "charmap", "character maps to <undefined>")
            }
        }
    }

    /// The text of bytes as Python's error handler "surrogateescape" reads it; `None` where that cannot help.
    pub(crate) fn decode_escaping(self, bytes: &[u8]) -> Option<String> {
        match self {
            Self::Utf8 { mark: false } => Some(escape_bytes(bytes).into_owned()),
            Self::Ascii => {
                let escape = |byte: &u8| of_surrogate(0xdc00 + u16::from(*byte));
                Some(bytes.iter().map(|byte| if byte.is_ascii() { char::from(*byte) } else { escape(byte) }).collect())
            }
            _ => self.decode(bytes),
        }
    }

    /// The text of bytes; `None` where they are none in this encoding.
    pub(crate) fn decode(self, bytes: &[u8]) -> Option<String> {
        match self {
            Self::Utf8 { mark } => {
                let text = std::str::from_utf8(bytes).ok()?;
                Some(text.strip_prefix('\u{feff}').filter(|_| mark).unwrap_or(text).to_owned())
            }
            Self::Utf16(order) => {
                let (big, bytes) = match (order, bytes) {
                    (Order::Marked, [0xfe, 0xff, rest @ ..]) => (true, rest),
                    (Order::Marked, [0xff, 0xfe, rest @ ..]) => (false, rest),
                    _ => (order == Order::Big, bytes),
                };
                let pairs = bytes.as_chunks::<2>();
                let unit = |pair: &[u8; 2]| if big { u16::from_be_bytes(*pair) } else { u16::from_le_bytes(*pair) };
                let units: Vec<u16> = pairs.0.iter().map(unit).collect();
                String::from_utf16(&units).ok().filter(|_| pairs.1.is_empty())
            }
            Self::Utf32(order) => {
                let (big, bytes) = match (order, bytes) {
                    (Order::Marked, [0, 0, 0xfe, 0xff, rest @ ..]) => (true, rest),
                    (Order::Marked, [0xff, 0xfe, 0, 0, rest @ ..]) => (false, rest),
                    _ => (order == Order::Big, bytes),
                };
                let quads = bytes.as_chunks::<4>();
                let unit = |quad: &[u8; 4]| if big { u32::from_be_bytes(*quad) } else { u32::from_le_bytes(*quad) };
                let text: Option<String> = quads.0.iter().map(|quad| char::from_u32(unit(quad))).collect();
                text.filter(|_| quads.1.is_empty())
            }
            Self::Ascii => bytes.is_ascii().then(|| bytes.iter().map(|byte| char::from(*byte)).collect()),
            Self::Latin1 => Some(bytes.iter().map(|byte| char::from(*byte)).collect()),
            Self::Charmap(charmap) => bytes.iter().map(|byte| charmap.character(*byte)).collect(),
        }
    }
}

/// A name as Python looks it up.
fn normal(name: &str) -> String {
    let mut plain = String::new();
    for character in name.chars().flat_map(char::to_lowercase) {
        if character.is_alphanumeric() || character == '.' {
            plain.push(character);
        } else if !plain.is_empty() && !plain.ends_with('_') {
            plain.push('_');
        }
    }
    plain.trim_end_matches('_').to_owned()
}

/// Is it another encoding that Python has?
fn is_elsewhere(name: &str) -> bool {
    const FAMILIES: [&str; 20] = [
        "big5",
        "cp",
        "euc",
        "gb",
        "hz",
        "iso2022",
        "iso_2022",
        "johab",
        "kz1048",
        "mac",
        "ms_kanji",
        "ptcp154",
        "shift",
        "sjis",
        "tis_620",
        "u7",
        "utf_7",
        "utf7",
        "punycode",
        "unicode_escape",
    ];
    FAMILIES.iter().any(|family| name.starts_with(family))
}

fn marked(order: Order, text: &str) -> impl Iterator<Item = char> {
    (order == Order::Marked).then_some('\u{feff}').into_iter().chain(text.chars())
}

/// One byte for each character.
fn narrow(text: &str, byte: &dyn Fn(char) -> Option<u8>, name: &str, reason: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::with_capacity(text.len());
    for (position, character) in text.chars().enumerate() {
        match byte(character) {
            Some(byte) => bytes.push(byte),
            None => {
                let count = text.chars().skip(position).take_while(|character| byte(*character).is_none()).count();
                let what = if count == 1 {
                    format!("character '{}' in position {position}", escaped(character))
                } else {
                    format!("characters in position {position}-{}", position + count - 1)
                };
                return Err(format!("'{name}' codec can't encode {what}: {reason}"));
            }
        }
    }
    Ok(bytes)
}

fn escaped(character: char) -> String {
    let mut text = String::new();
    let _ = match u32::from(character) {
        code @ ..=0xff => write!(text, "\\x{code:02x}"),
        code @ ..=0xffff => write!(text, "\\u{code:04x}"),
        code => write!(text, "\\U{code:08x}"),
    };
    text
}

#[cfg(test)]
mod tests {
    use super::{Codec, encode_text};

    #[test]
    fn text_becomes_bytes_and_text_again() {
        for (encoding, text, bytes) in [
            ("utf-8", "é", &b"\xc3\xa9"[..]),
            ("UTF8", "é", b"\xc3\xa9"),
            ("utf-8-sig", "a", b"\xef\xbb\xbfa"),
            ("utf-16", "a€", b"\xff\xfea\0\xac\x20"),
            ("utf_16_be", "a", b"\0a"),
            ("utf-16le", "\u{1f600}", b"\x3d\xd8\0\xde"),
            ("utf-32", "a", b"\xff\xfe\0\0a\0\0\0"),
            ("latin-1", "\u{e9}", b"\xe9"),
            ("ISO8859-1", "\u{a4}", b"\xa4"),
            ("iso-8859-15", "€", b"\xa4"),
            ("windows-1252", "“é", b"\x93\xe9"),
            ("cp437", "é", b"\x82"),
            ("koi8-r", "Я", b"\xf1"),
            ("us-ascii", "a", b"a"),
        ] {
            assert_eq!(encode_text(text, encoding).unwrap(), bytes, "{encoding}");
            let decoded = Codec::find(encoding).unwrap_or_else(|error| panic!("{error}")).decode(bytes);
            assert_eq!(decoded.as_deref(), Some(text), "{encoding}");
        }
    }

    #[test]
    fn what_cannot_be_is_said_as_python_says_it() {
        for (encoding, text, error) in [
            (
                "latin-1",
                "A é €",
                "'latin-1' codec can't encode character '\\u20ac' in position 4: ordinal not in range(256)",
            ),
            ("ascii", "aéé", "'ascii' codec can't encode characters in position 1-2: ordinal not in range(128)"),
            (
                "cp1252",
                "\u{1f600}",
                "'charmap' codec can't encode character '\\U0001f600' in position 0: character maps to <undefined>",
            ),
            ("latin-9", "", "unknown encoding: latin-9"),
            ("nosuch", "", "unknown encoding: nosuch"),
            ("shift_jis", "", "not yet supported by churten: the encoding shift_jis"),
        ] {
            assert_eq!(encode_text(text, encoding).unwrap_err(), error);
        }
    }
}
