//! Rendered values in the form in which the recorders wrote the oracle's.

use churten_value::{Data, Dict, Value};

/// Comparable JSON: keys that are no text, and values without JSON form, as the recorder marks them.
pub(crate) fn shown(value: &Value) -> Value {
    match &value.data {
        Data::List(items) => Value::list(items.iter().map(shown).collect()),
        Data::Dict(entries) => {
            let entries = entries.iter().map(|(key, value)| {
                let name = match key.as_str() {
                    Some(text) => text.to_owned(),
                    None => format!("__key__{}", key.to_text()),
                };
                (name, shown(value))
            });
            Value::dict(entries.collect())
        }
        Data::Float(number) if !number.is_finite() => Value::dict(Dict::from([("__float__", value.to_text())])),
        Data::Bytes(_) => Value::dict(Dict::from([("__type__", "bytes".to_owned()), ("repr", value.to_text())])),
        Data::Timestamp(_) => Value::str(value.to_text()),
        _ => value.clone(),
    }
}
