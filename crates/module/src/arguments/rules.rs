//! The rules between arguments, in ansible-core's words.

use super::Rule;
use churten_value::{Dict, Value};

fn given(names: &[&str], params: &Dict) -> usize {
    names.iter().filter(|name| params.contains(name)).count()
}

/// A parameter counts as missing when absent or `null`.
fn missing<'a>(names: &[&'a str], params: &Dict) -> Vec<&'a str> {
    names.iter().copied().filter(|name| params.get(name).is_none_or(Value::is_none)).collect()
}

pub(super) fn exclusive(rules: &[Rule], params: &Dict) -> Option<String> {
    let broken: Vec<String> = rules
        .iter()
        .filter_map(|rule| match rule {
            Rule::Exclusive(names) if given(names, params) > 1 => Some(names.join("|")),
            _ => None,
        })
        .collect();
    (!broken.is_empty()).then(|| format!("parameters are mutually exclusive: {}", broken.join(", ")))
}

/// The rules checked after types and choices, in ansible-core's order of kinds.
pub(super) fn dependent(rules: &[Rule], params: &Dict) -> Vec<String> {
    let mut errors = Vec::new();
    for rule in rules {
        if let Rule::Together(names) = rule
            && (1..names.len()).contains(&given(names, params))
        {
            errors.push(format!("parameters are required together: {}", names.join(", ")));
        }
    }
    for rule in rules {
        if let Rule::OneOf(names) = rule
            && given(names, params) == 0
        {
            errors.push(format!("one of the following is required: {}", names.join(", ")));
        }
    }
    for rule in rules {
        if let Rule::RequiredIf { argument, value, names, any } = rule
            && params.get(argument).is_some_and(|found| matches(found, value))
        {
            let missing = missing(names, params);
            let broken = if *any { missing.len() == names.len() } else { !missing.is_empty() };
            if broken {
                let found = params.get(argument).map(Value::to_text).unwrap_or_default();
                let kind = if *any { "any" } else { "all" };
                let missing = missing.join(", ");
                errors.push(format!("{argument} is {found} but {kind} of the following are missing: {missing}"));
            }
        }
    }
    for rule in rules {
        if let Rule::RequiredBy { argument, names } = rule
            && params.get(argument).is_some_and(|value| !value.is_none())
        {
            let missing = missing(names, params);
            if !missing.is_empty() {
                errors.push(format!("missing parameter(s) required by '{argument}': {}", missing.join(", ")));
            }
        }
    }
    errors
}

/// Rules hold values as text: `true` stands for the truth value.
fn matches(found: &Value, wanted: &str) -> bool {
    match found.as_bool() {
        Some(flag) => wanted.eq_ignore_ascii_case(if flag { "true" } else { "false" }),
        None => !found.is_none() && found.to_text() == wanted,
    }
}
