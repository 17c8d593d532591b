//! A profile tells where the time of a run goes, is its user's alone, and changes nothing about the run.

use churten_testing::{Outcome, Sandbox, Trace, mask};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

fn run(sandbox: &Sandbox, words: &[&str]) -> Outcome {
    let arguments: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    let program = Path::new(env!("CARGO_BIN_EXE_churten"));
    let environment = [("ANSIBLE_LOCALHOST_WARNING".to_owned(), "0".to_owned())];
    sandbox.run(program, Path::new("/usr/bin/python3"), &environment, &arguments).unwrap()
}

fn sandbox() -> Sandbox {
    Sandbox::new(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/playbooks")).unwrap()
}

#[test]
fn a_profile_tells_of_hosts_and_tasks() {
    let sandbox = sandbox();
    let playbook = sandbox.path().join("own.yml").display().to_string();
    std::fs::write(
        &playbook,
        "- hosts: all\n  gather_facts: false\n  tasks:\n    - name: Ask\n      ping:\n    - name: Wait\n      \
         command: sleep 0.2\n    - name: Say\n      debug: {msg: \"{{ secret }}\"}\n      no_log: true\n",
    )
    .unwrap();
    let profile = sandbox.path().join("output.profile");
    std::fs::write(&profile, "what was there").unwrap();
    let words = ["playbook", "-c", "local", "-i", "h1,h2,", "-e", "secret=hush", &playbook];
    let words: Vec<&str> = words.into_iter().chain(["--profile", profile.to_str().unwrap()]).collect();
    let outcome = run(&sandbox, &words);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{outcome:?}");
    assert_eq!(std::fs::metadata(&profile).unwrap().permissions().mode() & 0o777, 0o600);
    let text = std::fs::read_to_string(&profile).unwrap();
    assert!(!text.contains("hush") && text.contains("\"h2\""), "{text}");
    let trace = Trace::read(&text).unwrap();
    let tasks = trace.of("task");
    for name in ["Ask", "Wait", "Say"] {
        assert_eq!(tasks.iter().filter(|task| task.name == name).count(), 2, "{name}: {text}");
    }
    assert_eq!(trace.of("render").len(), 6);
    // What a task waits for is inside of it, and a module inside of its round trip.
    for category in ["render", "wire", "module"] {
        for span in trace.of(category) {
            assert!(tasks.iter().any(|task| task.holds(span)), "{category} {}: {text}", span.name);
        }
    }
    let modules = trace.of("module");
    assert_eq!(modules.len(), 4, "{text}");
    for module in modules {
        assert!(trace.of("wire").iter().any(|wire| wire.name == "module" && wire.holds(module)), "{text}");
        assert_eq!(module.name.contains("command"), module.took() >= 200_000, "{module:?}");
    }
}

#[test]
fn a_profile_changes_nothing() {
    for words in
        [["-i", "h1,h2,h3,", "several_hosts.yml"], ["-i", "h1,", "loops.yml"], ["-i", "h1,h2,", "includes.yml"]]
    {
        let sandbox = sandbox();
        let output = format!("output={}/output", sandbox.path().display());
        let first = ["playbook", "-v", "-c", "local", "-e", &output];
        let plain: Vec<&str> = first.into_iter().chain(words).collect();
        let masked = |outcome: Outcome| Outcome { stdout: mask(&outcome.stdout), ..outcome };
        let shown = masked(run(&sandbox, &plain));
        let profile = sandbox.path().join("output.profile").display().to_string();
        let record = sandbox.path().join("output.record").display().to_string();
        let more = ["--profile", profile.as_str(), "--log-events", record.as_str()];
        let profiled: Vec<&str> = plain.iter().copied().chain(more).collect();
        assert_eq!(masked(run(&sandbox, &profiled)), shown, "{words:?}");
        assert!(!std::fs::read_to_string(&record).unwrap().contains("_churten"), "{words:?}");
        assert!(!Trace::read(&std::fs::read_to_string(&profile).unwrap()).unwrap().spans.is_empty());
    }
}

#[test]
fn a_profile_tells_of_connections_that_fail() {
    let sandbox = sandbox();
    let profile = sandbox.path().join("output.profile").display().to_string();
    let host = "ansible_host=127.0.0.1 ansible_port=9 ansible_user=nobody ansible_password=hush";
    let outcome = run(&sandbox, &["playbook", "-i", "h1,", "-e", host, "--profile", &profile, "basic.yml"]);
    assert_eq!(outcome.code, 4, "{outcome:?}");
    let text = std::fs::read_to_string(&profile).unwrap();
    assert!(!text.contains("hush"), "{text}");
    let trace = Trace::read(&text).unwrap();
    let connects = trace.of("connect");
    assert!(!connects.is_empty() && connects.iter().all(|connect| connect.host == "h1"), "{text}");
    assert!(connects.iter().all(|connect| trace.of("task").iter().any(|task| task.holds(connect))), "{text}");
    assert!(trace.of("wire").is_empty() && trace.of("worker").is_empty(), "{text}");
}

#[test]
fn a_profile_that_cannot_be_written_is_refused() {
    let outcome = run(&sandbox(), &["playbook", "-i", "h1,", "--profile", "/nowhere/profile", "basic.yml"]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (5, ""));
    let message = "[ERROR]: --profile /nowhere/profile: No such file or directory";
    assert!(outcome.stderr.starts_with(message), "{outcome:?}");
    // The beginning of a name is that of one of ansible-core's options.
    let outcome = run(&sandbox(), &["playbook", "-i", "h1,", "--pr", "/nowhere/key", "--syntax-check", "basic.yml"]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
}
