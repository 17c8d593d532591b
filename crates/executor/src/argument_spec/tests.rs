use super::validate;
use churten_value::{Dict, Repr, Value, from_json};

fn dict(text: &str) -> Dict {
    from_json(text).unwrap().as_dict().unwrap().clone()
}

#[test]
fn errors_are_ansibles() {
    let spec = dict(
        r#"{"port": {"type": "int", "required": true}, "mode": {"choices": ["a", "b"]},
            "users": {"type": "list", "elements": "dict", "options": {"name": {"required": true}}}}"#,
    );
    for (values, errors) in [
        (r#"{"port": 1, "mode": "a"}"#, vec![]),
        ("{}", vec!["missing required arguments: port"]),
        (
            r#"{"port": "x", "mode": "c"}"#,
            vec![
                "argument 'port' is of type str and we were unable to convert to int: \"'x'\" cannot be converted to an int",
                "value of mode must be one of: a, b, got: c",
            ],
        ),
        (r#"{"port": 1, "users": [{}]}"#, vec!["missing required arguments: name found in users"]),
        (r#"{"port": 1, "x": 2}"#, vec!["x. Supported parameters include: mode, port, users."]),
    ] {
        assert_eq!(validate(&spec, &dict(values)).unwrap(), errors, "{values}");
    }
}

#[test]
fn rules_count_in_options() {
    let options = r#""options": {"a": {}, "b": {}, "s": {}}"#;
    for (rule, values, errors) in [
        (r#""required_if": [["s", "x", ["a"]]]"#, r#"{"s": "x"}"#, "s is x but all of the following are missing: a"),
        (r#""required_one_of": [["a", "b"]]"#, "{}", "one of the following is required: a, b"),
        (r#""required_together": [["a", "b"]]"#, r#"{"a": 1}"#, "parameters are required together: a, b"),
        (r#""required_by": {"a": "b"}"#, r#"{"a": 1}"#, "missing parameter(s) required by 'a': b"),
        (r#""mutually_exclusive": [["a", "b"]]"#, r#"{"a": 1, "b": 2}"#, "parameters are mutually exclusive: a|b"),
    ] {
        let spec = dict(&format!(r#"{{"o": {{"type": "dict", {options}, {rule}}}}}"#));
        let found = validate(&spec, &dict(&format!(r#"{{"o": {values}}}"#))).unwrap();
        assert_eq!(found, [format!("{errors} found in o")], "{rule}");
    }
    let spec = dict(r#"{"o": {"type": "dict", "options": {}, "required_if": [["s"]]}}"#);
    assert_eq!(validate(&spec, &dict(r#"{"o": {}}"#)).unwrap_err(), "not enough values to unpack (expected 3, got 1)");
}

/// What ansible-core 2.19.14 says of every case: `[spec, values, errors]`, where errors that end the task are one text.
/// Class names are Python's own, and the words for truth, which are a set, are left out.
#[test]
fn recorded_answers_agree() {
    let mut wrong = vec![];
    for line in include_str!("answers.jsonl").lines() {
        let case = from_json(line).unwrap();
        let [spec, values, expected] = case.as_list().unwrap() else { panic!("{line}") };
        let found = match validate(spec.as_dict().unwrap(), values.as_dict().unwrap()) {
            Ok(errors) => Value::list(errors.iter().map(|error| without_words(error).into()).collect::<Vec<Value>>()),
            Err(reason) => reason.into(),
        };
        if found != *expected {
            wrong.push(format!("{line}\n{}", Repr(&found)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn without_words(error: &str) -> String {
    match error.split_once("Valid booleans include:") {
        Some((before, rest)) => {
            let place = rest.find(" found in").and_then(|at| rest.get(at..)).unwrap_or_default();
            format!("{before}Valid booleans include:{place}")
        }
        None => error.to_owned(),
    }
}
