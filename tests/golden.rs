//! Our output against ansible-core's, byte for byte, for every case of `tests/golden/cases.txt`.
//!
//! A case in `tests/golden/pending.txt` differs for the reason given there; it fails the test when it no longer does,
//! so that the list stays true. `CHURTEN_GOLDEN_ONLY=name,name` runs only some.

use churten_testing::{Case, Difference, Sandbox, compare, read_cases, read_list, side_by_side};
use std::collections::BTreeMap;
use std::path::Path;

#[test]
#[expect(clippy::print_stdout, reason = "pending cases are told to whoever runs the test")]
fn output_is_ansible_cores() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let pending: BTreeMap<String, String> = read_list(&golden.join("pending.txt")).unwrap().into_iter().collect();
    let only = std::env::var("CHURTEN_GOLDEN_ONLY").ok();
    let mut wrong = Vec::new();
    let mut passed = 0;
    let cases = read_cases(&golden.join("cases.txt")).unwrap();
    for name in pending.keys().filter(|name| !cases.iter().any(|case| case.name == **name)) {
        wrong.push(format!("{name}: pending, but no case"));
    }
    let is_asked = |case: &Case| only.as_ref().is_none_or(|only| only.split(',').any(|name| name == case.name));
    let cases: Vec<Case> = cases.into_iter().filter(is_asked).collect();
    let found = side_by_side(&cases, |case| run(&golden, case));
    for (case, differences) in cases.iter().zip(found) {
        match (differences.is_empty(), pending.get(&case.name)) {
            (true, None) => passed += 1,
            (true, Some(_)) => wrong.push(format!("{}: no longer pending", case.name)),
            (false, Some(reason)) => println!("pending: {}: {reason}: {}", case.name, differences[0]),
            (false, None) => {
                for difference in &differences {
                    wrong.push(difference.to_string());
                }
            }
        }
    }
    println!("{passed} cases are as ansible-core's");
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// The differences in exit code, output and error stream.
fn run(golden: &Path, case: &Case) -> Vec<Difference> {
    let sandbox = Sandbox::new(&golden.join("playbooks")).unwrap();
    let program = sandbox.link(Path::new(env!("CARGO_BIN_EXE_churten")), &case.program).unwrap();
    let mut arguments = vec![];
    let runs = matches!(case.program.as_str(), "ansible-playbook" | "ansible");
    if runs {
        arguments = vec!["-e".to_owned(), format!("output={}/output", sandbox.path().display())];
    }
    if runs && !case.arguments.iter().any(|argument| argument == "-c") {
        arguments.splice(0..0, ["-c".to_owned(), "local".to_owned()]);
    }
    arguments.extend(case.arguments.iter().cloned());
    let outcome = sandbox.run(&program, Path::new("/usr/bin/python3"), &case.environment, &arguments).unwrap();
    let expected = golden.join("expected");
    let parts = [("exit", format!("{}\n", outcome.code)), ("stdout", outcome.stdout), ("stderr", outcome.stderr)];
    parts
        .into_iter()
        .filter_map(|(kind, text)| compare(&expected.join(format!("{}.{kind}", case.name)), &text).err())
        .collect()
}
