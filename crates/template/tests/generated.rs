//! Random templates: the same value and type as ansible-core gives, or both fail.
//!
//! `generated/grammar.txt` says what can be grown. `CHURTEN_SEED` and `CHURTEN_CASES` repeat a run or make a longer one. What
//! a run finds is shown as small as it gets; `CHURTEN_FOUND=FILE` appends it there in the form of `generated/found.jsonl`,
//! which holds what was found and mended: kind, source, the oracle's answer (`null` for an error).

#![expect(clippy::print_stdout, reason = "a test prints its score")]

mod asked;
#[path = "generated/grammar.rs"]
mod grammar;
#[path = "generated/random.rs"]
mod random;
mod shown;

use asked::{Oracle, Question, answer, variables};
use churten_template::{Environment, Templar};
use churten_value::{Dict, JsonStyle, Value, from_json};
use grammar::{Grammar, Tree};
use random::Random;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// Seeds of a run that names none, and how many cases each has.
const SEEDS: [u64; 4] = [1, 2, 3, 4];
const CASES: usize = 500;

struct Bench {
    oracle: Oracle,
    templar: Templar,
    variables: Dict,
}

/// Errors are not compared by their text.
fn outcome(answer: String) -> String {
    if answer.starts_with("error: ") { "error".to_owned() } else { answer }
}

fn ours(templar: &Templar, variables: &Dict, question: &Question) -> String {
    catch_unwind(AssertUnwindSafe(|| answer(templar, variables, question))).unwrap_or_else(|_| "a panic".to_owned())
}

impl Bench {
    /// For each question, the two answers when they differ.
    fn differences(&mut self, questions: &[Question]) -> Vec<Option<(String, String)>> {
        let expected = self.oracle.ask(questions);
        let pairs = questions.iter().zip(expected).map(|(question, expected)| {
            let found = ours(&self.templar, &self.variables, question);
            (outcome(expected.clone()) != outcome(found.clone())).then_some((expected, found))
        });
        pairs.collect()
    }

    /// The smallest tree that still differs.
    fn shrunk(&mut self, kind: char, tree: Tree) -> Tree {
        let mut tree = tree;
        for _ in 0..60 {
            let size = tree.source().len();
            let mut smaller: Vec<Tree> = tree.smaller().into_iter().filter(|tree| tree.source().len() < size).collect();
            smaller.sort_by_key(|tree| tree.source().len());
            smaller.dedup_by_key(|tree| tree.source());
            let mut better = None;
            for some in smaller.chunks(40) {
                let questions: Vec<Question> = some.iter().map(|tree| (kind, tree.source())).collect();
                let differences = self.differences(&questions);
                better = differences.iter().position(Option::is_some).and_then(|index| some.get(index).cloned());
                if better.is_some() {
                    break;
                }
            }
            match better {
                Some(better) => tree = better,
                None => break,
            }
        }
        tree
    }
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().expect("a number"))
}

#[test]
fn same_values_or_both_fail() {
    let Some(oracle) = Oracle::start() else { return };
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/generated");
    let grammar = std::fs::read_to_string(directory.join("grammar.txt")).expect("the grammar is readable");
    let grammar = Grammar::parse(&grammar);
    let mut bench = Bench { oracle, templar: Templar::new(Environment::default()), variables: variables() };
    let cases = number("CHURTEN_CASES").and_then(|cases| usize::try_from(cases).ok()).unwrap_or(CASES);
    let seeds = number("CHURTEN_SEED").map_or(SEEDS.to_vec(), |seed| vec![seed]);
    let mut found: Vec<(Question, String, String)> = Vec::new();
    let (mut asked, mut failed) = (0, 0);
    for seed in seeds {
        let mut random = Random::new(seed);
        let mut left = cases;
        while left > 0 {
            let count = left.min(500);
            left -= count;
            let grown: Vec<(char, Tree)> = (0..count).map(|_| grow(&grammar, &mut random)).collect();
            let questions: Vec<Question> = grown.iter().map(|(kind, tree)| (*kind, tree.source())).collect();
            let answers = bench.oracle.ask(&questions);
            asked += count;
            for (((kind, tree), question), expected) in grown.into_iter().zip(&questions).zip(answers) {
                failed += usize::from(expected.starts_with("error: "));
                let mine = ours(&bench.templar, &bench.variables, question);
                if outcome(mine.clone()) == outcome(expected.clone()) {
                    continue;
                }
                let small = (kind, bench.shrunk(kind, tree).source());
                let answers = bench.differences(std::slice::from_ref(&small)).pop().flatten();
                let (question, (expected, mine)) = match answers {
                    Some(answers) => (small, answers),
                    None => (question.clone(), (expected, mine)),
                };
                if found.iter().all(|(known, ..)| *known != question) {
                    found.push((question, expected, mine));
                }
            }
        }
    }
    println!("{asked} cases, {failed} of them errors, {} differences", found.len());
    if let Some(path) = std::env::var_os("CHURTEN_FOUND") {
        append(Path::new(&path), &found);
    }
    let lines = found.iter().map(|((kind, source), expected, mine)| {
        format!("{kind} {source:?}\n    expected {expected}\n    found    {mine}")
    });
    assert!(found.is_empty(), "{} differences:\n{}", found.len(), lines.collect::<Vec<_>>().join("\n"));
}

fn grow(grammar: &Grammar, random: &mut Random) -> (char, Tree) {
    let depth = 1 + random.below(5);
    match random.below(10) {
        0..6 => ('t', grammar.grow("top", depth, &[], random)),
        6..9 => ('e', grammar.grow("any", depth, &[], random)),
        _ => ('c', grammar.grow("bool", depth, &[], random)),
    }
}

fn append(path: &Path, found: &[(Question, String, String)]) {
    let mut file = std::fs::OpenOptions::new().create(true).append(true).open(path).expect("the file opens");
    for ((kind, source), expected, _) in found {
        let answer = if expected.starts_with("error: ") { "null" } else { expected };
        let answer = if answer == "null" { Value::NONE } else { Value::str(answer) };
        let line = Value::list(vec![Value::str(kind.to_string()), Value::str(source.as_str()), answer]);
        writeln!(file, "{}", line.to_json(JsonStyle::PLAIN)).expect("the file is written");
    }
}

#[test]
fn what_was_found_stays_mended() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/generated/found.jsonl");
    let text = std::fs::read_to_string(path).expect("the found cases are readable");
    let (variables, templar) = (variables(), Templar::new(Environment::default()));
    let mut problems = Vec::new();
    for line in text.lines() {
        let line = from_json(line).expect("a case is JSON");
        let [kind, source, expected] = line.as_list().expect("a list") else { panic!("a case has three parts") };
        let question = (kind.to_text().chars().next().expect("a kind"), source.to_text());
        let expected = expected.as_str().unwrap_or("error");
        let mine = ours(&templar, &variables, &question);
        if outcome(mine.clone()) != expected {
            problems.push(format!("{} {:?}\n    expected {expected}\n    found    {mine}", question.0, question.1));
        }
    }
    println!("{} recorded cases", text.lines().count());
    assert!(problems.is_empty(), "{} differences:\n{}", problems.len(), problems.join("\n"));
}
