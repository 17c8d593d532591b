//! `community.general.keep_keys`, `remove_keys` and `replace_keys`: lists of dictionaries with other keys.

use super::options::class_path;
use crate::eval::Call;
use crate::fault::{Fault, Outcome};
use crate::filters::Filter;
use crate::regex::{Flags, compile, matches_at_start};
use crate::val::{Dictionary, Key, Val, python_str};
use std::rc::Rc;

pub(super) const TABLE: &[Filter] = &[
    Filter::new("community.general.keep_keys", keep_keys),
    Filter::new("community.general.remove_keys", remove_keys),
    Filter::new("community.general.replace_keys", replace_keys),
];

/// How a key is compared with a target.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Matching {
    Equal,
    StartsWith,
    EndsWith,
    Regex,
}

impl Matching {
    pub(super) fn holds(self, key: &str, target: &str) -> Outcome<bool> {
        Ok(match self {
            Self::Equal => key == target,
            Self::StartsWith => key.starts_with(target),
            Self::EndsWith => key.ends_with(target),
            Self::Regex => matches_at_start(target, Flags::default(), key)?,
        })
    }
}

struct Request {
    items: Vec<Rc<Dictionary>>,
    target: Val,
    matching: Matching,
}

fn keep_keys(call: &mut Call<'_, '_>) -> Outcome<Val> {
    selected(call, "keep_keys", true)
}

fn remove_keys(call: &mut Call<'_, '_>) -> Outcome<Val> {
    selected(call, "remove_keys", false)
}

/// Arguments and data, checked in upstream's order.
fn request(call: &mut Call<'_, '_>, name: &str) -> Outcome<Request> {
    let [data, target, matching] = call.bind(name, ["data", "target", "matching_parameter"], 1)?;
    let data = data.unwrap_or(Val::None);
    let class = class_path;
    if !matches!(data, Val::List(_) | Val::Str(_) | Val::Tuple(_)) {
        let shown = call.text(&data)?;
        let text = format!("First argument must be a list. {shown} is <class '{}'>", class(&data));
        return Err(Fault::python(text));
    }
    let mut items = Vec::new();
    for item in call.items(&data)? {
        item.check()?;
        let Some(dict) = call.session.mapping(&item) else {
            let shown = call.text(&item)?;
            let text = format!("The data items must be dictionaries. {shown} is <class '{}'>", class(&item));
            return Err(Fault::python(text));
        };
        items.push(dict);
    }
    for dict in &items {
        let keys = dict.keys();
        if keys.iter().any(|key| key.value().as_str().is_none()) {
            let keys = Val::list(keys.into_iter().map(Key::into_value).collect());
            let shown = python_str(&keys, call.session)?;
            return Err(Fault::python(format!("Top level keys must be strings. keys: dict_keys({shown})")));
        }
    }
    let matching = match matching {
        Some(matching) => call.text(&matching)?,
        None => "equal".to_owned(),
    };
    let matching = match matching.as_str() {
        "equal" => Matching::Equal,
        "starts_with" => Matching::StartsWith,
        "ends_with" => Matching::EndsWith,
        "regex" => Matching::Regex,
        other => {
            return Err(Fault::python(format!(
                "The matching_parameter must be one of ['equal', 'starts_with', 'ends_with', 'regex']. \
                 matching_parameter={other}"
            )));
        }
    };
    Ok(Request { items, target: target.unwrap_or(Val::None), matching })
}

fn is_empty(target: &Val) -> Outcome<()> {
    if target.truth()? { Ok(()) } else { Err(Fault::python("The target can't be empty.")) }
}

/// The target as a list of text.
fn targets(call: &Call<'_, '_>, request: &Request) -> Outcome<Vec<String>> {
    let target = &request.target;
    if !matches!(target, Val::Str(_) | Val::List(_) | Val::Tuple(_)) {
        let text = format!("The target must be a string or a list. target is <class '{}'>.", class_path(target));
        return Err(Fault::python(text));
    }
    is_empty(target)?;
    let mut texts = Vec::new();
    let items = if let Val::Str(_) = target { vec![target.clone()] } else { call.items(target)? };
    for item in items {
        item.check()?;
        let Some(text) = item.as_str() else {
            let shown = call.text(&item)?;
            let text = format!("The target items must be strings. {shown} is <class '{}'>", class_path(&item));
            return Err(Fault::python(text));
        };
        texts.push(text.to_owned());
    }
    if request.matching == Matching::Regex {
        let [only] = &texts[..] else {
            return Err(Fault::python("Single item is required in the target list if matching_parameter=regex."));
        };
        if compile(only, Flags::default()).is_err() {
            let text = format!("The target must be a valid regex if matching_parameter=regex. target is {only}");
            return Err(Fault::python(text));
        }
    }
    Ok(texts)
}

fn selected(call: &mut Call<'_, '_>, name: &str, keep: bool) -> Outcome<Val> {
    let request = request(call, name)?;
    let targets = targets(call, &request)?;
    let mut results = Vec::with_capacity(request.items.len());
    for dict in &request.items {
        let kept = Dictionary::empty();
        for (key, slot) in dict.slots() {
            let name = key.value().as_str().unwrap_or("");
            let mut matches = false;
            for target in &targets {
                matches = matches || request.matching.holds(name, target)?;
            }
            if matches == keep {
                kept.insert_slot(key, slot);
            }
        }
        results.push(Val::Dict(kept));
    }
    Ok(Val::list(results))
}

fn replace_keys(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let request = request(call, "replace_keys")?;
    let target = &request.target;
    if !matches!(target, Val::List(_) | Val::Tuple(_)) {
        return Err(Fault::python("not all arguments converted during string formatting"));
    }
    is_empty(target)?;
    let pairs = replacements(call, &request)?;
    let mut results = Vec::with_capacity(request.items.len());
    for dict in &request.items {
        let made = Dictionary::empty();
        for (key, slot) in dict.slots() {
            let name = key.value().as_str().unwrap_or("");
            let mut replaced = None;
            for (before, after) in &pairs {
                if replaced.is_none() && request.matching.holds(name, before)? {
                    replaced = Some(after.clone());
                }
            }
            made.insert_slot(replaced.unwrap_or(key), slot);
        }
        results.push(Val::Dict(made));
    }
    Ok(Val::list(results))
}

/// What is replaced by what.
fn replacements(call: &Call<'_, '_>, request: &Request) -> Outcome<Vec<(String, Key)>> {
    let mut dicts = Vec::new();
    for item in call.items(&request.target)? {
        item.check()?;
        let Some(dict) = call.session.mapping(&item) else {
            let shown = call.text(&item)?;
            let text = format!("The target items must be dictionaries. {shown} is <class '{}'>", class_path(&item));
            return Err(Fault::python(text));
        };
        dicts.push(dict);
    }
    let part = |dict: &Dictionary, name: &str| dict.get_text(name).map(|slot| call.session.slot(&slot));
    let mut pairs = Vec::new();
    for dict in &dicts {
        let (Some(before), Some(after)) = (part(dict, "before"), part(dict, "after")) else {
            let text = "All dictionaries in target must include attributes: after, before.";
            return Err(Fault::python(text));
        };
        pairs.push((before, after));
    }
    let mut texts = Vec::new();
    for (before, after) in pairs {
        for (name, value) in [("before", &before), ("after", &after)] {
            if value.as_str().is_none() {
                let shown = call.text(value)?;
                let class = class_path(value);
                return Err(Fault::python(format!(
                    "The attributes {name} must be strings. {shown} is <class '{class}'>"
                )));
            }
        }
        texts.push((call.text(&before)?, Key::new(after)?));
    }
    if request.matching == Matching::Regex && texts.iter().any(|(before, _)| compile(before, Flags::default()).is_err())
    {
        let all = Val::list(texts.iter().map(|(before, _)| Val::from(before.as_str())).collect());
        let shown = python_str(&all, call.session)?;
        return Err(Fault::python(format!(
            "The attributes before must be valid regex if matching_parameter=regex. Not all items are valid regex in: \
             {shown}"
        )));
    }
    Ok(texts)
}
