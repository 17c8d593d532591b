//! How values travel between controller and worker: data and secrecy, no origins and no trust.

use crate::{BigInt, Data, Dict, Tags, TimeOfDay, Timestamp, Value, Vaulted};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::cell::Cell;
use std::sync::Arc;

/// Deeper nesting is refused when reading; it keeps hostile bytes from exhausting the stack.
const MAX_DEPTH: usize = 200;

/// More values in one outermost value are refused when reading; one byte on the wire can stand for a value that
/// takes dozens in memory.
const MAX_VALUES: usize = 4 << 20;

thread_local! {
    /// How deep the value being read is nested, and how many values it has so far.
    static READING: Cell<(usize, usize)> = const { Cell::new((0, 0)) };
}

/// One level of nesting, left when dropped.
struct Level;

impl Level {
    fn enter() -> Result<Self, &'static str> {
        let (depth, values) = READING.get();
        if depth >= MAX_DEPTH {
            return Err("value is nested too deep");
        }
        if values >= MAX_VALUES {
            return Err("value has too many parts");
        }
        READING.set((depth + 1, values + 1));
        Ok(Self)
    }
}

impl Drop for Level {
    fn drop(&mut self) {
        let (depth, values) = READING.get();
        READING.set((depth.saturating_sub(1), if depth <= 1 { 0 } else { values }));
    }
}

/// A value inside another one; the only place where reading recurses.
#[derive(Serialize)]
#[serde(transparent)]
struct Nested(Wire);

impl<'de> Deserialize<'de> for Nested {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let _level = Level::enter().map_err(D::Error::custom)?;
        Wire::deserialize(deserializer).map(Self)
    }
}

/// The serialised form. Explicit variants, so that formats without self-description can carry it.
#[derive(Serialize, Deserialize)]
enum Wire {
    None,
    Bool(bool),
    Int(i64),
    BigInt(String),
    Float(f64),
    Str(String),
    Bytes(Vec<u8>),
    Date(u16, u8, u8),
    DateTime(u16, u8, u8, u8, u8, u8, u32, Option<i32>),
    List(Vec<Nested>),
    Dict(Vec<(Nested, Nested)>),
    Vault(String),
    Omit,
    Secret(Box<Nested>),
    Time(u8, u8, u8, u32, Option<i32>),
}

impl Nested {
    fn of(value: &Value) -> Self {
        Self(Wire::of(value))
    }

    fn into_value(self) -> Value {
        self.0.into_value()
    }
}

impl Wire {
    fn of(value: &Value) -> Self {
        let plain = match &value.data {
            Data::None => Self::None,
            Data::Bool(flag) => Self::Bool(*flag),
            Data::Int(number) => Self::Int(*number),
            Data::BigInt(number) => Self::BigInt(number.to_string()),
            Data::Float(number) => Self::Float(*number),
            Data::Str(text) => Self::Str(text.to_string()),
            Data::Bytes(bytes) => Self::Bytes(bytes.to_vec()),
            Data::Timestamp(when) => match &when.time {
                None => Self::Date(when.year, when.month, when.day),
                Some(time) => Self::DateTime(
                    when.year,
                    when.month,
                    when.day,
                    time.hour,
                    time.minute,
                    time.second,
                    time.microsecond,
                    time.offset,
                ),
            },
            Data::Time(time) => Self::Time(time.hour, time.minute, time.second, time.microsecond, time.offset),
            Data::List(items) => Self::List(items.iter().map(Nested::of).collect()),
            Data::Dict(entries) => {
                Self::Dict(entries.iter().map(|(key, value)| (Nested::of(key), Nested::of(value))).collect())
            }
            Data::Vault(vaulted) => Self::Vault(vaulted.armour.to_string()),
            Data::Omit => Self::Omit,
        };
        if value.tags.is_secret() { Self::Secret(Box::new(Nested(plain))) } else { plain }
    }

    fn into_value(self) -> Value {
        let data = match self {
            Self::None => Data::None,
            Self::Bool(flag) => Data::Bool(flag),
            Self::Int(number) => Data::Int(number),
            Self::BigInt(digits) => return digits.parse::<BigInt>().map_or(Value::NONE, Value::int),
            Self::Float(number) => Data::Float(number),
            Self::Str(text) => Data::Str(text.into()),
            Self::Bytes(bytes) => Data::Bytes(bytes.into()),
            Self::Date(year, month, day) => Data::Timestamp(Arc::new(Timestamp { year, month, day, time: None })),
            Self::DateTime(year, month, day, hour, minute, second, microsecond, offset) => {
                let time = Some(TimeOfDay { hour, minute, second, microsecond, offset });
                Data::Timestamp(Arc::new(Timestamp { year, month, day, time }))
            }
            Self::Time(hour, minute, second, microsecond, offset) => {
                Data::Time(Arc::new(TimeOfDay { hour, minute, second, microsecond, offset }))
            }
            Self::List(items) => Data::List(Arc::new(items.into_iter().map(Nested::into_value).collect())),
            Self::Dict(entries) => {
                let entries: Dict =
                    entries.into_iter().map(|(key, value)| (key.into_value(), value.into_value())).collect();
                Data::Dict(Arc::new(entries))
            }
            Self::Vault(armour) => Data::Vault(Arc::new(Vaulted { armour: armour.into() })),
            Self::Omit => Data::Omit,
            Self::Secret(inner) => {
                let inner = inner.into_value();
                return Value { tags: Tags::NONE.secret(), ..inner };
            }
        };
        data.into()
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Wire::of(self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Nested::deserialize(deserializer).map(Nested::into_value)
    }
}

impl Serialize for Dict {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Dict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let entries = Vec::<(Value, Value)>::deserialize(deserializer)?;
        Ok(entries.into_iter().collect())
    }
}
