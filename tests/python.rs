//! Modules in Python and of other kinds: run as ansible-core runs them, with the same output.

use churten_testing::{Oracle, Outcome, Sandbox};
use std::io::Write as _;
use std::path::Path;

/// A playbook, arguments and environment.
type Case = (&'static str, &'static [&'static str], &'static [(&'static str, &'static str)]);

const CASES: [Case; 13] = [
    ("old_values.yml", &[], &[]),
    ("old_values.yml", &[], &[("ANSIBLE_DEPRECATION_WARNINGS", "0")]),
    ("detached.yml", &[], &[]),
    ("more/own.yml", &["-M", "more/elsewhere:library"], &[]),
    ("faults.yml", &[], &[]),
    ("kinds.yml", &[], &[]),
    ("kinds.yml", &["--check", "--diff"], &[]),
    ("closure.yml", &[], &[]),
    ("closure.yml", &["--check"], &[]),
    ("discovery.yml", &[], &[("ANSIBLE_PYTHON_INTERPRETER", "auto")]),
    ("discovery.yml", &[], &[("ANSIBLE_PYTHON_INTERPRETER", "auto_legacy_silent")]),
    (
        "discovery.yml",
        &["-e", r#"{"ansible_interpreter_python_fallback": ["nopython", "also not"]}"#],
        &[("ANSIBLE_PYTHON_INTERPRETER", "auto")],
    ),
    ("discovery.yml", &[], &[("ANSIBLE_PYTHON_INTERPRETER", "/nonexistent/python 3")]),
];

#[test]
fn as_ansible_core_runs_them() {
    let Some(oracle) = oracle() else { return };
    for (playbook, arguments, environment) in CASES {
        let ours = run(&oracle, Path::new(env!("CARGO_BIN_EXE_churten")), playbook, arguments, environment);
        let theirs = run(&oracle, &oracle.program("ansible-playbook"), playbook, arguments, environment);
        let what = format!("{playbook} {arguments:?} {environment:?}");
        assert_eq!(unlike(&ours.stdout, &theirs.stdout), "", "the output of {what}\n{}", ours.stderr);
        assert_eq!(unlike(&ours.stderr, &theirs.stderr), "", "the errors of {what}");
        assert_eq!(ours.code, theirs.code, "{what}");
        assert!(theirs.stdout.contains("PLAY RECAP"), "{}", theirs.stderr);
    }
    say(&format!("modules in Python: {} runs agree with ansible-core", CASES.len()));
}

#[test]
fn a_lost_interpreter_is_one_task_that_fails() {
    let Some(oracle) = oracle() else { return };
    let ours = run(&oracle, Path::new(env!("CARGO_BIN_EXE_churten")), "orphan.yml", &[], &[]);
    assert!(ours.stdout.contains("the interpreter ended while a module ran in it"), "{}", ours.stdout);
    assert!(
        ours.stdout.contains("changed: [one] => {\"ansible_facts\": {\"x\": 1}, \"changed\": true, \"got\": \"2\"")
    );
    assert!(
        ours.stdout.contains("ok=3    changed=2    unreachable=0    failed=0    skipped=0    rescued=0    ignored=1")
    );
}

#[test]
fn tasks_on_one_host_have_their_own_arguments() {
    let Some(oracle) = oracle() else { return };
    let forks = [("ANSIBLE_FORKS", "10")];
    let ours = run(&oracle, Path::new(env!("CARGO_BIN_EXE_churten")), "delegated.yml", &[], &forks);
    assert_eq!(ours.stdout.matches("All assertions passed").count(), 8, "{}", ours.stdout);
}

fn oracle() -> Option<Oracle> {
    let found = Oracle::find();
    if found.is_none() {
        say("modules in Python: skipped, CHURTEN_ORACLE names no ansible-core");
    }
    found
}

/// A line for whoever runs the tests, whether they show output or not.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

fn run(oracle: &Oracle, program: &Path, playbook: &str, arguments: &[&str], environment: &[(&str, &str)]) -> Outcome {
    let sandbox = Sandbox::new(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python")).unwrap();
    let program = sandbox.link(program, "ansible-playbook").unwrap();
    // The library of ansible-core is found by the program that is first on the path.
    let path = format!("{}:/usr/local/bin:/usr/bin:/bin", oracle.directory().display());
    let mut all = vec![("PATH".to_owned(), path)];
    all.extend(environment.iter().map(|(name, value)| (name.to_string(), value.to_string())));
    let hosts = match playbook {
        "discovery.yml" => "one,two,",
        "delegated.yml" => "one,two,three,four,five,six,seven,eight,",
        _ => "one,",
    };
    let fixed = ["-i", hosts, "-c", "local", "-v", playbook];
    let words: Vec<String> = fixed.iter().chain(arguments).map(|word| word.to_string()).collect();
    sandbox.run(&program, &oracle.python(), &all, &words).unwrap()
}

/// The lines of one text that the other has not, with a mark of whose they are.
fn unlike(ours: &str, theirs: &str) -> String {
    let (ours, theirs) = (churten_testing::mask(ours), churten_testing::mask(theirs));
    let only = |mark: char, lines: &str, others: &str| -> String {
        let others: Vec<&str> = others.lines().collect();
        lines.lines().filter(|line| !others.contains(line)).map(|line| format!("{mark} {line}\n")).collect()
    };
    let found = only('-', &theirs, &ours) + &only('+', &ours, &theirs);
    if found.is_empty() && ours != theirs { "the same lines in another order".to_owned() } else { found }
}
