//! The command lines by which other identities are taken on, seen by programs that stand in for the real ones: those of
//! `tests/become/lines.txt`, which `CHURTEN_GOLDEN=record` writes anew. With `CHURTEN_ORACLE` ansible-core's must be the same.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

/// Methods by their full names.
const METHODS: [&str; 13] = [
    "ansible.builtin.sudo",
    "ansible.builtin.su",
    "community.general.doas",
    "community.general.dzdo",
    "community.general.ksu",
    "community.general.machinectl",
    "community.general.pbrun",
    "community.general.pfexec",
    "community.general.pmrun",
    "community.general.run0",
    "community.general.sesu",
    "community.general.sudosu",
    "containers.podman.podman_unshare",
];

/// Kinds of hosts: variables of each method.
const KINDS: [(&str, &[(&str, &str)]); 5] = [
    ("plain", &[]),
    ("user", &[("ansible_become_user", "daemon")]),
    ("password", &[("ansible_become_user", "daemon"), ("ansible_become_pass", "right")]),
    ("flags", &[("ansible_become_user", "daemon"), ("ansible_become_flags", "-k 'a b'")]),
    (
        "other",
        &[
            ("ansible_become_user", "daemon"),
            ("ansible_pbrun_wrap_execution", "true"),
            ("ansible_pfexec_wrap_execution", "true"),
            ("ansible_sudosu_alt_method", "true"),
        ],
    ),
];

/// The stand-ins, an inventory and playbooks; `with` are variables of all hosts.
fn stage(at: &Path, kinds: &[(&str, &[(&str, &str)])], methods: &[&str]) {
    let standin = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/become/standin");
    std::fs::create_dir_all(at.join("bin")).unwrap();
    for name in
        ["doas", "dzdo", "ksu", "machinectl", "pbrun", "pfexec", "pmrun", "podman", "run0", "sesu", "su", "sudo"]
    {
        std::os::unix::fs::symlink(&standin, at.join("bin").join(name)).unwrap();
    }
    let mut inventory = "all:\n  hosts:\n".to_owned();
    for method in methods {
        for (kind, variables) in kinds {
            let name = method.rsplit('.').next().unwrap();
            let _ = writeln!(inventory, "    {name}_{kind}:\n      ansible_become_method: {method}");
            for (variable, value) in *variables {
                let _ = writeln!(inventory, "      {variable}: \"{value}\"");
            }
        }
    }
    std::fs::write(at.join("hosts.yml"), inventory).unwrap();
    std::fs::write(at.join("ansible.cfg"), "").unwrap();
    for module in ["raw", "command"] {
        let play = format!(
            "- hosts: all\n  gather_facts: false\n  connection: local\n  become: true\n  tasks:\n    - {module}: echo \
             reached\n      register: said\n      ignore_errors: true\n"
        );
        std::fs::write(at.join(format!("{module}.yml")), play).unwrap();
    }
}

/// Run a playbook; what it printed, and the stand-ins' command lines.
fn run(at: &Path, program: &Path, arguments: &[&str], want: &str) -> (String, String) {
    churten_testing::run_with_standins(at, program, arguments, &[("WANT", want)])
}

fn churten(at: &Path, module: &str, want: &str) -> (String, String) {
    let playbook = format!("{module}.yml");
    run(at, Path::new(env!("CARGO_BIN_EXE_churten")), &["playbook", "-i", "hosts.yml", &playbook], want)
}

/// The command lines, each once, without what differs from run to run. `CMD` is the command.
fn lines(log: &str) -> String {
    let mut found = BTreeSet::new();
    for line in log.lines() {
        let mut words: Vec<String> = line.split(" [").map(|word| word.trim_end_matches(']').to_owned()).collect();
        for word in &mut words {
            if let Some((before, _)) = word.split_once(", key=") {
                *word = format!("{before}, key=KEY] password:").replace("via ansible", "via churten");
            }
            if word.contains("BECOME-SUCCESS") || word.contains("exec /") {
                let shell = if word.starts_with("/bin/sh -c ") { "/bin/sh -c " } else { "" };
                *word = format!("{shell}CMD");
            }
        }
        found.insert(words.join(" | "));
    }
    found.into_iter().map(|line| line + "\n").collect()
}

#[test]
fn every_program_is_called_as_ansible_core_calls_it() {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    stage(at, &KINDS, &METHODS);
    let (_, raw) = churten(at, "raw", "");
    let (printed, command) = churten(at, "command", "");
    assert_eq!(lines(&raw), lines(&command), "{printed}");
    let recorded = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/become/lines.txt");
    churten_testing::compare_or_record(&recorded, &lines(&raw)).unwrap_or_else(|difference| panic!("{difference}"));

    let Some(oracle) = churten_testing::Oracle::find() else {
        let _ = writeln!(std::io::stderr(), "become: skipped: ansible-core's own command lines need CHURTEN_ORACLE");
        return;
    };
    let program = oracle.program("ansible-playbook");
    let (printed, log) = run(at, &program, &["-i", "hosts.yml", "-f", "2", "raw.yml"], "");
    // ansible-core has a terminal, where we need the flag to hand over a password; a collection may be missing.
    let without = |text: &str| {
        let text = lines(text).replace(" | -S | -p | ", " | -p | ").replace("-H | -p", "-H | -S | -p");
        let lines = text.lines().filter(|line| !line.contains("podman")).map(|line| format!("{line}\n"));
        lines.collect::<String>()
    };
    assert_eq!(without(&raw), without(&log), "{printed}");
}

#[test]
fn passwords_are_handed_over_when_they_are_asked_for() {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    let kinds: [(&str, &[(&str, &str)]); 3] = [
        ("right", &[("ansible_become_user", "daemon"), ("ansible_become_pass", "right")]),
        ("wrong", &[("ansible_become_user", "daemon"), ("ansible_become_pass", "wrong")]),
        ("none", &[("ansible_become_user", "daemon"), ("ansible_local_become_success_timeout", "1")]),
    ];
    // `pfexec` asks for nothing, and the plugin of `run0` takes no password.
    let asks = |method: &&str| !method.ends_with("pfexec") && !method.ends_with("run0");
    let asking: Vec<&str> = METHODS.into_iter().filter(asks).collect();
    stage(at, &kinds, &asking);
    for module in ["raw", "command"] {
        let (printed, _) = churten(at, module, "right");
        for method in &asking {
            let short = method.rsplit('.').next().unwrap();
            let name = method.strip_prefix("ansible.builtin.").unwrap_or(method);
            assert!(printed.contains(&format!("changed: [{short}_right]")), "{module} {method}: {printed}");
            let said = |what: &str, message: &str| {
                let message = format!("fatal: [{short}_{what}]: FAILED! => {{\"changed\": false, \"msg\": \"{message}");
                assert!(printed.contains(&message), "{module} {message}\n{printed}");
            };
            // These two say nothing that could be known.
            if !["pbrun", "pmrun"].contains(&short) {
                said("wrong", &format!("Task failed: Incorrect {name} password"));
            }
            if !["sudo", "sudosu", "dzdo", "podman_unshare"].contains(&short) {
                said("none", &format!("Task failed: Missing {name} password"));
            }
        }
    }
}
