//! String literals, decoded again from the source with Python's rules.

use std::iter::Peekable;
use std::str::Chars;

/// Stands for a backslash that the parser's lexer would refuse; see `repair`.
pub(super) const KEPT_BACKSLASH: char = '\u{f8fe}';

/// The text of one or more adjacent string literals. With `literal_backslashes` a backslash and what follows stay as
/// they are, as in ansible-core inside `{{ }}`. `None` when an escape is not valid.
pub(crate) fn decode(source: &str, literal_backslashes: bool) -> Option<String> {
    let mut text = String::with_capacity(source.len());
    let mut characters = source.chars().peekable();
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
                '\\' => escape(&mut characters, &mut text)?,
                character => text.push(character),
            }
        }
    }
    Some(text)
}

fn escape(characters: &mut Peekable<Chars<'_>>, text: &mut String) -> Option<()> {
    let character = match characters.next()? {
        '\n' => return Some(()),
        same @ ('\\' | '\'' | '"') => same,
        'a' => '\x07',
        'b' => '\x08',
        'f' => '\x0c',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\x0b',
        'x' => hexadecimal(characters, 2)?,
        'u' => hexadecimal(characters, 4)?,
        'U' => hexadecimal(characters, 8)?,
        'N' => named(characters)?,
        first @ '0'..='7' => {
            let mut code = first.to_digit(8)?;
            for _ in 0..2 {
                let Some(digit) = characters.peek().and_then(|next| next.to_digit(8)) else { break };
                code = code * 8 + digit;
                characters.next();
            }
            char::from_u32(code)?
        }
        other => {
            text.push('\\');
            other
        }
    };
    text.push(character);
    Some(())
}

fn hexadecimal(characters: &mut Peekable<Chars<'_>>, digits: usize) -> Option<char> {
    let text: String = characters.by_ref().take(digits).collect();
    if text.len() != digits {
        return None;
    }
    char::from_u32(u32::from_str_radix(&text, 16).ok()?)
}

/// The few Unicode names that templates use; the whole table would be larger than the rest of the program.
fn named(characters: &mut Peekable<Chars<'_>>) -> Option<char> {
    if characters.next()? != '{' {
        return None;
    }
    let name: String = characters.by_ref().take_while(|character| *character != '}').collect();
    Some(match name.to_uppercase().as_str() {
        "BULLET" => '\u{2022}',
        "NO-BREAK SPACE" => '\u{a0}',
        "EN DASH" => '\u{2013}',
        "EM DASH" => '\u{2014}',
        "SNOWMAN" => '\u{2603}',
        "DEGREE SIGN" => '\u{b0}',
        "EURO SIGN" => '\u{20ac}',
        "COPYRIGHT SIGN" => '\u{a9}',
        "CHECK MARK" => '\u{2713}',
        "BALLOT X" => '\u{2717}',
        "RIGHTWARDS ARROW" => '\u{2192}',
        "LEFTWARDS ARROW" => '\u{2190}',
        "ZERO WIDTH SPACE" => '\u{200b}',
        _ => return None,
    })
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
