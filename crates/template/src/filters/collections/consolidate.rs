//! `ansible.utils.consolidate` and `param_list_compare`: data of several sources side by side.

use super::options::{Kind, dictionaries, options, plugin_error, refused, required_options, unsupported};
use crate::eval::{Call, contains};
use crate::fault::{Fault, Outcome};
use crate::filters::Filter;
use crate::val::{Dictionary, Key, Val, compare};
use churten_value::try_sort_by;
use std::cmp::Ordering;
use std::rc::Rc;

pub(super) const TABLE: &[Filter] = &[
    Filter::new("ansible.utils.consolidate", consolidate),
    Filter::new("ansible.utils.param_list_compare", param_list_compare),
];

const NAME: &str = "consolidate";

/// A source: its entries by the value they are matched by.
struct Source {
    name: Key,
    entries: Rc<Dictionary>,
}

fn consolidate(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [sources, missing_key, missing_value, duplicate] = required_options(
        call,
        &["data_sources"],
        [
            ("data_sources", Kind::Items),
            ("fail_missing_match_key", Kind::Bool),
            ("fail_missing_match_value", Kind::Bool),
            ("fail_duplicate", Kind::Bool),
        ],
    )?;
    let sources = sources.unwrap_or(Val::None);
    let mut read = Vec::new();
    let (mut missing, mut duplicates) = (Vec::new(), Vec::new());
    for (number, source) in (1..).zip(dictionaries(call, "data_sources", &sources)?) {
        let (data, match_key, name) = parts(call, &source)?;
        let entries = Dictionary::empty();
        for (place, entry) in (1..).zip(call.items(&data)?) {
            match value_of(call, &entry, &match_key)? {
                None => missing
                    .push(format!("missing match key '{match_key}' in data source {number} in list entry {place}")),
                Some(value) if entries.contains(&value) => {
                    let text = format!("duplicate values in data source {number}");
                    if duplicates.last() != Some(&text) {
                        duplicates.push(text);
                    }
                    entries.insert(value, entry);
                }
                Some(value) => entries.insert(value, entry),
            }
        }
        read.push(Source { name: Key::text(name), entries });
    }
    let mut problems = Vec::new();
    for (flag, name, found) in
        [(&missing_key, "fail_missing_match_key", missing), (&duplicate, "fail_duplicate", duplicates)]
    {
        if call.flag(flag.as_ref(), true)? && !found.is_empty() {
            problems.push(format!("Error when using plugin '{NAME}': '{name}' reported {}", found.join(", ")));
        }
    }
    if !problems.is_empty() {
        return Err(Fault::python(problems.join("; ")));
    }
    let values = values(call, &read)?;
    if call.flag(missing_value.as_ref(), true)? {
        check_values(&read, &values)?;
    }
    let made = Dictionary::empty();
    for value in values {
        let row = Dictionary::empty();
        for source in &read {
            let found = source.entries.get(&value).map(|slot| call.session.slot(&slot));
            row.insert(source.name.clone(), found.unwrap_or_else(|| Val::Dict(Dictionary::empty())));
        }
        made.insert(value, Val::Dict(row));
    }
    Ok(Val::Dict(made))
}

/// Data, match key and name of a source.
fn parts(call: &Call<'_, '_>, source: &Dictionary) -> Outcome<(Val, String, String)> {
    let known = ["data", "match_key", "name"];
    let missing: Vec<&str> = known.into_iter().filter(|name| source.get_text(name).is_none()).collect();
    if !missing.is_empty() {
        return Err(refused(&[format!("missing required arguments: {} found in data_sources", missing.join(", "))]));
    }
    let mut unknown = Vec::new();
    for key in source.keys() {
        let key = call.text(key.value())?;
        if !known.contains(&key.as_str()) {
            unknown.push(format!("data_sources.{key}"));
        }
    }
    if !unknown.is_empty() {
        return Err(refused(&[unsupported(&unknown.join(", "), known.to_vec())]));
    }
    let part = |name: &str| source.get_text(name).map_or(Val::None, |slot| call.session.slot(&slot));
    let text = |value: Val| if value.is_none() { Ok(String::new()) } else { call.text(&value) };
    Ok((part("data").defined()?, text(part("match_key").defined()?)?, text(part("name").defined()?)?))
}

/// What an entry is matched by.
fn value_of(call: &Call<'_, '_>, entry: &Val, key: &str) -> Outcome<Option<Key>> {
    let Some(entries) = call.session.mapping(entry) else {
        return Err(Fault::python(match entry {
            Val::Str(_) => "string indices must be integers, not 'str'".to_owned(),
            Val::List(_) | Val::Tuple(_) => "list indices must be integers or slices, not str".to_owned(),
            other => format!("'{}' object is not subscriptable", other.plugin_class()),
        }));
    };
    let Some(slot) = entries.get_text(key) else { return Ok(None) };
    let value = call.session.slot(&slot).defined()?;
    if let Val::List(_) | Val::Dict(_) = value {
        return Err(Fault::python(format!("unhashable type: '{}'", value.plugin_class())));
    }
    Key::new(value).map(Some)
}

/// The values of all sources, in order.
fn values(call: &Call<'_, '_>, sources: &[Source]) -> Outcome<Vec<Key>> {
    let all = Dictionary::empty();
    for key in sources.iter().flat_map(|source| source.entries.keys()) {
        all.insert(key, Val::None);
    }
    try_sort_by(all.keys(), |a, b| {
        compare("<", a.value(), b.value(), call.session).map(|order| order.unwrap_or(Ordering::Equal))
    })
}

fn check_values(sources: &[Source], values: &[Key]) -> Outcome<()> {
    let mut problems = Vec::new();
    for (number, source) in (1..).zip(sources) {
        let missing: Vec<&Key> = values.iter().filter(|value| !source.entries.contains(value)).collect();
        if missing.is_empty() {
            continue;
        }
        let mut texts = Vec::new();
        for value in missing {
            let Some(text) = value.value().as_str() else {
                let class = value.value().python_type();
                return Err(Fault::python(format!("sequence item 0: expected str instance, {class} found")));
            };
            texts.push(text);
        }
        problems.push(format!("missing match value {} in data source {number}", texts.join(", ")));
    }
    if problems.is_empty() {
        return Ok(());
    }
    Err(plugin_error(NAME, &format!("'fail_missing_match_value' reported {}", problems.join(", "))))
}

/// Of the wanted names those that are there; `all` is every one, `!name` none of it.
fn param_list_compare(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let names = [("base", Kind::Raw), ("target", Kind::Raw)];
    let [base, target] = options(call, names).map_err(|fault| {
        let text = fault.headline();
        Fault::python(format!("argspec validation failed for param_list_compare filter plugin with errors: {text}"))
    })?;
    let (Some(base), Some(target)) = (base, target) else {
        return Err(Fault::python(
            "Missing either 'base' or 'other value in filter input,refer 'ansible.utils.param_list_compare' filter plugin \
             documentation for details",
        ));
    };
    for (name, value) in [("base", &base), ("target", &target)] {
        if let Val::Dict(_) | Val::Tuple(_) = value {
            let class = super::options::class_path(value);
            let text = format!(
                "argument '{name}' is of type {} and we were unable to convert to list: <class '{class}'> cannot be \
                 converted to a list",
                value.python_type()
            );
            let problems = refused(&[text]).headline();
            return Err(Fault::python(format!(
                "argspec validation failed for param_list_compare filter plugin with errors: {problems}"
            )));
        }
    }
    let wanted = call.items(&target)?;
    let (mut actionable, mut unsupported) = (Vec::new(), Vec::new());
    let mut excluded = Vec::new();
    let takes_all = wanted.iter().any(|name| name.as_str() == Some("all")) && matches!(target, Val::List(_));
    for name in &wanted {
        let Some(text) = name.as_str() else {
            return Err(Fault::python(format!("'{}' object has no attribute 'startswith'", name.plugin_class())));
        };
        if let Some(without) = text.strip_prefix('!') {
            excluded.push(without.to_owned());
            continue;
        }
        if takes_all && text == "all" {
            continue;
        }
        if contains(&base, name, call.session)? {
            actionable.push(name.clone());
        } else {
            unsupported.push(name.clone());
        }
    }
    if takes_all {
        let class = base.python_type();
        let mut everything = if let Val::List(_) = base { call.items(&base)? } else { Vec::new() };
        for without in &excluded {
            if !contains(&base, &Val::from(without.as_str()), call.session)? {
                continue;
            }
            if !matches!(base, Val::List(_)) {
                return Err(Fault::python(format!("'{class}' object has no attribute 'remove'")));
            }
            if let Some(at) = everything.iter().position(|name| name.as_str() == Some(without)) {
                everything.remove(at);
            }
        }
        if !matches!(base, Val::List(_)) {
            return Err(Fault::python(format!("'{class}' object has no attribute 'sort'")));
        }
        for name in std::mem::take(&mut actionable) {
            if !everything.iter().any(|known| known.as_str() == name.as_str()) {
                everything.push(name);
            }
        }
        actionable = everything;
    } else {
        let mut seen: Vec<Val> = Vec::new();
        for name in actionable {
            if !seen.iter().any(|known| known.as_str() == name.as_str()) {
                seen.push(name);
            }
        }
        actionable = seen;
    }
    let actionable = try_sort_by(actionable, |a, b| {
        Ok::<_, Fault>(compare("<", a, b, call.session).ok().flatten().unwrap_or(Ordering::Equal))
    })?;
    Ok(Val::dict([("actionable", Val::list(actionable)), ("unsupported", Val::list(unsupported))]))
}
