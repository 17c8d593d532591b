//! String literals, decoded again from the source with Python's rules.

use churten_value::python_escape;

/// Stands for a backslash that the parser's lexer would refuse; see `repair`.
pub(super) const KEPT_BACKSLASH: char = '\u{f8fe}';

/// The text of one or more adjacent string literals. With `literal_backslashes` a backslash and what follows stay as
/// they are, as in ansible-core inside `{{ }}`. `None` when an escape is not valid.
pub(crate) fn decode(source: &str, literal_backslashes: bool) -> Option<String> {
    let mut text = String::with_capacity(source.len());
    let mut characters = source.chars();
    while let Some(quote) = characters.next() {
        if quote.is_whitespace() {
            continue;
        }
        if quote != '"' && quote != '\'' {
            return None;
        }
        loop {
            match characters.next()? {
                end if end == quote => break,
                KEPT_BACKSLASH => text.push('\\'),
                '\\' if literal_backslashes => {
                    text.push('\\');
                    text.push(characters.next()?);
                }
                '\\' => characters = python_escape(characters.as_str(), false, &mut text)?.chars(),
                character => text.push(character),
            }
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn decodes_as_python() {
        for (source, text) in [
            (r#""a\n""#, "a\n"),
            (r"'\x41\u00e9\101'", "Aé\u{41}"),
            (r#""a" 'b'"#, "ab"),
            (r"'\q'", r"\q"),
            ("'a\\\nb'", "ab"),
        ] {
            assert_eq!(decode(source, false).as_deref(), Some(text), "{source}");
        }
        assert_eq!(decode(r"'a\n\'b'", true).as_deref(), Some(r"a\n\'b"));
        assert_eq!(decode(r"'\u12'", false), None);
    }
}
