//! Filters and tests of collections against answers of ansible-core 2.19.14 with ansible 12.3.0.
//!
//! `collections/record.py` writes `collections/answers.jsonl` from `cases.py` and `subjects.py`. Known differences are
//! listed in `collections/differences.txt`, one template and reason a line; a new one fails the test, and so does a listed
//! one that has gone.

#![expect(clippy::print_stdout, reason = "a test prints its score")]

mod shown;

use churten_template::{Environment, Templar};
use churten_value::{Dict, JsonStyle, Origin, Source, Value, from_json};
use shown::shown;
use std::collections::BTreeMap;
use std::path::Path;

fn tag(value: &Value) -> Value {
    let origin = Origin::new(Source::described("/o.yml"), 1, 1);
    value.map_leaves(&mut |leaf| leaf.clone().with_tags(leaf.tags.trust(true).at(origin)))
}

#[test]
fn answers_as_recorded() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/collections");
    let read = |name: &str| std::fs::read_to_string(directory.join(name)).expect("the fixture is readable");
    let known: BTreeMap<String, String> = read("differences.txt")
        .lines()
        .filter_map(|line| line.split_once(" ## "))
        .map(|(source, reason)| (source.to_owned(), reason.to_owned()))
        .collect();
    let variables = from_json(&read("variables.json")).expect("the variables are JSON");
    let variables: Dict =
        variables.as_dict().expect("a mapping").iter().map(|(name, value)| (name.clone(), tag(value))).collect();
    let templar = Templar::new(Environment::default());
    let answers = read("answers.jsonl");
    let mut lines = answers.lines().map(|line| from_json(line).expect("an answer is JSON"));
    let subjects = lines.next().expect("the subjects come first");
    let mut scores = BTreeMap::<String, (usize, usize)>::new();
    let mut problems = Vec::new();
    for line in lines {
        let [family, case, list, answers] = line.as_list().expect("a list") else { panic!("an answer has four parts") };
        let subjects = subjects.get(&list.to_text()).and_then(Value::as_list).expect("a known list of subjects");
        let answers = answers.as_list().expect("a list of answers");
        for (subject, answer) in subjects.iter().zip(answers) {
            let source = case.to_text().replace('@', &subject.to_text());
            let expected = match answer.as_list() {
                Some([value]) => value.to_json(JsonStyle::PLAIN),
                _ => format!("error: {}", answer.to_text()),
            };
            let found = match templar.render(&tag(&Value::str(source.clone())), &variables) {
                Ok(value) => shown(&value).to_json(JsonStyle::PLAIN),
                Err(report) => format!("error: {}", report.headline()),
            };
            let score = scores.entry(family.to_text()).or_default();
            score.1 += 1;
            score.0 += usize::from(found == expected);
            if (found == expected) == known.contains_key(&source) {
                problems.push(format!("{source}\n    expected {expected}\n    found    {found}"));
            }
        }
    }
    for (family, (same, all)) in &scores {
        println!("{family}: {same} of {all}");
    }
    let total: usize = scores.values().map(|score| score.1).sum();
    println!("{} of {total} answers are the same", scores.values().map(|score| score.0).sum::<usize>());
    assert!(problems.is_empty(), "{} differences:\n{}", problems.len(), problems.join("\n"));
}
