//! Modules in Python and of other kinds: run as ansible-core runs them, with the same output.

use churten_testing::{Oracle, Sandbox};
use std::io::Write as _;
use std::path::Path;

/// A playbook, arguments and environment.
type Case = (&'static str, &'static [&'static str], &'static [(&'static str, &'static str)]);

const CASES: [Case; 8] = [
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
    let Some(oracle) = Oracle::find() else {
        let _ = writeln!(std::io::stderr(), "modules in Python: skipped, CHURTEN_ORACLE names no ansible-core");
        return;
    };
    let files = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python");
    for (playbook, arguments, environment) in CASES {
        let run = |program: &Path| {
            let sandbox = Sandbox::new(&files).unwrap();
            let program = sandbox.link(program, "ansible-playbook").unwrap();
            // The library of ansible-core is found by the program that is first on the path.
            let path = format!("{}:/usr/local/bin:/usr/bin:/bin", oracle.directory().display());
            let mut all = vec![("PATH".to_owned(), path)];
            all.extend(environment.iter().map(|(name, value)| (name.to_string(), value.to_string())));
            let hosts = if playbook == "discovery.yml" { "one,two," } else { "one," };
            let fixed = ["-i", hosts, "-c", "local", "-v", playbook];
            let words: Vec<String> = fixed.iter().chain(arguments).map(|word| word.to_string()).collect();
            sandbox.run(&program, &oracle.python(), &all, &words).unwrap()
        };
        let (ours, theirs) = (run(Path::new(env!("CARGO_BIN_EXE_churten"))), run(&oracle.program("ansible-playbook")));
        let what = format!("{playbook} {arguments:?} {environment:?}");
        assert_eq!(unlike(&ours.stdout, &theirs.stdout), "", "the output of {what}\n{}", ours.stderr);
        assert_eq!(unlike(&ours.stderr, &theirs.stderr), "", "the errors of {what}");
        assert_eq!(ours.code, theirs.code, "{what}");
        assert!(theirs.stdout.contains("PLAY RECAP"), "{}", theirs.stderr);
    }
    let _ = writeln!(std::io::stderr(), "modules in Python: {} runs agree with ansible-core", CASES.len());
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
