//! Filters on dictionaries.

use super::Filter;
use crate::eval::Call;
use crate::fault::{Fault, Outcome};
use crate::val::{Dictionary, Key, Val, equal, python_repr};
use std::rc::Rc;

pub(super) const TABLE: &[Filter] = &[
    Filter::new("combine", combine),
    Filter::new("dict2items", dict_to_items),
    Filter::new("items2dict", items_to_dict),
];

fn dict_to_items(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, key_name, value_name] =
        call.bind("dict_to_list_of_dict_key_value_elements", ["mydict", "key_name", "value_name"], 1)?;
    let value = value.unwrap_or(Val::None);
    let Some(entries) = call.session.mapping(&value) else {
        return Err(Fault::python(format!(
            "dict2items requires a dictionary, got <class '{}'> instead.",
            value.python_type()
        )));
    };
    let key_name = Key::new(key_name.unwrap_or_else(|| Val::str("key")))?;
    let value_name = Key::new(value_name.unwrap_or_else(|| Val::str("value")))?;
    let items = call.pairs(&entries)?.into_iter().map(|(key, value)| {
        Val::Dict(Dictionary::new([(key_name.clone(), key.into_value()), (value_name.clone(), value)]))
    });
    Ok(Val::list(items.collect()))
}

fn items_to_dict(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, key_name, value_name] =
        call.bind("list_of_dict_key_value_elements_to_dict", ["mylist", "key_name", "value_name"], 1)?;
    let value = value.unwrap_or(Val::None);
    if !matches!(value, Val::List(_) | Val::Tuple(_)) {
        return Err(Fault::python(format!(
            "items2dict requires a list, got <class '{}'> instead.",
            value.python_type()
        )));
    }
    let key_name = Key::new(key_name.unwrap_or_else(|| Val::str("key")))?;
    let value_name = Key::new(value_name.unwrap_or_else(|| Val::str("value")))?;
    let made = Dictionary::empty();
    for item in call.items(&value)? {
        let Some(entries) = call.session.mapping(&item) else {
            let shown = python_repr(&value, call.session)?;
            return Err(Fault::python(format!("items2dict requires a list of dictionaries, got {shown} instead.")));
        };
        let (Some(key), Some(slot)) = (entries.get(&key_name), entries.get(&value_name)) else {
            let shown = python_repr(&value, call.session)?;
            return Err(Fault::python(format!(
                "items2dict requires each dictionary in the list to contain the keys {} and {}, got {shown} instead.",
                python_repr(key_name.value(), call.session)?,
                python_repr(value_name.value(), call.session)?
            )));
        };
        made.insert_slot(Key::new(call.session.slot(&key))?, slot);
    }
    Ok(Val::Dict(made))
}

/// How `combine` joins two lists under one key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ListMerge {
    Replace,
    Keep,
    Append,
    Prepend,
    AppendUnique,
    PrependUnique,
}

impl ListMerge {
    /// The way of a word.
    pub(super) fn parse(word: &str) -> Outcome<Self> {
        Ok(match word {
            "replace" => Self::Replace,
            "keep" => Self::Keep,
            "append" => Self::Append,
            "prepend" => Self::Prepend,
            "append_rp" => Self::AppendUnique,
            "prepend_rp" => Self::PrependUnique,
            _ => {
                return Err(Fault::ansible(
                    "merge_hash: 'list_merge' argument can only be equal to \
                     'replace', 'keep', 'append', 'prepend', 'append_rp' or 'prepend_rp'",
                ));
            }
        })
    }
}

fn combine(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let recursive = call.take_keyword("recursive");
    let recursive = call.flag(recursive.as_ref(), false)?;
    let merge = match call.take_keyword("list_merge") {
        Some(merge) => call.text(&merge)?,
        None => "replace".to_owned(),
    };
    if !call.keyword.is_empty() {
        return Err(Fault::ansible("'recursive' and 'list_merge' are the only valid keyword arguments"));
    }
    let merge = ListMerge::parse(&merge)?;
    let mut dicts = Vec::new();
    for value in std::mem::take(&mut call.positional) {
        match &value {
            Val::List(_) | Val::Tuple(_) => dicts.extend(call.items(&value)?),
            _ => dicts.push(value),
        }
    }
    dicts.retain(|value| !matches!(value, Val::None) && !matches!(value.as_str(), Some("None" | "null")));
    dicts.iter().try_for_each(|value| defined_values(value, call))?;
    // From the last one, which is the strongest, to the first.
    let mut dicts = dicts.into_iter().rev();
    let Some(mut combined) = dicts.next() else { return Ok(Val::Dict(Dictionary::empty())) };
    for next in dicts {
        let (Some(low), Some(high)) = (call.session.mapping(&next), call.session.mapping(&combined)) else {
            return Err(Fault::ansible(format!(
                "failed to combine variables, expected dicts but got a '{}' and a '{}'.",
                next.plugin_class(),
                combined.plugin_class()
            )));
        };
        combined = Val::Dict(merged(&low, &high, recursive, merge, call)?);
    }
    Ok(combined)
}

/// Every value of a dictionary is looked at.
fn defined_values(value: &Val, call: &Call<'_, '_>) -> Outcome<()> {
    let Val::Dict(dict) = value else { return Ok(()) };
    call.session.pairs(dict).iter().try_for_each(|(_, value)| value.check())
}

pub(super) fn merged(
    low: &Rc<Dictionary>,
    high: &Rc<Dictionary>,
    recursive: bool,
    merge: ListMerge,
    call: &Call<'_, '_>,
) -> Outcome<Rc<Dictionary>> {
    call.session.enter()?;
    if low.len() == high.len() && equal(&Val::Dict(low.clone()), &Val::Dict(high.clone()), call.session)? {
        return Ok(Dictionary::from_slots(high.slots()));
    }
    defined_values(&Val::Dict(low.clone()), call)?;
    defined_values(&Val::Dict(high.clone()), call)?;
    let made = Dictionary::from_slots(low.slots());
    for (key, slot) in high.slots() {
        let known = if recursive || merge != ListMerge::Replace { made.get(&key) } else { None };
        let Some(known) = known else {
            made.insert_slot(key, slot);
            continue;
        };
        let (before, after) = (call.session.slot(&known), call.session.slot(&slot));
        let value = match (&before, &after) {
            (Val::Dict(before), Val::Dict(after)) if recursive => {
                Val::Dict(merged(before, after, recursive, merge, call)?)
            }
            (Val::List(_), Val::List(_)) => lists(&before, &after, merge, call)?,
            _ => after,
        };
        made.insert(key, value);
    }
    Ok(made)
}

fn lists(low: &Val, high: &Val, merge: ListMerge, call: &Call<'_, '_>) -> Outcome<Val> {
    if equal(low, high, call.session)? {
        return Ok(high.clone());
    }
    let without = |items: Vec<Val>, unwanted: &[Val]| -> Outcome<Vec<Val>> {
        let mut kept = Vec::new();
        'items: for item in items {
            for other in unwanted {
                if equal(&item, other, call.session)? {
                    continue 'items;
                }
            }
            kept.push(item);
        }
        Ok(kept)
    };
    let (low_items, high_items) = (call.items(low)?, call.items(high)?);
    let (first, second) = match merge {
        ListMerge::Replace => return Ok(high.clone()),
        ListMerge::Keep => return Ok(low.clone()),
        ListMerge::Append => (low_items, high_items),
        ListMerge::Prepend => (high_items, low_items),
        ListMerge::AppendUnique => (without(low_items, &high_items)?, high_items),
        ListMerge::PrependUnique => {
            let rest = without(low_items, &high_items)?;
            (high_items, rest)
        }
    };
    Ok(Val::list(first.into_iter().chain(second).collect()))
}
