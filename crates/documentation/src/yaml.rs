//! Data on pages is written as YAML.

use crate::look::Look;
use crate::markup::text_of;
use churten_syntax::{EmitOptions, emit_yaml};
use churten_value::Value;

/// Data as YAML, its markup replaced, every line behind `indent`.
pub(crate) fn block(value: &Value, indent: &str, look: &Look<'_>) -> String {
    indented(&dump(value, false, look), indent)
}

/// Data as YAML in brackets.
pub(crate) fn flow(value: &Value, look: &Look<'_>) -> String {
    dump(value, true, look)
}

fn dump(value: &Value, flow: bool, look: &Look<'_>) -> String {
    let options = EmitOptions { flow: Some(flow), unicode: false, ..EmitOptions::PLAIN };
    // What is nested too deeply to be written is shown as Python would.
    let text = emit_yaml(value, &options).unwrap_or_else(|_| value.to_text());
    text_of(text.trim_end(), look)
}

/// Every line behind `indent`.
pub(crate) fn indented(text: &str, indent: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(|line| format!("{indent}{line}")).collect();
    lines.join("\n")
}
