//! The `#jinja2:` line at the start of a template, which overrides its options.

use crate::TemplateOptions;
use crate::convert::decode;
use crate::fault::{Fault, Outcome};
use std::borrow::Cow;

/// What the line starts with.
pub(crate) const PREFIX: &str = "#jinja2:";

/// The options with the header's overrides, and the text after the header.
pub(crate) fn read<'t>(text: &'t str, options: &TemplateOptions) -> Outcome<(TemplateOptions, &'t str)> {
    let mut options = options.clone();
    let Some(rest) = text.strip_prefix(PREFIX) else { return Ok((options, text)) };
    let shown = churten_value::str_repr(PREFIX);
    let Some((line, body)) = rest.split_once('\n') else {
        return Err(Fault::syntax(format!("Missing newline after {shown} override."), 1));
    };
    for pair in line.split(',') {
        if pair.trim().is_empty() {
            return Err(Fault::syntax(format!("Empty {shown} override pair not allowed."), 1));
        }
        let Some((name, value)) = pair.split_once(':') else {
            return Err(Fault::syntax(
                format!("Missing key-value separator `:` in {shown} override pair {}.", churten_value::str_repr(pair)),
                1,
            ));
        };
        set(&mut options, name.trim(), value.trim())?;
    }
    Ok((options, body))
}

fn set(options: &mut TemplateOptions, name: &str, value: &str) -> Outcome<()> {
    match name {
        "block_start_string" => options.block_start = text(name, value)?,
        "block_end_string" => options.block_end = text(name, value)?,
        "variable_start_string" => options.variable_start = text(name, value)?,
        "variable_end_string" => options.variable_end = text(name, value)?,
        "comment_start_string" => options.comment_start = text(name, value)?,
        "comment_end_string" => options.comment_end = text(name, value)?,
        "line_statement_prefix" => options.line_statement_prefix = prefix(name, value)?,
        "line_comment_prefix" => options.line_comment_prefix = prefix(name, value)?,
        "trim_blocks" => options.trim_blocks = flag(name, value)?,
        "lstrip_blocks" => options.lstrip_blocks = flag(name, value)?,
        "keep_trailing_newline" => options.keep_trailing_newline = flag(name, value)?,
        "newline_sequence" => options.newline_sequence = text(name, value)?,
        _ => {
            let name = churten_value::str_repr(name);
            return Err(Fault::syntax(format!("Invalid '{PREFIX}' override key {name}."), 1));
        }
    }
    Ok(())
}

/// The Python literals that the header may hold.
enum Literal {
    None,
    Bool(bool),
    Number(&'static str),
    Text(String),
}

fn literal(value: &str) -> Outcome<Literal> {
    Ok(match value {
        "None" => Literal::None,
        "True" => Literal::Bool(true),
        "False" => Literal::Bool(false),
        _ if value.parse::<i64>().is_ok() => Literal::Number("int"),
        _ if value.starts_with(|c: char| c.is_ascii_digit()) && value.parse::<f64>().is_ok() => {
            Literal::Number("float")
        }
        _ => match decode(value, false) {
            Some(text) if !value.is_empty() => Literal::Text(text),
            _ => return Err(Fault::syntax("malformed node or string on line 1", 1)),
        },
    })
}

fn wrong_type(name: &str, expected: &str, found: &Literal) -> Fault {
    let found = match found {
        Literal::None => "NoneType",
        Literal::Bool(_) => "bool",
        Literal::Number(name) => name,
        Literal::Text(_) => "str",
    };
    Fault::syntax(format!("TemplateOverrides.{name} must be <class '{expected}'> instead of <class '{found}'>"), 1)
}

fn text(name: &str, value: &str) -> Outcome<String> {
    match literal(value)? {
        Literal::Text(text) => Ok(text),
        other => Err(wrong_type(name, "str", &other)),
    }
}

fn prefix(name: &str, value: &str) -> Outcome<Option<String>> {
    match literal(value)? {
        Literal::None => Ok(None),
        Literal::Text(text) => Ok(Some(text).filter(|text| !text.is_empty())),
        other => Err(wrong_type(name, "str", &other)),
    }
}

fn flag(name: &str, value: &str) -> Outcome<bool> {
    match literal(value)? {
        Literal::Bool(flag) => Ok(flag),
        other => Err(wrong_type(name, "bool", &other)),
    }
}

/// The text without line comments: from the prefix, and the spaces before it, to the end of the line. The parser's own
/// handling also takes the newline, which Jinja2 keeps.
pub(crate) fn without_comments<'t>(text: &'t str, options: &TemplateOptions) -> Cow<'t, str> {
    let Some(prefix) = options.line_comment_prefix.as_deref() else { return text.into() };
    let mut kept = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let Some(at) = line.find(prefix) else {
            kept.push_str(line);
            continue;
        };
        kept.push_str(line[..at].trim_end_matches([' ', '\t']));
        if line.ends_with('\n') {
            kept.push('\n');
        }
    }
    kept.into()
}
