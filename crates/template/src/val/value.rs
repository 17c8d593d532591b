//! The value.

use super::Slot;
use super::{Dictionary, List, Object, Reason, Root, Text, Undefined};
use crate::eval::Session;
use crate::fault::{Fault, Outcome};
use crate::scope::HostVars;
use churten_value::{BigInt, Data, Origin, Tags, TimeOfDay, Timestamp, Value, Vaulted};
use std::rc::Rc;
use std::sync::Arc;

/// A Python object as a template sees it. Cheap to clone; used by one thread.
#[derive(Clone)]
pub(crate) enum Val {
    None,
    Bool(bool),
    Int(i64),
    /// An integer that does not fit 64 bits.
    Big(Arc<BigInt>),
    Float(f64),
    Str(Text),
    Bytes(Arc<[u8]>),
    Timestamp(Arc<Timestamp>),
    /// A `datetime.time`.
    Time(Arc<TimeOfDay>),
    /// A `timedelta`, in microseconds.
    Duration(i64),
    List(Rc<List>),
    Dict(Rc<Dictionary>),
    Tuple(Rc<Tuple>),
    Range(Range),
    Undefined(Rc<Undefined>),
    Omit,
    Object(Rc<Object>),
    /// The `hostvars` mapping.
    Hosts(Arc<dyn HostVars>),
    /// All variables of a root as a mapping: one host of `hostvars`, or `vars`.
    Variables(Root),
}

/// A tuple, or the named pair that `groupby` gives.
pub(crate) struct Tuple {
    items: Vec<Val>,
    is_group: bool,
}

impl Tuple {
    /// Is it a pair of `groupby`, whose parts have the names `grouper` and `list`?
    pub(crate) fn is_group(&self) -> bool {
        self.is_group
    }
}

impl Drop for Tuple {
    fn drop(&mut self) {
        if !self.items.is_empty() {
            super::discard::discard(super::discard::Contents::Values(std::mem::take(&mut self.items)));
        }
    }
}

impl std::ops::Deref for Tuple {
    type Target = [Val];

    fn deref(&self) -> &[Val] {
        &self.items
    }
}

/// How deep containers are copied.
const MAX_COPIED: u32 = 60;

/// Python's `range`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) start: i64,
    pub(crate) stop: i64,
    pub(crate) step: i64,
}

impl Range {
    pub(crate) fn len(self) -> usize {
        let distance = if self.step > 0 {
            i128::from(self.stop) - i128::from(self.start)
        } else {
            i128::from(self.start) - i128::from(self.stop)
        };
        if distance <= 0 {
            return 0;
        }
        let step = i128::from(self.step).abs().max(1);
        usize::try_from((distance + step - 1) / step).unwrap_or(usize::MAX)
    }

    pub(crate) fn get(self, index: usize) -> Option<i64> {
        let offset = self.step.checked_mul(i64::try_from(index).ok()?)?;
        (index < self.len()).then(|| self.start.checked_add(offset)).flatten()
    }
}

impl Val {
    pub(crate) fn str(text: impl Into<Arc<str>>) -> Self {
        Self::Str(Text::new(text))
    }

    pub(crate) fn list(items: Vec<Self>) -> Self {
        Self::List(List::new(items))
    }

    pub(crate) fn tuple(items: Vec<Self>) -> Self {
        Self::Tuple(Rc::new(Tuple { items, is_group: false }))
    }

    /// The named pair that `groupby` gives.
    pub(crate) fn group(items: Vec<Self>) -> Self {
        Self::Tuple(Rc::new(Tuple { items, is_group: true }))
    }

    fn is_container(&self) -> bool {
        matches!(self, Self::Tuple(_) | Self::List(_) | Self::Dict(_))
    }

    /// Is this a pair of `groupby`, or does it hold one? What is too deep to be gone through holds none.
    pub(crate) fn has_group(&self, session: &Session<'_>) -> bool {
        let may_go = || session.enter().is_ok() && session.spend(1).is_ok();
        let is_deeper = |value: &Self| value.is_container() && may_go() && value.has_group(session);
        let ready = |slot: &Slot| matches!(slot, Slot::Ready(value) if is_deeper(value));
        match self {
            Self::Tuple(tuple) => tuple.is_group() || tuple.iter().any(is_deeper),
            Self::List(list) => list.shared().is_none() && list.slots().iter().any(ready),
            Self::Dict(dict) => dict.shared().is_none() && dict.slots().iter().any(|(_, slot)| ready(slot)),
            _ => false,
        }
    }

    pub(crate) fn object(object: Object) -> Self {
        Self::Object(Rc::new(object))
    }

    /// This value with containers of its own, which hold copies, too.
    pub(crate) fn copied(&self) -> Self {
        self.copied_to(MAX_COPIED)
    }

    /// Containers deeper than `depth` (they may hold themselves) are shared.
    fn copied_to(&self, depth: u32) -> Self {
        let Some(depth) = depth.checked_sub(1) else { return self.clone() };
        let copy = |slot: Slot| match slot {
            Slot::Ready(value) => Slot::Ready(value.copied_to(depth)),
            raw @ Slot::Raw(..) => raw,
        };
        match self {
            Self::List(list) => match list.shared() {
                Some((items, root)) => Self::List(List::raw(items, root)),
                None => Self::List(List::from_slots(list.slots().into_iter().map(copy))),
            },
            Self::Dict(dict) => match dict.shared() {
                Some((entries, root)) => Self::Dict(Dictionary::raw(entries, root)),
                None => {
                    Self::Dict(Dictionary::from_slots(dict.slots().into_iter().map(|(key, slot)| (key, copy(slot)))))
                }
            },
            Self::Tuple(tuple) if !tuple.is_group => {
                Self::tuple(tuple.iter().map(|item| item.copied_to(depth)).collect())
            }
            other => other.clone(),
        }
    }

    /// A dictionary with text keys.
    pub(crate) fn dict<K: Into<Arc<str>>>(entries: impl IntoIterator<Item = (K, Self)>) -> Self {
        Self::Dict(Dictionary::new(entries.into_iter().map(|(key, value)| (super::Key::text(key), value))))
    }

    pub(crate) fn undefined(message: impl Into<String>, origin: Option<Origin>) -> Self {
        let reason = Reason::Message(message.into().into_boxed_str());
        Self::Undefined(Rc::new(Undefined { reason, origin }))
    }

    pub(crate) fn failed(fault: Fault) -> Self {
        Self::Undefined(Rc::new(Undefined { reason: Reason::Failed(fault), origin: None }))
    }

    /// Vaulted text that no password opens: an error for all but who only wants the armour.
    pub(crate) fn undecryptable(fault: Fault, vaulted: &Vaulted, tags: Tags) -> Self {
        let armour = Text { text: vaulted.armour.clone(), tags };
        Self::Undefined(Rc::new(Undefined { reason: Reason::Undecryptable(fault, armour), origin: None }))
    }

    /// Data that holds no templates and no vaulted text (those are the session's to resolve).
    pub(crate) fn from_plain(value: &Value) -> Self {
        Self::from_raw(value, Root::default())
    }

    /// Data whose containers are resolved later, with the variables of `root`.
    pub(crate) fn from_raw(value: &Value, root: Root) -> Self {
        match &value.data {
            Data::None => Self::None,
            Data::Bool(flag) => Self::Bool(*flag),
            Data::Int(number) => Self::Int(*number),
            Data::BigInt(number) => Self::Big(number.clone()),
            Data::Float(number) => Self::Float(*number),
            Data::Str(text) => Self::Str(Text { text: text.clone(), tags: value.tags }),
            Data::Bytes(bytes) => Self::Bytes(bytes.clone()),
            Data::Timestamp(when) => Self::Timestamp(when.clone()),
            Data::Time(time) => Self::Time(time.clone()),
            Data::List(items) => Self::List(List::raw(items.clone(), root)),
            Data::Dict(entries) => Self::Dict(Dictionary::raw(entries.clone(), root)),
            Data::Vault(vaulted) => Self::Str(Text { text: vaulted.armour.clone(), tags: value.tags }),
            Data::Omit => Self::Omit,
        }
    }

    /// The text of a string.
    pub(crate) fn as_str(&self) -> Option<&str> {
        match self {
            Self::Str(text) => Some(text),
            _ => None,
        }
    }

    /// True for a marker; the plain undefined of an inline `if` without `else` is passed around as a value.
    pub(crate) fn is_undefined(&self) -> bool {
        matches!(self, Self::Undefined(undefined) if !undefined.is_silent())
    }

    /// True for every undefined value, as `is defined` sees it.
    pub(crate) fn is_missing(&self) -> bool {
        matches!(self, Self::Undefined(_))
    }

    pub(crate) fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }

    /// The value itself, or the error that an undefined one stands for.
    pub(crate) fn defined(self) -> Outcome<Self> {
        match &self {
            Self::Undefined(undefined) if !undefined.is_silent() => Err(undefined.fault()),
            _ => Ok(self),
        }
    }

    /// The error that an undefined value stands for.
    pub(crate) fn check(&self) -> Outcome<()> {
        match self {
            Self::Undefined(undefined) if !undefined.is_silent() => Err(undefined.fault()),
            _ => Ok(()),
        }
    }

    /// Python's `bool()`.
    pub(crate) fn truth(&self) -> Outcome<bool> {
        Ok(match self {
            Self::Undefined(undefined) if undefined.is_silent() => false,
            Self::Undefined(undefined) => return Err(undefined.fault()),
            Self::None => false,
            Self::Bool(flag) => *flag,
            Self::Int(number) => *number != 0,
            Self::Float(number) => *number != 0.0,
            Self::Duration(number) => *number != 0,
            Self::Str(text) => !text.is_empty(),
            Self::Bytes(bytes) => !bytes.is_empty(),
            Self::List(list) => list.len() > 0,
            Self::Dict(dict) => dict.len() > 0,
            Self::Tuple(items) => !items.is_empty(),
            Self::Range(range) => range.len() > 0,
            Self::Big(_) | Self::Timestamp(_) | Self::Time(_) => true,
            Self::Omit | Self::Object(_) | Self::Hosts(_) | Self::Variables(_) => true,
        })
    }

    /// The name of ansible-core's class, as Python's own error messages give it.
    pub(crate) fn python_class(&self) -> &'static str {
        match self {
            Self::Str(text) if text.tags != Tags::NONE => "_AnsibleTaggedStr",
            Self::List(list) if list.shared().is_some() => "_AnsibleLazyTemplateList",
            Self::Dict(dict) if dict.shared().is_some() => "_AnsibleLazyTemplateDict",
            _ => self.python_type(),
        }
    }

    /// The class that a plugin sees: it gets every container as a lazy one.
    pub(crate) fn plugin_class(&self) -> &'static str {
        match self {
            Self::List(_) => "_AnsibleLazyTemplateList",
            Self::Dict(_) => "_AnsibleLazyTemplateDict",
            _ => self.python_class(),
        }
    }

    /// The name of the Python type, as error messages and `type_debug` give it.
    pub(crate) fn python_type(&self) -> &'static str {
        match self {
            Self::None => "NoneType",
            Self::Bool(_) => "bool",
            Self::Int(_) | Self::Big(_) => "int",
            Self::Float(_) => "float",
            Self::Str(_) => "str",
            Self::Bytes(_) => "bytes",
            Self::Timestamp(when) if when.time.is_some() => "datetime",
            Self::Timestamp(_) => "date",
            Self::Time(_) => "time",
            Self::Duration(_) => "timedelta",
            Self::List(_) => "list",
            Self::Dict(_) => "dict",
            Self::Tuple(tuple) if tuple.is_group() => "GroupTuple",
            Self::Tuple(_) => "tuple",
            Self::Range(_) => "range",
            Self::Undefined(undefined) if undefined.is_silent() => "Undefined",
            Self::Undefined(undefined) => match undefined.reason {
                Reason::Failed(_) => "CapturedExceptionMarker",
                Reason::Undecryptable(..) => "VaultExceptionMarker",
                _ => "UndefinedMarker",
            },
            Self::Omit => "Omit",
            Self::Object(object) => object.python_type(),
            Self::Hosts(_) => "HostVars",
            // The root of the session is what `vars` stands for.
            Self::Variables(Root(0)) => "dict",
            Self::Variables(_) => "HostVarsVars",
        }
    }
}

impl From<bool> for Val {
    fn from(flag: bool) -> Self {
        Self::Bool(flag)
    }
}
impl From<i64> for Val {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}
impl From<f64> for Val {
    fn from(number: f64) -> Self {
        Self::Float(number)
    }
}
impl From<usize> for Val {
    fn from(number: usize) -> Self {
        i64::try_from(number).map_or_else(|_| super::big(number.into()), Self::Int)
    }
}
impl From<String> for Val {
    fn from(text: String) -> Self {
        Self::str(text)
    }
}
impl From<&str> for Val {
    fn from(text: &str) -> Self {
        Self::str(text)
    }
}
