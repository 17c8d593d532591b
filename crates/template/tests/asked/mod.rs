//! A long-lived ansible-core that answers templates, and our answers in the same form.

use crate::shown::shown;
use churten_template::Templar;
use churten_value::{Dict, JsonStyle, Origin, Source, Value, from_json};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// A kind (`t` template, `e` expression, `c` condition) and its source.
pub(crate) type Question = (char, String);

/// `oracle/answer.py`, running.
pub(crate) struct Oracle {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Oracle {
    /// The oracle of `CHURTEN_ORACLE`, with the variables of `oracle/variables.json`; says so when there is none.
    #[expect(clippy::print_stdout, reason = "a test says what it skips")]
    pub(crate) fn start() -> Option<Self> {
        let Some(programs) = std::env::var_os("CHURTEN_ORACLE") else {
            println!("skipped: CHURTEN_ORACLE is not set");
            return None;
        };
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle");
        let mut process = Command::new(Path::new(&programs).join("python"))
            .arg(directory.join("answer.py"))
            .arg(directory.join("variables.json"))
            .env("TZ", "UTC")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the oracle starts");
        let input = process.stdin.take().expect("the oracle has an input");
        let output = BufReader::new(process.stdout.take().expect("the oracle has an output"));
        Some(Self { process, input, output })
    }

    /// An answer for each question: comparable JSON, or `error: ` and its text.
    pub(crate) fn ask(&mut self, questions: &[Question]) -> Vec<String> {
        let mut lines = String::new();
        for (kind, source) in questions {
            let line = Value::list(vec![Value::str(kind.to_string()), Value::str(source.as_str())]);
            lines.push_str(&line.to_json(JsonStyle::PLAIN));
            lines.push('\n');
        }
        let (input, output) = (&mut self.input, &mut self.output);
        std::thread::scope(|scope| {
            scope.spawn(move || input.write_all(lines.as_bytes()).expect("the oracle reads"));
            let mut answers = Vec::with_capacity(questions.len());
            let mut line = String::new();
            while answers.len() < questions.len() {
                line.clear();
                assert!(output.read_line(&mut line).expect("the oracle answers") > 0, "the oracle ended");
                if let Some(answer) = line.strip_prefix('@') {
                    answers.push(read(answer));
                }
            }
            answers
        })
    }
}

impl Drop for Oracle {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn read(answer: &str) -> String {
    let answer = from_json(answer).expect("an answer is JSON");
    match answer.get("err") {
        Some(error) => format!("error: {}", error.to_text()),
        None => answer.get("ok").expect("a value").to_json(JsonStyle { sort_keys: true, ..JsonStyle::PLAIN }),
    }
}

/// A value as from a file: trusted, with a place.
pub(crate) fn tag(value: &Value) -> Value {
    let origin = Origin::new(Source::described("/o.yml"), 1, 1);
    value.map_leaves(&mut |leaf| leaf.clone().with_tags(leaf.tags.trust(true).at(origin)))
}

/// The variables that the oracle has.
pub(crate) fn variables() -> Dict {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/variables.json");
    let text = std::fs::read_to_string(path).expect("the variables are readable");
    let variables = from_json(&text).expect("the variables are JSON");
    variables.as_dict().expect("a mapping").iter().map(|(name, value)| (name.clone(), tag(value))).collect()
}

/// Our answer, in the oracle's form.
pub(crate) fn answer(templar: &Templar, variables: &Dict, (kind, source): &Question) -> String {
    let source = tag(&Value::str(source.as_str()));
    let result = match kind {
        't' => templar.render(&source, variables),
        'e' => templar.evaluate(&source, variables),
        _ => templar.condition(&source, variables).map(Value::from),
    };
    match result {
        Ok(value) if value.is_omit() => "error: A template was resolved to an Omit scalar.".to_owned(),
        Ok(value) => shown(&value).to_json(JsonStyle { sort_keys: true, ..JsonStyle::PLAIN }),
        Err(report) => format!("error: {}", report.headline()),
    }
}
