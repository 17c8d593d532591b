//! The value itself: data plus tags.

use crate::{BigInt, Dict, Origin, Tags, TimeOfDay, Timestamp, Vaulted};
use std::sync::Arc;

/// A Python-like object and its [`Tags`]. Cloning is cheap: containers and text are shared.
#[derive(Clone, Debug, Default)]
pub struct Value {
    /// What the value is.
    pub data: Data,
    /// Where it came from and what may be done with it.
    pub tags: Tags,
}

/// The kinds of data a value can hold.
#[derive(Clone, Debug, Default)]
pub enum Data {
    /// Python's `None`.
    #[default]
    None,
    /// `True` or `False`.
    Bool(bool),
    /// An integer that fits 64 bits.
    Int(i64),
    /// An integer that does not fit [`Data::Int`]; never used for one that does.
    BigInt(Arc<BigInt>),
    /// A double.
    Float(f64),
    /// Text.
    Str(Arc<str>),
    /// Bytes (YAML's `!!binary`, or a filter's result).
    Bytes(Arc<[u8]>),
    /// A date, or a date and time (YAML 1.1's implicit timestamps).
    Timestamp(Arc<Timestamp>),
    /// A time of day without a date (`datetime.time`), which only TOML has.
    Time(Arc<TimeOfDay>),
    /// A list.
    List(Arc<Vec<Value>>),
    /// An ordered mapping.
    Dict(Arc<Dict>),
    /// Text that is still encrypted (`!vault`).
    Vault(Arc<Vaulted>),
    /// Ansible's `omit`: whoever holds it in an argument or a container leaves the entry out.
    Omit,
}

impl Value {
    /// Python's `None`.
    pub const NONE: Self = Self { data: Data::None, tags: Tags::NONE };

    /// Untagged text.
    pub fn str(text: impl Into<Arc<str>>) -> Self {
        Data::Str(text.into()).into()
    }

    /// Text that may be rendered as a template, without an origin.
    pub fn template(text: impl Into<Arc<str>>) -> Self {
        Self::str(text).with_tags(Tags::NONE.trust(true))
    }

    /// An untagged list.
    pub fn list(items: Vec<Self>) -> Self {
        Data::List(Arc::new(items)).into()
    }

    /// An untagged mapping.
    pub fn dict(entries: Dict) -> Self {
        Data::Dict(Arc::new(entries)).into()
    }

    /// Bytes.
    pub fn bytes(bytes: impl Into<Arc<[u8]>>) -> Self {
        Data::Bytes(bytes.into()).into()
    }

    /// An integer of any size, in its canonical variant.
    pub fn int(number: BigInt) -> Self {
        match i64::try_from(&number) {
            Ok(small) => Data::Int(small).into(),
            Err(_) => Data::BigInt(Arc::new(number)).into(),
        }
    }

    /// The same data with other tags.
    #[must_use]
    pub fn with_tags(mut self, tags: Tags) -> Self {
        self.tags = tags;
        self
    }

    /// The same value at a place.
    #[must_use]
    pub fn at(mut self, origin: Origin) -> Self {
        self.tags = self.tags.at(origin);
        self
    }

    /// Where the value was written.
    pub fn origin(&self) -> Option<Origin> {
        self.tags.origin()
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.data {
            Data::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The boolean itself; no conversion.
    pub fn as_bool(&self) -> Option<bool> {
        match self.data {
            Data::Bool(flag) => Some(flag),
            _ => None,
        }
    }

    /// The integer itself if it fits 64 bits; booleans are not integers here.
    pub fn as_int(&self) -> Option<i64> {
        match self.data {
            Data::Int(number) => Some(number),
            _ => None,
        }
    }

    /// The items of a list.
    pub fn as_list(&self) -> Option<&[Self]> {
        match &self.data {
            Data::List(items) => Some(items),
            _ => None,
        }
    }

    /// The entries of a mapping.
    pub fn as_dict(&self) -> Option<&Dict> {
        match &self.data {
            Data::Dict(entries) => Some(entries),
            _ => None,
        }
    }

    /// The entry of a mapping under a text key; `None` when this is no mapping.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.as_dict()?.get(key)
    }

    /// True for Python's `None`.
    pub fn is_none(&self) -> bool {
        matches!(self.data, Data::None)
    }

    /// True for Ansible's `omit`.
    pub fn is_omit(&self) -> bool {
        matches!(self.data, Data::Omit)
    }

    /// True for text that may be rendered as a template.
    pub fn is_trusted_text(&self) -> bool {
        self.tags.is_trusted() && matches!(self.data, Data::Str(_))
    }

    /// Visit every value inside, depth first, and rebuild with what `change` returns for each leaf.
    #[must_use]
    pub fn map_leaves(&self, change: &mut dyn FnMut(&Self) -> Self) -> Self {
        match &self.data {
            Data::List(items) => {
                let items = items.iter().map(|item| item.map_leaves(change)).collect();
                Self::list(items).with_tags(self.tags)
            }
            Data::Dict(entries) => {
                let entries = entries.iter().map(|(key, value)| (key.clone(), value.map_leaves(change))).collect();
                Self::dict(entries).with_tags(self.tags)
            }
            _ => change(self),
        }
    }
}

impl From<Data> for Value {
    fn from(data: Data) -> Self {
        Self { data, tags: Tags::NONE }
    }
}
impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Data::Bool(flag).into()
    }
}
impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Data::Int(number).into()
    }
}
impl From<i32> for Value {
    fn from(number: i32) -> Self {
        Data::Int(number.into()).into()
    }
}
impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Data::Int(number.into()).into()
    }
}
impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::int(number.into())
    }
}
impl From<usize> for Value {
    fn from(number: usize) -> Self {
        Self::int(number.into())
    }
}
impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Data::Float(number).into()
    }
}
impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::str(text)
    }
}
impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::str(text)
    }
}
impl From<Arc<str>> for Value {
    fn from(text: Arc<str>) -> Self {
        Self::str(text)
    }
}
impl From<Dict> for Value {
    fn from(entries: Dict) -> Self {
        Self::dict(entries)
    }
}
impl From<()> for Value {
    fn from((): ()) -> Self {
        Self::NONE
    }
}
impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(items: Vec<T>) -> Self {
        Self::list(items.into_iter().map(Into::into).collect())
    }
}
impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::NONE, Into::into)
    }
}
impl<T: Into<Value>> FromIterator<T> for Value {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self::list(items.into_iter().map(Into::into).collect())
    }
}
