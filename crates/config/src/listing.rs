//! What `ansible-config list` tells of every setting and of the options of ansible-core's plugins: facts, without prose.

use crate::SETTINGS;
use churten_value::{Dict, Value, from_json};
use std::sync::LazyLock;

static LISTING: LazyLock<Dict> = LazyLock::new(|| {
    let value = from_json(include_str!("table/listing.json")).unwrap_or_default();
    value.as_dict().cloned().unwrap_or_default()
});

/// The settings by name, in the order of their names, with descriptions of our own where there are some.
pub fn listed_settings() -> Dict {
    let mut settings = LISTING.clone();
    settings.remove("PLUGINS");
    settings.remove("ORDER");
    for definition in SETTINGS.iter().filter(|definition| !definition.description.is_empty()) {
        if let Some(facts) = settings.get(definition.name).and_then(Value::as_dict) {
            let mut facts = facts.clone();
            facts.insert("description", definition.description);
            settings.insert(definition.name, Value::dict(facts));
        }
    }
    settings
}

/// The names of settings that have variables of the environment, in the order in which ansible-core declares them.
pub fn declared_settings() -> Vec<String> {
    let names = LISTING.get("ORDER").and_then(Value::as_list).unwrap_or_default();
    names.iter().map(Value::to_text).collect()
}

/// The plugins of a kind by name, each with its options by name.
pub fn listed_plugins(kind: &str) -> Dict {
    let kinds = LISTING.get("PLUGINS").and_then(Value::as_dict);
    kinds.and_then(|kinds| kinds.get(kind)).and_then(Value::as_dict).cloned().unwrap_or_default()
}

/// The kinds of plugins, in the order of their names.
pub fn listed_kinds() -> Vec<String> {
    let kinds = LISTING.get("PLUGINS").and_then(Value::as_dict);
    kinds.into_iter().flat_map(|kinds| kinds.keys().map(Value::to_text).collect::<Vec<_>>()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_there() {
        assert_eq!(listed_settings().len(), SETTINGS.len());
        assert!(listed_plugins("become").contains("sudo"));
        assert_eq!(listed_kinds().len(), 11);
    }
}
