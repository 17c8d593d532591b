//! The `#jinja2:` line at the start of a template, which overrides its options.

use crate::TemplateOptions;
use crate::fault::{Fault, Outcome};
use std::borrow::Cow;

/// What the line starts with.
pub(crate) const PREFIX: &str = "#jinja2:";

/// The options with the header's overrides, and the text after the header.
pub(crate) fn read<'t>(text: &'t str, options: &TemplateOptions) -> Outcome<(TemplateOptions, &'t str)> {
    let mut options = options.clone();
    let Some(rest) = text.strip_prefix(PREFIX) else { return Ok((options, text)) };
    let Some((line, body)) = rest.split_once('\n') else {
        return Err(Fault::python(format!("Missing newline after {} override.", churten_value::str_repr(PREFIX))));
    };
    for pair in line.split(',') {
        let Some((name, value)) = pair.split_once(':') else {
            return Err(Fault::python(format!(
                "Missing key-value separator `:` in {} override {}.",
                churten_value::str_repr(PREFIX),
                churten_value::str_repr(pair)
            )));
        };
        set(&mut options, name.trim(), &unquote(value.trim()))?;
    }
    Ok((options, body))
}

fn set(options: &mut TemplateOptions, name: &str, value: &str) -> Outcome<()> {
    let text = || value.to_owned();
    match name {
        "block_start_string" => options.block_start = text(),
        "block_end_string" => options.block_end = text(),
        "variable_start_string" => options.variable_start = text(),
        "variable_end_string" => options.variable_end = text(),
        "comment_start_string" => options.comment_start = text(),
        "comment_end_string" => options.comment_end = text(),
        "line_statement_prefix" => options.line_statement_prefix = Some(text()).filter(|text| !text.is_empty()),
        "line_comment_prefix" => options.line_comment_prefix = Some(text()).filter(|text| !text.is_empty()),
        "trim_blocks" => options.trim_blocks = flag(name, value)?,
        "lstrip_blocks" => options.lstrip_blocks = flag(name, value)?,
        "keep_trailing_newline" => options.keep_trailing_newline = flag(name, value)?,
        "newline_sequence" => options.newline_sequence = text(),
        _ => {
            return Err(Fault::python(format!("Invalid '{PREFIX}' override key {}.", churten_value::str_repr(name))));
        }
    }
    Ok(())
}

/// Values are Python literals; text may also stand without quotes.
fn unquote(value: &str) -> String {
    let mut characters = value.chars();
    match (characters.next(), characters.next_back()) {
        (Some(first @ ('"' | '\'')), Some(last)) if first == last => {
            characters.as_str().replace("\\r", "\r").replace("\\n", "\n").replace("\\\\", "\\")
        }
        _ => value.to_owned(),
    }
}

fn flag(name: &str, value: &str) -> Outcome<bool> {
    match value {
        "True" | "true" | "yes" | "on" | "1" => Ok(true),
        "False" | "false" | "no" | "off" | "0" => Ok(false),
        _ => Err(Fault::python(format!("Override {name} must be a boolean, not {}.", churten_value::str_repr(value)))),
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
