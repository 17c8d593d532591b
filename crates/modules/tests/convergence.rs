//! What a plan predicts is what is done, and a second run changes nothing.

use churten_module::{FakeHost, Observe, Options, Output, Program};
use churten_value::{Dict, Value, from_json};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Run in check mode, for real, and once more, on a host that a test prepares.
fn converges(host: &FakeHost, module: &str, arguments: &str) -> Dict {
    let module = churten_modules::find(module).unwrap();
    let arguments = from_json(arguments).unwrap().as_dict().unwrap().clone();
    let run = |check| module.run(host, &arguments, &Options { check, diff: true, ..Options::default() });
    let before = host.changes();
    let predicted = run(true);
    assert_eq!(host.changes(), before, "check mode changed the host");
    let done = run(false);
    assert_eq!(predicted.get("changed"), done.get("changed"), "{predicted} {done}");
    assert_eq!(done.get("failed"), None, "{done}");
    let after = host.changes();
    let again = run(false);
    assert_eq!(again.get("changed"), Some(&Value::from(false)), "{again}");
    assert_eq!(host.changes(), after, "the second run changed the host");
    done
}

#[test]
fn modules_converge() {
    for (module, arguments, path, content) in [
        ("lineinfile", r#"{"path": "/etc/f", "line": "port 2", "regexp": "^port"}"#, "/etc/f", "a\nport 2\n"),
        (
            "lineinfile",
            r#"{"path": "/etc/f", "line": "z", "insertbefore": "BOF", "mode": "0600"}"#,
            "/etc/f",
            "z\na\nport 1\n",
        ),
        ("lineinfile", r#"{"path": "/etc/f", "regexp": "^a", "state": "absent"}"#, "/etc/f", "port 1\n"),
        ("lineinfile", r#"{"path": "/new/f", "line": "x", "create": true}"#, "/new/f", "x\n"),
        ("copy", r#"{"dest": "/etc/f", "content": "new"}"#, "/etc/f", "new"),
        ("copy", r#"{"dest": "/etc/g", "content": "new", "mode": "0640", "owner": "daemon"}"#, "/etc/g", "new"),
        ("copy", r#"{"dest": "/etc/d/", "src": "/etc/f", "remote_src": true}"#, "/etc/d/f", "a\nport 1\n"),
        ("file", r#"{"path": "/etc/f", "mode": "u=rw,g=,o=", "owner": "daemon"}"#, "/etc/f", "a\nport 1\n"),
        ("file", r#"{"path": "/etc/l", "state": "link", "src": "/etc/f"}"#, "/etc/l", "a\nport 1\n"),
        ("file", r#"{"path": "/etc/h", "state": "hard", "src": "/etc/f"}"#, "/etc/h", "a\nport 1\n"),
    ] {
        let host = FakeHost::new().with_file("/etc/f", "a\nport 1\n");
        let done = converges(&host, module, arguments);
        assert_eq!(done.get("changed"), Some(&true.into()), "{module} {arguments}");
        assert_eq!(host.text(path).as_deref(), Some(content), "{module} {arguments}");
    }
}

#[test]
fn directories_are_made_and_removed() {
    let host = FakeHost::new().with_file("/srv/old/x", "x");
    converges(&host, "file", r#"{"path": "/srv/a/b", "state": "directory", "mode": "0750"}"#);
    assert_eq!(host.stat(Path::new("/srv/a/b")).unwrap().unwrap().mode, 0o750);
    converges(&host, "file", r#"{"path": "/srv/old", "state": "absent"}"#);
    assert_eq!(host.stat(Path::new("/srv/old")).unwrap(), None);
}

#[test]
fn secrets_are_masked() {
    let host = FakeHost::new();
    let module = churten_modules::find("ansible.builtin.copy").unwrap();
    let arguments = Dict::from([("src", "/none"), ("dest", "/tmp/x"), ("content", "hush")]);
    let result = module.run(&host, &arguments, &Options::default());
    let shown = result.get("invocation").unwrap().get("module_args").unwrap().get("content").unwrap().clone();
    assert_eq!(shown, "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER".into());
}

#[test]
fn every_module_is_found_and_documented() {
    for (module, manual) in churten_modules::MODULES.iter().zip(churten_modules::MANUALS) {
        let docs = manual.docs;
        let full = if module.name.contains('.') { "" } else { "ansible.builtin." };
        assert!(churten_modules::find(&format!("{full}{}", module.name)).is_some());
        assert!(!docs.text.is_empty(), "{} has no documentation", module.name);
        for argument in docs.arguments {
            assert!(!argument.text.is_empty(), "{}: {} has no documentation", module.name, argument.name);
        }
    }
    assert!(churten_modules::find("no_such_module").is_none());
}

#[test]
fn what_is_declared_beside_the_arguments_counts() {
    let run = |host: &FakeHost, module: &str, arguments: &str| {
        let arguments = from_json(arguments).unwrap().as_dict().unwrap().clone();
        churten_modules::find(module).unwrap().run(host, &arguments, &Options::default())
    };
    let host = FakeHost::new().with_variable("ANSIBLE_UNSAFE_WRITES", "yes");
    let result = run(&host, "file", r#"{"path": "/x", "state": "absent"}"#);
    let arguments = result.get("invocation").unwrap().get("module_args").unwrap();
    assert_eq!(arguments.get("unsafe_writes"), Some(&true.into()));
    let result = run(&host, "git", r#"{"repo": "/r", "dest": "/d", "gpg_whitelist": "x"}"#);
    let deprecations = result.get("deprecations").unwrap().to_text();
    assert!(deprecations.contains("Alias 'gpg_whitelist' is deprecated"), "{deprecations}");
    let result = run(&host, "get_url", "{}");
    assert_eq!(result.get("msg"), Some(&"missing required arguments: dest, url".into()));
}

#[test]
fn dnf_does_what_it_predicts() {
    let is_installed = Arc::new(AtomicBool::new(false));
    let known = is_installed.clone();
    let table = "Installing:\n apple  noarch  2.0-1  lab  5.9 k\n\nTransaction Summary\n";
    let host = FakeHost::new().with_program("/usr/bin/dnf").with_program("/usr/bin/rpm").on(move |words| {
        let said = |code, stdout: &str, stderr: &str| {
            Some(Output { code, stdout: stdout.into(), stderr: stderr.into(), timed_out: false })
        };
        let has = |word: &str| words.iter().any(|other| other == word);
        if has("-qa") {
            return said(0, if known.load(Ordering::Relaxed) { "apple 0 2.0 1 noarch\n" } else { "" }, "");
        }
        match (has("--assumeno"), has("install")) {
            (true, true) => said(1, table, "Operation aborted.\n"),
            (false, true) => {
                known.store(true, Ordering::Relaxed);
                said(0, table, "")
            }
            _ => said(1, "", "Error: not expected\n"),
        }
    });
    let done = converges(&host, "dnf", r#"{"name": "apple", "enablerepo": "lab", "disable_gpg_check": true}"#);
    assert_eq!(done.get("results"), Some(&Value::from(vec!["Installed: apple-2.0-1.noarch"])));
    assert!(is_installed.load(Ordering::Relaxed));
    let words = host.executed().pop().map(|command| command.program);
    let Some(Program::Arguments(words)) = words else { panic!("dnf was not run") };
    for word in ["--assumeyes", "--setopt=lab.enabled=1", "--nogpgcheck", "apple"] {
        assert!(words.iter().any(|other| other == word), "{word}: {words:?}");
    }
}

#[test]
fn dnf5_does_what_it_predicts() {
    let is_installed = Arc::new(AtomicBool::new(false));
    let known = is_installed.clone();
    let table = "Package Arch   Version Repository Size\nInstalling:\n apple  noarch 0:2.0-1 lab        6 B\n\nTransaction Summary:\n";
    let host = FakeHost::new().with_program("/usr/bin/dnf5").with_program("/usr/bin/rpm").on(move |words| {
        let said = |code, stdout: &str, stderr: &str| {
            Some(Output { code, stdout: stdout.into(), stderr: stderr.into(), timed_out: false })
        };
        let has = |word: &str| words.iter().any(|other| other == word);
        if has("-qa") {
            return said(0, if known.load(Ordering::Relaxed) { "apple 0 2.0 1 noarch\n" } else { "" }, "");
        }
        if has("--json") {
            return said(0, r#"[{"id": "lab", "is_enabled": false}, {"id": "main", "is_enabled": true}]"#, "");
        }
        match (has("--assumeno"), has("--action=install")) {
            (true, true) => said(1, table, "Operation aborted by the user.\n"),
            (false, true) => {
                known.store(true, Ordering::Relaxed);
                said(0, table, "Complete!\n")
            }
            _ => said(1, "", "not expected\n"),
        }
    });
    let done = converges(&host, "dnf5", r#"{"name": "apple", "enablerepo": "la*,none", "disable_gpg_check": true}"#);
    assert_eq!(done.get("results"), Some(&Value::from(vec!["Installed: apple-2.0-1.noarch"])));
    assert!(is_installed.load(Ordering::Relaxed));
    let words = host.executed().pop().map(|command| command.program);
    let Some(Program::Arguments(words)) = words else { panic!("dnf5 was not run") };
    for word in ["--assumeyes", "--setopt=lab.enabled=1", "--no-gpgchecks", "do", "apple"] {
        assert!(words.iter().any(|other| other == word), "{word}: {words:?}");
    }
    assert!(!words.iter().any(|word| word.contains("none.enabled") || word.contains("main.enabled")), "{words:?}");
}

#[test]
fn services_are_enabled_with_chkconfig() {
    for (arguments, expected) in [
        (r#"{"name": "x", "enabled": true}"#, "/usr/sbin/chkconfig x on"),
        (r#"{"name": "x", "enabled": true, "runlevels": ["3", "5"]}"#, "/usr/sbin/chkconfig --level 35 x on"),
    ] {
        let host = FakeHost::new().with_file("/etc/init.d/x", "").with_program("/usr/sbin/chkconfig");
        let host = host.on(|_| Some(Output::default()));
        let arguments = from_json(arguments).unwrap().as_dict().unwrap().clone();
        let result = churten_modules::find("sysvinit").unwrap().run(&host, &arguments, &Options::default());
        assert_eq!(result.get("changed"), Some(&true.into()), "{result}");
        let Some(Program::Arguments(words)) = host.executed().pop().map(|command| command.program) else {
            panic!("nothing was run");
        };
        assert_eq!(words.join(" "), expected);
    }
}
