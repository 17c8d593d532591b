//! Modules in Python and of other kinds: run as ansible-core runs them, with the same output.

use churten_testing::{Oracle, Outcome, Sandbox, side_by_side};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A playbook, arguments and environment.
type Case = (&'static str, &'static [&'static str], &'static [(&'static str, &'static str)]);

const CASES: [Case; 14] = [
    ("breaking.yml", &[], &[]),
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
    let compare = |(playbook, arguments, environment): &Case| {
        let ours = run(&oracle, Path::new(env!("CARGO_BIN_EXE_churten")), playbook, arguments, environment);
        let theirs = run(&oracle, &oracle.program("ansible-playbook"), playbook, arguments, environment);
        let what = format!("{playbook} {arguments:?} {environment:?}");
        assert_eq!(unlike(&ours.stdout, &theirs.stdout), "", "the output of {what}\n{}", ours.stderr);
        assert_eq!(unlike(&ours.stderr, &theirs.stderr), "", "the errors of {what}");
        assert_eq!(ours.code, theirs.code, "{what}");
        assert!(theirs.stdout.contains("PLAY RECAP"), "{}", theirs.stderr);
    };
    side_by_side(&CASES, compare);
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

/// What each task of `surviving.yml` that fails is to say, in their order.
const COMPLAINTS: [&str; 11] = [
    "the interpreter ended while a module ran in it",
    "deserialization failed: No start of json char found",
    "Action failed: The program printed more than 28 MiB and was killed.",
    "Action failed: The program printed more than 28 MiB and was killed.",
    "Module failed: The program printed more than 28 MiB and was killed.",
    "Module failed: The program printed more than 28 MiB and was killed.",
    "Task failed: The program printed more than 28 MiB and was killed.",
    "the command printed more than 64 MiB and was killed",
    "the interpreter ended while a module ran in it",
    "The module interpreter '/GOLDEN/home/python-to-remove' was not found.",
    "",
];

#[test]
fn what_breaks_the_worker_is_one_task_that_fails() {
    let Some(oracle) = oracle() else { return };
    let sandbox = sandbox();
    let ours = run_in(&sandbox, &oracle, Path::new(env!("CARGO_BIN_EXE_churten")), "surviving.yml", &[], &[]);
    let mut rest = ours.stdout.as_str();
    for complaint in COMPLAINTS {
        let found = rest.find(complaint).unwrap_or_else(|| panic!("{complaint}: {}{}", ours.stdout, ours.stderr));
        rest = &rest[found..];
    }
    assert!(rest.contains("\"got\": \"9\"") && rest.contains("failed=0"), "{}{}", ours.stdout, ours.stderr);
    assert_eq!(ours.stdout.matches("\"got\":").count(), 8, "{}", ours.stdout);
    assert_eq!(left(&sandbox), Vec::<String>::new());
}

#[test]
fn interrupted_modules_leave_nothing() {
    let Some(oracle) = oracle() else { return };
    let sandbox = sandbox();
    let mut child =
        command(&sandbox, &oracle, Path::new(env!("CARGO_BIN_EXE_churten")), "endless.yml").spawn().unwrap();
    let begun = Instant::now();
    while !sandbox.path().join("home/begun").exists() {
        assert!(begun.elapsed() < Duration::from_secs(60), "the module has not begun");
        std::thread::sleep(Duration::from_millis(20));
    }
    let interrupt = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(interrupt.success());
    assert_eq!(child.wait().unwrap().code(), Some(99));
    assert!(begun.elapsed() < Duration::from_secs(60));
    assert_eq!(left(&sandbox), Vec::<String>::new());
}

/// A run that is waited for elsewhere.
fn command(sandbox: &Sandbox, oracle: &Oracle, program: &Path, playbook: &str) -> Command {
    let mut command = Command::new(sandbox.link(program, "ansible-playbook").unwrap());
    command
        .args(["-i", "one,", "-c", "local", playbook])
        .current_dir(sandbox.path().join("playbooks"))
        .env_clear()
        .env("PATH", format!("{}:/usr/bin:/bin", oracle.directory().display()))
        .env("HOME", sandbox.path().join("home"))
        .env("ANSIBLE_PYTHON_INTERPRETER", oracle.python())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// A path that was left, but for what a host keeps for later runs on purpose: whole archives of Python modules.
fn not_kept(path: &Path) -> Vec<String> {
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let own = name(path).strip_prefix("churten-").is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit()));
    let paths = match own {
        true => std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect(),
        false => vec![path.to_path_buf()],
    };
    let kept = |path: &PathBuf| own && name(path).starts_with("kept-");
    paths.iter().filter(|path| !kept(path)).map(|path| path.to_string_lossy().into_owned()).collect()
}

/// What is left of a run: files, and processes that know its home, after a moment to end.
fn left(sandbox: &Sandbox) -> Vec<String> {
    let home = sandbox.path().join("home");
    let begun = Instant::now();
    loop {
        let mut found: Vec<String> = Vec::new();
        for directory in [".ansible/tmp", ".ansible_async"] {
            let entries = std::fs::read_dir(home.join(directory)).into_iter().flatten().flatten();
            found.extend(entries.map(|entry| entry.path()).flat_map(|path| not_kept(&path)));
        }
        let wanted = format!("HOME={}", home.display());
        for process in std::fs::read_dir("/proc").unwrap().flatten() {
            let environment = std::fs::read(process.path().join("environ")).unwrap_or_default();
            if environment.split(|byte| *byte == 0).any(|variable| variable == wanted.as_bytes()) {
                let line = std::fs::read(process.path().join("cmdline")).unwrap_or_default();
                found.push(String::from_utf8_lossy(&line).replace('\0', " "));
            }
        }
        if found.is_empty() || begun.elapsed() > Duration::from_secs(3) {
            return found;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
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
    run_in(&sandbox(), oracle, program, playbook, arguments, environment)
}

fn sandbox() -> Sandbox {
    Sandbox::new(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python")).unwrap()
}

fn run_in(
    sandbox: &Sandbox,
    oracle: &Oracle,
    program: &Path,
    playbook: &str,
    arguments: &[&str],
    environment: &[(&str, &str)],
) -> Outcome {
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
