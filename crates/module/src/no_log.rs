//! Keeping the values of secret arguments out of results.

use churten_value::{Data, Dict, Value, sort_by_key};
use std::collections::BTreeSet;

/// What stands for a value that is a secret.
const WHOLE: &str = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER";
/// What stands for a secret inside other text.
const PART: &str = "********";

/// Every text inside a secret value.
pub(crate) fn collect(value: &Value, secrets: &mut BTreeSet<String>) {
    match &value.data {
        Data::None | Data::Bool(_) | Data::Omit => {}
        Data::List(items) => items.iter().for_each(|item| collect(item, secrets)),
        Data::Dict(entries) => entries.values().for_each(|item| collect(item, secrets)),
        _ => {
            let text = value.to_text();
            if !text.is_empty() {
                secrets.insert(text);
            }
        }
    }
}

/// Take the secrets out of a result.
pub(crate) fn remove(value: &Value, secrets: &BTreeSet<String>) -> Value {
    if secrets.is_empty() {
        return value.clone();
    }
    match &value.data {
        Data::Str(text) => hide(text, secrets).map_or_else(|| value.clone(), Value::from),
        Data::Int(_) | Data::BigInt(_) | Data::Float(_) => {
            let text = value.to_text();
            if secrets.iter().any(|secret| text.contains(secret.as_str())) { WHOLE.into() } else { value.clone() }
        }
        Data::List(items) => Value::list(items.iter().map(|item| remove(item, secrets)).collect()),
        Data::Dict(entries) => remove_from(entries, secrets).into(),
        _ => value.clone(),
    }
}

/// Take the secrets out of every value of a mapping.
pub(crate) fn remove_from(entries: &Dict, secrets: &BTreeSet<String>) -> Dict {
    entries.iter().map(|(key, value)| (key.clone(), remove(value, secrets))).collect()
}

fn hide(text: &str, secrets: &BTreeSet<String>) -> Option<String> {
    if secrets.contains(text) {
        return Some(WHOLE.into());
    }
    let mut found: Vec<&String> = secrets.iter().filter(|secret| text.contains(secret.as_str())).collect();
    if found.is_empty() {
        return None;
    }
    // Longer ones first, so that a secret inside another does not leave the rest of it.
    sort_by_key(&mut found, |secret| std::cmp::Reverse(secret.len()));
    Some(found.into_iter().fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), PART)))
}
