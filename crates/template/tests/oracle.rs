//! Differential test against ansible-core: needs `CHURTEN_ORACLE`, the directory of its programs.
//!
//! Every line of `oracle/sources.jsonl` is a kind (template, expression, condition) and a source. Values are compared
//! by type, errors by their whole text. `oracle/accepted.jsonl` lists the sources whose answer may differ, with the reason.

#![expect(clippy::print_stdout, reason = "a test prints its score")]

mod asked;
mod shown;

use asked::{Oracle, Question, answer, variables};
use churten_template::{Environment, Templar};
use churten_value::from_json;
use std::collections::BTreeSet;
use std::path::Path;

fn questions(text: &str) -> Vec<Question> {
    let question = |line: &str| {
        let line = from_json(line).expect("a source is JSON");
        let parts = line.as_list().expect("a list");
        (parts[0].to_text().chars().next().expect("a kind"), parts[1].to_text())
    };
    text.lines().map(question).collect()
}

#[test]
fn answers_as_ansible() {
    let Some(mut oracle) = Oracle::start() else { return };
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle");
    let sources = std::fs::read_to_string(directory.join("sources.jsonl")).expect("the sources are readable");
    let accepted = std::fs::read_to_string(directory.join("accepted.jsonl")).expect("the accepted ones are readable");
    let accepted: BTreeSet<Question> = questions(&accepted).into_iter().collect();
    let questions = questions(&sources);
    let answers = oracle.ask(&questions);
    let (variables, templar) = (variables(), Templar::new(Environment::default()));
    let mut problems = Vec::new();
    for (question, expected) in questions.iter().zip(&answers) {
        let found = answer(&templar, &variables, question);
        if (found == *expected) == accepted.contains(question) {
            let (kind, text) = question;
            problems.push(format!("{kind} {text:?}\n    expected {expected}\n    found    {found}"));
        }
    }
    println!("{} of {} answers are the same", answers.len() - problems.len() - accepted.len(), answers.len());
    assert!(problems.is_empty(), "{} differences:\n{}", problems.len(), problems.join("\n"));
}
