//! Every filter, test and lookup against answers of ansible-core 2.19.14.
//!
//! `plugins/record.py` writes `plugins/answers.jsonl`: file, template, and the value or the error's whole text. Known
//! differences are listed in `plugins/differences.txt`, one template and reason a line; a new one fails the test, and so
//! does a listed one that has gone.

#![expect(clippy::print_stdout, reason = "a test prints its score")]

mod shown;

use churten_template::{Environment, Templar};
use churten_value::{JsonStyle, Origin, Source, Value, from_json};
use churten_vault::Secrets;
use shown::shown;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

fn tag(value: &Value) -> Value {
    let origin = Origin::new(Source::described("/o.yml"), 1, 1);
    value.map_leaves(&mut |leaf| leaf.clone().with_tags(leaf.tags.trust(true).at(origin)))
}

/// Variables of the process and its directory can only be set for a new one.
fn run_in_the_directory(directory: &Path) {
    let program = std::env::current_exe().expect("the test knows its program");
    let status = std::process::Command::new(program)
        .args(["--exact", "answers_as_recorded", "--nocapture"])
        .env("CHURTEN_TEXT", "from the environment")
        .env("HOME", "/home/somebody")
        .env("TZ", "UTC")
        .current_dir(directory.join("files"))
        .status();
    assert!(status.expect("the test starts again").success());
}

#[test]
fn answers_as_recorded() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plugins");
    if std::env::var_os("CHURTEN_TEXT").is_none() {
        return run_in_the_directory(&directory);
    }
    let here = directory.to_str().expect("the path is text").to_owned();
    let read = |name: &str| std::fs::read_to_string(directory.join(name)).expect("the fixture is readable");
    let variables = tag(&from_json(&read("variables.json")).expect("the variables are JSON"));
    let variables = variables.as_dict().expect("a mapping").clone();
    let known: BTreeMap<String, String> = read("differences.txt")
        .lines()
        .filter_map(|line| line.split_once(" ## "))
        .map(|(source, reason)| (source.replace("\\n", "\n"), reason.to_owned()))
        .collect();
    let mut vault = Secrets::new();
    vault.add("default", b"secret".to_vec());
    let environment =
        Environment { basedir: directory.join("files"), vault: Arc::new(vault), ..Environment::default() };
    let templar = Templar::new(environment);
    let style = JsonStyle { sort_keys: true, ..JsonStyle::PLAIN };
    let (mut same, mut total) = (BTreeMap::<String, (usize, usize)>::new(), 0);
    let mut problems = Vec::new();
    for line in read("answers.jsonl").lines() {
        let line = from_json(&line.replace("<HERE>", &here)).expect("an answer is JSON");
        let [file, source, answer] = line.as_list().expect("a list") else { panic!("an answer has three parts") };
        let expected = match answer.get("err") {
            Some(error) => format!("error: {}", error.to_text()),
            None => answer.get("ok").expect("a value").to_json(style),
        };
        let found = match templar.render(&tag(source), &variables) {
            Ok(value) if value.is_omit() => "error: A template was resolved to an Omit scalar.".to_owned(),
            Ok(value) => shown(&value).to_json(style),
            Err(report) => format!("error: {}", report.headline()),
        };
        total += 1;
        let score = same.entry(file.to_text()).or_default();
        score.1 += 1;
        score.0 += usize::from(found == expected);
        if (found == expected) == known.contains_key(&source.to_text()) {
            let source = source.to_text();
            problems.push(format!("{source:?}\n    expected {expected}\n    found    {found}"));
        }
    }
    for (file, (same, all)) in &same {
        println!("{file}: {same} of {all}");
    }
    println!("{} of {total} answers are the same", same.values().map(|score| score.0).sum::<usize>());
    assert!(problems.is_empty(), "{} differences:\n{}", problems.len(), problems.join("\n"));
}
