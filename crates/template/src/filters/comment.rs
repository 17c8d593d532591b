//! `comment`.

use super::Filter;
use crate::eval::Call;
use crate::fault::{Fault, Outcome};
use crate::val::{Val, python_str};

pub(super) const TABLE: &[Filter] = &[Filter::new("comment", comment)];

/// A style: the first line, what starts a line, the last line.
fn style(name: &str) -> Option<[&'static str; 3]> {
    Some(match name {
        "plain" => ["", "# ", ""],
        "erlang" => ["", "% ", ""],
        "c" => ["", "// ", ""],
        "cblock" => ["/*", " * ", " */"],
        "xml" => ["<!--", " - ", "-->"],
        _ => return None,
    })
}

fn comment(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let ([value, name], options) = call.bind_with_keywords("comment", ["text", "style"], 1)?;
    let name = name.map_or(Ok("plain".to_owned()), |name| call.text(&name))?;
    let Some([beginning, decoration, end]) = style(&name) else {
        return Err(Fault::python(format!("Invalid style '{name}'.")));
    };
    let option = |name: &str| options.iter().find(|(known, _)| &**known == name).map(|(_, value)| value);
    let text = |name: &str, default: &str| match option(name) {
        Some(value) => python_str(value, call.session),
        None => Ok(default.to_owned()),
    };
    let count = |name: &str| match option(name) {
        Some(Val::Int(count)) => usize::try_from(*count).unwrap_or(0).min(10_000),
        _ => 1,
    };
    let newline = text("newline", "\n")?;
    let (beginning, decoration, end) =
        (text("beginning", beginning)?, text("decoration", decoration)?, text("end", end)?);
    let edge = decoration.trim_end();
    let (prefix, postfix) = (text("prefix", edge)?, text("postfix", edge)?);
    let value = value.unwrap_or(Val::None);
    let Val::Str(body) = &value else {
        return Err(Fault::python(format!("'{}' object has no attribute 'replace'", value.python_class())));
    };
    let mut out = String::new();
    if !beginning.is_empty() {
        out += &beginning;
        out += &newline;
    }
    if !prefix.is_empty() {
        let line = if prefix == newline { newline.clone() } else { format!("{prefix}{newline}") };
        call.session.make_text(line.len().saturating_mul(count("prefix_count")))?;
        out += &line.repeat(count("prefix_count"));
    }
    let lines = if newline.is_empty() { body.len() + 1 } else { body.matches(&newline).count() };
    call.session.make_text(lines.saturating_mul(newline.len() + decoration.len()).saturating_add(body.len()))?;
    let body = format!("{decoration}{}", body.replace(&newline, &format!("{newline}{decoration}")));
    // Empty lines get the decoration without the spaces at its end.
    out += &body.replace(&format!("{decoration}{newline}"), &format!("{edge}{newline}"));
    call.session.make_text((newline.len() + postfix.len()).saturating_mul(count("postfix_count")))?;
    out += &format!("{newline}{postfix}").repeat(count("postfix_count"));
    if !end.is_empty() {
        out += &newline;
        out += &end;
    }
    Ok(out.into())
}
