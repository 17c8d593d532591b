//! The texts that a Python source assigns to names, read from the source alone: what modules and plugins say about
//! themselves stands in such texts.

use crate::imports::after_string;
use churten_value::{Tags, Value, python_escape, python_literal};

/// `NAME = value`, where the value is a string or another literal.
#[derive(Clone, Debug, PartialEq)]
pub struct Assignment {
    /// The class that it stands in; none at the top of the source.
    pub class: Option<String>,
    /// The name.
    pub name: String,
    /// The value.
    pub value: Value,
}

/// Every assignment of a literal at the top of a source, or of a class there, in their order.
pub fn assignments(source: &str) -> Vec<Assignment> {
    let mut found = Vec::new();
    let mut class: Option<String> = None;
    let mut rest = source;
    while !rest.is_empty() {
        let statement = rest.trim_start_matches([' ', '\t']);
        let is_indented = statement.len() != rest.len();
        let is_empty = statement.is_empty() || statement.starts_with(['\n', '\r', '#']);
        if !is_indented && !is_empty {
            let name = statement.strip_prefix("class ").map(|rest| word(rest.trim_start()).to_owned());
            class = name.filter(|name| !name.is_empty());
        }
        if !is_empty
            && (!is_indented || class.is_some())
            && let Some((name, value)) = assignment(statement)
        {
            found.push(Assignment { class: class.clone(), name: name.to_owned(), value });
        }
        rest = after_statement(statement);
    }
    found
}

/// The name that a text begins with.
fn word(text: &str) -> &str {
    let end = text.find(|letter: char| letter != '_' && !letter.is_alphanumeric()).unwrap_or(text.len());
    text.split_at(end).0
}

fn assignment(statement: &str) -> Option<(&str, Value)> {
    let name = word(statement);
    let rest = statement.strip_prefix(name)?.trim_start_matches([' ', '\t']);
    let value = rest.strip_prefix('=').filter(|rest| !name.is_empty() && !rest.starts_with('='))?;
    let value = value.trim_start_matches([' ', '\t']);
    if let Some(text) = strings(value) {
        return Some((name, text.into()));
    }
    let literal = value.strip_suffix(after_statement(value))?.trim_end();
    literal
        .starts_with(['{', '[', '('])
        .then(|| python_literal(literal, Tags::NONE))
        .flatten()
        .map(|value| (name, value))
}

/// One string, or several beside each other, perhaps in brackets.
fn strings(value: &str) -> Option<String> {
    let (mut rest, is_bracketed) = match value.strip_prefix('(') {
        Some(inner) => (inner, true),
        None => (value, false),
    };
    let mut text: Option<String> = None;
    loop {
        rest = skip_blank(rest, is_bracketed);
        let prefix = rest.find(['\'', '"']).and_then(|end| rest.get(..end)).unwrap_or("-");
        let is_raw = match prefix.to_ascii_lowercase().as_str() {
            "" | "u" => false,
            "r" => true,
            _ => break,
        };
        let literal = rest.get(prefix.len()..)?;
        let quote = literal.chars().next()?;
        let after = after_string(literal, quote);
        let whole = literal.strip_suffix(after)?;
        let triple: String = [quote; 3].iter().collect();
        let mark = if literal.starts_with(&triple) { triple.as_str() } else { literal.get(..1)? };
        let inner = whole.strip_prefix(mark)?.strip_suffix(mark)?;
        let read = if is_raw { inner.to_owned() } else { unescape(inner)? };
        text.get_or_insert_default().push_str(&read);
        rest = after;
    }
    // Whatever else is done with the text is not read.
    let ends = if is_bracketed { rest.strip_prefix(')')?.trim_start_matches([' ', '\t']) } else { rest };
    text.filter(|_| ends.is_empty() || ends.starts_with(['\n', '\r', ';', '#']))
}

fn skip_blank(mut text: &str, is_bracketed: bool) -> &str {
    loop {
        text = text.trim_start_matches([' ', '\t']);
        if let Some(rest) = text.strip_prefix("\\\n") {
            text = rest;
        } else if is_bracketed && text.starts_with(['\n', '\r']) {
            text = text.trim_start();
        } else if is_bracketed && text.starts_with('#') {
            text = text.find('\n').and_then(|end| text.get(end..)).unwrap_or_default();
        } else {
            return text;
        }
    }
}

fn unescape(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        rest = python_escape(after, false, &mut out)?;
    }
    out.push_str(rest);
    Some(out)
}

/// What follows the statement that a text begins with.
fn after_statement(text: &str) -> &str {
    let mut rest = text;
    let mut depth = 0_usize;
    while let Some(letter) = rest.chars().next() {
        match letter {
            '#' => {
                rest = rest.find('\n').and_then(|end| rest.get(end..)).unwrap_or_default();
                continue;
            }
            '\'' | '"' => {
                rest = after_string(rest, letter);
                continue;
            }
            '\\' => {
                let next = rest.chars().nth(1).map_or(0, char::len_utf8);
                rest = rest.get(1 + next..).unwrap_or_default();
                continue;
            }
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            '\n' if depth == 0 => return rest.get(1..).unwrap_or_default(),
            _ => {}
        }
        rest = rest.get(letter.len_utf8()..).unwrap_or_default();
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::assignments;

    #[test]
    fn literals_are_read() {
        let source = "#!/usr/bin/python\n'''no = x'''\nA = r'''a\\n\n  B = 'no'\n'''\nB = ('b' # c\n  \"c\\n\")\nC == 'x'\n\
             D = 'x'.format()\nE = {'a': ['b']}\nF = f'x'\nif x:\n    G = 'x'\nclass One(object):\n    '''doc'''\n    H = u\"h\"\n\n\
             \x20   def x(self):\n        pass\nI = 'i'; J = 1\nK: str = 'x'\n";
        let found: Vec<String> = assignments(source)
            .iter()
            .map(|one| format!("{}.{}={}", one.class.as_deref().unwrap_or(""), one.name, one.value.to_text()))
            .collect();
        assert_eq!(found, [".A=a\\n\n  B = 'no'\n", ".B=bc\n", ".E={'a': ['b']}", "One.H=h", ".I=i"]);
    }
}
