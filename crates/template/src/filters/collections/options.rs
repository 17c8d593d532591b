//! Arguments as the plugins of `ansible.utils` take them: not Python's own binding, but a list of options that are
//! converted to their types, like a module's.

use crate::address::python_integer;
use crate::eval::Call;
use crate::fault::{Fault, Outcome};
use crate::val::{Val, big, number, python_repr};
use churten_value::str_repr;

/// What an option holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Anything.
    Raw,
    /// Text; other values are printed, `none` is empty.
    Text,
    /// An integer.
    Integer,
    /// A list of text; text is split at commas.
    List,
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
    if !unknown.is_empty() {
        unknown.sort_unstable();
        let mut known: Vec<&str> = names.iter().map(|(name, _)| *name).collect();
        known.sort_unstable();
        let text = format!("{}. Supported parameters include: {}.", unknown.join(", "), known.join(", "));
        return Err(Fault::python(format!("[{}]", str_repr(&text))));
    }
    for ((name, kind), place) in names.iter().zip(bound.iter_mut()) {
        let Some(value) = place.take() else { continue };
        *place = match kind {
            Kind::Raw => Some(value),
            Kind::Text if value.is_none() => Some(Val::str("")),
            Kind::Text if matches!(value, Val::Str(_)) => Some(value),
            Kind::Text => Some(Val::str(call.text(&value)?)),
            Kind::Integer if value.is_none() => None,
            Kind::Integer => Some(integer(call, name, &value)?),
            Kind::List => Some(list(call, name, &value)?),
        };
    }
    Ok(bound)
}

fn integer(call: &Call<'_, '_>, name: &str, value: &Val) -> Outcome<Val> {
    let converted = match value {
        Val::Str(text) => python_integer(text).map(big),
        Val::Float(float) if float.fract() == 0.0 && float.abs() < 9e15 => Some(Val::Int(*float as i64)),
        Val::Float(_) => None,
        other => number(other).and_then(|number| number.to_integer()).map(big),
    };
    match converted {
        Some(value) => Ok(value),
        None => {
            let reason = format!("int: \"{}\" cannot be converted to an int", python_repr(value, call.session)?);
            Err(not_converted(name, value, &reason))
        }
    }
}

fn list(call: &Call<'_, '_>, name: &str, value: &Val) -> Outcome<Val> {
    let items = match value {
        Val::Str(text) => text.split(',').map(Val::from).collect(),
        Val::List(_) => {
            let mut items = call.items(value)?;
            for item in &mut items {
                item.check()?;
                *item = if item.is_none() { Val::str("") } else { Val::str(call.text(item)?) };
            }
            items
        }
        Val::Int(_) | Val::Big(_) | Val::Float(_) | Val::Bool(_) => vec![Val::str(call.text(value)?)],
        other => {
            let reason = format!("list: <class '{}'> cannot be converted to a list", class_path(other));
            return Err(not_converted(name, value, &reason));
        }
    };
    Ok(Val::list(items))
}

fn not_converted(name: &str, value: &Val, reason: &str) -> Fault {
    let class = value.python_type();
    let text = format!("argument '{name}' is of type {class} and we were unable to convert to {reason}");
    Fault::python(format!("[{}]", str_repr(&text)))
}
