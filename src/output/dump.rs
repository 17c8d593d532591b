//! A result dictionary as text.

use super::cleaning::{clean, is_set};
use super::options::{OutputOptions, ResultFormat};
use super::yaml::to_yaml;
use churten_executor::TaskResult;
use churten_value::{Dict, JsonStyle, Value};

/// The dictionary of a result behind ` => `.
pub(super) fn dump(result: &TaskResult, options: &OutputOptions) -> String {
    let shown = clean(result, options.verbosity);
    match options.result_format {
        ResultFormat::Yaml => yaml(shown, options),
        ResultFormat::Json => {
            let asked = options.verbosity > 2 || is_set(&result.result, "_ansible_verbose_always");
            let indented = options.pretty_results.unwrap_or(asked);
            json(shown, indented.then_some(4))
        }
    }
}

/// Sorted JSON, characters as they are.
pub(super) fn json(entries: Dict, indent: Option<usize>) -> String {
    Value::dict(entries).to_json(JsonStyle { indent, ..JsonStyle::RESULT })
}

/// YAML in lines of its own. Lists of lines that repeat a text beside them are left out.
fn yaml(mut entries: Dict, options: &OutputOptions) -> String {
    for stream in ["stdout", "stderr"] {
        let lines = format!("{stream}_lines");
        if entries.contains(stream)
            && let Some(value) = entries.get_mut(&lines)
        {
            *value = "<omitted>".into();
        }
    }
    let text = to_yaml(&Value::dict(entries), options.result_indentation);
    let margin = " ".repeat(options.result_indentation);
    let mut out = String::new();
    for line in text.lines() {
        out.push('\n');
        if !line.is_empty() {
            out.push_str(&margin);
            out.push_str(line);
        }
    }
    out
}
