//! The `diff` of a result as text.

use super::colour::Role;
use super::console::Console;
use super::diff_text::unified;
use churten_value::{Data, JsonStyle, Value};

/// The text of a diff, or of a list of them; empty when there is nothing to show.
pub(super) fn diff_text(console: &Console, diff: &Value) -> String {
    let mut text = String::new();
    match diff.as_list() {
        Some(diffs) => diffs.iter().for_each(|diff| one(console, diff, &mut text)),
        None => one(console, diff, &mut text),
    }
    text
}

fn one(console: &Console, diff: &Value, out: &mut String) {
    let field = |name| diff.get(name).map(Value::to_text);
    if diff.get("dst_binary").is_some() {
        out.push_str("diff skipped: destination file appears to be binary\n");
    }
    if diff.get("src_binary").is_some() {
        out.push_str("diff skipped: source file appears to be binary\n");
    }
    if let Some(size) = field("dst_larger") {
        *out += &format!("diff skipped: destination file size is greater than {size}\n");
    }
    if let Some(size) = field("src_larger") {
        *out += &format!("diff skipped: source file size is greater than {size}\n");
    }
    if let (Some(before), Some(after)) = (diff.get("before"), diff.get("after")) {
        let name = |state: &str, header| match diff.get(header) {
            Some(header) => format!("{state}: {}", header.to_text()),
            None => state.to_owned(),
        };
        let lines = unified(
            (&state_text(before), &name("before", "before_header")),
            (&state_text(after), &name("after", "after_header")),
            console.diff_context(),
        );
        for line in &lines {
            let role = match line.as_bytes() {
                [b'+', ..] => Some(Role::DiffAdd),
                [b'-', ..] => Some(Role::DiffRemove),
                [b'@', b'@', ..] => Some(Role::DiffLines),
                _ => None,
            };
            match role {
                Some(role) => out.push_str(&console.paint(role, line)),
                None => out.push_str(line),
            }
        }
        if !lines.is_empty() {
            out.push('\n');
        }
    }
    if let Some(prepared) = field("prepared") {
        out.push_str(&prepared);
    }
}

/// A state that is a mapping is compared as sorted JSON.
fn state_text(state: &Value) -> String {
    match &state.data {
        Data::None => String::new(),
        Data::Dict(entries) => {
            let mut shown = (**entries).clone();
            shown.retain(|key, _| !key.as_str().is_some_and(|key| key.starts_with("_ansible_")));
            Value::dict(shown).to_json(JsonStyle { ensure_ascii: true, ..JsonStyle::RESULT }) + "\n"
        }
        _ => state.to_text(),
    }
}
