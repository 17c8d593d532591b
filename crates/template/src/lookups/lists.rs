//! Lookups that combine lists.

use super::{Lookup, Plugin};
use crate::fault::{Fault, Outcome};
use crate::twister::Random;
use crate::val::{Dictionary, Key, Val, python_repr};
use std::rc::Rc;

pub(super) const TABLE: &[Plugin] = &[
    Plugin::new("cartesian", cartesian),
    Plugin::new("community.general.cartesian", cartesian),
    Plugin::new("community.general.flattened", flattened),
    Plugin::new("flattened", flattened),
    Plugin::new("indexed_items", indexed_items),
    Plugin::new("list", list),
    Plugin::new("nested", nested),
    Plugin::new("random_choice", random_choice),
    Plugin::new("subelements", subelements),
    Plugin::new("together", together),
];

/// Results with more rows than this are refused.
const MAX_ROWS: usize = 10_000_000;

fn open(value: &Val, lookup: &Lookup<'_, '_>, out: &mut Vec<Val>) -> Outcome<()> {
    match value {
        Val::List(_) | Val::Tuple(_) => {
            let items = lookup.session.items(value)?;
            items.iter().try_for_each(Val::check)?;
            out.extend(items);
        }
        other => out.push(other.clone()),
    }
    Ok(())
}

fn opened(values: &[Val], lookup: &Lookup<'_, '_>) -> Outcome<Vec<Val>> {
    let mut out = Vec::new();
    for value in values {
        open(value, lookup, &mut out)?;
    }
    Ok(out)
}

fn list(lookup: &mut Lookup<'_, '_>) -> Outcome<Vec<Val>> {
    Ok(std::mem::take(&mut lookup.terms))
}

fn indexed_items(lookup: &mut Lookup<'_, '_>) -> Outcome<Vec<Val>> {
    let items = opened(&lookup.terms, lookup)?;
    Ok(items.into_iter().enumerate().map(|(index, item)| Val::tuple(vec![Val::from(index), item])).collect())
}

fn flattened(lookup: &mut Lookup<'_, '_>) -> Outcome<Vec<Val>> {
    fn flatten(value: &Val, lookup: &Lookup<'_, '_>, out: &mut Vec<Val>) -> Outcome<()> {
        lookup.session.enter()?;
        for item in lookup.session.items(value)? {
            match &item {
                Val::List(_) | Val::Tuple(_) => flatten(&item, lookup, out)?,
                // The rest of a list behind a null is dropped.
                Val::Str(text) if matches!(&**text, "None" | "null") => break,
                _ => out.push(item),
            }
        }
        Ok(())
    }
    let mut out = Vec::new();
    flatten(&Val::list(lookup.terms.clone()), lookup, &mut out)?;
    Ok(out)
}

/// All combinations of one item of each list, the last list running fastest.
fn combined(lists: Vec<Vec<Val>>, lookup: &Lookup<'_, '_>) -> Outcome<Vec<Vec<Val>>> {
    let size = lists.iter().try_fold(1_usize, |size, list| size.checked_mul(list.len()));
    if size.is_none_or(|size| size > MAX_ROWS) {
        return Err(Fault::ansible(format!("the lists have more than {MAX_ROWS} combinations")));
    }
    lookup.session.spend(size.unwrap_or(0).saturating_mul(lists.len()))?;
    let mut rows: Vec<Vec<Val>> = vec![Vec::new()];
    for list in lists {
        let longer = rows.iter().flat_map(|row| {
            list.iter().map(move |item| row.iter().cloned().chain([item.clone()]).collect::<Vec<Val>>())
        });
        rows = longer.collect();
    }
    Ok(rows)
}

fn lists(lookup: &Lookup<'_, '_>) -> Outcome<Vec<Vec<Val>>> {
    let items = |term| {
        let items = lookup.session.items(term)?;
        items.iter().try_for_each(Val::check)?;
        Ok(items)
    };
    lookup.terms.iter().map(items).collect()
}

fn nested(lookup: &mut Lookup<'_, '_>) -> Outcome<Vec<Val>> {
    let lists = lists(lookup)?;
    if lists.is_empty() {
        return Err(Fault::ansible("with_nested requires at least one element in the nested list"));
    }
    if let [only] = &*lists
        && let Some(item) = only.iter().find(|item| !matches!(item, Val::List(_) | Val::Tuple(_) | Val::Str(_)))
    {
        return Err(Fault::python(format!("'{}' object is not iterable", item.python_class())));
    }
    // Lists are opened when they are combined, and once more at the end.
    combined(lists, lookup)?.iter().map(|row| opened(&opened(row, lookup)?, lookup).map(Val::list)).collect()
}

fn cartesian(lookup: &mut Lookup<'_, '_>) -> Outcome<Vec<Val>> {
    let lists = lists(lookup)?;
    if lists.is_empty() {
        return Err(Fault::ansible("with_cartesian requires at least one element in each list"));
    }
    combined(lists, lookup)?.iter().map(|row| opened(row, lookup).map(Val::list)).collect()
}

fn together(lookup: &mut Lookup<'_, '_>) -> Outcome<Vec<Val>> {
    let lists = lists(lookup)?;
    if lists.is_empty() {
        return Err(Fault::ansible("with_together requires at least one element in each list"));
    }
    let longest = lists.iter().map(Vec::len).max().unwrap_or(0);
    let row = |at: usize| {
        let row: Vec<Val> = lists.iter().map(|list| list.get(at).cloned().unwrap_or(Val::None)).collect();
        opened(&row, lookup).map(Val::list)
    };
    (0..longest).map(row).collect()
}

fn random_choice(lookup: &mut Lookup<'_, '_>) -> Outcome<Vec<Val>> {
    let terms = std::mem::take(&mut lookup.terms);
    if terms.is_empty() {
        return Ok(terms);
    }
    let index = Random::System.index(terms.len());
    Ok(terms.into_iter().nth(index).into_iter().collect())
}

const SUBELEMENTS: &str = "subelements lookup expects a list of two or three items,";

/// Each item with each element of the list under a path of its keys. The item comes without that list.
fn subelements(lookup: &mut Lookup<'_, '_>) -> Outcome<Vec<Val>> {
    let (list, path, flags) = match &*lookup.terms {
        [list, path] => (list, path, None),
        [list, path, flags] => (list, path, Some(flags)),
        _ => return Err(Fault::ansible(SUBELEMENTS)),
    };
    let (Val::List(_) | Val::Tuple(_) | Val::Dict(_) | Val::Variables(_), Val::Str(path)) = (list, path) else {
        return Err(Fault::ansible(format!(
            "{SUBELEMENTS} first a dict or a list, second a string pointing to the subkey"
        )));
    };
    let path: Vec<&str> = path.split('.').collect();
    let session = lookup.session;
    let truth = |entries: &Dictionary, name: &str| match entries.get_text(name) {
        Some(slot) => session.slot(&slot).truth(),
        None => Ok(false),
    };
    let skip_missing = match flags {
        Some(flags) => match session.mapping(flags) {
            Some(flags) => truth(&flags, "skip_missing")?,
            None => {
                let flags = "the optional third item must be a dict with flags skip_missing";
                return Err(Fault::ansible(format!("{SUBELEMENTS} {flags}")));
            }
        },
        None => false,
    };
    let elements = match session.mapping(list) {
        Some(entries) if truth(&entries, "skipped")? => return Ok(Vec::new()),
        Some(entries) => session.pairs(&entries).into_iter().map(|(_, value)| value).collect(),
        None => session.items(list)?,
    };
    let mut rows = Vec::new();
    for element in elements {
        let Some(entries) = session.mapping(&element) else {
            return Err(Fault::ansible(format!(
                "subelements lookup expects a dictionary, got '{}'",
                lookup.text(&element)?
            )));
        };
        if truth(&entries, "skipped")? {
            continue;
        }
        let Some((rest, items)) = take(&element, &entries, &path, skip_missing, lookup)? else { continue };
        let rest = Val::Dict(rest);
        rows.extend(items.into_iter().map(|item| Val::tuple(vec![rest.clone(), item])));
    }
    Ok(rows)
}

type Taken = (Rc<Dictionary>, Vec<Val>);

/// The mapping without the list that `path` leads to, and the list.
fn take(
    whole: &Val,
    entries: &Rc<Dictionary>,
    path: &[&str],
    skip_missing: bool,
    lookup: &Lookup<'_, '_>,
) -> Outcome<Option<Taken>> {
    let Some((key, rest)) = path.split_first() else { return Ok(None) };
    let Some(slot) = entries.get_text(key) else {
        if skip_missing {
            return Ok(None);
        }
        return Err(Fault::ansible(format!(
            "could not find '{key}' key in iterated item '{}'",
            python_repr(whole, lookup.session)?
        )));
    };
    let value = lookup.session.slot(&slot).defined()?;
    let copy = Dictionary::from_slots(entries.slots());
    let key_value = Key::text(*key);
    if rest.is_empty() {
        if !matches!(value, Val::List(_)) {
            return Err(Fault::ansible(format!(
                "the key {key} should point to a list, got '{}'",
                lookup.text(&value)?
            )));
        }
        copy.remove(&key_value);
        return Ok(Some((copy, lookup.session.items(&value)?)));
    }
    let Some(inner) = lookup.session.mapping(&value) else {
        if skip_missing {
            return Ok(None);
        }
        return Err(Fault::ansible(format!(
            "the key {key} should point to a dictionary, got '{}'",
            lookup.text(&value)?
        )));
    };
    Ok(take(whole, &inner, rest, skip_missing, lookup)?.map(|(inner, items)| {
        copy.insert(key_value, Val::Dict(inner));
        (copy, items)
    }))
}
