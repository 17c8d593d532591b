//! JSON of the `inventory_legacy` profile: what inventory scripts print and `ansible-inventory` writes.

use crate::{Data, Dict, Tags, Value, Vaulted};
use std::sync::Arc;

/// Nesting below this is left as it is.
const MAX_DEPTH: usize = 500;

/// The values behind `__ansible_unsafe` and `__ansible_vault`; all other text gets `tags`. Text that is marked unsafe
/// is no template.
///
/// # Errors
/// What is marked is no text, or an object is of a type that the profile does not have.
pub fn revive_legacy_json(value: &Value, tags: Tags) -> Result<Value, String> {
    revive(value, tags, 0)
}

fn revive(value: &Value, tags: Tags, depth: usize) -> Result<Value, String> {
    if depth > MAX_DEPTH {
        return Ok(value.clone().with_tags(tags));
    }
    let revived = match &value.data {
        Data::List(items) => {
            let items = items.iter().map(|item| revive(item, tags, depth + 1));
            Value::list(items.collect::<Result<Vec<_>, _>>()?)
        }
        Data::Dict(entries) => {
            let inner: Vec<(Value, Value)> = entries
                .iter()
                .map(|(key, value)| Ok((key.clone().with_tags(tags), revive(value, tags, depth + 1)?)))
                .collect::<Result<_, String>>()?;
            if let Some(marked) = entries.get("__ansible_unsafe") {
                return Ok(Value::str(text_of("__ansible_unsafe", marked)?).with_tags(tags.trust(false)));
            }
            if let Some(marked) = entries.get("__ansible_vault") {
                let armour = text_of("__ansible_vault", marked)?;
                return Ok(Value::from(Data::Vault(Arc::new(Vaulted { armour }))).with_tags(tags));
            }
            if let Some(kind) = entries.get("__ansible_type") {
                let shown = crate::Repr(kind);
                return Err(format!(
                    "Object of type {shown} is not JSON deserializable by the 'inventory_legacy' profile."
                ));
            }
            Value::dict(inner.into_iter().collect::<Dict>())
        }
        _ => value.clone(),
    };
    Ok(revived.with_tags(tags))
}

fn text_of(key: &str, marked: &Value) -> Result<Arc<str>, String> {
    let class = match &marked.data {
        Data::Str(text) => return Ok(text.clone()),
        Data::Dict(entries) if entries.contains("__ansible_unsafe") => {
            "ansible._internal._json._profiles._legacy._Untrusted"
        }
        _ => marked.type_name(),
    };
    Err(format!("{key} is <class '{class}'> not <class 'str'>"))
}

#[cfg(test)]
mod tests {
    use super::revive_legacy_json;
    use crate::{Repr, Tags, from_json};

    #[test]
    fn marks_are_taken_off() {
        let tags = Tags::NONE.trust(true);
        let revive = |text: &str| revive_legacy_json(&from_json(text).unwrap(), tags);
        let value = revive(r#"{"a": {"__ansible_unsafe": "x", "b": 1}, "c": ["d"]}"#).unwrap();
        assert_eq!(Repr(&value).to_string(), "{'a': 'x', 'c': ['d']}");
        let trusted = |value: Option<&crate::Value>| value.is_some_and(|value| value.tags.is_trusted());
        assert!(!trusted(value.get("a")));
        assert!(trusted(value.get("c").and_then(|list| list.as_list()?.first())));
        for (text, error) in [
            (r#"[{"__ansible_unsafe": 5}]"#, "__ansible_unsafe is <class 'int'> not <class 'str'>"),
            (r#"{"__ansible_vault": null}"#, "__ansible_vault is <class 'NoneType'> not <class 'str'>"),
            (
                r#"{"__ansible_type": 1}"#,
                "Object of type 1 is not JSON deserializable by the 'inventory_legacy' profile.",
            ),
        ] {
            assert_eq!(revive(text).unwrap_err(), error);
        }
    }
}
