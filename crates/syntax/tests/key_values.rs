//! `key=value` arguments against what ansible-core made of them.

use churten_syntax::{parse_key_values, split_arguments};
use churten_value::{JsonStyle, Value, from_json};

#[test]
fn splits_and_parses_as_recorded() {
    let cases = from_json(include_str!("fixtures/key_values.json")).unwrap();
    let mut wrong = Vec::new();
    for case in cases.as_list().unwrap() {
        let text = case.get("text").and_then(Value::as_str).unwrap();
        let results = [
            ("split", split_arguments(text).map(Value::from)),
            ("kv", parse_key_values(text, false).map(Value::dict)),
            ("raw", parse_key_values(text, true).map(Value::dict)),
        ];
        for (name, result) in results {
            let expected = case.get(name).unwrap();
            let actual = result.unwrap_or_else(|report| Value::dict([("!error", report.message.as_str())].into()));
            if actual != *expected {
                wrong.push(format!(
                    "{name} {text:?}: {} instead of {}",
                    actual.to_json(JsonStyle::PLAIN),
                    expected.to_json(JsonStyle::PLAIN)
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
