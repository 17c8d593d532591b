//! Argument specs as roles write them (`meta/argument_specs.yml`), checked against values. What modules declare is
//! checked by `churten_module`; this one is data, and every error counts, not only the first.

use crate::task::to_boolean;
use churten_module::{ArgumentType, convert_value};
use churten_value::{Data, Dict, Value};

mod rules;

/// Options nested deeper are not looked into.
const MAX_DEPTH: usize = 32;

/// Everything that is wrong with `values`, in ansible-core's words and order.
///
/// # Errors
/// A spec that is none, in Python's words.
pub(crate) fn validate(spec: &Dict, values: &Dict) -> Result<Vec<String>, String> {
    let mut run = Validation { errors: vec![], unknown: vec![], supported: String::new() };
    run.level(spec, &Dict::new(), &mut values.clone(), &[])?;
    let Validation { mut errors, mut unknown, supported } = run;
    if !unknown.is_empty() {
        unknown.sort();
        errors.push(format!("{}. Supported parameters include: {supported}.", unknown.join(", ")));
    }
    Ok(errors)
}

struct Validation {
    errors: Vec<String>,
    /// Parameters that no spec has.
    unknown: Vec<String>,
    /// What the spec of the first of them has.
    supported: String,
}

/// ` found in a -> b`
fn found_in(context: &[String]) -> String {
    if context.is_empty() { String::new() } else { format!(" found in {}", context.join(" -> ")) }
}

/// ` found in 'a -> b'.`, as messages of types have it.
fn quoted_place(context: &[String]) -> String {
    if context.is_empty() { String::new() } else { format!(" found in '{}'.", context.join(" -> ")) }
}

/// ` found in 'a -> b'`, as messages of elements have it.
fn elements_place(context: &[String]) -> String {
    if context.is_empty() { String::new() } else { format!(" found in '{}'", context.join(" -> ")) }
}

fn flag(option: &Value, name: &str) -> bool {
    option.get(name).is_some_and(|value| to_boolean(value).unwrap_or_else(|| value.is_truthy()))
}

fn aliases(option: &Value) -> Vec<String> {
    option.get("aliases").and_then(Value::as_list).unwrap_or_default().iter().map(Value::to_text).collect()
}

impl Validation {
    /// One level of a spec; `owner` is the option it belongs to, with the rules between its parameters.
    fn level(&mut self, spec: &Dict, owner: &Dict, values: &mut Dict, context: &[String]) -> Result<(), String> {
        if context.len() > MAX_DEPTH {
            return Ok(());
        }
        if let Some(option) = spec.values().find(|option| option.as_dict().is_none()) {
            return Err(format!("'{}' object has no attribute 'get'", class_of(option)));
        }
        let place = found_in(context);
        if !self.take_aliases(spec, values) {
            return Ok(());
        }
        self.look_inside(spec, values)?;
        self.find_unknown(spec, values, context);
        rules::exclusive(owner, values)?.into_iter().for_each(|error| self.errors.push(error + &place));
        for (name, option) in spec {
            if let Some(default) = option.get("default").filter(|default| !default.is_none())
                && !values.contains(&name.to_text())
            {
                values.insert(name.clone(), default.clone());
            }
        }
        let mut missing: Vec<String> = spec
            .iter()
            .filter(|(_, option)| flag(option, "required"))
            .map(|(name, _)| name.to_text())
            .filter(|name| !values.contains(name))
            .collect();
        if !missing.is_empty() {
            missing.sort();
            self.errors.push(format!("missing required arguments: {}{place}", missing.join(", ")));
        }
        for (name, option) in spec {
            self.convert(&name.to_text(), option, values, context)?;
        }
        for (name, option) in spec {
            self.choose(&name.to_text(), option, values, &place);
        }
        rules::dependent(owner, values)?.into_iter().for_each(|error| self.errors.push(error + &place));
        for (name, option) in spec {
            self.inside(&name.to_text(), option, values, context)?;
        }
        Ok(())
    }

    /// False when the spec itself is wrong.
    fn take_aliases(&mut self, spec: &Dict, values: &mut Dict) -> bool {
        for (name, option) in spec {
            let has_default = option.get("default").is_some_and(|default| !default.is_none());
            if has_default && flag(option, "required") {
                let name = name.to_text();
                self.errors.push(format!("internal error: required and default are mutually exclusive for {name}"));
                return false;
            }
            if option.get("aliases").is_some_and(|list| list.is_truthy() && list.as_list().is_none()) {
                self.errors.push("internal error: aliases must be a list or tuple".to_owned());
                return false;
            }
            for alias in aliases(option) {
                if let Some(value) = values.get(&alias).cloned() {
                    values.insert(name.clone(), value);
                }
            }
        }
        true
    }

    /// ansible-core looks for secrets in sub-options before anything is converted, and has its own words for what cannot
    /// hold any.
    fn look_inside(&mut self, spec: &Dict, values: &Dict) -> Result<(), String> {
        for (name, option) in spec {
            let name = name.to_text();
            let Some(value) = values.get(&name).filter(|value| value.is_truthy()) else {
                if option.get("fallback").is_some_and(Value::is_truthy) {
                    return Err("'_AnsibleTaggedStr' object is not callable".to_owned());
                }
                continue;
            };
            let Some(options) = option.get("options").filter(|options| !options.is_none()) else { continue };
            if options.as_dict().is_none() {
                return Err(format!("'{}' object has no attribute 'items'", class_of(options)));
            }
            let items: &[Value] = match &value.data {
                Data::List(items) if option.get("elements").and_then(Value::as_str) == Some("dict") => items,
                Data::List(_) => &[],
                Data::Dict(_) | Data::Str(_) => std::slice::from_ref(value),
                _ => return Err(format!("argument of type '{}' is not iterable", class_of(value))),
            };
            for item in items {
                match &item.data {
                    Data::Dict(_) => {}
                    Data::Str(_) => self.errors.extend(convert_value(ArgumentType::Dict, item).err()),
                    _ => self.errors.push(format!(
                        "Value '{}' in the sub parameter field '{name}' must be a list, not '{}'",
                        item.to_text(),
                        class_of(item)
                    )),
                }
            }
        }
        Ok(())
    }

    fn find_unknown(&mut self, spec: &Dict, values: &Dict, context: &[String]) {
        let known = |name: &Value| {
            let text = name.to_text();
            spec.contains_value(name) || spec.values().any(|option| aliases(option).contains(&text))
        };
        let unknown: Vec<String> = values.keys().filter(|name| !known(name)).map(Value::to_text).collect();
        if unknown.is_empty() {
            return;
        }
        let prefix: String = context.iter().map(|name| format!("{name}.")).collect();
        self.unknown.extend(unknown.into_iter().map(|name| format!("{prefix}{name}")));
        if !self.supported.is_empty() {
            return;
        }
        let mut names: Vec<String> = spec.keys().map(Value::to_text).collect();
        names.sort();
        let mut others: Vec<String> = spec.values().flat_map(aliases).collect();
        others.sort();
        self.supported = names.join(", ");
        if !others.is_empty() {
            self.supported += &format!(" ({})", others.join(", "));
        }
    }

    fn convert(&mut self, name: &str, option: &Value, values: &mut Dict, context: &[String]) -> Result<(), String> {
        let Some(value) = values.get(name).cloned() else { return Ok(()) };
        let has_default = option.get("default").is_some_and(|default| !default.is_none());
        if value.is_none() && !flag(option, "required") && !has_default {
            return Ok(());
        }
        let kind = option.get("type").filter(|kind| !kind.is_none()).map_or_else(|| "str".into(), Value::to_text);
        match converted(&kind, &value) {
            Ok(converted) => values.insert(name, converted),
            Err(reason) => {
                self.errors.push(format!(
                    "argument '{name}' is of type {}{} and we were unable to convert to {kind}: {reason}",
                    value.type_name(),
                    quoted_place(context)
                ));
                return Ok(());
            }
        };
        let elements = option.get("elements").filter(|kind| !kind.is_none()).map(Value::to_text);
        if let Some(elements) = elements.filter(|kind| kind != "raw") {
            self.convert_elements(name, &kind, &elements, values, context);
        }
        Ok(())
    }

    fn convert_elements(&mut self, name: &str, whole: &str, kind: &str, values: &mut Dict, context: &[String]) {
        let Some(value) = values.get(name) else { return };
        // What is no list is taken apart as Python does it.
        let items: Vec<Value> = match &value.data {
            Data::List(items) => items.to_vec(),
            Data::Dict(entries) => entries.keys().cloned().collect(),
            Data::Str(text) => text.chars().map(|c| Value::from(c.to_string())).collect(),
            _ => return,
        };
        if whole != "list" {
            self.errors.push(format!(
                "Invalid type {whole} for option '{}', elements value check is supported only with 'list' type",
                value.to_text()
            ));
        }
        let mut done = Vec::with_capacity(items.len());
        for item in items {
            match converted(kind, &item) {
                Ok(item) => done.push(item),
                Err(reason) => {
                    self.errors.push(format!(
                        "Elements value for option '{name}'{} is of type {} and we were unable to convert to {kind}: {reason}",
                        elements_place(context),
                        item.type_name()
                    ));
                }
            }
        }
        values.insert(name, Value::list(done));
    }

    fn choose(&mut self, name: &str, option: &Value, values: &mut Dict, place: &str) {
        let Some(choices) = option.get("choices").filter(|choices| !choices.is_none()) else { return };
        let Some(choices) = choices.as_list() else {
            let shown = choices.to_text();
            self.errors.push(format!("internal error: choices for argument {name} are not iterable: {shown}"));
            return;
        };
        let Some(value) = values.get(name).cloned() else { return };
        let shown = choices.iter().map(Value::to_text).collect::<Vec<_>>().join(", ");
        let is_list = option.get("type").and_then(Value::as_str) == Some("list");
        if let (Data::List(items), true) = (&value.data, is_list) {
            let bad: Vec<String> = items.iter().filter(|item| !choices.contains(item)).map(Value::to_text).collect();
            if !bad.is_empty() {
                let bad = bad.join(", ");
                self.errors
                    .push(format!("value of {name} must be one or more of: {shown}. Got no match for: {bad}{place}"));
            }
            return;
        }
        if choices.contains(&value) {
            return;
        }
        // YAML reads `yes` as a truth value; the only choice with that meaning is the one that was written.
        if let Some(wanted) = match value.as_str() {
            Some("True") => Some(true),
            Some("False") => Some(false),
            _ => None,
        } {
            let same = |choice: &&Value| choice.as_str().is_some() && to_boolean(choice) == Some(wanted);
            let mut same = choices.iter().filter(same);
            if let (Some(choice), None) = (same.next(), same.next()) {
                values.insert(name, choice.clone());
                return;
            }
        }
        self.errors.push(format!("value of {name} must be one of: {shown}, got: {}{place}", value.to_text()));
    }

    fn inside(&mut self, name: &str, option: &Value, values: &mut Dict, context: &[String]) -> Result<(), String> {
        let Some(spec) = option.get("options").and_then(Value::as_dict) else { return Ok(()) };
        let owner = option.as_dict().cloned().unwrap_or_default();
        let kind = option.get("type").and_then(Value::as_str).unwrap_or("str");
        let is_nested = kind == "dict"
            || kind == "list" && option.get("elements").and_then(Value::as_str).unwrap_or_default() == "dict";
        if !is_nested {
            return Ok(());
        }
        let context: Vec<String> = context.iter().cloned().chain([name.to_owned()]).collect();
        let value = match values.get(name) {
            None if flag(option, "apply_defaults") => Value::dict(Dict::new()),
            Some(value) if !value.is_none() => value.clone(),
            _ => return Ok(()),
        };
        match &value.data {
            Data::Dict(entries) => self.level(spec, &owner, &mut entries.as_ref().clone(), &context),
            Data::List(items) => items.iter().try_for_each(|item| match item.as_dict() {
                Some(entries) => self.level(spec, &owner, &mut entries.clone(), &context),
                None => Ok(()),
            }),
            _ => {
                self.errors.push(format!("value of '{name}' must be of type dict or list of dicts"));
                Ok(())
            }
        }
    }
}

fn converted(kind: &str, value: &Value) -> Result<Value, String> {
    let Some(known) = ArgumentType::named(kind) else { return Err("'NoneType' object is not callable".to_owned()) };
    convert_value(known, value).map_err(|reason| {
        let plain = format!("<class '{}'> cannot be converted", value.type_name());
        let own = format!("<class '{}'> cannot be converted", full_class_of(value));
        reason.replace(&plain, &own)
    })
}

/// Python's class of a value that was read from a file.
fn class_of(value: &Value) -> String {
    let name = match &value.data {
        Data::Dict(_) => "Dict",
        Data::List(_) => "List",
        Data::Float(_) => "Float",
        Data::Int(_) | Data::BigInt(_) => "Int",
        Data::Str(_) => "Str",
        _ => return value.type_name().to_owned(),
    };
    format!("_AnsibleTagged{name}")
}

fn full_class_of(value: &Value) -> String {
    match class_of(value) {
        tagged if tagged.starts_with('_') && value.origin().is_some() => {
            format!("ansible.module_utils._internal._datatag.{tagged}")
        }
        _ => value.type_name().to_owned(),
    }
}

#[cfg(test)]
mod tests;
