//! From validated values to the types of a module's struct.

use super::{ArgumentSpec, ArgumentType, Docs};
use crate::{Failure, Result};
use churten_value::{Dict, Value};
use std::path::PathBuf;

/// A type that an argument can have. Values arrive converted to [`KIND`](Self::KIND), with choices checked.
pub trait FromArgument: Sized {
    /// What values are converted to first.
    const KIND: ArgumentType;
    /// What the items of a list are converted to.
    const ELEMENTS: Option<ArgumentType> = None;
    /// The values allowed.
    const CHOICES: &'static [&'static str] = &[];
    /// The arguments inside.
    const OPTIONS: Option<&'static ArgumentSpec> = None;
    /// What is said about the arguments inside.
    const DOCS: Option<&'static Docs> = None;
    /// Build the value; an error is the reason in words.
    fn from_argument(value: &Value) -> Result<Self, String>;
}

/// A value of which nobody looks at what it is: others could not be read, and that is told.
#[doc(hidden)]
pub trait StandIn {
    /// Any value.
    fn stand_in() -> Self;
}

macro_rules! stand_in_by_default {
    ($($kind:ty),*) => {
        $(impl StandIn for $kind {
            fn stand_in() -> Self {
                Self::default()
            }
        })*
    };
}

stand_in_by_default!(String, bool, i64, f64, PathBuf, Value, Dict, ByteSize, BitSize, JsonArgument, Json);

impl<T> StandIn for Vec<T> {
    fn stand_in() -> Self {
        Self::new()
    }
}

fn unusable<T>(value: &Value) -> Result<T, String> {
    Err(format!("unusable value of type {}", value.type_name()))
}

impl FromArgument for String {
    const KIND: ArgumentType = ArgumentType::Str;
    fn from_argument(value: &Value) -> Result<Self, String> {
        Ok(value.to_text())
    }
}

impl FromArgument for bool {
    const KIND: ArgumentType = ArgumentType::Bool;
    fn from_argument(value: &Value) -> Result<Self, String> {
        value.as_bool().map_or_else(|| unusable(value), Ok)
    }
}

impl FromArgument for i64 {
    const KIND: ArgumentType = ArgumentType::Int;
    fn from_argument(value: &Value) -> Result<Self, String> {
        value.as_int().ok_or_else(|| format!("{value} is out of range", value = value.to_text()))
    }
}

impl FromArgument for f64 {
    const KIND: ArgumentType = ArgumentType::Float;
    fn from_argument(value: &Value) -> Result<Self, String> {
        match value.data {
            churten_value::Data::Float(number) => Ok(number),
            churten_value::Data::Int(number) => Ok(number as Self),
            _ => unusable(value),
        }
    }
}

impl FromArgument for PathBuf {
    const KIND: ArgumentType = ArgumentType::Path;
    fn from_argument(value: &Value) -> Result<Self, String> {
        Ok(value.to_text().into())
    }
}

impl FromArgument for Value {
    const KIND: ArgumentType = ArgumentType::Raw;
    fn from_argument(value: &Value) -> Result<Self, String> {
        Ok(value.clone())
    }
}

impl FromArgument for Dict {
    const KIND: ArgumentType = ArgumentType::Dict;
    fn from_argument(value: &Value) -> Result<Self, String> {
        value.as_dict().cloned().map_or_else(|| unusable(value), Ok)
    }
}

impl<T: FromArgument> FromArgument for Vec<T> {
    const KIND: ArgumentType = ArgumentType::List;
    const ELEMENTS: Option<ArgumentType> = Some(T::KIND);
    const CHOICES: &'static [&'static str] = T::CHOICES;
    const OPTIONS: Option<&'static ArgumentSpec> = T::OPTIONS;
    const DOCS: Option<&'static Docs> = T::DOCS;
    fn from_argument(value: &Value) -> Result<Self, String> {
        match value.as_list() {
            Some(items) => items.iter().map(T::from_argument).collect(),
            None => unusable(value),
        }
    }
}

/// A size in bytes, given as `10M` or as a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ByteSize(pub i64);

impl FromArgument for ByteSize {
    const KIND: ArgumentType = ArgumentType::Bytes;
    fn from_argument(value: &Value) -> Result<Self, String> {
        i64::from_argument(value).map(Self)
    }
}

/// A size in bits, given as `10Mb` or as a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BitSize(pub i64);

impl FromArgument for BitSize {
    const KIND: ArgumentType = ArgumentType::Bits;
    fn from_argument(value: &Value) -> Result<Self, String> {
        i64::from_argument(value).map(Self)
    }
}

/// Text, or data turned into JSON text (`jsonarg`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JsonArgument(pub String);

impl FromArgument for JsonArgument {
    const KIND: ArgumentType = ArgumentType::JsonArgument;
    fn from_argument(value: &Value) -> Result<Self, String> {
        Ok(Self(value.to_text()))
    }
}

/// Text, or data turned into JSON text (`json`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Json(pub String);

impl FromArgument for Json {
    const KIND: ArgumentType = ArgumentType::Json;
    fn from_argument(value: &Value) -> Result<Self, String> {
        Ok(Self(value.to_text()))
    }
}

/// Validated parameters: canonical names, converted values, defaults filled in.
#[derive(Clone, Debug, Default)]
pub struct Params(pub Dict);

impl Params {
    /// A parameter that validation has made sure of.
    pub fn required<T: FromArgument>(&self, name: &str) -> Result<T> {
        self.optional(name)?.ok_or_else(|| missing(name))
    }

    /// [`Self::optional`] for code that reads many: the first failure is kept in `failure`, so that there is one place to
    /// leave from and not one behind each parameter.
    #[doc(hidden)]
    #[inline(never)]
    pub fn read<T: FromArgument>(&self, name: &str, failure: &mut Option<Failure>) -> Option<T> {
        match T::from_argument(self.given(name)?) {
            Ok(value) => Some(value),
            Err(reason) => {
                keep(failure, unusable_argument(name, &reason));
                None
            }
        }
    }

    /// [`Self::required`] in the same way; after a failure something else stands there.
    #[doc(hidden)]
    #[inline(never)]
    pub fn read_needed<T: FromArgument + StandIn>(&self, name: &str, failure: &mut Option<Failure>) -> T {
        self.read(name, failure).unwrap_or_else(|| {
            keep(failure, missing(name));
            T::stand_in()
        })
    }

    /// A parameter that may be absent or `null`.
    pub fn optional<T: FromArgument>(&self, name: &str) -> Result<Option<T>> {
        match self.given(name) {
            None => Ok(None),
            Some(value) => T::from_argument(value).map(Some).map_err(|reason| unusable_argument(name, &reason)),
        }
    }

    #[inline(never)]
    fn given(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_none())
    }
}

/// The first failure counts.
#[inline(never)]
fn keep(failure: &mut Option<Failure>, new: Failure) {
    failure.get_or_insert(new);
}

#[inline(never)]
fn missing(name: &str) -> Failure {
    Failure::new(format!("missing required arguments: {name}"))
}

#[inline(never)]
fn unusable_argument(name: &str, reason: &str) -> Failure {
    Failure::new(format!("argument '{name}' cannot be used: {reason}"))
}
