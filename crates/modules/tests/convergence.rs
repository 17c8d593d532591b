//! What a plan predicts is what is done, and a second run changes nothing.

use churten_module::{FakeHost, Observe, Options};
use churten_value::{Dict, Value, from_json};
use std::path::Path;

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
