//! A result dictionary as text.

use super::cleaning::{clean, clean_of_internals, is_set};
use super::options::{OutputOptions, ResultFormat};
use super::yaml::to_yaml;
use churten_executor::TaskResult;
use churten_value::{Data, Dict, JsonStyle, Value};

/// The dictionary of a result behind ` => `.
pub(super) fn dump(result: &TaskResult, options: &OutputOptions) -> String {
    dump_cleaned(clean(result, options.verbosity), result, options)
}

/// The dictionary of a try that another one follows: of `debug`, too, everything is shown.
pub(super) fn dump_try(result: &TaskResult, options: &OutputOptions) -> String {
    dump_cleaned(clean_of_internals(result, options.verbosity), result, options)
}

fn dump_cleaned(mut shown: Dict, result: &TaskResult, options: &OutputOptions) -> String {
    if result.is_of_loop() {
        // A loop has shown its items one by one.
        shown.remove("results");
    }
    match options.result_format {
        ResultFormat::Yaml => yaml(shown, options),
        ResultFormat::Sections => sections(shown),
        ResultFormat::CommunityYaml => community_yaml(result, shown),
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

/// What programs wrote and messages, which `ansible.posix.debug` shows behind the rest.
const SECTIONS: [&str; 5] = ["stdout", "stderr", "msg", "module_stdout", "module_stderr"];

/// What `community.general.yaml` shows under `no_log`.
const CENSORED: &str =
    "{\"censored\": \"The output has been hidden due to the fact that 'no_log: true' was specified for this result\"}";

fn sections(mut entries: Dict) -> String {
    for stream in ["stdout", "stderr"] {
        if entries.contains(stream) {
            entries.remove(&format!("{stream}_lines"));
        }
    }
    let mut shown = String::new();
    for name in SECTIONS {
        if let Some(text) = entries.remove(name).filter(Value::is_truthy) {
            shown += &format!("\n\n{}:\n\n{}\n", name.to_uppercase(), text.to_text());
        }
    }
    json(entries, Some(4)) + &shown
}

/// `changed=true` and its kin on the line of the result, and the rest as YAML for reading below it.
fn community_yaml(result: &TaskResult, mut entries: Dict) -> String {
    if result.result.contains("censored") {
        return CENSORED.to_owned();
    }
    let mut text = String::new();
    for name in ["changed", "skipped"] {
        if let Some(value) = entries.remove(name) {
            text += &format!("{name}={} ", value.to_text().to_lowercase());
        }
    }
    if entries.is_empty() {
        return text.trim_end().to_owned();
    }
    let options = OutputOptions { result_indentation: 2, pretty_results: Some(true), ..OutputOptions::default() };
    text + yaml(entries, &options).trim_end()
}

/// Spaces between tab stops, and in front of each line.
const TAB: usize = 8;
const MARGIN: usize = 4;
/// Spaces a level when results are not to be pretty.
const PLAIN_INDENT: usize = 2;

/// YAML in lines of its own. Unless results are not to be pretty, it is for reading alone: lists of lines that repeat a
/// text beside them are left out, and what cannot be shown in blocks is changed.
fn yaml(mut entries: Dict, options: &OutputOptions) -> String {
    let pretty = options.pretty_results != Some(false);
    for stream in ["stdout", "stderr"] {
        let lines = format!("{stream}_lines");
        if pretty
            && entries.contains(stream)
            && let Some(value) = entries.get_mut(&lines)
        {
            *value = "<omitted>".into();
        }
    }
    let (value, indent) = if pretty {
        (readable(&Value::dict(entries)), options.result_indentation)
    } else {
        (Value::dict(entries), PLAIN_INDENT)
    };
    let text = to_yaml(&value, indent);
    let margin = " ".repeat(if pretty { options.result_indentation } else { MARGIN });
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

/// Texts of several lines, so that each is a block: without control characters, tabs and spaces at the ends of lines.
fn readable(value: &Value) -> Value {
    match &value.data {
        Data::Str(text) if text.contains('\n') => Value::str(block_text(text)),
        Data::List(items) => Value::list(items.iter().map(readable).collect()),
        Data::Dict(entries) => Value::dict(entries.iter().map(|(key, entry)| (key.clone(), readable(entry))).collect()),
        _ => value.clone(),
    }
}

fn block_text(text: &str) -> String {
    let mut lines = Vec::new();
    for line in text.trim_end().split('\n') {
        let mut shown = String::new();
        let mut column = 0;
        for c in line.chars().filter(|c| *c == '\t' || !c.is_control()) {
            let width = if c == '\t' { TAB - column % TAB } else { 1 };
            column += width;
            if c == '\t' { shown.extend(std::iter::repeat_n(' ', width)) } else { shown.push(c) }
        }
        lines.push(shown.trim_end_matches(' ').to_owned());
    }
    lines.join("\n")
}
