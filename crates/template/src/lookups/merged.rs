//! `community.general.merge_variables`: all variables whose names match, made one.

use super::{Lookup, Plugin};
use crate::fault::{Fault, Outcome};
use crate::regex::{self, Flags};
use crate::val::{Dictionary, Val, equal};
use churten_diagnostics::Report;
use std::rc::Rc;

pub(super) const TABLE: &[Plugin] = &[Plugin::new("community.general.merge_variables", merge_variables)];

const NAME: &str = "merge_variables";

/// What happens when a key is there already with another value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Override {
    Error,
    Warn,
    Ignore,
}

fn merge_variables(lookup: &mut Lookup<'_, '_>) -> Outcome<Vec<Val>> {
    let initial = lookup.option("initial_value").filter(|value| !value.is_none());
    let way = lookup.choice_option(NAME, "pattern_type", &["regex", "prefix", "suffix"])?;
    let override_way = match lookup.choice_option(NAME, "override", &["error", "warn", "ignore"])? {
        "warn" => Override::Warn,
        "ignore" => Override::Ignore,
        _ => Override::Error,
    };
    if lookup.option("groups").is_some_and(|groups| !groups.is_none()) {
        return Err(Fault::not_yet("groups of the lookup community.general.merge_variables"));
    }
    let mut names = lookup.session.names(lookup.root);
    names.sort();
    let mut results = Vec::new();
    for term in &lookup.terms {
        let Val::Str(pattern) = term else {
            let class = crate::filters::class_path(term);
            return Err(Fault::python(format!(
                "Non-string type '<class '{class}'>' passed, only 'str' types are allowed!"
            )));
        };
        let expression = if way == "regex" { Some(regex::compile(pattern, Flags::default())?) } else { None };
        let mut merged = initial.clone();
        if let Some(initial) = &initial {
            check_type(initial)?;
        }
        for name in &names {
            let matches = match &expression {
                Some(expression) => regex::find(expression, name)?.is_some(),
                None if way == "prefix" => name.starts_with(&**pattern),
                None => name.ends_with(&**pattern),
            };
            if !matches {
                continue;
            }
            let Some(value) = lookup.session.variable(lookup.root, name) else { continue };
            value.check().map_err(|fault| Fault::python(fault.headline()))?;
            merged = Some(with(lookup, merged, value, name, override_way)?);
        }
        results.push(merged.unwrap_or(Val::None));
    }
    Ok(results)
}

fn check_type(value: &Val) -> Outcome<()> {
    match value {
        Val::List(_) | Val::Dict(_) => Ok(()),
        _ => Err(Fault::python("Not supported type detected, variable must be a list or a dict")),
    }
}

fn with(lookup: &Lookup<'_, '_>, before: Option<Val>, value: Val, name: &str, way: Override) -> Outcome<Val> {
    let mixed = || Fault::python("Unable to merge, not all variables are of the same type");
    match (before, &value) {
        (None, _) => check_type(&value).map(|()| value),
        (Some(Val::List(before)), Val::List(_)) => {
            let mut items = lookup.session.items(&Val::List(before))?;
            items.extend(lookup.session.items(&value)?);
            Ok(Val::list(items))
        }
        (Some(Val::Dict(before)), Val::Dict(after)) => dictionaries(lookup, &before, after, name, way).map(Val::Dict),
        _ => Err(mixed()),
    }
}

fn dictionaries(
    lookup: &Lookup<'_, '_>,
    before: &Rc<Dictionary>,
    after: &Rc<Dictionary>,
    path: &str,
    way: Override,
) -> Outcome<Rc<Dictionary>> {
    let session = lookup.session;
    session.enter()?;
    let made = Dictionary::from_slots(before.slots());
    for (key, value) in session.pairs(after) {
        value.check()?;
        let Some(known) = before.get(&key).map(|slot| session.slot(&slot)) else {
            made.insert(key, value);
            continue;
        };
        let shown = lookup.text(key.value())?;
        let path = format!("{path}.{shown}");
        let value = match (&known, &value) {
            (Val::Dict(known), Val::Dict(value)) => Val::Dict(dictionaries(lookup, known, value, &path, way)?),
            (_, Val::List(_)) => {
                if !matches!(known, Val::List(_)) {
                    let class = known.python_type();
                    return Err(Fault::python(format!("unsupported operand type(s) for +=: '{class}' and 'list'")));
                }
                let mut items = session.items(&known)?;
                items.extend(session.items(&value)?);
                Val::list(items)
            }
            _ => {
                if !equal(&known, &value, session)? && way != Override::Ignore {
                    let (known, value) = (lookup.text(&known)?, lookup.text(&value)?);
                    let text = format!(
                        "The key '{shown}' with value '{known}' will be overwritten with value '{value}' from '{path}'"
                    );
                    if way == Override::Error {
                        return Err(Fault::python(text));
                    }
                    (session.shared.environment.warn)(Report::new(text));
                }
                value
            }
        };
        made.insert(key, value);
    }
    Ok(made)
}
