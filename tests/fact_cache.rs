//! Facts that one run leaves for the next.

use std::path::Path;
use std::process::{Command, Output, Stdio};

const SETTINGS: &str = "[defaults]\nfact_caching = jsonfile\nfact_caching_connection = kept/facts\n\
                        fact_caching_prefix = p_\ngathering = smart\n";

const LEARN: &str = "- hosts: all\n  gather_facts: false\n  tasks:\n    - set_fact: {kept: '{{ 1 }}', cacheable: true}\n    \
                     - set_fact: {lost: 1}\n";

const ASK: &str = "- hosts: all\n  gather_facts: false\n  tasks:\n    - debug:\n        msg: \"kept={{ kept | \
                   default('no') }} fact={{ ansible_facts.kept | default('no') }} lost={{ lost | default('no') \
                   }}\"\n";

const FORGET: &str = "- hosts: all\n  gather_facts: false\n  tasks:\n    - meta: clear_facts\n";

fn run(directory: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_churten"))
        .args(["playbook", "-i", "h1,h2,", "-c", "local"])
        .args(arguments)
        .current_dir(directory)
        .env_clear()
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .env("HOME", directory)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let stdout = String::from_utf8_lossy(&output.stdout);
    let messages = stdout.lines().filter_map(|line| line.trim().strip_prefix("\"msg\": "));
    messages.map(|message| format!("{message}\n")).collect()
}

#[test]
fn a_run_knows_what_the_last_one_learned() {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    for (name, text) in [("ansible.cfg", SETTINGS), ("learn.yml", LEARN), ("ask.yml", ASK), ("forget.yml", FORGET)] {
        std::fs::write(at.join(name), text).unwrap();
    }
    let known = "\"kept=1 fact=1 lost=no\"\n".repeat(2);
    let unknown = "\"kept=no fact=no lost=no\"\n".repeat(2);
    assert_eq!(said(&run(at, &["ask.yml"])), unknown);
    said(&run(at, &["learn.yml"]));
    let file = at.join("kept/facts/p_s1_h1");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), r#"{"__payload__": "{\"kept\": 1}"}"#);
    assert_eq!(said(&run(at, &["ask.yml"])), known);
    said(&run(at, &["forget.yml"]));
    assert!(!file.exists());
    said(&run(at, &["learn.yml"]));
    assert_eq!(said(&run(at, &["--flush-cache", "ask.yml"])), unknown);
    said(&run(at, &["learn.yml"]));
    std::fs::write(&file, "nonsense").unwrap();
    let output = run(at, &["ask.yml"]);
    assert_eq!(output.status.code(), Some(1));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(stderr.contains("was corrupt, or did not otherwise contain valid data. It has been removed"), "{stderr}");
    assert!(!file.exists());
}
