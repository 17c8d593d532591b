//! Filters that reach into containers.

use super::Filter;
use crate::eval::{Call, attribute, item};
use crate::fault::{Fault, Outcome};
use crate::val::{Dictionary, Key, Val, python_repr};

pub(super) const TABLE: &[Filter] = &[
    Filter::new("attr", attr),
    Filter::new("extract", extract),
    Filter::new("items", items),
    Filter::new("rekey_on_member", rekey_on_member),
    Filter::new("subelements", subelements),
];

/// An attribute, never an item.
fn attr(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, name] = call.bind("do_attr", ["obj", "name"], 2)?;
    let (value, name) = (value.unwrap_or(Val::None), name.unwrap_or(Val::None));
    let Val::Str(name) = &name else {
        return Err(Fault::python(format!("attribute name must be string, not '{}'", name.python_class())));
    };
    if let Val::Dict(_) = &value
        && !crate::methods::DICT.contains(&&**name)
        && !name.starts_with("__")
    {
        return Ok(call.session.undefined(format!("object of type 'dict' has no attribute '{}'", &**name)));
    }
    Ok(attribute(&value, &name.text, call.session))
}

fn extract(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [key, container, more] = call.bind("extract", ["item", "container", "morekeys"], 2)?;
    let mut value = item(&container.unwrap_or(Val::None), &key.unwrap_or(Val::None), call.session)?;
    let more = match more {
        None | Some(Val::None) => Vec::new(),
        Some(list @ (Val::List(_) | Val::Tuple(_))) => call.items(&list)?,
        Some(single) => vec![single],
    };
    for key in more {
        value = item(&value, &key, call.session)?;
    }
    Ok(value)
}

fn items(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value] = call.bind("do_items", ["value"], 1)?;
    let value = value.unwrap_or(Val::None);
    let Some(entries) = call.session.mapping(&value) else {
        return Err(Fault::python("Can only get item pairs from a mapping."));
    };
    let pairs = call.pairs(&entries)?.into_iter();
    Ok(Val::list(pairs.map(|(key, value)| Val::tuple(vec![key.into_value(), value])).collect()))
}

/// What Python says when `value[key]` is no mapping's lookup.
fn not_subscriptable(value: &Val) -> String {
    match value {
        Val::Str(_) => "string indices must be integers, not 'str'".to_owned(),
        Val::List(_) => "list indices must be integers or slices, not str".to_owned(),
        other => format!("'{}' object is not subscriptable", other.python_class()),
    }
}

/// The list that a path of keys leads to; `None` when a key is missing and may be.
pub(crate) fn follow(
    element: &Val,
    path: &[String],
    skip_missing: bool,
    call: &crate::eval::Session<'_>,
) -> Outcome<Option<Vec<Val>>> {
    let mut value = element.clone();
    let mut last = "";
    for key in path {
        last = key;
        let Some(entries) = call.mapping(&value) else {
            return Err(Fault::python(format!(
                "the key {key} should point to a dictionary, got '{}': {}",
                crate::val::python_str(&value, call)?,
                not_subscriptable(&value)
            )));
        };
        let Some(slot) = entries.get_text(key) else {
            if skip_missing {
                return Ok(None);
            }
            return Err(Fault::python(format!(
                "could not find {} key in iterated item {}",
                churten_value::str_repr(key),
                python_repr(element, call)?
            )));
        };
        value = call.slot(&slot).defined()?;
    }
    if !matches!(value, Val::List(_)) {
        return Err(Fault::python(format!(
            "the key {} should point to a list, got {}",
            churten_value::str_repr(last),
            python_repr(&value, call)?
        )));
    }
    call.items(&value).map(Some)
}

fn subelements(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, path, skip] = call.bind("subelements", ["obj", "subelements", "skip_missing"], 2)?;
    let value = value.unwrap_or(Val::None);
    let elements = match call.session.mapping(&value) {
        Some(entries) => call.pairs(&entries)?.into_iter().map(|(_, value)| value).collect(),
        None if matches!(value, Val::List(_)) => call.items(&value)?,
        None => return Err(Fault::python("obj must be a list of dicts or a nested dict")),
    };
    let path: Vec<String> = match path.unwrap_or(Val::None) {
        Val::Str(path) => path.split('.').map(str::to_owned).collect(),
        list @ Val::List(_) => call.items(&list)?.iter().map(|key| call.text(key)).collect::<Outcome<_>>()?,
        _ => return Err(Fault::python("subelements must be a list or a string")),
    };
    let skip = call.flag(skip.as_ref(), false)?;
    let mut rows = Vec::new();
    for element in elements {
        for sub in follow(&element, &path, skip, call.session)?.unwrap_or_default() {
            rows.push(Val::tuple(vec![element.clone(), sub]));
        }
    }
    Ok(Val::list(rows))
}

fn rekey_on_member(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [data, key, duplicates] = call.bind("rekey_on_member", ["data", "key", "duplicates"], 2)?;
    let duplicates = match duplicates {
        Some(duplicates) => call.text(&duplicates)?,
        None => "error".to_owned(),
    };
    if !matches!(duplicates.as_str(), "error" | "overwrite") {
        return Err(Fault::python(format!("duplicates parameter to rekey_on_member has unknown value '{duplicates}'")));
    }
    let data = data.unwrap_or(Val::None);
    let items = match call.session.mapping(&data) {
        Some(entries) => call.pairs(&entries)?.into_iter().map(|(_, value)| value).collect(),
        None if matches!(data, Val::List(_) | Val::Tuple(_)) => call.items(&data)?,
        None => return Err(Fault::python("Type is not a valid list, set, or dict")),
    };
    let key = Key::new(key.unwrap_or(Val::None))?;
    let made = Dictionary::empty();
    for item in items {
        let Some(entries) = call.session.mapping(&item) else {
            return Err(Fault::python("List item is not a valid dict"));
        };
        let Some(slot) = entries.get(&key) else {
            return Err(Fault::python(format!("Key {} was not found.", python_repr(key.value(), call.session)?)));
        };
        let name = call.session.slot(&slot).defined()?;
        let known = Key::new(name.clone())?;
        if duplicates == "error" && made.contains(&known) {
            return Err(Fault::python(format!(
                "Key {} is not unique, cannot convert to dict.",
                python_repr(&name, call.session)?
            )));
        }
        made.insert(known, item);
    }
    Ok(Val::Dict(made))
}
