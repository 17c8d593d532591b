//! How values travel between controller and worker: data and secrecy, no origins and no trust.

use crate::{BigInt, Data, Dict, Tags, TimeOfDay, Timestamp, Value, Vaulted};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::sync::Arc;

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
    List(Vec<Wire>),
    Dict(Vec<(Wire, Wire)>),
    Vault(String),
    Omit,
    Secret(Box<Wire>),
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
            Data::List(items) => Self::List(items.iter().map(Self::of).collect()),
            Data::Dict(entries) => {
                Self::Dict(entries.iter().map(|(key, value)| (Self::of(key), Self::of(value))).collect())
            }
            Data::Vault(vaulted) => Self::Vault(vaulted.armour.to_string()),
            Data::Omit => Self::Omit,
        };
        if value.tags.is_secret() { Self::Secret(Box::new(plain)) } else { plain }
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
            Self::List(items) => Data::List(Arc::new(items.into_iter().map(Self::into_value).collect())),
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
        Wire::deserialize(deserializer).map(Wire::into_value)
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
