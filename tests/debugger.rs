//! The task debugger, as ansible-core 2.19.14 answers the same commands.

use std::io::Write;
use std::process::{Command, Stdio};

const PLAYBOOK: &str = "- hosts: localhost
  gather_facts: false
  strategy: STRATEGY
  vars: {word: abc}
  tasks:
    - name: fails
      command: sh -c 'exit {{ code | default(3) }}'
      debugger: on_failed
";

/// What is typed, what stands after the prompt, and the exit code.
const SESSIONS: [(&str, &str, i32); 6] = [
    ("p task_vars[\"word\"]\np task\np task.args['_raw_params']\nc\n", "'abc'|TASK: fails|\"sh -c 'exit 3'\"|", 2),
    (
        "p nothing\np task_vars['nothing']\nhelp p\nc\n",
        "***NameError:NameError(\"name 'nothing' is not defined\")|***KeyError:KeyError('nothing')|Pretty Print|",
        2,
    ),
    ("task_vars['code'] = 0\nu\nr\n", "||changed: [localhost]", 0),
    ("task.args['_raw_params'] = 'true'\nr\n", "|changed: [localhost]", 0),
    ("q\n", "User interrupted execution", 99),
    ("", "User interrupted execution", 99),
];

#[test]
fn commands_are_answered() {
    let strategies = ["linear", "free", "host_pinned"];
    for (strategy, (typed, answers, code)) in strategies.iter().flat_map(|name| SESSIONS.map(|session| (name, session)))
    {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("play.yml"), PLAYBOOK.replace("STRATEGY", strategy)).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_churten"))
            .args(["playbook", "play.yml"])
            .current_dir(directory.path())
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("HOME", directory.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let stdout = String::from_utf8_lossy(&output.stdout);
        let prompt = "[localhost] TASK: fails (debug)> ";
        let said: Vec<&str> =
            stdout.split(prompt).skip(1).map(|text| text.lines().next().unwrap_or_default()).collect();
        assert_eq!(said.join("|"), answers, "{strategy} {typed}: {stdout}");
        assert_eq!(output.status.code(), Some(code), "{strategy} {typed}: {stdout}");
    }
}
