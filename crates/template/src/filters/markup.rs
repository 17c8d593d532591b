//! Filters for HTML, XML and the shell.

use super::Filter;
use super::serialise::style;
use super::types::soft_text;
use crate::eval::Call;
use crate::fault::{Fault, Outcome};
use crate::val::{Val, python_str};
use churten_value::JsonStyle;
use std::fmt::Write as _;

pub(super) const TABLE: &[Filter] = &[
    Filter::new("e", escape),
    Filter::new("escape", escape),
    Filter::new("forceescape", escape),
    Filter::new("quote", quote),
    Filter::new("safe", safe),
    Filter::new("striptags", striptags),
    Filter::new("tojson", tojson),
    Filter::new("xmlattr", xmlattr),
];

pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\'' => out.push_str("&#39;"),
            '"' => out.push_str("&#34;"),
            other => out.push(other),
        }
    }
    out
}

fn escape(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value] = call.bind("escape", ["s"], 1)?;
    Ok(escaped(&soft_text(value, call)?).into())
}

fn safe(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value] = call.bind("do_mark_safe", ["value"], 1)?;
    soft_text(value, call).map(Val::from)
}

fn quote(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value] = call.bind("quote", ["a"], 1)?;
    let text = match value {
        None | Some(Val::None) => String::new(),
        value => soft_text(value, call)?,
    };
    Ok(churten_syntax::shlex_quote(&text).into())
}

/// JSON that is safe inside HTML.
fn tojson(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, indent] = call.bind("do_tojson", ["value", "indent"], 1)?;
    if let Some(indent) = indent.filter(|indent| !indent.is_none()) {
        call.keyword.push(("indent".into(), indent));
    }
    let style = style(call, JsonStyle { sort_keys: true, ..JsonStyle::PLAIN })?;
    let text = value.unwrap_or(Val::None).to_data(call.session)?.to_json(style);
    let text = text.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026").replace('\'', "\\u0027");
    Ok(text.into())
}

fn xmlattr(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, auto_space] = call.bind("do_xmlattr", ["d", "autospace"], 1)?;
    let value = value.unwrap_or(Val::None);
    let Some(entries) = call.session.mapping(&value) else {
        return Err(Fault::python(format!("'{}' object has no attribute 'items'", value.python_class())));
    };
    let mut out = String::new();
    for (key, value) in call.pairs(&entries)? {
        if value.is_none() || value.is_missing() {
            continue;
        }
        let Some(key) = key.value().as_str().map(str::to_owned) else {
            let class = key.value().python_type();
            return Err(Fault::python(format!("expected string or bytes-like object, got '{class}'")));
        };
        if key.contains(|c: char| c.is_whitespace() || matches!(c, '/' | '>' | '=')) {
            return Err(Fault::python(format!(
                "Invalid character in attribute name: {}",
                churten_value::str_repr(&key)
            )));
        }
        if !out.is_empty() {
            out.push(' ');
        }
        let _ = write!(out, "{}=\"{}\"", escaped(&key), escaped(&python_str(&value, call.session)?));
    }
    if !out.is_empty() && call.flag(auto_space.as_ref(), true)? {
        out.insert(0, ' ');
    }
    Ok(out.into())
}

/// Text without comments and tags, white space joined, entities replaced.
fn striptags(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value] = call.bind("do_striptags", ["value"], 1)?;
    let mut text = soft_text(value, call)?;
    for (open, close) in [("<!--", "-->"), ("<", ">")] {
        while let Some(start) = text.find(open) {
            let Some(end) = text[start..].find(close) else { break };
            text.replace_range(start..start + end + close.len(), "");
        }
    }
    let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
    Ok(unescaped(&joined).into())
}

/// The entities that occur in practice.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = rest.find(';').filter(|end| *end <= 10);
        let entity = end.and_then(|end| {
            let name = &rest[1..end];
            let number = name.strip_prefix('#').and_then(|number| match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok(),
                None => number.parse().ok(),
            });
            let character = match name {
                "amp" => Some('&'),
                "lt" => Some('<'),
                "gt" => Some('>'),
                "quot" => Some('"'),
                "apos" => Some('\''),
                "nbsp" => Some('\u{a0}'),
                "copy" => Some('©'),
                "hellip" => Some('…'),
                "mdash" => Some('—'),
                "ndash" => Some('–'),
                _ => number.and_then(char::from_u32),
            };
            character.map(|character| (character, end + 1))
        });
        match entity {
            Some((character, length)) => {
                out.push(character);
                rest = &rest[length..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}
