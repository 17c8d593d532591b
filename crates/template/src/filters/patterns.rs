//! Filters with regular expressions, as Python's `re` has them.

use super::Filter;
use super::types::soft_text;
use crate::eval::Call;
use crate::fault::{Fault, Outcome};
use crate::regex::{self, Flags, Replacement};
use crate::val::Val;
use fancy_regex::Captures;
use std::fmt::Write as _;

pub(super) const TABLE: &[Filter] = &[
    Filter::new("regex_escape", escape),
    Filter::new("regex_findall", find_all),
    Filter::new("regex_replace", replace),
    Filter::new("regex_search", search),
];

fn pattern(value: Option<Val>) -> Outcome<String> {
    match value {
        None => Ok(String::new()),
        Some(Val::Str(text)) => Ok(text.to_string()),
        Some(_) => Err(Fault::python("first argument must be string or compiled pattern")),
    }
}

fn flags(call: &Call<'_, '_>, ignore_case: Option<&Val>, multiline: Option<&Val>) -> Outcome<Flags> {
    Ok(Flags { ignore_case: call.flag(ignore_case, false)?, multiline: call.flag(multiline, false)? })
}

fn replace(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, expression, replacement, ignore_case, multiline, count, mandatory] = call.bind(
        "regex_replace",
        ["value", "pattern", "replacement", "ignorecase", "multiline", "count", "mandatory_count"],
        0,
    )?;
    let text = match value {
        None => String::new(),
        value => soft_text(value, call)?,
    };
    let expression = pattern(expression)?;
    let regex = regex::compile(&expression, flags(call, ignore_case.as_ref(), multiline.as_ref())?)?;
    let replacement = match replacement {
        None => String::new(),
        Some(Val::Str(text)) => text.to_string(),
        Some(other) => {
            return Err(Fault::python(format!(
                "decoding to str: need a bytes-like object, {} found",
                other.python_class()
            )));
        }
    };
    let number = |value: &Option<Val>| match value {
        Some(Val::Int(number)) => usize::try_from(*number).unwrap_or(0),
        _ => 0,
    };
    let (count, mandatory) = (number(&count), number(&mandatory));
    let replacement = Replacement::parse(&replacement, &regex)?;
    let matches = regex::find_all(&regex, &text, if count == 0 { usize::MAX } else { count })?;
    if mandatory > 0 && matches.len() != mandatory {
        return Err(Fault::python(format!(
            "'{expression}' should match {mandatory} times, but matches {count} times in {}",
            churten_value::str_repr(&text)
        )));
    }
    let mut out = String::with_capacity(text.len());
    let mut end = 0;
    for captures in &matches {
        let Some(whole) = captures.get(0) else { continue };
        out.push_str(text.get(end..whole.start()).unwrap_or_default());
        replacement.expand(captures, &mut out);
        end = whole.end();
    }
    out.push_str(text.get(end..).unwrap_or_default());
    Ok(out.into())
}

fn search(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let ignore_case = call.take_keyword("ignorecase");
    let multiline = call.take_keyword("multiline");
    let ([value, expression], _) = call.bind_with_keywords("regex_search", ["value", "regex"], 2)?;
    let text = soft_text(value, call)?;
    let regex = regex::compile(&pattern(expression)?, flags(call, ignore_case.as_ref(), multiline.as_ref())?)?;
    let mut groups = Vec::new();
    for argument in &call.positional {
        let name = call.text(argument)?;
        let group = match name.strip_prefix("\\g<") {
            Some(rest) => rest.split_once('>').map(|(name, _)| name.to_owned()),
            None => name
                .strip_prefix('\\')
                .filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
                .map(|rest| rest.chars().take_while(char::is_ascii_digit).collect()),
        };
        groups.push(group.ok_or_else(|| Fault::python("Unknown argument"))?);
    }
    let Some(found) = regex.captures(&text).map_err(regex::failed)? else { return Ok(Val::None) };
    if groups.is_empty() {
        return Ok(found.get(0).map_or(Val::None, |whole| Val::str(whole.as_str())));
    }
    let mut items = Vec::with_capacity(groups.len());
    for group in groups {
        items.push(match regex::group_number(&regex, &group) {
            Some(number) => found.get(number).map_or(Val::None, |group| Val::str(group.as_str())),
            None => return Err(Fault::python("no such group")),
        });
    }
    Ok(Val::list(items))
}

fn find_all(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, expression, multiline, ignore_case] =
        call.bind("regex_findall", ["value", "regex", "multiline", "ignorecase"], 2)?;
    let text = soft_text(value, call)?;
    let regex = regex::compile(&pattern(expression)?, flags(call, ignore_case.as_ref(), multiline.as_ref())?)?;
    let group =
        |captures: &Captures<'_>, number: usize| Val::str(captures.get(number).map_or("", |found| found.as_str()));
    let found = regex::find_all(&regex, &text, usize::MAX)?;
    let groups = regex.captures_len();
    let rows = found.iter().map(|captures| match groups {
        0 | 1 => group(captures, 0),
        2 => group(captures, 1),
        _ => Val::tuple((1..groups).map(|number| group(captures, number)).collect()),
    });
    Ok(Val::list(rows.collect()))
}

fn escape(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, kind] = call.bind("regex_escape", ["string", "re_type"], 1)?;
    let text = soft_text(value, call)?;
    let kind = match kind {
        Some(kind) => call.text(&kind)?,
        None => "python".to_owned(),
    };
    let special = match kind.as_str() {
        "python" => "()[]{}?*+-|^$\\.&~# \t\n\r\u{b}\u{c}",
        "posix_basic" => "[].^$*\\",
        "posix_extended" => return Err(Fault::python(format!("Regex type ({kind}) not yet implemented"))),
        _ => return Err(Fault::python(format!("Invalid regex type ({kind})"))),
    };
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if special.contains(character) {
            out.push('\\');
        }
        let _ = write!(out, "{character}");
    }
    Ok(out.into())
}
