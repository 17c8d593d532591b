//! `ansible-vault`: files that go round, modes, broken editors, and files exchanged with ansible-core.

use churten_testing::Oracle;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

struct Place {
    directory: tempfile::TempDir,
    program: PathBuf,
}

impl Place {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let program = directory.path().join("ansible-vault");
        symlink(env!("CARGO_BIN_EXE_churten"), &program).unwrap();
        fs::write(directory.path().join("one"), "first\n").unwrap();
        fs::write(directory.path().join("two"), "second\n").unwrap();
        Self { directory, program }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn run_program(&self, program: &Path, editor: &str, arguments: &[&str]) -> Output {
        Command::new(program)
            .args(arguments)
            .current_dir(self.directory.path())
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("HOME", self.directory.path())
            .envs([("EDITOR", editor), ("LC_ALL", "C.UTF-8"), ("ANSIBLE_NOCOLOR", "1")])
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.run_program(&self.program, "false", arguments)
    }

    fn succeed(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    fn first_line(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap().lines().next().unwrap_or_default().to_owned()
    }

    /// Nothing of an editor's copy is left.
    fn assert_no_copies(&self) {
        let temporary = self.path(".ansible/tmp");
        let left = fs::read_dir(&temporary).map(|entries| entries.count()).unwrap_or_default();
        assert_eq!(left, 0, "{}", temporary.display());
    }
}

/// As ansible-core: exit code 4 and the play's banner. It does not name the file.
#[test]
fn a_vault_in_group_vars_that_cannot_be_opened_ends_its_play() {
    let place = Place::new();
    fs::create_dir(place.path("group_vars")).unwrap();
    fs::write(place.path("hosts"), "other\n[locked]\nhost\n").unwrap();
    fs::write(place.path("group_vars/locked.yml"), "secret: yes\n").unwrap();
    place.succeed(&["encrypt", "--vault-id", "one", "group_vars/locked.yml"]);
    let play = |hosts: &str| format!("- hosts: {hosts}\n  gather_facts: false\n  tasks: [{{debug: {{msg: hello}}}}]\n");
    fs::write(place.path("site.yml"), play("other") + &play("host")).unwrap();
    let program = place.path("ansible-playbook");
    symlink(env!("CARGO_BIN_EXE_churten"), &program).unwrap();
    let output = place.run_program(&program, "false", &["-i", "hosts", "-c", "local", "site.yml"]);
    let (told, complained) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(4), "{told}{complained}");
    assert!(
        told.contains("ok: [other]") && told.trim_end().ends_with('*') && told.contains("\nPLAY [host] *"),
        "{told}"
    );
    let file = place.path("group_vars/locked.yml");
    let wanted = format!("[ERROR]: Attempting to decrypt but no vault secrets found.\nOrigin: {}\n", file.display());
    assert!(complained.starts_with(&wanted), "{complained}");
}

#[test]
fn files_go_round() {
    let place = Place::new();
    fs::write(place.path("plain"), "secret: yes\n").unwrap();
    place.succeed(&["encrypt", "--vault-id", "dev@one", "plain"]);
    assert_eq!(place.first_line("plain"), "$ANSIBLE_VAULT;1.2;AES256;dev");
    assert_eq!(fs::metadata(place.path("plain")).unwrap().mode() & 0o777, 0o600);
    assert_eq!(place.succeed(&["view", "--vault-id", "one", "plain"]), "secret: yes\n");
    fs::set_permissions(place.path("plain"), fs::Permissions::from_mode(0o640)).unwrap();
    place.succeed(&["rekey", "--vault-id", "one", "--new-vault-password-file", "two", "plain"]);
    assert_eq!(place.first_line("plain"), "$ANSIBLE_VAULT;1.1;AES256");
    assert_eq!(fs::metadata(place.path("plain")).unwrap().mode() & 0o777, 0o640);
    let before = fs::read(place.path("plain")).unwrap();
    assert_eq!(place.run(&["decrypt", "--vault-id", "one", "plain"]).status.code(), Some(1));
    assert_eq!(fs::read(place.path("plain")).unwrap(), before, "a wrong password changes nothing");
    place.succeed(&["decrypt", "--vault-id", "one", "--vault-id", "two", "plain"]);
    assert_eq!(fs::read_to_string(place.path("plain")).unwrap(), "secret: yes\n");
}

#[test]
fn editors() {
    let place = Place::new();
    let arguments = ["create", "--skip-tty-check", "--vault-id", "one", "made.yml"];
    // The copy is private and has the file's extension.
    let editor = "sh -c 'case $0 in *.yml) stat -c %a $0 >$0;; esac'";
    assert!(place.run_program(&place.program, editor, &arguments).status.success());
    assert_eq!(place.succeed(&["view", "--vault-id", "one", "made.yml"]), "600\n");
    place.assert_no_copies();
    let before = fs::read(place.path("made.yml")).unwrap();
    for (editor, code) in [("true", 0), ("false", 0), ("/nonexistent/editor", 1)] {
        let edited = place.run_program(&place.program, editor, &["edit", "--vault-id", "one", "made.yml"]);
        assert_eq!(edited.status.code(), Some(code), "{editor}");
        assert_eq!(fs::read(place.path("made.yml")).unwrap(), before, "{editor}");
        place.assert_no_copies();
    }
    let edited =
        place.run_program(&place.program, "sh -c 'echo more >>$0'", &["edit", "--vault-id", "one", "made.yml"]);
    assert!(edited.status.success());
    assert_eq!(place.succeed(&["view", "--vault-id", "one", "made.yml"]), "600\nmore\n");
}

#[test]
fn a_signal_in_an_editor_leaves_nothing() {
    let place = Place::new();
    fs::write(place.path("plain"), "text\n").unwrap();
    place.succeed(&["encrypt", "--vault-id", "one", "plain"]);
    let before = fs::read(place.path("plain")).unwrap();
    // The editor tells its parent to stop, as Ctrl-C does.
    let editor = "sh -c 'echo half >>$0; kill -INT $PPID; exec sleep 20'";
    let edited = place.run_program(&place.program, editor, &["edit", "--vault-id", "one", "plain"]);
    assert_eq!(edited.status.code(), Some(99));
    assert_eq!(fs::read(place.path("plain")).unwrap(), before);
    place.assert_no_copies();
}

#[test]
fn strings() {
    let place = Place::new();
    let yaml = place.succeed(&["encrypt_string", "--vault-id", "dev@one", "-n", "name", "text"]);
    assert!(yaml.starts_with("name: !vault |\n          $ANSIBLE_VAULT;1.2;AES256;dev\n          "), "{yaml}");
    let armour: String = yaml.lines().skip(1).map(|line| format!("{}\n", line.trim())).collect();
    fs::write(place.path("armour"), armour).unwrap();
    assert_eq!(place.succeed(&["decrypt", "--vault-id", "one", "armour", "--output", "-"]), "text");
}

#[test]
#[expect(clippy::print_stdout, reason = "what is skipped is told to whoever runs the test")]
fn files_are_exchanged_with_ansible_core() {
    let Some(oracle) = Oracle::find() else {
        println!("skipped: CHURTEN_ORACLE is not set");
        return;
    };
    let place = Place::new();
    let theirs = oracle.program("ansible-vault");
    let texts: [&[u8]; 4] = [b"", b"a: 1\n", b"no newline", &[0xff, 0x00, 0x0a, 0xc3]];
    for text in texts {
        for (writer, reader) in [(&theirs, &place.program), (&place.program, &theirs)] {
            fs::write(place.path("file"), text).unwrap();
            for id in ["one", "dev@one"] {
                let written = place.run_program(writer, "true", &["encrypt", "--vault-id", id, "file"]);
                assert!(written.status.success(), "{}", String::from_utf8_lossy(&written.stderr));
                let rekey = ["rekey", "--vault-id", "one", "--new-vault-id", "new@two", "file"];
                assert!(place.run_program(reader, "true", &rekey).status.success());
                assert_eq!(place.first_line("file"), "$ANSIBLE_VAULT;1.2;AES256;new");
                let read = place.run_program(writer, "true", &["decrypt", "--vault-id", "two", "file"]);
                assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
                assert_eq!(fs::read(place.path("file")).unwrap(), text);
            }
        }
    }
}
