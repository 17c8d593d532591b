//! Filters on lists.

use super::Filter;
use super::sets::Seen;
use crate::eval::{Call, binary, item_path};
use crate::fault::{Fault, Outcome};
use crate::tree::Operator;
use crate::val::{Val, compare};
use churten_value::try_sort_by;
use std::cmp::Ordering;

pub(super) const TABLE: &[Filter] = &[
    Filter::new("count", length),
    Filter::new("first", first),
    Filter::new("last", last),
    Filter::new("length", length),
    Filter::new("list", list),
    Filter::new("max", max),
    Filter::new("min", min),
    Filter::new("reverse", reverse),
    Filter::new("sort", sort),
    Filter::new("sum", sum),
    Filter::new("unique", unique),
];

fn length(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value] = call.bind("len", ["obj"], 1)?;
    let value = value.unwrap_or(Val::None);
    Ok(Val::from(match &value {
        Val::Str(text) => text.chars().count(),
        Val::List(list) => list.len(),
        Val::Dict(dict) => dict.len(),
        Val::Tuple(items) => items.len(),
        Val::Range(range) => range.len(),
        Val::Bytes(bytes) => bytes.len(),
        Val::Hosts(_) | Val::Variables(_) => call.items(&value)?.len(),
        other => return Err(Fault::python(format!("object of type '{}' has no len()", other.python_type()))),
    }))
}

fn first(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value] = call.bind("sync_do_first", ["seq"], 1)?;
    let value = value.unwrap_or(Val::None);
    if let Val::List(list) = &value {
        return Ok(match list.get(0) {
            Some(slot) => call.session.slot(&slot),
            None => call.session.undefined("No first item, sequence was empty."),
        });
    }
    let found = call.session.items(&value)?.into_iter().next();
    Ok(found.unwrap_or_else(|| call.session.undefined("No first item, sequence was empty.")))
}

fn last(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value] = call.bind("do_last", ["seq"], 1)?;
    let found = call.session.items(&value.unwrap_or(Val::None))?.pop();
    Ok(found.unwrap_or_else(|| call.session.undefined("No last item, sequence was empty.")))
}

fn list(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value] = call.bind("sync_do_list", ["value"], 1)?;
    Ok(Val::list(call.items(&value.unwrap_or(Val::None))?))
}

fn reverse(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value] = call.bind("do_reverse", ["value"], 1)?;
    let value = value.unwrap_or(Val::None);
    if let Val::Str(text) = &value {
        return Ok(text.chars().rev().collect::<String>().into());
    }
    let mut items = call.items(&value).map_err(|fault| fault.behind("argument must be iterable"))?;
    items.reverse();
    Ok(Val::list(items))
}

/// The attributes a sorting filter compares by: `a.b,c`. Text is folded to lower case unless it counts.
pub(super) struct SortKey {
    paths: Vec<Val>,
    case_sensitive: bool,
}

impl SortKey {
    pub(super) fn new(attribute: Option<Val>, case_sensitive: bool, several: bool) -> Self {
        let paths = match attribute {
            None | Some(Val::None) => Vec::new(),
            Some(Val::Str(text)) if several => text.split(',').map(Val::from).collect(),
            Some(other) => vec![other],
        };
        Self { paths, case_sensitive }
    }

    pub(super) fn of(&self, item: &Val, call: &Call<'_, '_>) -> Outcome<Val> {
        let fold = |value: Val| match &value {
            Val::Str(text) if !self.case_sensitive => Val::str(text.to_lowercase()),
            _ => value,
        };
        match &*self.paths {
            [] => Ok(fold(item.clone())),
            [only] => item_path(item, only, call.session)?.defined().map(fold),
            several => {
                let keys = several.iter().map(|path| item_path(item, path, call.session)?.defined().map(fold));
                Ok(Val::list(keys.collect::<Outcome<_>>()?))
            }
        }
    }
}

/// Items with their keys, stably sorted in Python's order.
pub(super) fn sort_by_key(keyed: Vec<(Val, Val)>, reverse: bool, call: &Call<'_, '_>) -> Outcome<Vec<(Val, Val)>> {
    try_sort_by(keyed, |(a, _), (b, _)| {
        let order = compare("<", a, b, call.session)?.unwrap_or(Ordering::Equal);
        Ok(if reverse { order.reverse() } else { order })
    })
}

fn sort(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, reverse, case, attribute] =
        call.bind("do_sort", ["value", "reverse", "case_sensitive", "attribute"], 1)?;
    let reverse = call.flag(reverse.as_ref(), false)?;
    let key = SortKey::new(attribute, call.flag(case.as_ref(), false)?, true);
    let mut keyed = Vec::new();
    for item in call.items(&value.unwrap_or(Val::None))? {
        keyed.push((key.of(&item, call)?, item));
    }
    Ok(Val::list(sort_by_key(keyed, reverse, call)?.into_iter().map(|(_, item)| item).collect()))
}

fn min(call: &mut Call<'_, '_>) -> Outcome<Val> {
    extreme(call, "min", "<", Ordering::is_lt)
}

fn max(call: &mut Call<'_, '_>) -> Outcome<Val> {
    extreme(call, "max", ">", Ordering::is_gt)
}

fn extreme(call: &mut Call<'_, '_>, name: &str, symbol: &str, better: fn(Ordering) -> bool) -> Outcome<Val> {
    let [value, case, attribute] = call.bind(name, ["value", "case_sensitive", "attribute"], 1)?;
    let key = SortKey::new(attribute, call.flag(case.as_ref(), false)?, false);
    let mut best: Option<(Val, Val)> = None;
    for item in call.items(&value.unwrap_or(Val::None))? {
        let candidate = key.of(&item, call)?;
        let replace = match &best {
            Some((known, _)) => compare(symbol, &candidate, known, call.session)?.is_some_and(better),
            None => true,
        };
        if replace {
            best = Some((candidate, item));
        }
    }
    Ok(best.map_or_else(|| call.session.undefined("No aggregated item, sequence was empty."), |(_, item)| item))
}

fn sum(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, attribute, start] = call.bind("sync_do_sum", ["iterable", "attribute", "start"], 1)?;
    let mut total = start.unwrap_or(Val::Int(0));
    for item in call.items(&value.unwrap_or(Val::None))? {
        let item = match &attribute {
            Some(path) if !path.is_none() => item_path(&item, path, call.session)?,
            _ => item,
        };
        total = binary(Operator::Add, &total, &item, call.session)?;
    }
    Ok(total)
}

/// Jinja2's `unique`, which needs hashable keys; for others ansible-core compares the items themselves, which it cannot
/// do by an attribute or without regard to case.
fn unique(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, case, attribute] = call.bind("unique", ["a", "case_sensitive", "attribute"], 1)?;
    let items = call.items(&value.unwrap_or(Val::None))?;
    let must_be_jinja =
        matches!(case, Some(Val::Bool(false))) || attribute.as_ref().is_some_and(|path| !path.is_none());
    let key = SortKey::new(attribute, call.flag(case.as_ref(), false)?, false);
    let kept = match unique_keys(&items, &key, call) {
        Ok(kept) => kept,
        Err(fault) if must_be_jinja => {
            return Err(Fault::python(format!(
                "Jinja2's unique filter failed and we cannot fall back to Ansible's version as it does not support the \
                 parameters supplied: {}",
                fault.headline()
            )));
        }
        Err(_) => super::sets::distinct(items, call.session)?,
    };
    Ok(Val::list(kept))
}

/// The first item of each key.
fn unique_keys(items: &[Val], key: &SortKey, call: &Call<'_, '_>) -> Outcome<Vec<Val>> {
    let mut seen = Seen::default();
    let mut kept = Vec::new();
    for item in items {
        let candidate = key.of(item, call)?.defined()?;
        if !Seen::is_hashable(&candidate) {
            return Err(Fault::python(format!("unhashable type: '{}'", candidate.plugin_class())));
        }
        if seen.insert(&candidate, call.session)? {
            kept.push(item.clone());
        }
    }
    Ok(kept)
}
