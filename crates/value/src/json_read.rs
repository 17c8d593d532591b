//! JSON as Python's `json.loads` reads it: big integers, `NaN` and `Infinity` included.

use crate::{BigInt, Data, Dict, Value, of_surrogate};
use std::fmt;

/// Nesting beyond this is refused; it keeps a hostile document from exhausting the stack.
const MAX_DEPTH: usize = 500;

/// Why a text is no JSON, in the words of Python's `JSONDecodeError`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonError {
    /// `Expecting value`, `Extra data`, ...
    pub message: &'static str,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Offset in characters, from 0.
    pub offset: usize,
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: line {} column {} (char {})", self.message, self.line, self.column, self.offset)
    }
}

impl std::error::Error for JsonError {}

/// Read one JSON document. The values carry no tags: they are data, not templates. An escaped half of a surrogate pair
/// without its other half is kept as [`of_surrogate`] has it.
pub fn from_json(text: &str) -> Result<Value, JsonError> {
    let mut reader = Reader { text, at: 0 };
    reader.space();
    let value = reader.value(0)?;
    reader.space();
    if reader.at < text.len() { Err(reader.error("Extra data", reader.at)) } else { Ok(value) }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn error(&self, message: &'static str, at: usize) -> JsonError {
        let before = self.text.get(..at).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        JsonError {
            message,
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            offset: before.chars().count(),
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn word(&mut self, word: &str) -> bool {
        let found = self.text[self.at..].starts_with(word);
        if found {
            self.at += word.len();
        }
        found
    }

    fn value(&mut self, depth: usize) -> Result<Value, JsonError> {
        if depth > MAX_DEPTH {
            return Err(self.error("Nesting too deep", self.at));
        }
        match self.peek() {
            Some(b'"') => self.string().map(Value::from),
            Some(b'[') => self.array(depth),
            Some(b'{') => self.object(depth),
            Some(b'0'..=b'9' | b'-') => self.number(),
            _ if self.word("null") => Ok(Value::NONE),
            _ if self.word("true") => Ok(true.into()),
            _ if self.word("false") => Ok(false.into()),
            _ if self.word("NaN") => Ok(f64::NAN.into()),
            _ if self.word("Infinity") => Ok(f64::INFINITY.into()),
            _ => Err(self.error("Expecting value", self.at)),
        }
    }

    fn array(&mut self, depth: usize) -> Result<Value, JsonError> {
        self.at += 1;
        let mut items = Vec::new();
        self.space();
        if self.word("]") {
            return Ok(Value::list(items));
        }
        loop {
            self.space();
            items.push(self.value(depth + 1)?);
            self.space();
            if self.word("]") {
                return Ok(Value::list(items));
            }
            if !self.word(",") {
                return Err(self.error("Expecting ',' delimiter", self.at));
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value, JsonError> {
        self.at += 1;
        let mut entries = Dict::new();
        self.space();
        if self.word("}") {
            return Ok(entries.into());
        }
        loop {
            self.space();
            if self.peek() != Some(b'"') {
                return Err(self.error("Expecting property name enclosed in double quotes", self.at));
            }
            let key = self.string()?;
            self.space();
            if !self.word(":") {
                return Err(self.error("Expecting ':' delimiter", self.at));
            }
            self.space();
            let value = self.value(depth + 1)?;
            entries.insert(key, value);
            self.space();
            if self.word("}") {
                return Ok(entries.into());
            }
            if !self.word(",") {
                return Err(self.error("Expecting ',' delimiter", self.at));
            }
        }
    }

    fn number(&mut self) -> Result<Value, JsonError> {
        let start = self.at;
        if self.word("-Infinity") {
            return Ok(f64::NEG_INFINITY.into());
        }
        self.word("-");
        let digits = self.digits();
        if digits == 0
            || (digits > 1
                && self.text[..self.at].ends_with(|_: char| true)
                && self.text.as_bytes()[self.at - digits] == b'0')
        {
            // `json` reads "01" as 0 followed by extra data.
            if digits == 0 {
                return Err(self.error("Expecting value", start));
            }
            self.at -= digits - 1;
        }
        let mut is_float = false;
        let mark = self.at;
        if self.word(".") {
            if self.digits() > 0 { is_float = true } else { self.at = mark }
        }
        let mark = self.at;
        if self.word("e") || self.word("E") {
            let _ = self.word("+") || self.word("-");
            if self.digits() > 0 { is_float = true } else { self.at = mark }
        }
        let text = &self.text[start..self.at];
        if is_float {
            return Ok(text.parse::<f64>().unwrap_or(f64::NAN).into());
        }
        Ok(match text.parse::<i64>() {
            Ok(number) => number.into(),
            Err(_) => Value::int(text.parse::<BigInt>().map_err(|_| self.error("Expecting value", start))?),
        })
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        self.at - start
    }

    fn string(&mut self) -> Result<String, JsonError> {
        let start = self.at;
        self.at += 1;
        let mut out = String::new();
        loop {
            let rest = &self.text[self.at..];
            let plain = rest.find(|c: char| c == '"' || c == '\\' || (c as u32) < 0x20);
            let Some(plain) = plain else { return Err(self.error("Unterminated string starting at", start)) };
            out.push_str(&rest[..plain]);
            self.at += plain;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => self.escape(start, &mut out)?,
                _ => return Err(self.error("Invalid control character at", self.at)),
            }
        }
    }

    fn escape(&mut self, start: usize, out: &mut String) -> Result<(), JsonError> {
        let at = self.at;
        self.at += 1;
        let Some(kind) = self.peek() else { return Err(self.error("Unterminated string starting at", start)) };
        self.at += 1;
        out.push(match kind {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let high = self.unit()?;
                let mark = self.at;
                let pair = (0xd800..0xdc00).contains(&high) && self.word("\\u");
                match pair.then(|| self.unit()).transpose()? {
                    Some(low) if (0xdc00..0xe000).contains(&low) => {
                        char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)).unwrap_or('\u{fffd}')
                    }
                    _ => {
                        if pair {
                            self.at = mark;
                        }
                        let surrogate = || u16::try_from(high).map_or(char::REPLACEMENT_CHARACTER, of_surrogate);
                        char::from_u32(high).unwrap_or_else(surrogate)
                    }
                }
            }
            _ => return Err(self.error("Invalid \\escape", at)),
        });
        Ok(())
    }

    fn unit(&mut self) -> Result<u32, JsonError> {
        let digits = self.text.get(self.at..self.at + 4).filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()));
        let unit = digits.and_then(|hex| u32::from_str_radix(hex, 16).ok());
        let unit = unit.ok_or_else(|| self.error("Invalid \\uXXXX escape", self.at - 1))?;
        self.at += 4;
        Ok(unit)
    }
}

impl Value {
    /// True for the scalar kinds JSON has: null, boolean, number and string.
    pub fn is_json_scalar(&self) -> bool {
        matches!(self.data, Data::None | Data::Bool(_) | Data::Int(_) | Data::BigInt(_) | Data::Float(_) | Data::Str(_))
    }
}

#[cfg(test)]
mod tests {
    use super::from_json;
    use crate::{JsonStyle, LoneSurrogates};

    #[test]
    fn reads_what_python_writes() {
        for text in
            [r#"{"a": [1, -2.5, 1e+20, true, null], "b": "x\ny"}"#, "123456789012345678901234567890", "[]", "{}"]
        {
            assert_eq!(from_json(text).unwrap().to_json(JsonStyle::PLAIN), text);
        }
        assert_eq!(from_json(r#""\ud83d\ude00\/""#).unwrap().as_str(), Some("😀/"));
    }

    #[test]
    fn a_lone_surrogate_is_kept() {
        let text = r#"["\ud83d\ude00", "hi \udc80 mom", "\ud800"]"#;
        let value = from_json(text).unwrap();
        assert_eq!(value.to_json(JsonStyle::PLAIN), text);
        assert_eq!(LoneSurrogates::of_value(&value), Some(LoneSurrogates { unit: 0xdc80, first: 3, last: 3 }));
    }

    #[test]
    fn errors_are_pythons() {
        for (text, message) in [
            ("", "Expecting value: line 1 column 1 (char 0)"),
            ("{\"a\": 1,\n}", "Expecting property name enclosed in double quotes: line 2 column 1 (char 9)"),
            ("[1 2]", "Expecting ',' delimiter: line 1 column 4 (char 3)"),
            ("01", "Extra data: line 1 column 2 (char 1)"),
            ("\"a", "Unterminated string starting at: line 1 column 1 (char 0)"),
        ] {
            assert_eq!(from_json(text).unwrap_err().to_string(), message);
        }
        assert!(from_json(&"[".repeat(100_000)).is_err());
    }
}
