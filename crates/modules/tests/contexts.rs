//! SELinux contexts of files on hosts in memory.

use churten_module::{FakeHost, Options};
use churten_value::{Dict, Value, from_json};

const POLICY: &str = "/.*\tsystem_u:object_r:default_t:s0\n/etc/.*\tsystem_u:object_r:etc_t:s0\n\
                      /etc/secret\t--\tsystem_u:object_r:secret_t:s0:c1\n/tmp/.*\t<<none>>\n";

fn host() -> FakeHost {
    FakeHost::new()
        .with_directory("/mnt/nfs")
        .with_file("/etc/own", "a\n")
        .with_file("/mnt/nfs/f", "a\n")
        .with_selinux(POLICY, &["/mnt/nfs"])
        .with_context("/etc/own", "staff_u:object_r:own_t:s0")
        .with_context("/mnt/nfs", "system_u:object_r:nfs_t:s0")
}

fn run(host: &FakeHost, module: &str, arguments: &str, check: bool) -> Dict {
    let arguments = from_json(arguments).unwrap().as_dict().unwrap().clone();
    let options = Options { check, diff: true, ..Options::default() };
    churten_modules::find(module).unwrap().run(host, &arguments, &options)
}

/// What is made, replaced and changed has the context of ansible-core's rules, and stays so.
#[test]
fn contexts_of_files() {
    for (module, arguments, path, expected) in [
        // New files get the policy's context, those that are replaced keep theirs.
        ("copy", r#"{"dest": "/etc/n", "content": "x"}"#, "/etc/n", "system_u:object_r:etc_t:s0"),
        ("copy", r#"{"dest": "/etc/own", "content": "x"}"#, "/etc/own", "staff_u:object_r:own_t:s0"),
        ("copy", r#"{"dest": "/tmp/n", "content": "x"}"#, "/tmp/n", "unconfined_u:object_r:made_t:s0"),
        ("copy", r#"{"dest": "/etc/n", "content": "x", "setype": "x_t"}"#, "/etc/n", "system_u:object_r:x_t:s0"),
        (
            "lineinfile",
            r#"{"path": "/etc/own", "line": "b", "setype": "_default"}"#,
            "/etc/own",
            "staff_u:object_r:etc_t:s0",
        ),
        // What the kernel makes has the kernel's context.
        ("file", r#"{"path": "/etc/n", "state": "directory"}"#, "/etc/n", "unconfined_u:object_r:made_t:s0"),
        (
            "file",
            r#"{"path": "/etc/n", "state": "directory", "setype": "_default"}"#,
            "/etc/n",
            "unconfined_u:object_r:etc_t:s0",
        ),
        (
            "file",
            r#"{"path": "/etc/own", "seuser": "_default", "serole": "r", "setype": "t", "selevel": "s0:c2"}"#,
            "/etc/own",
            "system_u:r:t:s0:c2",
        ),
        ("file", r#"{"path": "/etc/own", "selevel": "s1"}"#, "/etc/own", "staff_u:object_r:own_t:s1"),
        (
            "file",
            r#"{"path": "/etc/l", "src": "/etc/own", "state": "link", "follow": false, "setype": "l_t"}"#,
            "/etc/l",
            "unconfined_u:object_r:l_t:s0",
        ),
        // Levels have colons, too.
        ("copy", r#"{"dest": "/etc/secret", "content": "x"}"#, "/etc/secret", "system_u:object_r:secret_t:s0:c1"),
        // Where files have no contexts of their own they get the mount's, whatever is asked for.
        ("file", r#"{"path": "/mnt/nfs/f", "setype": "x_t"}"#, "/mnt/nfs/f", "system_u:object_r:nfs_t:s0"),
        ("copy", r#"{"dest": "/mnt/nfs/n", "content": "x"}"#, "/mnt/nfs/n", "system_u:object_r:nfs_t:s0"),
    ] {
        let host = host();
        let before = host.changes();
        assert_eq!(run(&host, module, arguments, true).get("changed"), Some(&true.into()), "{arguments}");
        assert_eq!(host.changes(), before, "{arguments}");
        let done = run(&host, module, arguments, false);
        assert_eq!(done.get("changed"), Some(&true.into()), "{arguments} {done}");
        assert_eq!(host.context_of(path).as_deref(), Some(expected), "{arguments}");
        let is_named = done.get("path").or_else(|| done.get("dest")).is_some();
        assert_eq!(done.get("secontext"), is_named.then(|| Value::from(expected)).as_ref(), "{arguments}");
        let again = run(&host, module, arguments, false);
        assert_eq!(again.get("changed"), Some(&false.into()), "{arguments} {again}");
    }
}

fn side(result: &Dict, side: &str) -> Option<String> {
    let diff = result.get("diff")?.as_dict()?.get(side)?.as_dict()?;
    Some(diff.get("secontext")?.to_text())
}

#[test]
fn differences_and_failures() {
    let host = host();
    let arguments = r#"{"path": "/etc/own", "setype": "x_t"}"#;
    let predicted = run(&host, "file", arguments, true);
    assert_eq!(side(&predicted, "before").as_deref(), Some("['staff_u', 'object_r', 'own_t', 's0']"));
    assert_eq!(side(&predicted, "after").as_deref(), Some("['staff_u', 'object_r', 'x_t', 's0']"));
    // Of what is made the difference is known afterwards.
    let made = run(&host, "file", r#"{"path": "/etc/d", "state": "directory", "setype": "x_t"}"#, false);
    assert_eq!(side(&made, "after").as_deref(), Some("['unconfined_u', 'object_r', 'x_t', 's0']"));
    let refused = run(&host, "file", r#"{"path": "/etc/own", "setype": "nosuch_t"}"#, false);
    assert_eq!(refused.get("msg"), Some(&Value::from("invalid selinux context: [Errno 22] Invalid argument")));
    for (key, expected) in [
        ("path", "/etc/own"),
        ("cur_context", "['staff_u', 'object_r', 'own_t', 's0']"),
        ("new_context", "['staff_u', 'object_r', 'nosuch_t', 's0']"),
        ("input_was", "[None, None, 'nosuch_t', None]"),
    ] {
        assert_eq!(refused.get(key).map(Value::to_text).as_deref(), Some(expected), "{refused}");
    }
}
