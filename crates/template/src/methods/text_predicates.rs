//! `str.isdigit()` and its kin.

/// The answer of a predicate; `None` when the name is no predicate.
pub(super) fn answer(text: &str, name: &str) -> Option<bool> {
    let all = |test: fn(char) -> bool| !text.is_empty() && text.chars().all(test);
    Some(match name {
        "isdigit" => all(|c| c.is_ascii_digit() || is_superscript(c) || is_other_digit(c)),
        "isdecimal" => all(|c| c.is_ascii_digit() || is_other_digit(c)),
        "isnumeric" => all(char::is_numeric),
        "isalpha" => all(char::is_alphabetic),
        "isalnum" => all(char::is_alphanumeric),
        "isspace" => all(|c| c.is_whitespace() || ('\x1c'..='\x1f').contains(&c)),
        "isascii" => text.is_ascii(),
        "isupper" => text.chars().any(char::is_uppercase) && !text.chars().any(char::is_lowercase),
        "islower" => text.chars().any(char::is_lowercase) && !text.chars().any(char::is_uppercase),
        "istitle" => is_title(text),
        "isidentifier" => {
            !text.is_empty()
                && text.chars().all(|c| c.is_alphanumeric() || c == '_')
                && !text.starts_with(|c: char| c.is_numeric())
        }
        "isprintable" => !churten_value::str_repr(text).contains("\\x") && !text.chars().any(char::is_control),
        _ => return None,
    })
}

fn is_superscript(character: char) -> bool {
    matches!(character, '²' | '³' | '¹' | '\u{2070}'..='\u{2079}' | '\u{2080}'..='\u{2089}')
}

/// Decimal digits of the common scripts beyond ASCII.
fn is_other_digit(character: char) -> bool {
    matches!(character, '\u{660}'..='\u{669}' | '\u{6f0}'..='\u{6f9}' | '\u{966}'..='\u{96f}' | '\u{ff10}'..='\u{ff19}')
}

fn is_title(text: &str) -> bool {
    let (mut after_letter, mut any) = (false, false);
    for character in text.chars() {
        if character.is_uppercase() {
            if after_letter {
                return false;
            }
            any = true;
        } else if character.is_lowercase() && !after_letter {
            return false;
        }
        after_letter = character.is_alphabetic();
    }
    any
}
