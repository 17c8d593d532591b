//! `map`, `select`, `reject` and their kin.

use super::Filter;
use crate::checks;
use crate::eval::{Arguments, Call, item_path};
use crate::fault::{Fault, Outcome};
use crate::val::Val;

pub(super) const TABLE: &[Filter] = &[
    Filter::new("map", map),
    Filter::new("reject", reject),
    Filter::new("rejectattr", reject_attribute),
    Filter::new("select", select),
    Filter::new("selectattr", select_attribute),
];

fn map(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let mut positional = std::mem::take(&mut call.positional).into_iter();
    let value = positional.next().unwrap_or(Val::None);
    // Jinja2 looks at nothing else when there is nothing to go through.
    if !value.truth()? {
        return Ok(Val::list(Vec::new()));
    }
    let items = call.session.items(&value)?;
    let rest: Vec<Val> = positional.collect();
    let keyword = std::mem::take(&mut call.keyword);
    if rest.is_empty() && keyword.iter().any(|(name, _)| &**name == "attribute") {
        return map_attribute(call, items, keyword);
    }
    let Some((name, arguments)) = rest.split_first() else {
        return Err(Fault::python("map requires a filter argument"));
    };
    let name = call.text(name)?;
    let Some(filter) = super::find(&name) else { return Err(Fault::python(format!("No filter named '{name}'."))) };
    let mut mapped = Vec::with_capacity(items.len());
    for item in items {
        let positional = std::iter::once(item).chain(arguments.iter().cloned()).collect();
        let arguments = Arguments { positional, keyword: keyword.clone() };
        mapped.push(super::apply(filter, Call::new(call.session, call.root, arguments))?);
    }
    Ok(Val::list(mapped))
}

fn map_attribute(call: &Call<'_, '_>, items: Vec<Val>, keyword: Vec<(crate::tree::Symbol, Val)>) -> Outcome<Val> {
    let (mut attribute, mut default) = (Val::None, None::<Val>);
    for (name, value) in keyword {
        match &*name {
            "attribute" => attribute = value,
            "default" => default = Some(value),
            other => return Err(Fault::python(format!("Unexpected keyword argument '{other}'"))),
        }
    }
    let mut mapped = Vec::with_capacity(items.len());
    for item in items {
        let found = item_path(&item, &attribute, call.session)?;
        mapped.push(match &default {
            Some(default) if found.is_undefined() && !default.is_none() => default.clone(),
            _ => found,
        });
    }
    Ok(Val::list(mapped))
}

fn select(call: &mut Call<'_, '_>) -> Outcome<Val> {
    choose(call, "select", true, false)
}

fn reject(call: &mut Call<'_, '_>) -> Outcome<Val> {
    choose(call, "reject", false, false)
}

fn select_attribute(call: &mut Call<'_, '_>) -> Outcome<Val> {
    choose(call, "selectattr", true, true)
}

fn reject_attribute(call: &mut Call<'_, '_>) -> Outcome<Val> {
    choose(call, "rejectattr", false, true)
}

fn choose(call: &mut Call<'_, '_>, function: &str, keep: bool, by_attribute: bool) -> Outcome<Val> {
    let mut positional = std::mem::take(&mut call.positional).into_iter();
    let value = positional.next().unwrap_or(Val::None);
    if !value.truth()? {
        return Ok(Val::list(Vec::new()));
    }
    let items = call.session.items(&value)?;
    let attribute = if by_attribute {
        let _ = function;
        Some(positional.next().ok_or_else(|| Fault::python("Missing parameter for attribute name"))?)
    } else {
        None
    };
    let test = match positional.next() {
        Some(name) => {
            let name = call.text(&name)?;
            Some(checks::find(&name).ok_or_else(|| Fault::python(format!("No test named '{name}'.")))?)
        }
        None => None,
    };
    let arguments: Vec<Val> = positional.collect();
    let keyword = std::mem::take(&mut call.keyword);
    let mut kept = Vec::new();
    for item in items {
        let subject = match &attribute {
            Some(path) => item_path(&item, path, call.session)?,
            None => item.clone(),
        };
        let passes = match test {
            Some(check) => {
                let positional = std::iter::once(subject).chain(arguments.iter().cloned()).collect();
                let arguments = Arguments { positional, keyword: keyword.clone() };
                checks::apply(check, Call::new(call.session, call.root, arguments))?
            }
            None => subject.truth()?,
        };
        if passes == keep {
            kept.push(item);
        }
    }
    Ok(Val::list(kept))
}
