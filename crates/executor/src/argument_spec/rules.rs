//! The rules between the options of one level, as data.

use crate::task::to_boolean;
use churten_value::{Data, Dict, Value};

/// The names of one group: a list of names, or one name.
fn names(group: &Value) -> Vec<String> {
    match &group.data {
        Data::List(items) => items.iter().map(Value::to_text).collect(),
        _ => vec![group.to_text()],
    }
}

fn groups(owner: &Dict, rule: &str) -> Vec<Vec<String>> {
    owner.get(rule).and_then(Value::as_list).unwrap_or_default().iter().map(names).collect()
}

fn given(names: &[String], values: &Dict) -> usize {
    names.iter().filter(|name| values.contains(name)).count()
}

/// Options that are absent or `null`.
fn missing(names: &[String], values: &Dict) -> Vec<String> {
    names.iter().filter(|name| values.get(name).is_none_or(Value::is_none)).cloned().collect()
}

/// `mutually_exclusive`
pub(super) fn exclusive(owner: &Dict, values: &Dict) -> Result<Option<String>, String> {
    let broken: Vec<String> = groups(owner, "mutually_exclusive")
        .iter()
        .filter(|names| given(names, values) > 1)
        .map(|names| names.join("|"))
        .collect();
    Ok((!broken.is_empty()).then(|| format!("parameters are mutually exclusive: {}", broken.join(", "))))
}

/// The rules that are checked after types and choices: of each kind the first that is broken, or for `required_if`
/// all of them.
///
/// # Errors
/// A rule that is none, in Python's words.
pub(super) fn dependent(owner: &Dict, values: &Dict) -> Result<Vec<String>, String> {
    let mut errors = Vec::new();
    let together = groups(owner, "required_together");
    if let Some(names) = together.iter().find(|names| (1..names.len()).contains(&given(names, values))) {
        errors.push(format!("parameters are required together: {}", names.join(", ")));
    }
    if let Some(names) = groups(owner, "required_one_of").iter().find(|names| given(names, values) == 0) {
        errors.push(format!("one of the following is required: {}", names.join(", ")));
    }
    errors.extend(required_if(owner, values)?);
    if let Some(rules) = owner.get("required_by").and_then(Value::as_dict) {
        for (name, needed) in rules {
            let name = name.to_text();
            let missing = missing(&names(needed), values);
            if values.get(&name).is_some_and(|value| !value.is_none()) && !missing.is_empty() {
                errors.push(format!("missing parameter(s) required by '{name}': {}", missing.join(", ")));
            }
        }
    }
    Ok(errors)
}

/// `required_if`: option, value, options that are needed, and whether one of them is enough.
fn required_if(owner: &Dict, values: &Dict) -> Result<Option<String>, String> {
    for rule in owner.get("required_if").and_then(Value::as_list).unwrap_or_default() {
        let parts = rule.as_list().unwrap_or_default();
        let (name, wanted, needed, any) = match parts {
            [name, wanted, needed] => (name, wanted, needed, false),
            [name, wanted, needed, any] => (name, wanted, needed, to_boolean(any) == Some(true)),
            _ => return Err(format!("not enough values to unpack (expected 3, got {})", parts.len())),
        };
        let name = name.to_text();
        let Some(found) = values.get(&name).filter(|found| *found == wanted) else { continue };
        let needed = names(needed);
        let missing: Vec<String> = needed.iter().filter(|name| !values.contains(name)).cloned().collect();
        let broken = if any { missing.len() >= needed.len() } else { !missing.is_empty() };
        if broken {
            let kind = if any { "any" } else { "all" };
            let (found, missing) = (found.to_text(), missing.join(", "));
            return Ok(Some(format!("{name} is {found} but {kind} of the following are missing: {missing}")));
        }
    }
    Ok(None)
}
