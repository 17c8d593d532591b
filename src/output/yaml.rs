//! Results as YAML, for reading.

use churten_value::{JsonStyle, Value};

/// A mapping as YAML with sorted keys.
pub(super) fn to_yaml(value: &Value, indent: usize) -> String {
    // JSON is YAML; block style comes with the emitter of the syntax room.
    value.to_json(JsonStyle { indent: Some(indent), ..JsonStyle::RESULT })
}
