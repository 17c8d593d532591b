//! Differential test against ansible-core: needs `CHURTEN_ORACLE`, the directory of its programs.
//!
//! Every line of `oracle/sources.jsonl` is a kind (template, expression, condition) and a source. Values are compared
//! by type, errors by their whole text. `oracle/accepted.jsonl` lists the sources whose answer may differ, with the reason.

#![expect(clippy::print_stdout, reason = "a test prints its score")]

use churten_template::{Environment, Templar};
use churten_value::{Data, Dict, JsonStyle, Value, from_json};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

fn tag(value: &Value) -> Value {
    let origin = churten_value::Origin::new(churten_value::Source::described("/o.yml"), 1, 1);
    value.map_leaves(&mut |leaf| leaf.clone().with_tags(leaf.tags.trust(true).at(origin)))
}

fn shown(value: &Value) -> Value {
    match &value.data {
        Data::List(items) => Value::list(items.iter().map(shown).collect()),
        Data::Dict(entries) => Value::dict(
            entries
                .iter()
                .map(|(key, value)| {
                    let name = match key.as_str() {
                        Some(text) => text.to_owned(),
                        None => format!("__key__{}", key.to_text()),
                    };
                    (name, shown(value))
                })
                .collect(),
        ),
        Data::Float(number) if !number.is_finite() => Value::dict(Dict::from([("__float__", value.to_text())])),
        Data::Bytes(_) => Value::dict(Dict::from([("__type__", "bytes".to_owned()), ("repr", value.to_text())])),
        Data::Timestamp(_) => Value::str(value.to_text()),
        _ => value.clone(),
    }
}

fn answer(templar: &Templar, variables: &Dict, kind: &str, source: &str) -> String {
    let source = tag(&Value::str(source));
    let result = match kind {
        "t" => templar.render(&source, variables),
        "e" => templar.evaluate(&source, variables),
        _ => templar.condition(&source, variables).map(Value::from),
    };
    let style = JsonStyle { sort_keys: true, ..JsonStyle::PLAIN };
    match result {
        Ok(value) if value.is_omit() => "error: A template was resolved to an Omit scalar.".to_owned(),
        Ok(value) => shown(&value).to_json(style),
        Err(report) => format!("error: {}", report.headline()),
    }
}

#[test]
fn answers_as_ansible() {
    let Some(programs) = std::env::var_os("CHURTEN_ORACLE") else {
        println!("skipped: CHURTEN_ORACLE is not set");
        return;
    };
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle");
    let sources = std::fs::read_to_string(directory.join("sources.jsonl")).expect("the sources are readable");
    let variables = std::fs::read_to_string(directory.join("variables.json")).expect("the variables are readable");
    let variables = from_json(&variables).expect("the variables are JSON");
    let variables: Dict =
        variables.as_dict().expect("a mapping").iter().map(|(name, value)| (name.clone(), tag(value))).collect();
    let mut oracle = Command::new(Path::new(&programs).join("python"))
        .arg(directory.join("answer.py"))
        .arg(directory.join("variables.json"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the oracle starts");
    let mut input = oracle.stdin.take().expect("the oracle has an input");
    let text = sources.clone();
    let writer = std::thread::spawn(move || input.write_all(text.as_bytes()));
    let output = oracle.wait_with_output().expect("the oracle ends");
    writer.join().expect("the writer ends").expect("the oracle reads");
    let output = String::from_utf8_lossy(&output.stdout).into_owned();
    let answers: Vec<&str> = output.lines().filter_map(|line| line.strip_prefix('@')).collect();
    assert_eq!(answers.len(), sources.lines().count(), "the oracle answers every source");
    let accepted: BTreeMap<String, String> = std::fs::read_to_string(directory.join("accepted.jsonl"))
        .unwrap_or_default()
        .lines()
        .filter_map(|line| {
            let line = from_json(line).ok()?;
            let parts = line.as_list()?;
            Some((format!("{} {}", parts.first()?.to_text(), parts.get(1)?.to_text()), parts.get(2)?.to_text()))
        })
        .collect();
    let templar = Templar::new(Environment::default());
    let style = JsonStyle { sort_keys: true, ..JsonStyle::PLAIN };
    let mut problems = Vec::new();
    for (line, expected) in sources.lines().zip(&answers) {
        let source = from_json(line).expect("a source is JSON");
        let parts = source.as_list().expect("a pair");
        let (kind, text) = (parts[0].to_text(), parts[1].to_text());
        let expected = from_json(expected).expect("an answer is JSON");
        let expected = match expected.get("err") {
            Some(error) => format!("error: {}", error.to_text()),
            None => expected.get("ok").expect("a value").to_json(style),
        };
        let found = answer(&templar, &variables, &kind, &text);
        let is_accepted = accepted.contains_key(&format!("{kind} {text}"));
        if (found == expected) == is_accepted {
            problems.push(format!("{kind} {text:?}\n    expected {expected}\n    found    {found}"));
        }
    }
    println!("{} of {} answers are the same", answers.len() - problems.len() - accepted.len(), answers.len());
    assert!(problems.is_empty(), "{} differences:\n{}", problems.len(), problems.join("\n"));
}
