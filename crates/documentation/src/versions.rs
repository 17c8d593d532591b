//! Versions in documentation are those of a collection, which is written beside them.

use churten_value::{Dict, Value};

/// Whose documentation it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// A module's.
    Module,
    /// A plugin's.
    Plugin,
    /// The values that one returns.
    Returned,
}

/// Writes the name of the collection beside every version in documentation.
pub(crate) fn name_collection(documentation: &mut Dict, collection: &str, place: Place) {
    added(documentation, collection);
    if place == Place::Returned {
        for value in documentation.iter_mut().map(|(_, value)| value) {
            with_dict(value, &mut |value| returned(value, collection, 0));
        }
        return;
    }
    for key in ["options", "attributes"] {
        if let Some(value) = documentation.get_mut(key) {
            each(value, &mut |option| self::option(option, collection, place, 0));
        }
    }
    if let Some(value) = documentation.get_mut("deprecated") {
        with_dict(value, &mut |value| {
            if !value.contains("removed_from_collection")
                && (value.contains("removed_in") || value.contains("removed_at_date"))
            {
                value.insert("removed_from_collection", collection);
            }
        });
    }
}

/// Deeper documentation is left as it is.
const MAX_DEPTH: usize = 40;

fn option(option: &mut Dict, collection: &str, place: Place, depth: usize) {
    added(option, collection);
    if place == Place::Plugin {
        let mut sources: Vec<&str> = vec!["env", "ini", "vars", "keyword", "cli"];
        sources.retain(|source| option.contains(source));
        for source in sources {
            let Some(value) = option.get_mut(source) else { continue };
            let items = value.as_list().unwrap_or_default().iter().map(|item| {
                let Some(entries) = item.as_dict() else { return item.clone() };
                let mut entries = entries.clone();
                added(&mut entries, collection);
                deprecated(&mut entries, collection);
                entries.into()
            });
            let items = Value::list(items.collect());
            if value.as_list().is_some() {
                *value = items;
            }
        }
        deprecated(option, collection);
    }
    if depth < MAX_DEPTH {
        for key in ["options", "suboptions"] {
            if let Some(value) = option.get_mut(key) {
                each(value, &mut |inner| self::option(inner, collection, place, depth + 1));
            }
        }
    }
}

fn returned(value: &mut Dict, collection: &str, depth: usize) {
    added(value, collection);
    if depth < MAX_DEPTH
        && let Some(inner) = value.get_mut("contains")
    {
        each(inner, &mut |inner| returned(inner, collection, depth + 1));
    }
}

fn added(entries: &mut Dict, collection: &str) {
    if entries.contains("version_added") && !entries.contains("version_added_collection") {
        entries.insert("version_added_collection", collection);
    }
}

fn deprecated(entries: &mut Dict, collection: &str) {
    if let Some(value) = entries.get_mut("deprecated") {
        with_dict(value, &mut |value| {
            if !value.contains("collection_name") {
                value.insert("collection_name", collection);
            }
        });
    }
}

fn each(value: &mut Value, change: &mut dyn FnMut(&mut Dict)) {
    with_dict(value, &mut |entries| {
        for (_, value) in entries.iter_mut() {
            with_dict(value, change);
        }
    });
}

fn with_dict(value: &mut Value, change: &mut dyn FnMut(&mut Dict)) {
    if let Some(entries) = value.as_dict() {
        let mut entries = entries.clone();
        change(&mut entries);
        *value = entries.into();
    }
}
