//! Argument specs as roles write them (`meta/argument_specs.yml`), checked against values.

use crate::task::to_boolean;
use churten_value::{Data, Dict, Value};

/// Options nested deeper are not looked into.
const MAX_DEPTH: usize = 32;

/// Everything that is wrong with `values`, in ansible-core's words and order.
pub(crate) fn validate(spec: &Dict, values: &Dict) -> Vec<String> {
    let mut errors = vec![];
    level(spec, values, "", 0, &mut errors);
    errors
}

fn level(spec: &Dict, values: &Dict, place: &str, depth: usize, errors: &mut Vec<String>) {
    if depth > MAX_DEPTH {
        return;
    }
    let found = if place.is_empty() { String::new() } else { format!(" found in {place}") };
    let mut missing: Vec<String> = spec
        .iter()
        .filter(|(_, option)| option.get("required").is_some_and(|required| to_boolean(required) == Some(true)))
        .map(|(name, _)| name.to_text())
        .filter(|name| !values.contains(name))
        .collect();
    if !missing.is_empty() {
        missing.sort();
        errors.push(format!("missing required arguments: {}{found}", missing.join(", ")));
    }
    for (name, option) in spec {
        let name = name.to_text();
        let Some(value) = values.get(&name).filter(|value| !value.is_none()) else { continue };
        let kind = option.get("type").map_or_else(|| "str".into(), Value::to_text);
        let converted = match convert(&kind, value) {
            Ok(converted) => converted,
            Err(reason) => {
                errors.push(format!(
                    "argument '{name}' is of type {}{found} and we were unable to convert to {kind}: {reason}",
                    value.type_name()
                ));
                continue;
            }
        };
        if let Some(choices) = option.get("choices").and_then(Value::as_list) {
            check_choices(&name, &converted, choices, &found, errors);
        }
        elements(&name, option, &converted, &found, errors);
        if let Some(options) = option.get("options").and_then(Value::as_dict) {
            let inner = if place.is_empty() { name.clone() } else { format!("{place} -> {name}") };
            match &converted.data {
                Data::Dict(entries) => level(options, entries, &inner, depth + 1, errors),
                Data::List(items) => {
                    for entries in items.iter().filter_map(Value::as_dict) {
                        level(options, entries, &inner, depth + 1, errors);
                    }
                }
                _ => {}
            }
        }
    }
    let unsupported = unknown(spec, values, depth);
    if !unsupported.is_empty() {
        let mut known: Vec<String> = spec.keys().map(Value::to_text).collect();
        known.sort();
        let prefixed: Vec<String> = unsupported.iter().map(|name| format!("{place}.{name}")).collect();
        errors.push(format!("{}. Supported parameters include: {}.", prefixed.join(", "), known.join(", ")));
    }
}

/// Options that a nested spec does not have. On the top level the values were picked by the spec's names.
fn unknown(spec: &Dict, values: &Dict, depth: usize) -> Vec<String> {
    if depth == 0 {
        return vec![];
    }
    let known = |name: &Value| {
        let alias =
            |option: &Value| option.get("aliases").and_then(Value::as_list).is_some_and(|list| list.contains(name));
        spec.contains_value(name) || spec.values().any(alias)
    };
    values.keys().filter(|name| !known(name)).map(Value::to_text).collect()
}

fn check_choices(name: &str, value: &Value, choices: &[Value], found: &str, errors: &mut Vec<String>) {
    let list = || choices.iter().map(Value::to_text).collect::<Vec<_>>().join(", ");
    match &value.data {
        Data::List(items) => {
            let bad: Vec<String> = items.iter().filter(|item| !choices.contains(item)).map(Value::to_text).collect();
            if !bad.is_empty() {
                errors.push(format!(
                    "value of {name} must be one or more of: {}. Got no match for: {}{found}",
                    list(),
                    bad.join(", ")
                ));
            }
        }
        _ if !choices.contains(value) => {
            errors.push(format!("value of {name} must be one of: {}, got: {}{found}", list(), value.to_text()));
        }
        _ => {}
    }
}

fn elements(name: &str, option: &Value, value: &Value, found: &str, errors: &mut Vec<String>) {
    let (Some(kind), Data::List(items)) = (option.get("elements").map(Value::to_text), &value.data) else { return };
    for item in items.iter() {
        if let Err(reason) = convert(&kind, item) {
            errors.push(format!(
                "Elements value for option '{name}'{found} is of type {} and we were unable to convert to {kind}: {reason}",
                item.type_name()
            ));
        }
    }
}

fn convert(kind: &str, value: &Value) -> Result<Value, String> {
    let cannot = |wanted: &str| Err(format!("<class '{}'> cannot be converted to {wanted}", value.type_name()));
    match (kind, &value.data) {
        ("raw" | "str" | "path", _) | ("json" | "jsonarg", Data::Str(_) | Data::Dict(_) | Data::List(_)) => {
            Ok(value.clone())
        }
        ("bool", _) => match to_boolean(value) {
            Some(flag) => Ok(flag.into()),
            None if value.as_str().is_some() => Err(format!(
                "The value '{}' is not a valid boolean.  Valid booleans include: 0, 1, 'n', 'f', 'no', 'on', 'yes', 't', 'y', '1', 'false', 'true', 'off', '0'",
                value.to_text()
            )),
            None => cannot("a bool"),
        },
        ("int", Data::Int(_) | Data::BigInt(_)) | ("float", Data::Float(_) | Data::Int(_)) => Ok(value.clone()),
        ("int", Data::Str(text)) => match text.trim().parse::<i64>() {
            Ok(number) => Ok(number.into()),
            Err(_) => Err(format!("\"{}\" cannot be converted to an int", churten_value::str_repr(text))),
        },
        ("float", Data::Str(text)) => match text.trim().parse::<f64>() {
            Ok(number) => Ok(number.into()),
            Err(_) => cannot("a float"),
        },
        ("int", _) => cannot("an int"),
        ("float", _) => cannot("a float"),
        ("list", Data::List(_)) | ("dict", Data::Dict(_)) => Ok(value.clone()),
        ("list", Data::Str(text)) => Ok(text.split(',').map(str::trim).collect()),
        ("list", Data::Int(_) | Data::Float(_)) => Ok(Value::list(vec![value.to_text().into()])),
        ("list", _) => cannot("a list"),
        ("dict", Data::Str(text)) => match churten_value::from_json(text) {
            Ok(parsed) if parsed.as_dict().is_some() => Ok(parsed),
            _ => Err("dictionary requested, could not parse JSON or key=value".into()),
        },
        ("dict", _) => cannot("a dict"),
        _ => Ok(value.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::validate;
    use churten_value::{Dict, from_json};

    fn dict(text: &str) -> Dict {
        from_json(text).unwrap().as_dict().unwrap().clone()
    }

    #[test]
    fn errors_are_ansibles() {
        let spec = dict(
            r#"{"port": {"type": "int", "required": true}, "mode": {"choices": ["a", "b"]},
                "users": {"type": "list", "elements": "dict", "options": {"name": {"required": true}}}}"#,
        );
        for (values, errors) in [
            (r#"{"port": 1, "mode": "a"}"#, vec![]),
            ("{}", vec!["missing required arguments: port"]),
            (
                r#"{"port": "x", "mode": "c"}"#,
                vec![
                    "argument 'port' is of type str and we were unable to convert to int: \"'x'\" cannot be converted to an int",
                    "value of mode must be one of: a, b, got: c",
                ],
            ),
            (r#"{"port": 1, "users": [{}]}"#, vec!["missing required arguments: name found in users"]),
        ] {
            assert_eq!(validate(&spec, &dict(values)), errors, "{values}");
        }
    }
}
