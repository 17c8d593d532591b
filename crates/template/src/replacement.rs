//! What a match is replaced by, in Python's template language.

use crate::fault::{Fault, Outcome};
use crate::regex::group_number;
use fancy_regex::{Captures, Regex};

/// A parsed replacement: text and references to groups.
#[derive(Debug)]
pub(crate) struct Replacement(Vec<Part>);

#[derive(Debug)]
enum Part {
    Text(String),
    Group(usize),
}

impl Replacement {
    /// Read `\1`, `\g<name>`, `\n` and the like. Unknown letters after a backslash are an error, as in Python.
    pub(crate) fn parse(template: &str, regex: &Regex) -> Outcome<Self> {
        let characters: Vec<char> = template.chars().collect();
        let mut parts = Vec::new();
        let mut text = String::new();
        let mut at = 0;
        while let Some(&character) = characters.get(at) {
            at += 1;
            if character != '\\' {
                text.push(character);
                continue;
            }
            let start = at - 1;
            let Some(&escape) = characters.get(at) else {
                return Err(Fault::python(format!("bad escape (end of pattern) at position {start}")));
            };
            at += 1;
            match escape {
                'g' => {
                    if characters.get(at) != Some(&'<') {
                        return Err(Fault::python(format!("missing < at position {at}")));
                    }
                    let name: String = characters.iter().skip(at + 1).take_while(|c| **c != '>').collect();
                    let end = at + 1 + name.chars().count();
                    if characters.get(end).is_none() {
                        return Err(Fault::python(format!("missing >, unterminated name at position {}", at + 1)));
                    }
                    if name.is_empty() {
                        return Err(Fault::python(format!("missing group name at position {}", at + 1)));
                    }
                    let Some(group) = group_number(regex, &name) else {
                        let position = at + 1;
                        return Err(Fault::python(if name.bytes().all(|byte| byte.is_ascii_digit()) {
                            format!("invalid group reference {name} at position {position}")
                        } else {
                            format!("unknown group name {}", churten_value::str_repr(&name))
                        }));
                    };
                    at = end + 1;
                    parts.push(Part::Text(std::mem::take(&mut text)));
                    parts.push(Part::Group(group));
                }
                '0' => text.push(octal(&characters, at - 1, &mut at)),
                '1'..='9' => {
                    let three = characters.get(at - 1..at + 2);
                    if three
                        .is_some_and(|digits| digits.iter().all(|digit| ('0'..='7').contains(digit)) && escape < '4')
                    {
                        text.push(octal(&characters, at - 1, &mut at));
                        continue;
                    }
                    let mut number = escape.to_digit(10).unwrap_or(0) as usize;
                    if let Some(digit) = characters.get(at).and_then(|digit| digit.to_digit(10)) {
                        number = number * 10 + digit as usize;
                        at += 1;
                    }
                    if number >= regex.captures_len() {
                        return Err(Fault::python(format!(
                            "invalid group reference {number} at position {}",
                            start + 1
                        )));
                    }
                    parts.push(Part::Text(std::mem::take(&mut text)));
                    parts.push(Part::Group(number));
                }
                'n' => text.push('\n'),
                't' => text.push('\t'),
                'r' => text.push('\r'),
                'a' => text.push('\u{7}'),
                'b' => text.push('\u{8}'),
                'f' => text.push('\u{c}'),
                'v' => text.push('\u{b}'),
                '\\' => text.push('\\'),
                letter if letter.is_ascii_alphabetic() => {
                    return Err(Fault::python(format!("bad escape \\{letter} at position {start}")));
                }
                other => {
                    text.push('\\');
                    text.push(other);
                }
            }
        }
        parts.push(Part::Text(text));
        Ok(Self(parts))
    }

    /// Write the replacement of one match; a group that took no part is empty.
    pub(crate) fn expand(&self, captures: &Captures<'_>, out: &mut String) {
        for part in &self.0 {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Group(number) => out.push_str(captures.get(*number).map_or("", |group| group.as_str())),
            }
        }
    }
}

/// Up to three octal digits from `start`; `at` moves behind them.
fn octal(characters: &[char], start: usize, at: &mut usize) -> char {
    let digits = characters.iter().skip(start).take(3).map_while(|digit| digit.to_digit(8));
    let digits: Vec<u32> = digits.collect();
    *at = start + digits.len();
    let code = digits.iter().fold(0, |code, digit| code * 8 + digit) & 0xff;
    char::from_u32(code).unwrap_or('\0')
}
