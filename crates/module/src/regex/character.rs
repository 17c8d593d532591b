//! What is said about single characters: classes, and equality without case.

/// The zeros of all digits that Python counts as decimal; nine more follow each.
const ZEROS: [u32; 66] = [
    0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0,
    0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620,
    0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10, 0x104a0, 0x10d30, 0x11066, 0x110f0, 0x11136, 0x111d0,
    0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0, 0x11730, 0x118e0, 0x11950, 0x11c50, 0x11d50, 0x11da0, 0x16a60,
    0x16ac0, 0x16b50, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e140, 0x1e2f0, 0x1e950, 0x1fbf0,
];

/// How upper and lower case differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    Exact,
    Ascii,
    Unicode,
}

/// A class of characters.
#[derive(Clone, Copy, Debug)]
pub(super) enum Class {
    Word,
    Digit,
    Space,
    AsciiWord,
    AsciiDigit,
    AsciiSpace,
    /// One of C's, for ASCII.
    Named(fn(&u8) -> bool),
}

impl Class {
    pub(super) fn has(self, c: char) -> bool {
        match self {
            Self::Word => c == '_' || c.is_alphanumeric(),
            Self::Digit => {
                let at = ZEROS.partition_point(|zero| *zero <= u32::from(c));
                at.checked_sub(1).and_then(|at| ZEROS.get(at)).is_some_and(|zero| u32::from(c) - zero < 10)
            }
            Self::Space => c.is_whitespace() || ('\x1c'..='\x1f').contains(&c),
            Self::AsciiWord => c == '_' || c.is_ascii_alphanumeric(),
            Self::AsciiDigit => c.is_ascii_digit(),
            Self::AsciiSpace => matches!(c, ' ' | '\t'..='\r'),
            Self::Named(test) => u8::try_from(c).is_ok_and(|byte| byte.is_ascii() && test(&byte)),
        }
    }

    /// A class in the words of C: `alpha`, `digit`.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(Self::Named(match name {
            "alnum" => u8::is_ascii_alphanumeric,
            "alpha" => u8::is_ascii_alphabetic,
            "ascii" => u8::is_ascii,
            "blank" => |byte| matches!(byte, b' ' | b'\t'),
            "cntrl" => u8::is_ascii_control,
            "digit" => u8::is_ascii_digit,
            "graph" => u8::is_ascii_graphic,
            "lower" => u8::is_ascii_lowercase,
            "print" => |byte| matches!(byte, b' '..=b'~'),
            "punct" => u8::is_ascii_punctuation,
            "space" => |byte| matches!(byte, b' ' | b'\t'..=b'\r'),
            "upper" => u8::is_ascii_uppercase,
            "word" => |byte| *byte == b'_' || byte.is_ascii_alphanumeric(),
            "xdigit" => u8::is_ascii_hexdigit,
            _ => return None,
        }))
    }
}

/// One character of the other case, or the same where there is none or several.
fn single(c: char, mut other: impl Iterator<Item = char>) -> char {
    match (other.next(), other.next()) {
        (Some(only), None) => only,
        _ => c,
    }
}

pub(super) fn lower(c: char) -> char {
    match c {
        // The only one whose small letter is written as two.
        '\u{130}' => 'i',
        _ if c.is_ascii() => c.to_ascii_lowercase(),
        _ => single(c, c.to_lowercase()),
    }
}

pub(super) fn upper(c: char) -> char {
    if c.is_ascii() { c.to_ascii_uppercase() } else { single(c, c.to_uppercase()) }
}

/// Are two characters the same?
pub(super) fn same(a: char, b: char, case: Case) -> bool {
    match case {
        Case::Exact => a == b,
        Case::Ascii => a.eq_ignore_ascii_case(&b),
        // By way of the capital, so that the two small sigmas are the same.
        Case::Unicode => a == b || lower(a) == lower(b) || lower(upper(a)) == lower(upper(b)),
    }
}
