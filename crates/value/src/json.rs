//! JSON as Python's `json.dumps` writes it.

use crate::{Data, Value, float_repr, surrogate};
use std::fmt::Write as _;

/// The options of `json.dumps` that ansible-core uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JsonStyle {
    /// Spaces per level; `None` writes one line with `, ` and `: `.
    pub indent: Option<usize>,
    /// Sort mappings by key.
    pub sort_keys: bool,
    /// Write characters beyond ASCII as `\u` escapes.
    pub ensure_ascii: bool,
    /// One line without spaces after `,` and `:`.
    pub compact: bool,
}

impl JsonStyle {
    /// `json.dumps(value)`.
    pub const PLAIN: Self = Self { indent: None, sort_keys: false, ensure_ascii: true, compact: false };
    /// What callbacks show: four spaces, sorted, characters as they are.
    pub const RESULT: Self = Self { indent: Some(4), sort_keys: true, ensure_ascii: false, compact: false };
}

impl Value {
    /// The JSON text of this value in a style. Bytes are decoded leniently, dates become ISO text.
    pub fn to_json(&self, style: JsonStyle) -> String {
        let mut out = String::new();
        write(self, style, 0, &mut out);
        out
    }
}

fn newline(style: JsonStyle, depth: usize, out: &mut String) {
    if let Some(indent) = style.indent {
        out.push('\n');
        out.extend(std::iter::repeat_n(' ', indent * depth));
    }
}

fn separator(style: JsonStyle, depth: usize, out: &mut String) {
    out.push(',');
    if style.indent.is_some() {
        newline(style, depth, out);
    } else if !style.compact {
        out.push(' ');
    }
}

fn write(value: &Value, style: JsonStyle, depth: usize, out: &mut String) {
    match &value.data {
        Data::None => out.push_str("null"),
        Data::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Data::Float(number) => out.push_str(&float(*number)),
        Data::Int(_) | Data::BigInt(_) => out.push_str(&value.to_text()),
        Data::Str(text) => string(text, style, out),
        Data::Bytes(bytes) => string(&String::from_utf8_lossy(bytes), style, out),
        Data::Timestamp(when) => string(&when.iso('T'), style, out),
        Data::Time(time) => string(&time.iso(), style, out),
        Data::Vault(vaulted) => string(&vaulted.armour, style, out),
        Data::Omit => string(&value.to_text(), style, out),
        Data::List(items) if items.is_empty() => out.push_str("[]"),
        Data::List(items) => {
            out.push('[');
            newline(style, depth + 1, out);
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    separator(style, depth + 1, out);
                }
                write(item, style, depth + 1, out);
            }
            newline(style, depth, out);
            out.push(']');
        }
        Data::Dict(entries) if entries.is_empty() => out.push_str("{}"),
        Data::Dict(entries) => {
            let mut entries: Vec<_> = entries.iter().map(|(name, value)| (key(name), value)).collect();
            if style.sort_keys {
                crate::sort_by(&mut entries, |a, b| a.0.cmp(&b.0));
            }
            out.push('{');
            newline(style, depth + 1, out);
            for (index, (name, value)) in entries.into_iter().enumerate() {
                if index > 0 {
                    separator(style, depth + 1, out);
                }
                string(&name, style, out);
                out.push_str(if style.compact { ":" } else { ": " });
                write(value, style, depth + 1, out);
            }
            newline(style, depth, out);
            out.push('}');
        }
    }
}

/// Python writes scalar keys as their JSON text, inside quotes.
fn key(value: &Value) -> String {
    match &value.data {
        Data::Str(text) => text.to_string(),
        Data::None => "null".into(),
        Data::Bool(flag) => if *flag { "true" } else { "false" }.into(),
        Data::Float(number) => float(*number),
        _ => value.to_text(),
    }
}

fn float(number: f64) -> String {
    if number.is_nan() {
        "NaN".into()
    } else if number.is_infinite() {
        if number > 0.0 { "Infinity" } else { "-Infinity" }.into()
    } else {
        float_repr(number)
    }
}

fn string(text: &str, style: JsonStyle, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            c if style.ensure_ascii
                && let Some(unit) = surrogate(c) =>
            {
                let _ = write!(out, "\\u{unit:04x}");
            }
            c if (c as u32) < 0x20 || (style.ensure_ascii && c as u32 > 0x7e) => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use crate::{Dict, JsonStyle, Value};

    #[test]
    fn writes_as_python() {
        let value = Value::dict(Dict::from([
            ("b", Value::list(vec![1.into(), 1.5.into(), Value::NONE])),
            ("a", "é\n\u{1F600}".into()),
        ]));
        assert_eq!(value.to_json(JsonStyle::PLAIN), r#"{"b": [1, 1.5, null], "a": "\u00e9\n\ud83d\ude00"}"#);
        let nice = "{\n    \"a\": \"é\\n😀\",\n    \"b\": [\n        1,\n        1.5,\n        null\n    ]\n}";
        assert_eq!(value.to_json(JsonStyle::RESULT), nice);
        let mut keys = Dict::new();
        keys.insert(true, 1);
        keys.insert(Value::NONE, 2);
        assert_eq!(Value::dict(keys).to_json(JsonStyle::PLAIN), r#"{"true": 1, "null": 2}"#);
    }
}
