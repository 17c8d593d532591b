//! A recorded run is shown again as it was shown: output, errors and exit code, through any callback.

use churten_testing::{Outcome, Sandbox};
use std::path::Path;

/// Arguments of ansible-playbook, in tests/golden/playbooks.
const RUNS: [&[&str]; 10] = [
    &["-i", "h1,", "basic.yml"],
    &["-i", "h1,h2,h3,", "several_hosts.yml"],
    &["-i", "h1,", "loops.yml"],
    &["-i", "h1,", "no_log.yml"],
    &["-i", "h1,", "--diff", "diff.yml"],
    &["-i", "h1,h2,", "includes.yml"],
    &["-i", "h1,", "retries.yml"],
    &["-i", "h1,", "failing.yml"],
    &["-i", "h1,h2,h3,", "delegate.yml"],
    &["-i", "h1,", "not_utf8.yml"],
];

fn run(sandbox: &Sandbox, callback: &str, words: &[&str]) -> Outcome {
    let environment = [
        ("ANSIBLE_STDOUT_CALLBACK".to_owned(), callback.to_owned()),
        ("ANSIBLE_LOCALHOST_WARNING".to_owned(), "0".to_owned()),
    ];
    let arguments: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    let program = Path::new(env!("CARGO_BIN_EXE_churten"));
    sandbox.run(program, Path::new("/usr/bin/python3"), &environment, &arguments).unwrap()
}

#[test]
fn a_recorded_run_is_shown_again() {
    let playbooks = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/playbooks");
    for words in RUNS {
        for callback in ["default", "minimal", "oneline"] {
            let sandbox = Sandbox::new(&playbooks).unwrap();
            let output = format!("output={}/output", sandbox.path().display());
            let record = sandbox.path().join("output.record").display().to_string();
            let mut arguments = vec!["playbook", "-c", "local", "-e", &output, "--log-events", &record];
            arguments.extend(words);
            let shown = run(&sandbox, callback, &arguments);
            assert!(shown.stdout.contains("h1"), "{words:?}: {shown:?}");
            assert_eq!(run(&sandbox, callback, &["replay", &record]), shown, "{words:?}");
        }
    }
}

#[test]
fn a_record_is_shown_by_other_callbacks() {
    let playbooks = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/playbooks");
    let sandbox = Sandbox::new(&playbooks).unwrap();
    let record = sandbox.path().join("output.record").display().to_string();
    let words = ["playbook", "-c", "local", "-i", "h1,", "-e", "output=/tmp", "failing.yml"];
    let shown = run(&sandbox, "minimal", &words);
    let recorded: Vec<&str> = words.iter().copied().chain(["--log-events", &record]).collect();
    assert_ne!(run(&sandbox, "default", &recorded), shown);
    assert_eq!(run(&sandbox, "minimal", &["replay", &record]), shown);
    // A run that was killed.
    let text = std::fs::read_to_string(&record).unwrap();
    let without_end: String =
        text.lines().filter(|line| !line.contains("\"event\": \"end\"")).map(|line| line.to_owned() + "\n").collect();
    std::fs::write(&record, without_end).unwrap();
    let outcome = run(&sandbox, "minimal", &["replay", &record]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stderr.ends_with("it has no end; the run was killed\n"), "{outcome:?}");
}

#[test]
fn a_record_that_cannot_be_written_is_refused() {
    let playbooks = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/playbooks");
    let sandbox = Sandbox::new(&playbooks).unwrap();
    let outcome = run(&sandbox, "default", &["playbook", "-i", "h1,", "--log-events", "/nowhere/record", "basic.yml"]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (5, ""));
    assert!(
        outcome.stderr.starts_with("[ERROR]: --log-events /nowhere/record: No such file or directory"),
        "{outcome:?}"
    );
}
