//! Escapes in Python's string literals.

/// Append to `out` what a backslash and the beginning of `after` stand for in a string literal of Python, and return
/// the text behind it. An unknown escape stays as it is. `None` when it is not valid.
///
/// In a bytes literal `\u`, `\U` and `\N` are unknown escapes.
pub fn python_escape<'a>(after: &'a str, is_bytes: bool, out: &mut String) -> Option<&'a str> {
    let mut characters = after.chars();
    let escaped = characters.next()?;
    let rest = characters.as_str();
    let code = |length: usize| -> Option<(char, &'a str)> {
        let (digits, rest) = rest.split_at_checked(length)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        Some((char::from_u32(u32::from_str_radix(digits, 16).ok()?)?, rest))
    };
    let (character, rest) = match escaped {
        '\n' => return Some(rest),
        same @ ('\\' | '\'' | '"') => (same, rest),
        'a' => ('\x07', rest),
        'b' => ('\x08', rest),
        'f' => ('\x0c', rest),
        'n' => ('\n', rest),
        'r' => ('\r', rest),
        't' => ('\t', rest),
        'v' => ('\x0b', rest),
        'x' => code(2)?,
        'u' if !is_bytes => code(4)?,
        'U' if !is_bytes => code(8)?,
        'N' if !is_bytes => {
            let (name, rest) = rest.strip_prefix('{')?.split_once('}')?;
            (named(name)?, rest)
        }
        '0'..='7' => {
            let length = after.bytes().take(3).take_while(|byte| matches!(byte, b'0'..=b'7')).count();
            let (digits, rest) = after.split_at_checked(length)?;
            (char::from_u32(u32::from_str_radix(digits, 8).ok()?)?, rest)
        }
        unknown => {
            out.push('\\');
            (unknown, rest)
        }
    };
    out.push(character);
    Some(rest)
}

/// The few Unicode names that templates use; the whole table would be larger than the rest of the program.
fn named(name: &str) -> Option<char> {
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
    use super::python_escape;

    #[test]
    fn escapes() {
        for (after, is_bytes, text, rest) in [
            ("n-", false, "\n", "-"),
            ("1012", false, "A", "2"),
            ("x41é", false, "A", "é"),
            ("u00e9", false, "é", ""),
            ("u00e9", true, "\\u", "00e9"),
            ("N{em dash}.", false, "—", "."),
            ("q", false, "\\q", ""),
            ("\nb", false, "", "b"),
        ] {
            let mut out = String::new();
            assert_eq!(python_escape(after, is_bytes, &mut out), Some(rest), "{after}");
            assert_eq!(out, text, "{after}");
        }
        for after in ["", "x4", "xé1", "u12", "Ud8000000", "N{nothing}", "N"] {
            assert_eq!(python_escape(after, false, &mut String::new()), None, "{after}");
        }
    }
}
