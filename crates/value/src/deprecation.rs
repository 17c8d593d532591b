//! Values that a module wants nobody to use any more.

use crate::{Dict, Value};
use std::num::NonZeroU16;
use std::sync::{Arc, OnceLock, RwLock};

/// What a module says of a value that is on its way out. Like sources it is interned for the life of the process; a run
/// that met 65,535 of them tells of no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Deprecation(NonZeroU16);

struct Entry {
    sentence: Arc<str>,
    fields: Value,
}

fn table() -> &'static RwLock<Vec<Entry>> {
    static TABLE: OnceLock<RwLock<Vec<Entry>>> = OnceLock::new();
    TABLE.get_or_init(RwLock::default)
}

impl Deprecation {
    /// A deprecation with `msg`, and `version`, `date`, `collection_name`, `deprecator` (`resolved_name` and `type`) and
    /// `help_text` where there are such.
    #[must_use]
    pub fn of(fields: Dict) -> Option<Self> {
        let fields = Value::dict(fields);
        let sentence = Self::sentence_of(&fields);
        let mut entries = table().write().unwrap_or_else(|poisoned| poisoned.into_inner());
        let index = entries.iter().rposition(|entry| *entry.sentence == *sentence).unwrap_or(entries.len());
        let number = u16::try_from(index + 1).ok().and_then(NonZeroU16::new)?;
        if index == entries.len() {
            entries.push(Entry { sentence: sentence.into(), fields });
        }
        Some(Self(number))
    }

    /// What the user is told, without the help.
    #[must_use]
    pub fn sentence(self) -> Arc<str> {
        self.with(|entry| entry.sentence.clone())
    }

    /// `msg` and what else was given.
    #[must_use]
    pub fn fields(self) -> Value {
        self.with(|entry| entry.fields.clone())
    }

    /// The fields of a deprecation that was told with this sentence.
    #[must_use]
    pub fn find(sentence: &str) -> Option<Value> {
        let entries = table().read().unwrap_or_else(|poisoned| poisoned.into_inner());
        entries.iter().find(|entry| &*entry.sentence == sentence).map(|entry| entry.fields.clone())
    }

    fn with<T>(self, read: impl FnOnce(&Entry) -> T) -> T {
        let entries = table().read().unwrap_or_else(|poisoned| poisoned.into_inner());
        // A number is only ever given out by `of`, and the table only grows.
        read(&entries[usize::from(self.0.get()) - 1])
    }

    /// One sentence for the message, one for what will be removed from where and when.
    #[must_use]
    pub fn sentence_of(deprecation: &Value) -> String {
        let field = |name| deprecation.get(name).filter(|value| value.is_truthy()).map(Value::to_text);
        let mut message = field("msg").unwrap_or_else(|| deprecation.to_text());
        if !message.ends_with(['.', '!', '?']) {
            message.push('.');
        }
        let collection = field("collection_name");
        let deprecator = |name| deprecation.get("deprecator").and_then(|who| who.get(name)).and_then(Value::as_str);
        let by_plugin = match (deprecator("type"), deprecator("resolved_name")) {
            (Some(kind), Some(name)) => Some(format!("{kind} '{}'", name.rsplit('.').next().unwrap_or(name))),
            _ => None,
        };
        let plugin = by_plugin.or_else(|| field("plugin_name")).or_else(|| field("plugin"));
        let owner = match (plugin, &collection) {
            (_, None) => String::new(),
            (Some(plugin), Some(collection)) if collection == "ansible.builtin" => {
                format!(" from {plugin} in ansible-core")
            }
            (Some(plugin), Some(collection)) => format!(" from {plugin} in collection '{collection}'"),
            (None, Some(collection)) if collection == "ansible.builtin" => " from ansible-core".into(),
            (None, Some(collection)) => format!(" from collection '{collection}'"),
        };
        let when = match (field("version"), field("date")) {
            (Some(version), _) => format!(" version {version}"),
            (None, Some(date)) => format!(" in a release after {date}"),
            (None, None) => " in a future release".into(),
        };
        format!("{message} This feature will be removed{owner}{when}.")
    }
}

#[cfg(test)]
mod tests {
    use super::Deprecation;
    use crate::{Dict, Value};

    fn fields(entries: &[(&str, &str)]) -> Dict {
        entries.iter().map(|(name, text)| (Value::from(*name), Value::from(*text))).collect()
    }

    #[test]
    fn sentences() {
        for (entries, sentence) in [
            (
                &[("msg", "old thing two"), ("date", "2030-01-01"), ("collection_name", "a.b")][..],
                "old thing two. This feature will be removed from collection 'a.b' in a release after 2030-01-01.",
            ),
            (
                &[
                    ("msg", "Old."),
                    ("version", "2.23"),
                    ("collection_name", "ansible.builtin"),
                    ("plugin", "module 'uri'"),
                ],
                "Old. This feature will be removed from module 'uri' in ansible-core version 2.23.",
            ),
            (
                &[("msg", "Old."), ("version", "2.23"), ("collection_name", "ansible.builtin")],
                "Old. This feature will be removed from ansible-core version 2.23.",
            ),
            (&[("msg", "old!")], "old! This feature will be removed in a future release."),
        ] {
            assert_eq!(Deprecation::sentence_of(&Value::dict(fields(entries))), sentence);
        }
    }

    #[test]
    fn the_same_deprecation_is_kept_once() {
        let first = Deprecation::of(fields(&[("msg", "kept once")])).unwrap();
        assert_eq!(Deprecation::of(fields(&[("msg", "kept once")])), Some(first));
        assert_eq!(Deprecation::find(&first.sentence()), Some(first.fields()));
        assert_eq!(Deprecation::find("never told"), None);
    }
}
