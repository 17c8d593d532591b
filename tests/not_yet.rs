//! What churten cannot do yet is refused by name and line, before any task runs.

use std::process::{Command, Output, Stdio};

fn play(lines: &str, arguments: &[&str]) -> Output {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("play.yml"), format!("- hosts: localhost\n  gather_facts: false\n{lines}"))
        .unwrap();
    Command::new(env!("CARGO_BIN_EXE_churten"))
        .args(["playbook", "play.yml"])
        .args(arguments)
        .current_dir(directory.path())
        .env_clear()
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .env("HOME", directory.path())
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// The play's lines, what the message says is missing, and the line and column it points at.
const REFUSED: [(&str, &str, &str); 3] = [
    (
        "  strategy: free\n  tasks:\n    - debug:\n    - debug:\n      debugger: on_failed\n",
        "the debugger with the strategies free and host_pinned",
        "7:17",
    ),
    ("  tasks:\n    - debug:\n    - dnf:\n", "the module ansible.builtin.dnf", "5:7"),
    ("  tasks:\n    - block:\n      - rpm_key:\n          repo: x\n", "the module ansible.builtin.rpm_key", "5:9"),
];

#[test]
fn what_is_missing_is_refused_before_any_task() {
    for (lines, missing, place) in REFUSED {
        let output = play(lines, &[]);
        let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.status.code(), Some(1), "{missing}: {stdout}{stderr}");
        assert!(stderr.contains(&format!("[ERROR]: not yet supported by churten: {missing}\n")), "{missing}: {stderr}");
        assert!(stderr.contains(&format!("play.yml:{place}\n")), "{missing}: {stderr}");
        assert!(!stdout.contains("TASK"), "{missing}: {stdout}");
    }
}

#[test]
fn what_may_be_skipped_is_refused_where_it_runs() {
    let lines = "  tasks:\n    - rpm_key: {repo: x}\n      when: false\n    - debug:\n    - rpm_key: {repo: x}\n      when: true\n";
    let output = play(lines, &[]);
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(2), "{stdout}{stderr}");
    assert!(stdout.contains("ok=1    changed=0    unreachable=0    failed=1    skipped=1"), "{stdout}");
    assert!(stdout.contains("not yet supported by churten: the module ansible.builtin.rpm_key"), "{stdout}");
}

#[test]
fn flags_that_are_missing_are_refused() {
    let output = play("  tasks:\n    - debug:\n", &["--module-path", "/nowhere"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    assert_eq!(String::from_utf8_lossy(&output.stderr), "[ERROR]: not yet supported by churten: --module-path\n");
}
