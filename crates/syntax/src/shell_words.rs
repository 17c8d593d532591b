//! Words as a POSIX shell splits and quotes them, by the rules of Python's `shlex`.

use std::fmt;

/// Why a text cannot be split, in Python's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShellWordsError {
    /// A quote is still open at the end.
    NoClosingQuotation,
    /// The text ends with a backslash.
    NoEscapedCharacter,
}

impl fmt::Display for ShellWordsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoClosingQuotation => "No closing quotation",
            Self::NoEscapedCharacter => "No escaped character",
        })
    }
}

impl std::error::Error for ShellWordsError {}

/// `shlex.split(text)`: no comments, POSIX quoting.
///
/// # Errors
/// An open quote, or a backslash at the end.
pub fn shlex_split(text: &str) -> Result<Vec<String>, ShellWordsError> {
    let mut words = Vec::new();
    // `None` between words; quotes make an empty word a word.
    let mut word: Option<String> = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            ' ' | '\t' | '\r' | '\n' => words.extend(word.take()),
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match chars.next() {
                        Some('\'') => break,
                        Some(c) => word.push(c),
                        None => return Err(ShellWordsError::NoClosingQuotation),
                    }
                }
            }
            '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match chars.next() {
                        Some('"') => break,
                        Some('\\') => match chars.next() {
                            Some(c @ ('"' | '\\')) => word.push(c),
                            Some(c) => word.extend(['\\', c]),
                            None => return Err(ShellWordsError::NoEscapedCharacter),
                        },
                        Some(c) => word.push(c),
                        None => return Err(ShellWordsError::NoClosingQuotation),
                    }
                }
            }
            '\\' => match chars.next() {
                Some(c) => word.get_or_insert_default().push(c),
                None => return Err(ShellWordsError::NoEscapedCharacter),
            },
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    Ok(words)
}

/// `shlex.quote(text)`: single quotes unless every character is harmless.
pub fn shlex_quote(text: &str) -> String {
    let safe = |c: char| c.is_ascii_alphanumeric() || "@%+=:,./-_".contains(c);
    if !text.is_empty() && text.chars().all(safe) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\"'\"'"))
}

#[cfg(test)]
mod tests {
    use super::{ShellWordsError, shlex_quote, shlex_split};

    #[test]
    fn splits_as_python() {
        for (text, words) in [
            ("", &[][..]),
            ("a b  c\n\td", &["a", "b", "c", "d"]),
            ("'a b' \"c d\"e", &["a b", "c de"]),
            ("'' \"\"", &["", ""]),
            (r#"a\ b "\n\"\\" '\n'"#, &["a b", "\\n\"\\", "\\n"]),
            ("a#b # c", &["a#b", "#", "c"]),
            ("é=\u{a0}x", &["é=\u{a0}x"]),
        ] {
            assert_eq!(shlex_split(text).unwrap(), words, "{text}");
        }
        assert_eq!(shlex_split("'a"), Err(ShellWordsError::NoClosingQuotation));
        assert_eq!(shlex_split("\"a"), Err(ShellWordsError::NoClosingQuotation));
        assert_eq!(shlex_split("a\\"), Err(ShellWordsError::NoEscapedCharacter));
    }

    #[test]
    fn quotes_as_python() {
        for (text, quoted) in
            [("", "''"), ("a-b/c", "a-b/c"), ("a b", "'a b'"), ("it's", "'it'\"'\"'s'"), ("é", "'é'"), ("~", "'~'")]
        {
            assert_eq!(shlex_quote(text), quoted);
        }
    }
}
