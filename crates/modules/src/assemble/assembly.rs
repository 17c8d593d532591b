use crate::python_regex::PythonRegex;

/// Fragments of files on their way to one file. The module joins those of the host, the action of the controller those
/// it finds there.
#[derive(Debug, Default)]
pub struct Assembly {
    delimiter: Option<Vec<u8>>,
    regexp: Option<PythonRegex>,
    ignore_hidden: bool,
    content: Vec<u8>,
    is_begun: bool,
    lacks_newline: bool,
}

impl Assembly {
    /// An assembly of the files whose names match a regular expression, which the error is about.
    pub fn new(regexp: Option<&str>, ignore_hidden: bool) -> Result<Self, String> {
        let regexp = regexp.map(|pattern| PythonRegex::new(pattern, "")).transpose()?;
        Ok(Self { regexp, ignore_hidden, ..Self::default() })
    }

    /// With a text between the files, in which escapes stand for characters; the error is about these.
    pub fn delimited_by(mut self, delimiter: Option<&str>) -> Result<Self, String> {
        self.delimiter = delimiter.filter(|text| !text.is_empty()).map(unescape).transpose()?;
        if let Some(delimiter) = self.delimiter.as_mut().filter(|delimiter| !delimiter.ends_with(b"\n")) {
            delimiter.push(b'\n');
        }
        Ok(self)
    }

    /// The same as ansible-core's action does it: a newline follows the text even when it ends with one.
    pub fn delimited_by_action(mut self, delimiter: Option<&str>) -> Result<Self, String> {
        self.delimiter = delimiter.filter(|text| !text.is_empty()).map(unescape).transpose()?;
        self.delimiter.iter_mut().for_each(|delimiter| delimiter.push(b'\n'));
        Ok(self)
    }

    /// Whether a file of this name belongs to it.
    pub fn takes(&self, name: &str) -> bool {
        let is_hidden = self.ignore_hidden && name.starts_with('.');
        !is_hidden && self.regexp.as_ref().is_none_or(|regexp| regexp.is_match(name))
    }

    /// Add a file. A newline that the one before lacks is added, also when that was empty.
    pub fn add(&mut self, fragment: &[u8]) {
        if self.lacks_newline {
            self.content.push(b'\n');
        }
        if self.is_begun
            && let Some(delimiter) = &self.delimiter
        {
            self.content.extend_from_slice(delimiter);
        }
        self.content.extend_from_slice(fragment);
        self.is_begun = true;
        self.lacks_newline = !fragment.ends_with(b"\n");
    }

    /// What all of them make together.
    pub fn finish(self) -> Vec<u8> {
        self.content
    }
}

/// The escapes of Python's bytes literals; others stay as they are.
fn unescape(text: &str) -> Result<Vec<u8>, String> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        let Some((&letter, after)) = after.split_first() else { return Err("Trailing \\ in string".to_owned()) };
        rest = after;
        let digits = |radix: u32, most: usize, bytes: &[u8]| {
            bytes.iter().take(most).take_while(|byte| char::from(**byte).is_digit(radix)).count()
        };
        match letter {
            b'\n' => {}
            b'\\' | b'\'' | b'"' => out.push(letter),
            b'a' => out.push(7),
            b'b' => out.push(8),
            b't' => out.push(b'\t'),
            b'n' => out.push(b'\n'),
            b'v' => out.push(11),
            b'f' => out.push(12),
            b'r' => out.push(b'\r'),
            b'0'..=b'7' => {
                let count = 1 + digits(8, 2, after);
                let number = after
                    .iter()
                    .take(count - 1)
                    .fold(u32::from(letter - b'0'), |number, digit| number * 8 + u32::from(digit - b'0'));
                out.extend(u8::try_from(number & 0xff));
                rest = after.get(count - 1..).unwrap_or_default();
            }
            b'x' if digits(16, 2, after) == 2 => {
                let text = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok()).unwrap_or_default();
                out.extend(u8::from_str_radix(text, 16));
                rest = after.get(2..).unwrap_or_default();
            }
            b'x' => {
                let position = text.len() - after.len() - 2;
                return Err(format!("invalid \\x escape at position {position}"));
            }
            _ => out.extend([byte, letter]),
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(delimiter: Option<&str>, fragments: &[&str]) -> String {
        let mut assembly = Assembly::new(None, false).unwrap().delimited_by(delimiter).unwrap();
        for fragment in fragments {
            assembly.add(fragment.as_bytes());
        }
        String::from_utf8(assembly.finish()).unwrap()
    }

    #[test]
    fn fragments_are_joined_by_lines() {
        assert_eq!(joined(None, &["a", "b\n", "", "c"]), "a\nb\n\nc");
        assert_eq!(joined(Some("--"), &["a", "b\n"]), "a\n--\nb\n");
        assert_eq!(joined(Some(r"-\n"), &["a\n", "b"]), "a\n-\nb");
    }

    #[test]
    fn delimiters_have_escapes() {
        for (text, expected) in [(r"a\tb", "a\tb"), (r"\x41\101\8", "AA\\8"), (r"\\n", "\\n"), (r"é\q", "é\\q")] {
            assert_eq!(String::from_utf8(unescape(text).unwrap()).unwrap(), expected, "{text}");
        }
        assert_eq!(unescape("a\\"), Err("Trailing \\ in string".to_owned()));
        assert_eq!(unescape("é\\xg"), Err("invalid \\x escape at position 2".to_owned()));
    }

    #[test]
    fn names_are_chosen() {
        let assembly = Assembly::new(Some("^a"), true).unwrap();
        assert!(assembly.takes("ab") && !assembly.takes("ba") && !assembly.takes(".a"));
        assert!(Assembly::new(Some("("), true).is_err());
    }
}
