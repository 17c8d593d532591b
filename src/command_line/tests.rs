//! Arguments in, options or an error out; the words are ansible-playbook's.

use super::dispatch::{Command, parse};
use super::playbook::PlaybookOptions;

fn run(arguments: &[&str]) -> Command {
    parse(std::iter::once("/usr/bin/ansible-playbook").chain(arguments.iter().copied()).map(Into::into))
}

fn options(arguments: &[&str]) -> PlaybookOptions {
    match run(arguments) {
        Command::Playbook(options) => *options,
        other => panic!("{other:?}"),
    }
}

fn error(arguments: &[&str]) -> String {
    match run(arguments) {
        Command::Refuse(text, 2) => {
            let line = text.lines().find_map(|line| line.strip_prefix("ansible-playbook: error: ")).unwrap_or_default();
            assert!(text.starts_with("usage: ansible-playbook [-h]"), "{text}");
            line.to_owned()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn errors_are_argparse_s() {
    let table: &[(&[&str], &str)] = &[
        (&[], "the following arguments are required: playbook"),
        (&["--no-such-option", "basic.yml"], "unrecognized arguments: --no-such-option"),
        (&["a.yml", "-v", "b.yml"], "unrecognized arguments: b.yml"),
        (
            &["-k", "--connection-password-file", "x", "p.yml"],
            "argument --connection-password-file/--conn-pass-file: not allowed with argument -k/--ask-pass",
        ),
        (
            &["-J", "--vault-password-file", "x", "p.yml"],
            "argument --vault-password-file/--vault-pass-file: not allowed with argument \
             -J/--ask-vault-password/--ask-vault-pass",
        ),
        (&["-f", "x", "p.yml"], "argument -f/--forks: invalid tag_value value: 'x'"),
        (&["-f", "0", "p.yml"], "The number of processes (--forks) must be >= 1"),
        (&["--li", "p.yml"], "ambiguous option: --li could match --list-hosts, --limit, --list-tasks, --list-tags"),
        (&["p.yml", "-i"], "argument -i/--inventory/--inventory-file: expected one argument"),
        (&["--check=yes", "p.yml"], "argument -C/--check: ignored explicit argument 'yes'"),
        (&["--ssh-extra-args", "-C", "p.yml"], "argument --ssh-extra-args: expected one argument"),
    ];
    for (arguments, expected) in table {
        assert_eq!(error(arguments), *expected, "{arguments:?}");
    }
}

#[test]
fn options_are_read() {
    let given = options(&[
        "-ih1,",
        "-i=h2,",
        "-CDvvv",
        "-ea=1",
        "--extra-vars",
        "@f",
        "-t",
        "a,b",
        "--tags=c",
        "--syn",
        "-T",
        "7",
        "-u",
        "me",
        "--ssh-common-args=-o X",
        "--scp-extra-args",
        "-o Y",
        "-f9",
        "--vault-password-file",
        "v",
        "--vault-id",
        "l@s",
        "--",
        "-p.yml",
        "q.yml",
    ]);
    assert_eq!(given.inventory, ["h1,", "h2,"]);
    assert!(given.check && given.diff && given.syntax_check);
    assert_eq!(given.verbosity, 3);
    assert_eq!(given.extra_vars, ["a=1", "@f"]);
    assert_eq!(given.tags, ["a", "b", "c"]);
    assert_eq!(given.settings["timeout"].as_int(), Some(7));
    assert_eq!(given.settings["ssh_common_args"].as_str(), Some("-o X"));
    assert_eq!(given.settings["scp_extra_args"].as_str(), Some("-o Y"));
    assert_eq!(given.forks, Some(9));
    assert_eq!(given.vault_ids, ["l@s"]);
    assert_eq!(given.vault_password_files, ["v"]);
    assert_eq!(given.playbooks, [std::path::Path::new("-p.yml"), std::path::Path::new("q.yml")]);
}

#[test]
fn programs() {
    let command = |words: &[&str]| parse(words.iter().map(Into::into));
    assert!(matches!(command(&["churten", "playbook", "p.yml"]), Command::Playbook(_)));
    assert_eq!(command(&["churten", "demo"]), Command::Demo);
    assert_eq!(command(&["churten", "link", "/d"]), Command::Link("/d".into()));
    assert!(matches!(command(&["churten"]), Command::Refuse(_, 2)));
    assert!(matches!(command(&["/x/ansible-vault", "view"]), Command::Vault(_)));
    assert!(matches!(command(&["churten", "config", "dump"]), Command::Config(_)));
    assert!(matches!(command(&["churten", "inventory", "--list"]), Command::Inventory(_)));
    assert!(matches!(command(&["ansible", "all"]), Command::AdHoc(_)));
    let refusal = |words: &[&str]| match command(words) {
        Command::Refuse(text, 2) => text.lines().find(|line| line.contains(": error: ")).unwrap_or_default().to_owned(),
        other => panic!("{other:?}"),
    };
    assert_eq!(refusal(&["ansible-vault"]), "ansible-vault: error: the following arguments are required: action");
    assert_eq!(refusal(&["ansible-vault", "view", "--bogus"]), "ansible-vault: error: unrecognized arguments: --bogus");
    assert_eq!(
        refusal(&["ansible-vault", "view", "--vault-id"]),
        "ansible-vault view: error: argument --vault-id: expected one argument"
    );
    assert_eq!(
        refusal(&["ansible-vault", "foo"]),
        "ansible-vault: error: argument action: invalid choice: 'foo' (choose from 'create', 'decrypt', 'edit', \
         'view', 'encrypt', 'encrypt_string', 'rekey')"
    );
    assert_eq!(
        refusal(&["ansible-config", "dump", "--format", "env"]),
        "ansible-config dump: error: argument --format/-f: invalid choice: 'env' (choose from 'json', 'yaml', 'display')"
    );
    assert_eq!(command(&["ansible-playbook", "-v", "--version"]), Command::Version("ansible-playbook".into()));
    assert!(
        matches!(command(&["churten", "playbook", "-h"]), Command::Print(text) if text.starts_with("usage: churten playbook"))
    );
}
