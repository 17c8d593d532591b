//! `ansible.utils.keep_keys`, `remove_keys` and `replace_keys`: keys at every depth of nested data.

use super::keys::Matching;
use super::options::{Kind, dictionaries, plugin_error, refused, required_options, unsupported};
use crate::eval::Call;
use crate::fault::{Fault, Outcome};
use crate::filters::Filter;
use crate::val::{Dictionary, Key, Val};

pub(super) const TABLE: &[Filter] = &[
    Filter::new("ansible.utils.keep_keys", keep_keys),
    Filter::new("ansible.utils.remove_keys", remove_keys),
    Filter::new("ansible.utils.replace_keys", replace_keys),
];

const WAYS: &[&str] = &["starts_with", "ends_with", "regex"];

/// The data, the target and how they are compared.
fn request(call: &mut Call<'_, '_>, name: &str, operation: &str) -> Outcome<(Val, Val, Matching)> {
    let kind = if name == "replace_keys" { Kind::Items } else { Kind::List };
    let [data, target, way] = required_options(
        call,
        &["data", "target"],
        [("data", Kind::Raw), ("target", kind), ("matching_parameter", Kind::Choice(WAYS))],
    )?;
    let way = match way.as_ref().and_then(Val::as_str) {
        Some("starts_with") => Matching::StartsWith,
        Some("ends_with") => Matching::EndsWith,
        Some(_) => Matching::Regex,
        None => Matching::Equal,
    };
    let data = data.unwrap_or(Val::None);
    if name == "replace_keys" {
        check_replacements(call, target.as_ref())?;
    }
    if !matches!(data, Val::List(_) | Val::Dict(_)) {
        return Err(plugin_error(name, &format!("Input is not valid for {operation}")));
    }
    Ok((data, target.unwrap_or(Val::None), way))
}

fn check_replacements(call: &Call<'_, '_>, target: Option<&Val>) -> Outcome<()> {
    let mut unknown = Vec::new();
    for entries in dictionaries(call, "target", target.unwrap_or(&Val::None))? {
        for key in entries.keys() {
            let key = call.text(key.value())?;
            if !matches!(key.as_str(), "before" | "after") {
                unknown.push(format!("target.{key}"));
            }
        }
    }
    if unknown.is_empty() { Ok(()) } else { Err(refused(&[unsupported(&unknown.join(", "), vec!["before", "after"])])) }
}

/// True when a key is one of the wanted; keys that are no text can only be equal to none of them.
fn matches(key: &Key, targets: &[String], way: Matching) -> Outcome<bool> {
    for target in targets {
        let holds = match (key.value().as_str(), way) {
            (Some(text), _) => way.holds(text, target)?,
            (None, Matching::Equal) => false,
            (None, _) => return Err(no_text(key, way)),
        };
        if holds {
            return Ok(true);
        }
    }
    Ok(false)
}

fn no_text(key: &Key, way: Matching) -> Fault {
    let class = key.value().python_type();
    Fault::python(match way {
        Matching::StartsWith => format!("'{class}' object has no attribute 'startswith'"),
        Matching::EndsWith => format!("'{class}' object has no attribute 'endswith'"),
        _ => format!("expected string or bytes-like object, got '{class}'"),
    })
}

fn texts(call: &Call<'_, '_>, target: &Val) -> Outcome<Vec<String>> {
    call.items(target)?.iter().map(|target| call.text(target)).collect()
}

fn keep_keys(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let (data, target, way) = request(call, "keep_keys", "keep operation")?;
    let targets = texts(call, &target)?;
    kept(call, &data, &targets, way)
}

/// What is wanted of data: a wanted key keeps its whole value, of others only what is wanted inside.
fn kept(call: &Call<'_, '_>, data: &Val, targets: &[String], way: Matching) -> Outcome<Val> {
    call.session.enter()?;
    match data {
        Val::List(_) => {
            let items = call.items(data)?;
            Ok(Val::list(items.iter().map(|item| kept(call, item, targets, way)).collect::<Outcome<_>>()?))
        }
        Val::Dict(entries) => {
            let made = Dictionary::empty();
            for (key, value) in call.pairs(entries)? {
                let nested = matches!(value, Val::List(_) | Val::Dict(_));
                // The ends of names and expressions are only looked for where there is nothing below.
                let whole = !nested || matches!(way, Matching::Equal | Matching::StartsWith);
                if matches(&key, targets, way)? && whole {
                    made.insert(key, value);
                } else if nested {
                    let inner = kept(call, &value, targets, way)?;
                    let inner = match &inner {
                        Val::List(_) => without_empty(call, inner)?,
                        _ => inner,
                    };
                    if inner.truth()? {
                        made.insert(key, inner);
                    }
                }
            }
            Ok(Val::Dict(made))
        }
        other => Ok(other.clone()),
    }
}

/// A list below a key without empty containers, unless it holds nothing else.
fn without_empty(call: &Call<'_, '_>, list: Val) -> Outcome<Val> {
    let mut left = call.items(&list)?;
    left.retain(|item| match item {
        Val::List(items) => items.len() > 0,
        Val::Dict(entries) => entries.len() > 0,
        _ => true,
    });
    Ok(if left.is_empty() { list } else { Val::list(left) })
}

fn remove_keys(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let (data, target, way) = request(call, "remove_keys", "attribute removal")?;
    let targets = texts(call, &target)?;
    removed(call, &data, &targets, way)
}

fn removed(call: &Call<'_, '_>, data: &Val, targets: &[String], way: Matching) -> Outcome<Val> {
    call.session.enter()?;
    match data {
        Val::List(_) => {
            let mut left = Vec::new();
            for item in call.items(data)? {
                match &item {
                    Val::List(inner) if inner.len() > 0 => left.push(removed(call, &item, targets, way)?),
                    Val::Dict(_) => {
                        let item = removed(call, &item, targets, way)?;
                        if item.truth()? {
                            left.push(item);
                        }
                    }
                    _ if item.truth()? => left.push(item),
                    _ => {}
                }
            }
            Ok(Val::list(left))
        }
        Val::Dict(entries) => {
            let made = Dictionary::empty();
            for (key, value) in call.pairs(entries)? {
                if !matches(&key, targets, way)? {
                    made.insert(key, removed(call, &value, targets, way)?);
                }
            }
            Ok(Val::Dict(made))
        }
        other => Ok(other.clone()),
    }
}

fn replace_keys(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let (data, target, way) = request(call, "replace_keys", "replace operation")?;
    let mut pairs = Vec::new();
    for entries in dictionaries(call, "target", &target)? {
        let part = |name: &str| -> Outcome<Option<String>> {
            entries.get_text(name).map(|slot| call.text(&call.session.slot(&slot).defined()?)).transpose()
        };
        pairs.push((part("before")?, part("after")?));
    }
    let mut data = data;
    for pair in &pairs {
        data = replaced(call, &data, pair, way)?;
    }
    Ok(data)
}

type Replacement = (Option<String>, Option<String>);

fn replaced(call: &Call<'_, '_>, data: &Val, pair: &Replacement, way: Matching) -> Outcome<Val> {
    call.session.enter()?;
    match data {
        Val::List(_) => {
            let items = call.items(data)?;
            Ok(Val::list(items.iter().map(|item| replaced(call, item, pair, way)).collect::<Outcome<_>>()?))
        }
        Val::Dict(entries) => {
            // A renamed key goes to the end.
            let made = Dictionary::from_slots(entries.slots());
            call.pairs(entries)?;
            for key in entries.keys() {
                // A key that another took the place of has that one's value now.
                let Some(slot) = made.get(&key) else { continue };
                let value = replaced(call, &call.session.slot(&slot), pair, way)?;
                made.insert(key.clone(), value.clone());
                let (Some(before), after) = pair else { continue };
                if matches(&key, std::slice::from_ref(before), way)? {
                    made.remove(&key);
                    let after = after.as_ref().map_or(Val::None, |after| Val::from(after.as_str()));
                    made.insert(Key::new(after)?, value);
                }
            }
            Ok(Val::Dict(made))
        }
        other => Ok(other.clone()),
    }
}
