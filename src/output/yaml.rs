//! Results as YAML, for reading: block style, sorted keys, texts of several lines as literal blocks.

use churten_value::{Data, Dict, JsonStyle, Value};

/// Deeper values are written as JSON on one line.
const MAX_DEPTH: usize = 64;

/// Longer lines are continued on the next one.
const WIDTH: usize = 80;

/// A mapping in block style, `indent` spaces a level.
pub(super) fn to_yaml(value: &Value, indent: usize) -> String {
    let mut out = String::new();
    match &value.data {
        Data::Dict(entries) if !entries.is_empty() => mapping(entries, indent, 0, &mut out),
        _ => out.push_str(&inline(value)),
    }
    out
}

fn mapping(entries: &Dict, indent: usize, depth: usize, out: &mut String) {
    let mut entries: Vec<(&Value, &Value)> = entries.iter().collect();
    entries.sort_by_cached_key(|(key, _)| key.to_text());
    for (index, (key, value)) in entries.into_iter().enumerate() {
        if index > 0 {
            out.extend(std::iter::repeat_n(' ', indent * depth));
        }
        out.push_str(&inline(key));
        out.push(':');
        child(value, indent, depth, false, out);
    }
}

/// What follows `key:` or `-`, up to the end of the line or block.
fn child(value: &Value, indent: usize, depth: usize, in_list: bool, out: &mut String) {
    let margin = " ".repeat(indent * depth);
    match &value.data {
        Data::Dict(entries) if !entries.is_empty() && depth < MAX_DEPTH => {
            // The first key of a mapping in a list stands behind the dash.
            let lead =
                if in_list { " ".repeat(indent.saturating_sub(1).max(1)) } else { format!("\n{margin}{:indent$}", "") };
            out.push_str(&lead);
            mapping(entries, indent, depth + 1, out);
        }
        Data::List(items) if !items.is_empty() && depth < MAX_DEPTH => {
            // A list in a mapping is not indented.
            let (margin, depth) =
                if in_list { (format!("{margin}{:indent$}", ""), depth + 1) } else { (margin, depth) };
            for (index, item) in items.iter().enumerate() {
                match (index, in_list) {
                    (0, true) => out.push_str(&" ".repeat(indent.saturating_sub(1).max(1))),
                    (0, false) => *out += &format!("\n{margin}"),
                    _ => out.push_str(&margin),
                }
                out.push('-');
                child(item, indent, depth, true, out);
            }
        }
        Data::Str(text) if is_block(text) => {
            out.push(' ');
            block(text, &format!("{margin}{:indent$}", ""), indent, out);
        }
        _ => {
            out.push(' ');
            let text = inline(value);
            if matches!(&value.data, Data::Str(_)) && !text.starts_with('"') {
                fold(&text, &format!("{margin}{:indent$}", ""), out);
            } else {
                out.push_str(&text);
            }
            out.push('\n');
        }
    }
}

/// A scalar, plain or in single quotes, continued on the next line at the first single space behind [`WIDTH`].
fn fold(text: &str, margin: &str, out: &mut String) {
    let line = out.rsplit('\n').next().unwrap_or_default();
    let mut column = line.chars().count();
    let mut rest = text;
    while let Some((word, behind)) = rest.split_once(' ') {
        out.push_str(word);
        column += word.chars().count();
        let next = behind.trim_start_matches(' ');
        let spaces = 1 + behind.len() - next.len();
        // Spaces beside a quote are the text's own ends.
        let inside = !matches!(word, "" | "'") && !matches!(next, "" | "'");
        if spaces == 1 && column > WIDTH && inside {
            out.push('\n');
            out.push_str(margin);
            column = margin.len();
        } else {
            out.extend(std::iter::repeat_n(' ', spaces));
            column += spaces;
        }
        rest = next;
    }
    out.push_str(rest);
}

/// Texts of several lines, which nothing but a block shows as they are.
fn is_block(text: &str) -> bool {
    text.contains('\n')
        && text.chars().all(|c| c == '\n' || !is_special(c))
        && text.split('\n').all(|line| !line.ends_with(' '))
}

fn block(text: &str, margin: &str, indent: usize, out: &mut String) {
    out.push('|');
    if text.starts_with([' ', '\n']) {
        out.push_str(&indent.to_string());
    }
    let body = text.strip_suffix('\n');
    out.push_str(match body {
        None => "-",
        Some(body) if body.ends_with('\n') || body.is_empty() => "+",
        Some(_) => "",
    });
    out.push('\n');
    for line in body.unwrap_or(text).split('\n') {
        if !line.is_empty() {
            out.push_str(margin);
            out.push_str(line);
        }
        out.push('\n');
    }
}

/// A value on one line.
fn inline(value: &Value) -> String {
    match &value.data {
        Data::Str(text) => scalar(text),
        Data::None => "null".into(),
        Data::Bool(flag) => flag.to_string(),
        Data::Int(_) | Data::BigInt(_) => value.to_text(),
        Data::Float(number) if number.is_nan() => ".nan".into(),
        Data::Float(number) if number.is_infinite() => if *number > 0.0 { ".inf" } else { "-.inf" }.into(),
        Data::Float(_) => value.to_text(),
        Data::Timestamp(_) => value.to_text(),
        _ => value.to_json(JsonStyle { indent: None, ..JsonStyle::RESULT }),
    }
}

fn scalar(text: &str) -> String {
    if text.chars().any(is_special) {
        return double_quoted(text);
    }
    if is_plain(text) { text.to_owned() } else { format!("'{}'", text.replace('\'', "''")) }
}

/// Characters that PyYAML only writes in double quotes.
fn is_special(c: char) -> bool {
    c.is_control() || c > '\u{ffff}' || matches!(c, '\u{feff}' | '\u{2028}' | '\u{2029}')
}

fn double_quoted(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\0' => out.push_str("\\0"),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{b}' => out.push_str("\\v"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            '\u{1b}' => out.push_str("\\e"),
            '\u{85}' => out.push_str("\\N"),
            '\u{2028}' => out.push_str("\\L"),
            '\u{2029}' => out.push_str("\\P"),
            c if is_special(c) => {
                let code = u32::from(c);
                out += &match code {
                    0..=0xff => format!("\\x{code:02X}"),
                    0x100..=0xffff => format!("\\u{code:04X}"),
                    _ => format!("\\U{code:08X}"),
                };
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn is_plain(text: &str) -> bool {
    let Some(first) = text.chars().next() else { return false };
    let starts_indicator = match first {
        '-' | '?' | ':' => text.chars().nth(1).is_none_or(char::is_whitespace),
        _ => ",[]{}#&*!|>'\"%@`".contains(first),
    };
    !(starts_indicator
        || text.starts_with([' ', '='])
        || text.starts_with("---")
        || text.starts_with("...")
        || text.ends_with([' ', ':'])
        || text.contains(": ")
        || text.contains(" #")
        || means_something(text))
}

/// Texts that YAML 1.1 reads as something else than text.
fn means_something(text: &str) -> bool {
    let word = matches!(
        text.to_ascii_lowercase().as_str(),
        "yes" | "no" | "on" | "off" | "true" | "false" | "null" | "~" | "<<" | ".nan" | ".inf" | "-.inf" | "+.inf"
    );
    let number = text.trim_start_matches(['-', '+']);
    let digits = number.starts_with(|c: char| c.is_ascii_digit())
        || (number.starts_with('.') && number.chars().nth(1).is_some_and(|c| c.is_ascii_digit()));
    let numeric = digits && number.chars().all(|c| c.is_ascii_hexdigit() || "_.:+-xobeETZtz ".contains(c));
    word || (numeric && is_number_or_date(number))
}

fn is_number_or_date(text: &str) -> bool {
    let plain = text.replace('_', "");
    let radix =
        |prefix: &str, radix| plain.strip_prefix(prefix).is_some_and(|rest| i128::from_str_radix(rest, radix).is_ok());
    // PyYAML's floats with an exponent have a point.
    let decimal = plain.parse::<f64>().is_ok() && (plain.contains('.') || !plain.contains(['e', 'E']));
    let sexagesimal = plain.contains(':') && plain.split(':').all(|part| part.parse::<f64>().is_ok());
    let mut date = text.split(['T', 't', ' ']).next().unwrap_or_default().split('-').map(str::len);
    let is_date = (date.next(), date.next(), date.next(), date.next());
    let is_date = matches!(is_date, (Some(4), Some(1..=2), Some(1..=2), None));
    decimal || sexagesimal || is_date || radix("0x", 16) || radix("0b", 2) || (plain.starts_with('0') && radix("0", 8))
}

#[cfg(test)]
mod tests {
    use super::*;
    use churten_value::from_json;

    #[test]
    fn as_the_oracle_shows_results() {
        let json = r#"{"changed": true, "cmd": ["echo", "a:", "{x:", "1}", "a\\nb"], "delta": "0:00:00.004465",
            "end": "2026-11-21 04:56:46.648964", "msg": "", "rc": 0, "stdout": "a\nb", "item": {"x": 1}, "mode": "0644",
            "deep": {"c": ["x", "y"]}, "src": "/a/b", "version": "0", "f": 1795233941.8026385, "omitted": "<omitted>"}"#;
        let expected = "\
changed: true
cmd:
- echo
- 'a:'
- '{x:'
- 1}
- a\\nb
deep:
    c:
    - x
    - y
delta: '0:00:00.004465'
end: '2026-11-21 04:56:46.648964'
f: 1795233941.8026385
item:
    x: 1
mode: '0644'
msg: ''
omitted: <omitted>
rc: 0
src: /a/b
stdout: |-
    a
    b
version: '0'
";
        assert_eq!(to_yaml(&from_json(json).unwrap(), 4), expected);
    }

    #[test]
    fn long_lines_are_folded() {
        let words = "0123456789 ".repeat(9);
        let value =
            from_json(&format!("{{\"key\": \"{}\", \"list\": [\"it's: {words}end\"]}}", words.trim_end())).unwrap();
        let seven = "0123456789 ".repeat(7).trim_end().to_owned();
        let expected = format!(
            "key: {seven}\n    0123456789 0123456789\nlist:\n- 'it''s: {seven}\n    0123456789 0123456789 end'\n"
        );
        assert_eq!(to_yaml(&value, 4), expected);
    }

    #[test]
    fn mappings_in_lists() {
        let value = from_json(r#"{"a": [{"b": 1, "c": [2]}, [3, 4], {}]}"#).unwrap();
        assert_eq!(to_yaml(&value, 4), "a:\n-   b: 1\n    c:\n    - 2\n-   - 3\n    - 4\n- {}\n");
    }
}
