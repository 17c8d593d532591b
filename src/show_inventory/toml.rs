//! Values as TOML: plain entries of a table before its tables, lists over several lines.

use churten_diagnostics::{ErrorKind, Report};
use churten_value::{Data, Dict, Value};

/// Spaces a level of a list.
const INDENT: usize = 4;
/// Tables of a list that fit into so many cells stand on one line each.
const INLINE: usize = 100;

/// The text of a table.
///
/// # Errors
/// What TOML has no word for, such as null.
pub(super) fn to_toml(table: &Dict) -> Result<String, Report> {
    let mut out = String::new();
    write_table(table, "", false, &mut out)?;
    Ok(out)
}

fn write_table(table: &Dict, name: &str, in_list: bool, out: &mut String) -> Result<(), Report> {
    let mut entries = Vec::new();
    let mut tables = Vec::new();
    for (key, value) in table {
        let key = key_text(key);
        match &value.data {
            Data::Dict(_) => tables.push((key, value, false)),
            Data::List(items) if is_list_of_tables(items)? => {
                tables.extend(items.iter().map(|item| (key.clone(), item, true)));
            }
            _ => entries.push((key, value)),
        }
    }
    let mut written = false;
    if in_list || !name.is_empty() && (!entries.is_empty() || tables.is_empty()) {
        written = true;
        *out += &if in_list { format!("[[{name}]]\n") } else { format!("[{name}]\n") };
    }
    for (key, value) in entries {
        written = true;
        *out += &format!("{key} = {}\n", literal(value, 0)?);
    }
    for (key, value, in_list) in tables {
        if std::mem::replace(&mut written, true) {
            out.push('\n');
        }
        let name = if name.is_empty() { key } else { format!("{name}.{key}") };
        if let Some(table) = value.as_dict() {
            write_table(table, &name, in_list, out)?;
        }
    }
    Ok(())
}

/// Tables that are too long for one line each become tables of their own.
fn is_list_of_tables(items: &[Value]) -> Result<bool, Report> {
    if items.is_empty() || !items.iter().all(|item| item.as_dict().is_some()) {
        return Ok(false);
    }
    for item in items {
        let text = literal(item, 0)?;
        if text.contains('\n') || INDENT + text.chars().count() + 1 > INLINE {
            return Ok(true);
        }
    }
    Ok(false)
}

fn literal(value: &Value, depth: usize) -> Result<String, Report> {
    Ok(match &value.data {
        Data::Bool(flag) => flag.to_string(),
        Data::Int(number) => number.to_string(),
        Data::BigInt(number) => number.to_string(),
        Data::Float(number) if number.is_nan() => "nan".into(),
        Data::Float(_) | Data::Timestamp(_) => value.to_text(),
        Data::Str(text) => string(text),
        Data::List(items) if items.is_empty() => "[]".into(),
        Data::List(items) => {
            let margin = " ".repeat(INDENT * (depth + 1));
            let mut text = String::from("[\n");
            for item in items.iter() {
                text += &format!("{margin}{},\n", literal(item, depth + 1)?);
            }
            text + &" ".repeat(INDENT * depth) + "]"
        }
        Data::Dict(entries) if entries.is_empty() => "{}".into(),
        Data::Dict(entries) => {
            let words: Result<Vec<String>, Report> =
                entries.iter().map(|(key, value)| Ok(format!("{} = {}", key_text(key), literal(value, 0)?))).collect();
            format!("{{ {} }}", words?.join(", "))
        }
        Data::None => return Err(refused("NoneType")),
        _ => string(&value.to_text()),
    })
}

fn refused(kind: &str) -> Report {
    let message =
        format!("Unexpected Exception, this is probably a bug: Object of type '{kind}' is not TOML serializable");
    Report::new(message).kind(ErrorKind::Unexpected)
}

fn key_text(key: &Value) -> String {
    let text = key.to_text();
    let is_bare = !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    if is_bare { text } else { string(&text) }
}

fn string(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '\u{8}' => out.push_str("\\b"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\t' => out.push('\t'),
            c if c.is_ascii_control() => out += &format!("\\u{:04x}", u32::from(c)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::to_toml;
    use churten_value::from_json;

    fn toml(json: &str) -> String {
        to_toml(from_json(json).unwrap().as_dict().unwrap()).unwrap()
    }

    #[test]
    fn tables_follow_entries() {
        assert_eq!(
            toml(r#"{"g": {"hosts": {"h 1": {"t": {"e": "f"}, "a": 1, "n": []}}}, "x": {}}"#),
            "[g.hosts.\"h 1\"]\na = 1\nn = []\n\n[g.hosts.\"h 1\".t]\ne = \"f\"\n\n[x]\n"
        );
    }

    #[test]
    fn lists() {
        assert_eq!(
            toml(r#"{"y": [[1], {"a": {"b": true}}], "z": [{"x": 1.5}]}"#),
            "y = [\n    [\n        1,\n    ],\n    { a = { b = true } },\n]\nz = [\n    { x = 1.5 },\n]\n"
        );
        let long = "l".repeat(100);
        assert_eq!(
            toml(&format!(r#"{{"z": [{{"x": "{long}"}}, {{"y": 1}}]}}"#)),
            format!("[[z]]\nx = \"{long}\"\n\n[[z]]\ny = 1\n")
        );
    }

    #[test]
    fn strings() {
        assert_eq!(toml(r#"{"a": "t\tn\n\u001b\"\\é"}"#), "a = \"t\tn\\n\\u001b\\\"\\\\é\"\n");
    }

    #[test]
    fn null_is_refused() {
        assert!(to_toml(from_json(r#"{"a": null}"#).unwrap().as_dict().unwrap()).is_err());
    }
}
