//! What churten cannot do yet is refused by name and line, before any task runs.

use std::process::{Command, Output, Stdio};

fn play(lines: &str, arguments: &[&str]) -> Output {
    play_with(lines, arguments, &[])
}

/// Run a play with settings in the environment.
fn play_with(lines: &str, arguments: &[&str], settings: &[(&str, &str)]) -> Output {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("play.yml"), format!("- hosts: localhost\n  gather_facts: false\n{lines}"))
        .unwrap();
    std::fs::create_dir(directory.path().join("library")).unwrap();
    std::fs::write(
        directory.path().join("library/for_windows.ps1"),
        "#!powershell\n#AnsibleRequires -CSharpUtil Ansible.Basic\n",
    )
    .unwrap();
    Command::new(env!("CARGO_BIN_EXE_churten"))
        .args(["playbook", "play.yml"])
        .args(arguments)
        .current_dir(directory.path())
        .env_clear()
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .env("HOME", directory.path())
        .envs(settings.iter().copied())
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// The play's lines, what the message says is missing, and the line and column it points at.
const REFUSED: [(&str, &str, &str); 2] = [
    ("  tasks:\n    - debug:\n    - for_windows:\n", "the module for_windows (a module for Windows)", "5:7"),
    (
        "  tasks:\n    - block:\n      - for_windows:\n          repo: x\n",
        "the module for_windows (a module for Windows)",
        "5:9",
    ),
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
    let lines = "  tasks:\n    - for_windows: {repo: x}\n      when: false\n    - debug:\n    - for_windows: {repo: x}\n      when: true\n";
    let output = play(lines, &[]);
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(2), "{stdout}{stderr}");
    assert!(stdout.contains("ok=1    changed=0    unreachable=0    failed=1    skipped=1"), "{stdout}");
    assert!(stdout.contains("not yet supported by churten: the module for_windows (a module for Windows)"), "{stdout}");
}

#[test]
fn callbacks_for_the_screen_are_refused_and_others_left_out() {
    let lines = "  tasks:\n    - debug:\n";
    let output = play_with(lines, &[], &[("ANSIBLE_STDOUT_CALLBACK", "community.general.diy")]);
    assert_eq!(output.status.code(), Some(1));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(stderr.contains("not yet supported by churten: the callback community.general.diy"), "{stderr}");

    let output = play_with(lines, &[], &[("ANSIBLE_CALLBACKS_ENABLED", "slack, company.plugins.audit, timer")]);
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    for name in ["community.general.slack", "company.plugins.audit"] {
        let words = stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(&format!("the callback {name}. Skipping it; the run goes on without it.")), "{stderr}");
    }
    assert!(stdout.contains("Playbook run took 0 days"), "{stdout}");
}

#[test]
fn results_are_logged_for_each_host() {
    let directory = tempfile::tempdir().unwrap();
    let folder = directory.path().join("below/logs");
    let settings = [("ANSIBLE_CALLBACKS_ENABLED", "log_plays"), ("ANSIBLE_LOG_FOLDER", folder.to_str().unwrap())];
    let lines = "  tasks:\n    - {name: Named, debug: {msg: hello}}\n    - debug:\n      when: false\n";
    assert_eq!(play_with(lines, &[], &settings).status.code(), Some(0));
    let log = std::fs::read_to_string(folder.join("localhost")).unwrap();
    let entries: Vec<&str> = log.lines().filter_map(|line| Some(line.split_once(" - ")?.1)).collect();
    assert_eq!(entries.len(), 2, "{log}");
    assert_eq!(entries[0], r#"play.yml - Named - debug - OK - {"msg": "hello", "changed": false}"#);
    assert!(entries[1].starts_with("play.yml -  - debug - SKIPPED - {"), "{log}");
}
