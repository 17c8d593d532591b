//! Values of documents, with their types, against what ansible-core's loader made of them.

use churten_syntax::{ParseOptions, parse_yaml, parse_yaml_single};
use churten_value::{Data, Dict, JsonStyle, Source, Value, from_json};

/// A value in the form of the recording: types JSON does not have are mappings with one `$` key.
fn recorded(value: &Value) -> Value {
    let tagged = |name: &str, inner: Value| Value::dict(Dict::from([(name, inner)]));
    match &value.data {
        Data::Int(_) | Data::BigInt(_) => tagged("$int", value.to_text().into()),
        Data::Float(_) => tagged("$float", value.to_text().into()),
        Data::Timestamp(when) => tagged("$time", when.to_string().into()),
        Data::Bytes(bytes) => tagged("$bytes", bytes.iter().map(|byte| i64::from(*byte)).collect()),
        Data::List(items) => items.iter().map(recorded).collect(),
        Data::Dict(entries) => {
            let pairs = entries.iter().map(|(key, value)| Value::list(vec![recorded(key), recorded(value)]));
            tagged("$dict", Value::list(pairs.collect()))
        }
        _ => value.clone(),
    }
}

#[test]
fn values_are_ansible_cores() {
    let mut different = vec![];
    let mut cases = 0;
    for line in include_str!("fixtures/values.jsonl").lines() {
        let case = from_json(line).unwrap();
        let text = case.get("text").and_then(Value::as_str).unwrap();
        let expected = case.get("value").unwrap();
        let ours = match parse_yaml_single(text, Source::described("<test>"), &ParseOptions::TRUSTED) {
            Ok(parsed) => recorded(&parsed.into_value()),
            Err(_) => Value::dict(Dict::from([("!error", true)])),
        };
        cases += 1;
        let both_fail = ours.get("!error").is_some() && expected.get("!error").is_some();
        if !both_fail && ours != *expected {
            let show = |value: &Value| value.to_json(JsonStyle::PLAIN);
            different.push(format!("{text:?}: {} instead of {}", show(&ours), show(expected)));
        }
    }
    assert!(cases > 200, "the recording is there");
    assert!(different.is_empty(), "{} of {cases}:\n{}", different.len(), different.join("\n"));
}

/// PyYAML's parser refuses these texts, or takes them, and so do we.
#[test]
fn the_same_texts_are_refused() {
    let mut different = vec![];
    for line in include_str!("fixtures/parser.jsonl").lines() {
        let case = from_json(line).unwrap();
        let text = case.get("input").and_then(Value::as_str).unwrap();
        let refused = case.get("refused").and_then(Value::as_bool).unwrap();
        let ours = parse_yaml(text, Source::described("<test>"), &ParseOptions::TRUSTED);
        // The recording is the parser's alone: a text it takes may still be no value (an unknown tag or alias).
        if refused && ours.is_ok() {
            different.push(format!("{text:?} is taken"));
        }
        if let (false, Err(report)) = (refused, &ours)
            && report.message.contains("scanning")
        {
            different.push(format!("{text:?}: {}", report.message));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}
