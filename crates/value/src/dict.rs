//! Python's ordered dictionary.

use crate::Value;
use indexmap::{Equivalent, IndexMap, map};
use std::hash::{Hash, Hasher};

type Map = IndexMap<Value, Value, foldhash::quality::RandomState>;

/// An insertion-ordered mapping with Python's key equality (`1`, `1.0` and `True` are one key).
///
/// Keys keep their tags, so a task's keyword knows its line.
#[derive(Clone, Debug, Default)]
pub struct Dict(Map);

/// Looks text up without building a `Value`; hashes as [`Value`] hashes text.
struct TextKey<'a>(&'a str);

impl Hash for TextKey<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        crate::python::hash_str(self.0, state);
    }
}

impl Equivalent<Value> for TextKey<'_> {
    fn equivalent(&self, key: &Value) -> bool {
        key.as_str() == Some(self.0)
    }
}

impl Dict {
    /// An empty mapping.
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty mapping with room for `capacity` entries.
    pub fn with_capacity(capacity: usize) -> Self {
        Self(Map::with_capacity_and_hasher(capacity, Default::default()))
    }

    /// Number of entries.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True without entries.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value under a text key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(&TextKey(key))
    }

    /// The value under a text key, to change in place.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        self.0.get_mut(&TextKey(key))
    }

    /// The stored key (with its tags) and the value under a text key.
    pub fn get_key_value(&self, key: &str) -> Option<(&Value, &Value)> {
        self.0.get_key_value(&TextKey(key))
    }

    /// The value under any key.
    pub fn get_value(&self, key: &Value) -> Option<&Value> {
        self.0.get(key)
    }

    /// True when the text key exists.
    pub fn contains(&self, key: &str) -> bool {
        self.0.contains_key(&TextKey(key))
    }

    /// True when the key exists.
    pub fn contains_value(&self, key: &Value) -> bool {
        self.0.contains_key(key)
    }

    /// Insert at the end, or replace in place (Python keeps the first key and its position).
    pub fn insert(&mut self, key: impl Into<Value>, value: impl Into<Value>) -> Option<Value> {
        self.0.insert(key.into(), value.into())
    }

    /// Remove a text key, keeping the order of the rest.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        self.0.shift_remove(&TextKey(key))
    }

    /// Remove any key, keeping the order of the rest.
    pub fn remove_value(&mut self, key: &Value) -> Option<Value> {
        self.0.shift_remove(key)
    }

    /// The entry at a position.
    pub fn entry_at(&self, index: usize) -> Option<(&Value, &Value)> {
        self.0.get_index(index)
    }

    /// Entries in order.
    pub fn iter(&self) -> map::Iter<'_, Value, Value> {
        self.0.iter()
    }

    /// Entries in order, values to change in place.
    pub fn iter_mut(&mut self) -> map::IterMut<'_, Value, Value> {
        self.0.iter_mut()
    }

    /// Keys in order.
    pub fn keys(&self) -> map::Keys<'_, Value, Value> {
        self.0.keys()
    }

    /// Values in order.
    pub fn values(&self) -> map::Values<'_, Value, Value> {
        self.0.values()
    }

    /// Keep the entries for which `keep` is true.
    pub fn retain(&mut self, keep: impl FnMut(&Value, &mut Value) -> bool) {
        self.0.retain(keep);
    }

    /// Insert every entry of `other` (Python's `update`).
    pub fn extend_from(&mut self, other: &Self) {
        self.0.extend(other.iter().map(|(key, value)| (key.clone(), value.clone())));
    }
}

impl<K: Into<Value>, V: Into<Value>> FromIterator<(K, V)> for Dict {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        Self(entries.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
    }
}

impl<K: Into<Value>, V: Into<Value>, const N: usize> From<[(K, V); N]> for Dict {
    fn from(entries: [(K, V); N]) -> Self {
        let mut dict = Self::with_capacity(N);
        for (key, value) in entries {
            dict.insert(key, value);
        }
        dict
    }
}

impl<'a> IntoIterator for &'a Dict {
    type Item = (&'a Value, &'a Value);
    type IntoIter = map::Iter<'a, Value, Value>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl IntoIterator for Dict {
    type Item = (Value, Value);
    type IntoIter = map::IntoIter<Value, Value>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// Order does not count, as in Python.
impl PartialEq for Dict {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().all(|(key, value)| other.get_value(key) == Some(value))
    }
}
