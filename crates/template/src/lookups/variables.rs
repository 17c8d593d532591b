//! Lookups of variables, the environment, and of the terms themselves.

use super::{Lookup, Plugin};
use crate::fault::{Fault, Outcome};
use crate::val::{Text, Val};
use churten_value::{Origin, Source, Tags, str_repr};

pub(super) const TABLE: &[Plugin] = &[
    Plugin::new("dict", dict),
    Plugin::new("env", env).taking_undefined(&["default"]),
    Plugin::new("items", items),
    Plugin::new("varnames", varnames),
    Plugin::new("vars", vars),
];

/// The terms, lists among them opened one level.
fn items(lookup: &mut Lookup<'_, '_>) -> Outcome<Vec<Val>> {
    let mut items = Vec::new();
    for term in std::mem::take(&mut lookup.terms) {
        match &term {
            Val::List(_) | Val::Tuple(_) => {
                let more = lookup.session.items(&term)?;
                more.iter().try_for_each(Val::check)?;
                items.extend(more);
            }
            _ => items.push(term),
        }
    }
    Ok(items)
}

fn dict(lookup: &mut Lookup<'_, '_>) -> Outcome<Vec<Val>> {
    let mut items = Vec::new();
    for term in &lookup.terms {
        let Some(entries) = lookup.session.mapping(term) else {
            let class = match term {
                Val::List(_) => "ansible._internal._templating._lazy_containers._AnsibleLazyTemplateList",
                other => other.python_class(),
            };
            return Err(Fault::ansible(format!(
                "the 'dict' lookup plugin expects a dictionary, got '{}' of type <class '{class}'>)",
                lookup.text(term)?
            )));
        };
        for (key, value) in lookup.session.pairs(&entries) {
            value.check()?;
            items.push(Val::dict([("key", key.into_value()), ("value", value)]));
        }
    }
    Ok(items)
}

fn env(lookup: &mut Lookup<'_, '_>) -> Outcome<Vec<Val>> {
    let default = lookup.option("default");
    let mut values = Vec::new();
    for name in lookup.texts()? {
        let found = std::env::var(&name).ok().map(|value| {
            let origin = Origin::whole(Source::described(&format!("<environment variable {}>", str_repr(&name))));
            Val::Str(Text { text: value.into(), tags: Tags::NONE.at(origin) })
        });
        values.push(match (found, &default) {
            (Some(value), _) => value,
            (None, Some(Val::Undefined(undefined))) if undefined.is_mandatory() => {
                lookup.session.undefined(format!("The environment variable {} is not set.", str_repr(&name)))
            }
            (None, Some(default)) => default.clone(),
            (None, None) => Val::str(""),
        });
    }
    Ok(values)
}

fn vars(lookup: &mut Lookup<'_, '_>) -> Outcome<Vec<Val>> {
    let default = lookup.option("default");
    let mut values = Vec::new();
    for term in &lookup.terms {
        let Val::Str(name) = term else {
            return Err(Fault::ansible(format!("Variable name must be 'str' not '{}'.", term.python_type())));
        };
        values.push(match (lookup.session.variable(lookup.root, name), &default) {
            (Some(value), _) => value,
            (None, Some(default)) => default.clone(),
            (None, None) => lookup.session.undefined(format!("No variable named '{}' was found.", &**name)),
        });
    }
    for value in &values {
        value.check()?;
    }
    Ok(values)
}

fn varnames(lookup: &mut Lookup<'_, '_>) -> Outcome<Vec<Val>> {
    let mut found = Vec::new();
    let mut names = lookup.session.names(lookup.root);
    names.sort();
    for term in &lookup.terms {
        let Val::Str(pattern) = term else {
            return Err(Fault::ansible(format!(
                "Invalid setting identifier, \"{}\" is not a string, it is a <class '{}'>",
                lookup.text(term)?,
                term.python_type()
            )));
        };
        let regex = crate::regex::compile(pattern, crate::regex::Flags::default()).map_err(|fault| {
            Fault::ansible(format!("Unable to use \"{}\" as a search parameter: {}", &**pattern, fault.headline()))
        })?;
        for name in &names {
            if crate::regex::find(&regex, name)?.is_some() {
                found.push(Val::str(name.clone()));
            }
        }
    }
    Ok(found)
}
