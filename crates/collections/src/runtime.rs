//! `meta/runtime.yml` of a collection: names that moved, are going, or are gone
//! (<https://docs.ansible.com/ansible/latest/dev_guide/developing_collections_structure.html#meta-directory-and-runtime-yml>).

use crate::Kind;
use churten_syntax::{ParseOptions, parse_yaml_single};
use churten_value::{Source, Value};
use std::path::Path;

/// What a collection says about its names.
#[derive(Debug, Default)]
pub(crate) struct Runtime {
    routing: Value,
    groups: Value,
    /// The versions of ansible-core the collection is for.
    pub(crate) requires: Option<String>,
}

/// What a collection says about one name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The full name to use instead.
    pub(crate) redirect: Option<String>,
    /// The name is gone.
    pub(crate) removed: Option<Notice>,
    /// The name is going.
    pub(crate) deprecated: Option<Notice>,
}

/// When a name goes or went, and what to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Notice {
    pub(crate) advice: String,
    pub(crate) date: Option<String>,
    pub(crate) version: Option<String>,
}

impl Runtime {
    /// Reads the file of a collection's directory. A file that is missing or cannot be read says nothing.
    pub(crate) fn load(collection: &Path) -> Self {
        let path = collection.join("meta/runtime.yml");
        let Ok(bytes) = std::fs::read(&path) else { return Self::default() };
        let parsed = parse_yaml_single(bytes, Source::file(&path.to_string_lossy()), &ParseOptions::default());
        let document = parsed.ok().and_then(|parsed| parsed.documents.into_iter().next()).unwrap_or_default();
        let part = |name: &str| document.get(name).cloned().unwrap_or_default();
        Self {
            routing: part("plugin_routing"),
            groups: part("action_groups"),
            requires: text(&document, "requires_ansible"),
        }
    }

    /// The entries of a group of actions.
    pub(crate) fn group(&self, name: &str) -> Option<Vec<Value>> {
        Some(self.groups.get(name)?.as_list()?.to_vec())
    }

    pub(crate) fn entry(&self, kind: Kind, name: &str) -> Entry {
        let Some(entry) = self.routing.get(kind.routing()).and_then(|names| names.get(name)) else {
            return Entry::default();
        };
        Entry {
            redirect: text(entry, "redirect"),
            removed: entry.get("tombstone").map(notice),
            deprecated: entry.get("deprecation").map(notice),
        }
    }
}

fn notice(entry: &Value) -> Notice {
    Notice {
        advice: text(entry, "warning_text").unwrap_or_default(),
        date: text(entry, "removal_date"),
        version: text(entry, "removal_version"),
    }
}

fn text(entry: &Value, name: &str) -> Option<String> {
    entry.get(name).filter(|value| !value.is_none()).map(Value::to_text)
}
