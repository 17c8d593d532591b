//! Cases answered by ansible-core 2.19.14: templates (`t`), expressions (`e`) and conditions (`c`).
//!
//! `corpus/cases.jsonl` holds one case a line: `src` with `vars` over `base.json` and `env`, and `ok` (the value, by
//! type) or `err` (the chain of class and message) with `line`. Known differences are listed in
//! `known_differences.txt`; a new one fails the test, and so does a listed one that has gone.

#![expect(clippy::print_stdout, reason = "a test prints its score")]

use churten_template::{Environment, Templar};
use churten_value::{Data, Dict, JsonStyle, Value, from_json};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

fn trust(value: &Value) -> Value {
    value.map_leaves(&mut |leaf| leaf.clone().with_tags(leaf.tags.trust(true)))
}

/// Comparable JSON: keys that are no text and floats without JSON form are marked as the oracle marked them.
fn shown(value: &Value) -> Value {
    match &value.data {
        Data::List(items) => Value::list(items.iter().map(shown).collect()),
        Data::Dict(entries) => {
            let entries = entries.iter().map(|(key, value)| {
                let key = match key.as_str() {
                    Some(text) => text.to_owned(),
                    None => format!("__key__{}", key.to_text()),
                };
                (key, shown(value))
            });
            Value::dict(entries.collect())
        }
        Data::Float(number) if !number.is_finite() => {
            Value::dict(Dict::from([("__float__", Value::str(value.to_text()))]))
        }
        Data::Bytes(_) => {
            Value::dict(Dict::from([("__type__", "bytes".into()), ("repr", Value::str(value.to_text()))]))
        }
        _ => value.clone(),
    }
}

fn sorted_json(value: &Value) -> String {
    value.to_json(JsonStyle { sort_keys: true, ..JsonStyle::PLAIN })
}

struct Outcome {
    agrees: bool,
    message_agrees: Option<bool>,
    detail: String,
}

fn run(case: &Value, base: &Dict, templar: &Templar) -> Outcome {
    let mut variables = base.clone();
    if let Some(own) = case.get("vars").and_then(Value::as_dict) {
        variables.extend_from(own);
    }
    let variables: Dict =
        variables.iter().map(|(name, value)| (name.clone(), trust(value))).chain(int_keys()).collect();
    let source = trust(case.get("src").expect("every case has a source"));
    let result = match case.get("kind").and_then(Value::as_str) {
        Some("t") => templar.render(&source, &variables).and_then(|value| match value.data {
            Data::Omit => Err(churten_diagnostics::Report::new("A template was resolved to an Omit scalar.")),
            _ => Ok(value),
        }),
        Some("e") => templar.evaluate(&source, &variables),
        _ => templar.condition(&source, &variables).map(Value::from),
    };
    match (result, case.get("ok")) {
        (Ok(value), Some(expected)) => {
            let (found, expected) = (sorted_json(&shown(&value)), sorted_json(expected));
            Outcome {
                agrees: found == expected,
                message_agrees: None,
                detail: format!("expected {expected}, found {found}"),
            }
        }
        (Ok(value), None) => {
            let found = sorted_json(&shown(&value));
            Outcome { agrees: false, message_agrees: None, detail: format!("expected an error, found {found}") }
        }
        (Err(report), Some(expected)) => Outcome {
            agrees: false,
            message_agrees: None,
            detail: format!("expected {}, failed: {report}", sorted_json(expected)),
        },
        (Err(report), None) => {
            let innermost = report.chain().last().map_or("", |report| report.message.as_str());
            let chain = case.get("err").and_then(Value::as_list).unwrap_or_default();
            let expected = chain.last().and_then(Value::as_list).and_then(|pair| pair.get(1)).and_then(Value::as_str);
            let same = expected == Some(innermost);
            Outcome {
                agrees: true,
                message_agrees: Some(same),
                detail: format!("expected error {:?}, found {innermost:?}", expected.unwrap_or("")),
            }
        }
    }
}

fn int_keys() -> [(Value, Value); 1] {
    let mut entries = Dict::new();
    entries.insert(1, "one");
    [("intkeys".into(), Value::dict(entries))]
}

/// The lookups of the environment need two variables, which only a new process can have.
fn run_with_environment() {
    let program = std::env::current_exe().expect("the test knows its program");
    let arguments = ["--exact", "agrees_with_ansible", "--nocapture"];
    let status = std::process::Command::new(program).args(arguments).env("LABX", "envx").env("LABY", "envy").status();
    assert!(status.expect("the test starts again").success());
}

#[test]
fn agrees_with_ansible() {
    if std::env::var_os("LABX").is_none() {
        return run_with_environment();
    }
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let read = |name: &str| std::fs::read_to_string(directory.join(name)).expect("the fixture is readable");
    let base = from_json(&read("base.json")).expect("the base is JSON");
    let base = base.get("base").and_then(Value::as_dict).expect("the base has variables");
    let known: BTreeMap<i64, String> = include_str!("known_differences.txt")
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            let (id, reason) = line.split_once(' ').unwrap_or((line, ""));
            (id.parse().expect("a line starts with the case's number"), reason.to_owned())
        })
        .collect();
    let environment =
        Environment { basedir: directory.join("files"), warn: Arc::new(|_| ()), ..Environment::default() };
    let templar = Templar::new(environment);
    let (mut total, mut agreed, mut messages, mut same_messages) = (0, 0, 0, 0);
    let mut problems = Vec::new();
    let show = std::env::var_os("CHURTEN_SHOW").is_some();
    for line in read("cases.jsonl").lines() {
        let case = from_json(line).expect("a case is JSON");
        let id = case.get("id").and_then(Value::as_int).expect("a case has a number");
        total += 1;
        let outcome = run(&case, base, &templar);
        agreed += usize::from(outcome.agrees);
        if let Some(same) = outcome.message_agrees {
            messages += 1;
            same_messages += usize::from(same);
            if !same && show {
                let source = case.get("src").map(Value::to_text).unwrap_or_default();
                println!("message {id}: {source:?}: {}", outcome.detail);
            }
        }
        match (outcome.agrees, known.contains_key(&id)) {
            (false, false) => {
                let source = case.get("src").map(Value::to_text).unwrap_or_default();
                problems.push(format!("{id}: {source:?}: {}", outcome.detail));
            }
            (true, true) => problems.push(format!("{id} is a listed difference, but agrees now")),
            _ => {}
        }
    }
    println!("{agreed} of {total} cases agree; {same_messages} of {messages} error texts are the same");
    assert!(problems.is_empty(), "{} new differences:\n{}", problems.len(), problems.join("\n"));
}
