//! Tests of text against regular expressions.

use super::Check;
use crate::eval::Call;
use crate::fault::{Fault, Outcome};
use crate::regex;
use crate::val::Val;

pub(super) const TABLE: &[Check] =
    &[Check::new("match", at_start), Check::new("regex", general), Check::new("search", anywhere)];

fn at_start(call: &mut Call<'_, '_>) -> Outcome<bool> {
    let [value, pattern, ignore_case, multiline] =
        call.bind("match", ["value", "pattern", "ignorecase", "multiline"], 1)?;
    test(call, value, pattern, ignore_case, multiline, "match")
}

fn anywhere(call: &mut Call<'_, '_>) -> Outcome<bool> {
    let [value, pattern, ignore_case, multiline] =
        call.bind("search", ["value", "pattern", "ignorecase", "multiline"], 1)?;
    test(call, value, pattern, ignore_case, multiline, "search")
}

fn general(call: &mut Call<'_, '_>) -> Outcome<bool> {
    let [value, pattern, ignore_case, multiline, kind] =
        call.bind("regex", ["value", "pattern", "ignorecase", "multiline", "match_type"], 1)?;
    let kind = match kind {
        Some(kind) => call.text(&kind)?,
        None => "search".to_owned(),
    };
    test(call, value, pattern, ignore_case, multiline, &kind)
}

fn test(
    call: &Call<'_, '_>,
    value: Option<Val>,
    pattern: Option<Val>,
    ignore_case: Option<Val>,
    multiline: Option<Val>,
    kind: &str,
) -> Outcome<bool> {
    let value = call.text(&value.unwrap_or(Val::None))?;
    let pattern = match pattern {
        None => String::new(),
        Some(Val::Str(pattern)) => pattern.to_string(),
        Some(_) => return Err(Fault::python("first argument must be string or compiled pattern")),
    };
    let flags = regex::Flags {
        ignore_case: call.flag(ignore_case.as_ref(), false)?,
        multiline: call.flag(multiline.as_ref(), false)?,
    };
    let regex = regex::compile(&pattern, flags)?;
    let found = regex::find(&regex, &value)?;
    Ok(match (kind, found) {
        ("match" | "search" | "fullmatch", None) => false,
        ("match", Some(found)) => found.start() == 0 || regex::matches_at_start(&pattern, flags, &value)?,
        ("fullmatch", Some(_)) => regex::matches_whole(&pattern, flags, &value)?,
        ("search", Some(_)) => true,
        _ => return Err(Fault::python("'str' object is not callable")),
    })
}
