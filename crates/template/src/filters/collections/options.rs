//! Arguments as the plugins of `ansible.utils` take them: not Python's own binding, but a list of options that are
//! converted to their types, like a module's.

use crate::address::python_integer;
use crate::eval::Call;
use crate::fault::{Fault, Outcome};
use crate::val::{Dictionary, Key, Root, Val, big, number, python_repr};
use churten_value::{from_json, str_repr};
use std::rc::Rc;

/// What an option holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Anything.
    Raw,
    /// Text; other values are printed, `none` is empty.
    Text,
    /// An integer.
    Integer,
    /// A truth value; `none` is false.
    Bool,
    /// A list of text; text is split at commas.
    List,
    /// A list of anything; text is split at commas.
    Items,
    /// A dictionary; text may be JSON or `key=value`.
    Dict,
    /// One of these words.
    Choice(&'static [&'static str]),
}

/// The name of a value's class as Python prints it, with its module.
pub(crate) fn class_path(value: &Val) -> &'static str {
    match value {
        Val::Dict(_) => "ansible._internal._templating._lazy_containers._AnsibleLazyTemplateDict",
        Val::List(_) => "ansible._internal._templating._lazy_containers._AnsibleLazyTemplateList",
        Val::Tuple(_) => "ansible._internal._templating._lazy_containers._AnsibleLazyAccessTuple",
        other => other.python_type(),
    }
}

/// The options of a call in their order, converted. Further positional arguments are ignored; a keyword wins.
pub(crate) fn options<const N: usize>(call: &mut Call<'_, '_>, names: [(&str, Kind); N]) -> Outcome<[Option<Val>; N]> {
    required_options(call, &[], names)
}

/// [`options`] of which some must be given.
pub(crate) fn required_options<const N: usize>(
    call: &mut Call<'_, '_>,
    required: &[&str],
    names: [(&str, Kind); N],
) -> Outcome<[Option<Val>; N]> {
    let mut bound = [const { None }; N];
    for (place, value) in bound.iter_mut().zip(call.positional.drain(..)) {
        *place = Some(value);
    }
    let mut unknown = Vec::new();
    for (name, value) in call.keyword.drain(..) {
        match names.iter().position(|(known, _)| *known == &*name) {
            Some(index) => bound[index] = Some(value),
            None => unknown.push(name.to_string()),
        }
    }
    let given = |name: &&str| names.iter().zip(&bound).any(|((known, _), value)| known == name && value.is_some());
    let mut missing: Vec<&str> = required.iter().filter(|name| !given(name)).copied().collect();
    missing.sort_unstable();
    let mut problems = Vec::new();
    if !missing.is_empty() {
        problems.push(format!("missing required arguments: {}", missing.join(", ")));
    }
    for ((name, kind), place) in names.iter().zip(bound.iter_mut()) {
        let Some(value) = place.take() else { continue };
        match converted(call, name, *kind, value)? {
            Ok(value) => *place = value,
            Err(problem) => problems.push(problem),
        }
    }
    if !unknown.is_empty() {
        unknown.sort_unstable();
        let known: Vec<&str> = names.iter().map(|(name, _)| *name).collect();
        problems.push(unsupported(&unknown.join(", "), known));
    }
    if problems.is_empty() { Ok(bound) } else { Err(refused(&problems)) }
}

/// A value of an option's kind, or why it cannot be one.
fn converted(call: &Call<'_, '_>, name: &str, kind: Kind, value: Val) -> Outcome<Result<Option<Val>, String>> {
    Ok(match kind {
        Kind::Raw => Ok(Some(value)),
        Kind::Text if value.is_none() => Ok(Some(Val::str(""))),
        Kind::Text if matches!(value, Val::Str(_)) => Ok(Some(value)),
        Kind::Text => Ok(Some(Val::str(call.text(&value)?))),
        Kind::Integer if value.is_none() && name != "first_line_len" && name != "other_line_len" => Ok(None),
        Kind::Integer => integer(call, name, &value)?.map(Some),
        Kind::Bool => truth(call, name, &value)?.map(|flag| Some(Val::Bool(flag))),
        Kind::List => list(call, name, &value, true)?.map(Some),
        Kind::Items => list(call, name, &value, false)?.map(Some),
        Kind::Dict => match dictionary(call, &value) {
            Ok(entries) => Ok(Some(Val::Dict(entries))),
            Err(reason) => Err(not_converted(name, &value, &format!("dict: {reason}"))),
        },
        Kind::Choice(words) => {
            let text = call.text(&value)?;
            if words.contains(&text.as_str()) {
                Ok(Some(Val::from(text)))
            } else {
                Err(format!("value of {name} must be one of: {}, got: {text}", words.join(", ")))
            }
        }
    })
}

/// What is said of names that are no options.
pub(super) fn unsupported(unknown: &str, mut known: Vec<&str>) -> String {
    known.sort_unstable();
    format!("{unknown}. Supported parameters include: {}.", known.join(", "))
}

/// The error for a list of problems.
pub(super) fn refused(problems: &[String]) -> Fault {
    let shown: Vec<String> = problems.iter().map(|problem| str_repr(problem).to_string()).collect();
    Fault::python(format!("[{}]", shown.join(", ")))
}

fn integer(call: &Call<'_, '_>, name: &str, value: &Val) -> Outcome<Result<Val, String>> {
    let converted = match value {
        Val::Str(text) => python_integer(text).map(big),
        Val::Float(float) if float.fract() == 0.0 && float.abs() < 9e15 => Some(Val::Int(*float as i64)),
        Val::Float(_) => None,
        other => number(other).and_then(|number| number.to_integer()).map(big),
    };
    Ok(match converted {
        Some(value) => Ok(value),
        None => {
            let reason = format!("int: \"{}\" cannot be converted to an int", python_repr(value, call.session)?);
            Err(not_converted(name, value, &reason))
        }
    })
}

fn truth(call: &Call<'_, '_>, name: &str, value: &Val) -> Outcome<Result<bool, String>> {
    let word = match value {
        Val::None => return Ok(Ok(false)),
        Val::Bool(flag) => return Ok(Ok(*flag)),
        Val::Str(text) => text.trim().to_lowercase(),
        Val::Int(_) | Val::Float(_) => match number(value) {
            Some(number) if number.to_float() == 1.0 => "1".to_owned(),
            Some(number) if number.to_float() == 0.0 => "0".to_owned(),
            _ => String::new(),
        },
        other => {
            let reason = format!("bool: <class '{}'> cannot be converted to a bool", class_path(other));
            return Ok(Err(not_converted(name, value, &reason)));
        }
    };
    Ok(match word.as_str() {
        "y" | "yes" | "on" | "1" | "true" | "t" => Ok(true),
        "n" | "no" | "off" | "0" | "false" | "f" => Ok(false),
        _ => {
            let words = "0, 1, '0', '1', 'f', 'false', 'n', 'no', 'off', 'on', 't', 'true', 'y', 'yes'";
            let shown = call.text(value)?;
            let reason = format!("bool: The value '{shown}' is not a valid boolean. Valid booleans include: {words}");
            Err(not_converted(name, value, &reason))
        }
    })
}

fn list(call: &Call<'_, '_>, name: &str, value: &Val, of_text: bool) -> Outcome<Result<Val, String>> {
    let items = match value {
        Val::Str(text) => text.split(',').map(Val::from).collect(),
        Val::List(_) => {
            let mut items = call.items(value)?;
            for item in items.iter_mut().filter(|_| of_text) {
                *item = if item.is_none() { Val::str("") } else { Val::str(call.text(item)?) };
            }
            items
        }
        Val::Int(_) | Val::Big(_) | Val::Float(_) | Val::Bool(_) => vec![Val::str(call.text(value)?)],
        other => {
            let reason = format!("list: <class '{}'> cannot be converted to a list", class_path(other));
            return Ok(Err(not_converted(name, value, &reason)));
        }
    };
    Ok(Ok(Val::list(items)))
}

/// A value as a dictionary, or why it is none.
pub(super) fn dictionary(call: &Call<'_, '_>, value: &Val) -> Result<Rc<Dictionary>, String> {
    if let Some(entries) = call.session.mapping(value) {
        return Ok(entries);
    }
    let Val::Str(text) = value else {
        return Err(format!("<class '{}'> cannot be converted to a dict", class_path(value)));
    };
    if text.trim_start().starts_with('{')
        && let Ok(parsed) = from_json(text)
        && let Val::Dict(entries) = Val::from_raw(&parsed, Root::default())
    {
        return Ok(entries);
    }
    if !text.contains('=') {
        return Err("dictionary requested, could not parse JSON or key=value".to_owned());
    }
    let words = text.split([' ', ',']).filter(|word| !word.is_empty());
    Ok(Dictionary::new(words.map(|word| {
        let (name, value) = word.split_once('=').unwrap_or((word, ""));
        (Key::text(name), Val::from(value.trim_matches(['\'', '"'])))
    })))
}

fn not_converted(name: &str, value: &Val, reason: &str) -> String {
    let class = value.python_type();
    format!("argument '{name}' is of type {class} and we were unable to convert to {reason}")
}

/// The elements of a list option as dictionaries.
pub(super) fn dictionaries(call: &Call<'_, '_>, name: &str, list: &Val) -> Outcome<Vec<Rc<Dictionary>>> {
    let mut found = Vec::new();
    for item in call.items(list)? {
        found.push(dictionary(call, &item).map_err(|reason| {
            let first = match &item {
                Val::Str(_) => reason.clone(),
                other => {
                    let shown = call.text(other).unwrap_or_default();
                    let class = other.python_type();
                    format!("Value '{shown}' in the sub parameter field '{name}' must be a list, not '{class}'")
                }
            };
            let class = item.python_type();
            refused(&[
                first,
                format!(
                    "Elements value for option '{name}' is of type {class} and we were unable to convert to dict: \
                     {reason}"
                ),
            ])
        })?);
    }
    Ok(found)
}

/// An error in the words of `ansible.utils`.
pub(super) fn plugin_error(name: &str, message: &str) -> Fault {
    Fault::python(format!("Error when using plugin '{name}': {message}"))
}
