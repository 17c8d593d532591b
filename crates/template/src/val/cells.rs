//! Lists and dictionaries: shared with the variables until they are changed, mutable as in Python.

use super::discard::{Contents, discard};
use super::{Text, Val};
use crate::fault::{Fault, Outcome};
use churten_value::{Data, Dict, Value};
use indexmap::{Equivalent, IndexMap};
use std::cell::RefCell;
use std::hash::{Hash, Hasher};
use std::rc::Rc;
use std::sync::Arc;

/// Whose variables the templates inside raw data are rendered with: a number that the session gave out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct Root(pub(crate) u32);

/// An element of a container: raw data may still be a template.
#[derive(Clone)]
pub(crate) enum Slot {
    Ready(Val),
    Raw(Value, Root),
}

/// A list.
pub(crate) struct List(RefCell<ListState>);

enum ListState {
    Raw(Arc<Vec<Value>>, Root),
    Own(Vec<Slot>),
}

impl List {
    pub(crate) fn new(items: Vec<Val>) -> Rc<Self> {
        Rc::new(Self(RefCell::new(ListState::Own(items.into_iter().map(Slot::Ready).collect()))))
    }

    pub(crate) fn from_slots(items: impl IntoIterator<Item = Slot>) -> Rc<Self> {
        Rc::new(Self(RefCell::new(ListState::Own(items.into_iter().collect()))))
    }

    pub(crate) fn raw(items: Arc<Vec<Value>>, root: Root) -> Rc<Self> {
        Rc::new(Self(RefCell::new(ListState::Raw(items, root))))
    }

    pub(crate) fn len(&self) -> usize {
        match &*self.0.borrow() {
            ListState::Raw(items, _) => items.len(),
            ListState::Own(items) => items.len(),
        }
    }

    pub(crate) fn get(&self, index: usize) -> Option<Slot> {
        match &*self.0.borrow() {
            ListState::Raw(items, root) => items.get(index).map(|item| Slot::Raw(item.clone(), *root)),
            ListState::Own(items) => items.get(index).cloned(),
        }
    }

    /// The variable's own data, when nothing has been changed.
    pub(crate) fn shared(&self) -> Option<(Arc<Vec<Value>>, Root)> {
        match &*self.0.borrow() {
            ListState::Raw(items, root) => Some((items.clone(), *root)),
            ListState::Own(_) => None,
        }
    }

    pub(crate) fn slots(&self) -> Vec<Slot> {
        match &*self.0.borrow() {
            ListState::Raw(items, root) => items.iter().map(|item| Slot::Raw(item.clone(), *root)).collect(),
            ListState::Own(items) => items.clone(),
        }
    }

    /// Change the list in place; raw data is copied first.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut Vec<Slot>) -> T) -> T {
        let mut state = self.0.borrow_mut();
        if let ListState::Raw(items, root) = &*state {
            let slots = items.iter().map(|item| Slot::Raw(item.clone(), *root)).collect();
            *state = ListState::Own(slots);
        }
        match &mut *state {
            ListState::Own(items) => change(items),
            ListState::Raw(..) => unreachable!("raw data was copied above"),
        }
    }
}

impl Drop for List {
    fn drop(&mut self) {
        if let ListState::Own(items) = self.0.get_mut()
            && !items.is_empty()
        {
            discard(Contents::Slots(std::mem::take(items)));
        }
    }
}

/// Tuples as keys are nested no deeper: they are hashed and compared to their end.
const MAX_NESTING: usize = 100;

/// A value that may be a dictionary's key.
#[derive(Clone)]
pub(crate) struct Key(Val);

impl Key {
    /// The key for a value; unhashable types are an error, as in Python.
    pub(crate) fn new(value: Val) -> Outcome<Self> {
        Self::nested(value, 0)
    }

    fn nested(value: Val, depth: usize) -> Outcome<Self> {
        if depth > MAX_NESTING {
            return Err(Fault::python("maximum recursion depth exceeded"));
        }
        match &value {
            Val::List(_) | Val::Dict(_) => Err(Fault::python(format!("unhashable type: '{}'", value.python_type()))),
            Val::Undefined(undefined) => Err(undefined.fault()),
            Val::Tuple(items) => {
                items.iter().try_for_each(|item| Self::nested(item.clone(), depth + 1).map(|_| ()))?;
                Ok(Self(value))
            }
            _ => Ok(Self(value)),
        }
    }

    pub(crate) fn text(text: impl Into<Arc<str>>) -> Self {
        Self(Val::Str(Text::new(text)))
    }

    pub(crate) fn value(&self) -> &Val {
        &self.0
    }

    pub(crate) fn into_value(self) -> Val {
        self.0
    }

    /// The same key as data.
    pub(crate) fn to_data(&self) -> Option<Value> {
        Some(match &self.0 {
            Val::None => Value::NONE,
            Val::Bool(flag) => (*flag).into(),
            Val::Int(number) => (*number).into(),
            Val::Big(number) => Data::BigInt(number.clone()).into(),
            Val::Float(number) => (*number).into(),
            Val::Str(text) => Value::str(text.text.clone()).with_tags(text.tags.trust(false)),
            Val::Bytes(bytes) => Data::Bytes(bytes.clone()).into(),
            Val::Timestamp(when) => Data::Timestamp(when.clone()).into(),
            Val::Time(time) => Data::Time(time.clone()).into(),
            _ => return None,
        })
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        super::compare::equal_keys(&self.0, &other.0)
    }
}
impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        super::compare::hash_key(&self.0, state);
    }
}

struct TextKey<'a>(&'a str);

impl Hash for TextKey<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        super::compare::hash_text(self.0, state);
    }
}

impl Equivalent<Key> for TextKey<'_> {
    fn equivalent(&self, key: &Key) -> bool {
        matches!(&key.0, Val::Str(text) if **text == *self.0)
    }
}

type Entries = IndexMap<Key, Slot, foldhash::fast::RandomState>;

/// A dictionary.
pub(crate) struct Dictionary(RefCell<DictState>);

enum DictState {
    Raw(Arc<Dict>, Root),
    Own(Entries),
}

impl Dictionary {
    pub(crate) fn empty() -> Rc<Self> {
        Rc::new(Self(RefCell::new(DictState::Own(Entries::default()))))
    }

    pub(crate) fn new(entries: impl IntoIterator<Item = (Key, Val)>) -> Rc<Self> {
        Self::from_slots(entries.into_iter().map(|(key, value)| (key, Slot::Ready(value))))
    }

    pub(crate) fn from_slots(entries: impl IntoIterator<Item = (Key, Slot)>) -> Rc<Self> {
        Rc::new(Self(RefCell::new(DictState::Own(entries.into_iter().collect()))))
    }

    pub(crate) fn raw(entries: Arc<Dict>, root: Root) -> Rc<Self> {
        Rc::new(Self(RefCell::new(DictState::Raw(entries, root))))
    }

    pub(crate) fn len(&self) -> usize {
        match &*self.0.borrow() {
            DictState::Raw(entries, _) => entries.len(),
            DictState::Own(entries) => entries.len(),
        }
    }

    pub(crate) fn get_text(&self, key: &str) -> Option<Slot> {
        match &*self.0.borrow() {
            DictState::Raw(entries, root) => entries.get(key).map(|value| Slot::Raw(value.clone(), *root)),
            DictState::Own(entries) => entries.get(&TextKey(key)).cloned(),
        }
    }

    pub(crate) fn get(&self, key: &Key) -> Option<Slot> {
        if let Val::Str(text) = &key.0 {
            return self.get_text(text);
        }
        match &*self.0.borrow() {
            DictState::Raw(entries, root) => {
                entries.get_value(&key.to_data()?).map(|value| Slot::Raw(value.clone(), *root))
            }
            DictState::Own(entries) => entries.get(key).cloned(),
        }
    }

    pub(crate) fn contains(&self, key: &Key) -> bool {
        match (&*self.0.borrow(), &key.0) {
            (DictState::Raw(entries, _), Val::Str(text)) => entries.contains(text),
            (DictState::Raw(entries, _), _) => key.to_data().is_some_and(|key| entries.contains_value(&key)),
            (DictState::Own(entries), _) => entries.contains_key(key),
        }
    }

    /// The variable's own data, when nothing has been changed.
    pub(crate) fn shared(&self) -> Option<(Arc<Dict>, Root)> {
        match &*self.0.borrow() {
            DictState::Raw(entries, root) => Some((entries.clone(), *root)),
            DictState::Own(_) => None,
        }
    }

    pub(crate) fn keys(&self) -> Vec<Key> {
        match &*self.0.borrow() {
            DictState::Raw(entries, _) => entries.keys().map(data_key).collect(),
            DictState::Own(entries) => entries.keys().cloned().collect(),
        }
    }

    pub(crate) fn slots(&self) -> Vec<(Key, Slot)> {
        match &*self.0.borrow() {
            DictState::Raw(entries, root) => {
                entries.iter().map(|(key, value)| (data_key(key), Slot::Raw(value.clone(), *root))).collect()
            }
            DictState::Own(entries) => entries.iter().map(|(key, slot)| (key.clone(), slot.clone())).collect(),
        }
    }

    pub(crate) fn insert(&self, key: Key, value: Val) {
        self.insert_slot(key, Slot::Ready(value));
    }

    pub(crate) fn insert_slot(&self, key: Key, slot: Slot) {
        self.change(|entries| {
            entries.insert(key, slot);
        });
    }

    pub(crate) fn remove(&self, key: &Key) -> Option<Slot> {
        self.change(|entries| entries.shift_remove(key))
    }

    pub(crate) fn pop_last(&self) -> Option<(Key, Slot)> {
        self.change(IndexMap::pop)
    }

    pub(crate) fn clear(&self) {
        self.change(IndexMap::clear);
    }

    fn change<T>(&self, change: impl FnOnce(&mut Entries) -> T) -> T {
        let mut state = self.0.borrow_mut();
        if let DictState::Raw(entries, root) = &*state {
            let own = entries.iter().map(|(key, value)| (data_key(key), Slot::Raw(value.clone(), *root))).collect();
            *state = DictState::Own(own);
        }
        match &mut *state {
            DictState::Own(entries) => change(entries),
            DictState::Raw(..) => unreachable!("raw data was copied above"),
        }
    }
}

impl Drop for Dictionary {
    fn drop(&mut self) {
        if let DictState::Own(entries) = self.0.get_mut()
            && !entries.is_empty()
        {
            discard(Contents::Entries(std::mem::take(entries).into_iter().collect()));
        }
    }
}

/// Keys of data are never templates.
fn data_key(key: &Value) -> Key {
    Key(Val::from_plain(key))
}
