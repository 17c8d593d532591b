//! The pages of `ansible-doc` about everything that comes with ansible-core, against ansible-core's own; and what is
//! shown of native modules without it.
//!
//! The first needs `CHURTEN_ORACLE`. No page is kept here.

#![expect(clippy::print_stderr, reason = "the counts are for whoever runs this")]

use churten_testing::{Oracle, side_by_side};
use churten_value::{Value, from_json};
use std::path::Path;
use std::process::Command;

/// The kinds of plugins whose documentation stands in files.
const KINDS: [&str; 10] =
    ["module", "become", "cache", "callback", "connection", "inventory", "lookup", "shell", "strategy", "vars"];

/// What else is asked for; `BESIDE` is the directory of the files for it.
const MORE: [&str; 38] = [
    "-t keyword -l",
    "-t keyword -l -j",
    "-t keyword -F",
    "-t keyword become when",
    "-t keyword -j action async hosts vars nosuch",
    "-t keyword nosuch",
    "-t role",
    "-t role -l",
    "-t role -l --playbook-dir BESIDE",
    "-t role -l -j --playbook-dir BESIDE",
    "-t role --playbook-dir BESIDE every",
    "-t role --playbook-dir BESIDE nested",
    "-t role --playbook-dir BESIDE -v nested",
    "-t role --playbook-dir BESIDE bare",
    "-t role --playbook-dir BESIDE nosuch",
    "-t role --playbook-dir BESIDE -j nested bare",
    "-t role --playbook-dir BESIDE -e both every",
    "-t role --playbook-dir BESIDE -e nosuch every",
    "-t role --playbook-dir BESIDE -j -e data every",
    "-t role -r BESIDE/roles -l",
    "-t role -r BESIDE/roles nested",
    "-t role -l no.such",
    "-t role -l such",
    "-s -t lookup file env",
    "-s -t lookup config csvfile password sequence template url",
    "-s -t lookup nosuch",
    "-s -t inventory constructed",
    "-s -t inventory yaml script toml",
    "-s -t inventory --playbook-dir BESIDE plain",
    "-s -t become sudo",
    "-j -s -t lookup env",
    "-M BESIDE/library own",
    "-M BESIDE/library -j own",
    "-M BESIDE/library -s own",
    "-M BESIDE/library -l ansible.legacy",
    "-M /nowhere:BESIDE/library -F ansible.legacy",
    "-l no.such",
    "-l such",
];

/// What a program says of `arguments`, with `path` as its path.
fn said(program: &Path, path: &str, arguments: &[&str]) -> (String, String, Option<i32>) {
    let home = tempfile::tempdir().unwrap();
    let output = Command::new(program)
        .args(arguments)
        .current_dir(home.path())
        .env_clear()
        .env("PATH", path)
        .env("HOME", home.path())
        .envs([("LC_ALL", "C.UTF-8"), ("TERM", "dumb")])
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr), output.status.code())
}

fn names(json: &str) -> Vec<String> {
    from_json(json).unwrap().as_dict().unwrap().keys().map(Value::to_text).collect()
}

#[test]
fn pages_are_ansible_cores() {
    let Some(oracle) = Oracle::find() else {
        eprintln!("documentation: skipped, CHURTEN_ORACLE is not set");
        return;
    };
    let path = format!("{}:/usr/bin:/bin", oracle.directory().display());
    let churten = home_link();
    let both = |arguments: &[&str]| {
        let theirs = said(&oracle.program("ansible-doc"), &path, arguments);
        let ours = said(&churten.path().join("ansible-doc"), &path, arguments);
        assert!(theirs.0 == ours.0, "{arguments:?}: {:?}", theirs.0.lines().zip(ours.0.lines()).find(|(a, b)| a != b));
        assert_eq!((theirs.1, theirs.2), (ours.1, ours.2), "{arguments:?}");
        theirs.0
    };
    let of_a_kind = |kind: &&str| {
        both(&["-t", kind, "-l", "ansible.builtin"]);
        both(&["-t", kind, "-F", "ansible.builtin"]);
        let all = names(&both(&["-t", kind, "-l", "-j", "ansible.builtin"]));
        let mut arguments = vec!["-t", kind];
        arguments.extend(all.iter().map(String::as_str));
        both(&arguments);
        both(&[&["-j"], &arguments[..]].concat());
        if *kind == "module" {
            both(&[&["-s"], &arguments[..]].concat());
        }
        all.len()
    };
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/documentation");
    let beside = fixtures.to_str().unwrap();
    let of_more = |words: &&str| {
        let words: Vec<String> = words.split(' ').map(|word| word.replace("BESIDE", beside)).collect();
        both(&words.iter().map(String::as_str).collect::<Vec<_>>());
    };
    let count = side_by_side(&KINDS, of_a_kind).iter().sum::<usize>() + side_by_side(&MORE, of_more).len();
    let dump = |program: &Path| {
        let arguments = ["--metadata-dump", "--playbook-dir", beside];
        let all = from_json(&said(program, &path, &arguments).0).unwrap();
        // What Jinja2 says about its own filters and tests is not shown.
        let mut kinds = all.get("all").and_then(Value::as_dict).unwrap().clone();
        kinds.retain(|kind, _| !matches!(kind.as_str(), Some("filter" | "test")));
        Value::from(kinds)
    };
    let programs = [oracle.program("ansible-doc"), churten.path().join("ansible-doc")];
    let dumps = side_by_side(&programs, |program| dump(program));
    let [theirs, ours] = &dumps[..] else { panic!("two dumps") };
    for (kind, plugins) in theirs.as_dict().unwrap() {
        for (name, said) in plugins.as_dict().unwrap() {
            let found = ours.as_dict().and_then(|all| all.get_value(kind)?.as_dict()?.get_value(name));
            assert_eq!(Some(said), found, "{} {}", kind.to_text(), name.to_text());
        }
    }
    eprintln!("{count} pages of documentation agree with ansible-core");
}

/// A directory with links named like the programs of Ansible.
fn home_link() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_churten"));
    let done = Command::new(program).arg("link").arg(directory.path()).output().unwrap();
    assert!(done.status.success());
    directory
}

#[test]
fn native_modules_have_pages() {
    let programs = home_link();
    let ask = |arguments: &[&str]| said(&programs.path().join("ansible-doc"), "/nonexistent", arguments);
    let (listed, errors, code) = ask(&["-l", "-j"]);
    assert_eq!((errors.as_str(), code), ("", Some(0)));
    let names = names(&listed);
    assert!(names.iter().any(|name| name == "community.general.ufw"), "{names:?}");
    let mut arguments: Vec<&str> = names.iter().map(String::as_str).collect();
    arguments.insert(0, "-j");
    let (pages, errors, code) = ask(&arguments);
    assert_eq!((errors.as_str(), code), ("", Some(0)));
    for (name, page) in from_json(&pages).unwrap().as_dict().unwrap().iter() {
        let doc = page.get("doc").unwrap();
        for key in ["short_description", "description", "options", "attributes"] {
            assert!(doc.get(key).is_some_and(|value| !value.is_none()), "{}: {key}", name.to_text());
        }
    }
    let (page, errors, code) = ask(&["authorized_key", "lineinfile"]);
    assert_eq!((errors.as_str(), code), ("", Some(0)));
    for part in
        ["ansible.posix.authorized_key", "ansible.builtin.lineinfile", "insertafter", "choices: [absent, present]"]
    {
        assert!(page.contains(part), "{part} is missing in {page}");
    }
}
