//! Examples and return values of native modules (`crates/documentation/manuals/`), against ansible-core: it reads every
//! example as a task, documents the same values, and lays out the same page.
//!
//! All but our own reading of the examples needs `CHURTEN_ORACLE`; no text of ansible-core is kept here.

#![expect(clippy::print_stderr, reason = "the counts are for whoever runs this")]

use churten_documentation::{Document, native, native_names};
use churten_testing::Oracle;
use churten_value::{Dict, JsonStyle, Value, from_json};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

/// Values that differ on purpose: where, and why. What ansible-core documents nothing of is not among them.
const ON_PURPOSE: &[(&str, &str)] = &[
    ("ansible.posix.authorized_key key_option", "its name is `key_options` in results"),
    ("ansible.posix.authorized_key key_options", "its name is `key_options` in results"),
    ("ansible.posix.authorized_key unique", "it is not returned"),
    ("command msg", "it is text"),
    ("getent ansible_facts.getent_<database>", "it is a mapping"),
    ("package_facts ansible_facts", "`complex` says nothing; it is a mapping"),
    ("service_facts ansible_facts", "`complex` says nothing; it is a mapping"),
    ("service_facts ansible_facts.services", "it is a mapping"),
    ("shell msg", "it is text"),
    ("sysvinit results", "`complex` says nothing; it is a mapping"),
];

/// A program of the family, without settings of whoever runs this.
fn run(program: &Path, arguments: &[&str], directory: &Path, path: &str) -> Output {
    Command::new(program)
        .args(arguments)
        .current_dir(directory)
        .env_clear()
        .env("PATH", path)
        .env("HOME", directory)
        .envs([("LC_ALL", "C.UTF-8"), ("TERM", "dumb")])
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn churten() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_churten"))
}

/// The path that finds the oracle's programs.
fn path(oracle: &Oracle) -> String {
    format!("{}:/usr/bin:/bin", oracle.directory().display())
}

fn documents() -> Vec<(String, Document)> {
    native_names().into_iter().map(|name| (name.clone(), native(&name).unwrap())).collect()
}

/// A playbook with all examples, and the files that they take in.
fn playbook(directory: &Path) {
    for file in ["tasks/main.yml", "tasks/open_ports.yml"] {
        let file = directory.join("roles/firewall").join(file);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, "[]\n").unwrap();
    }
    for file in ["backup.yml", "prepare.yml"] {
        std::fs::write(directory.join(file), "[]\n").unwrap();
    }
    for file in ["base.yml", "web.yml"] {
        std::fs::write(directory.join(file), "- hosts: all\n").unwrap();
    }
    let mut plays = String::new();
    for (name, document) in documents() {
        let examples = document.examples.to_text();
        if name == "ansible.builtin.import_playbook" {
            plays.push_str(&examples);
            continue;
        }
        plays.push_str(&format!("\n- name: Examples of {name}\n  hosts: all\n  gather_facts: false\n  tasks:\n"));
        plays.extend(examples.lines().map(|line| format!("    {line}\n")));
    }
    std::fs::write(directory.join("examples.yml"), plays).unwrap();
}

#[test]
fn examples_are_playbooks() {
    let directory = tempfile::tempdir().unwrap();
    playbook(directory.path());
    let check = |program: &Path, first: &[&str], path: &str| {
        let arguments = [first, &["-i", "localhost,", "--syntax-check", "examples.yml"]].concat();
        let output = run(program, &arguments, directory.path(), path);
        assert!(output.status.success(), "{}: {}", program.display(), text(&output.stderr));
        (text(&output.stdout), text(&output.stderr))
    };
    let ours = check(churten(), &["playbook"], "/usr/bin:/bin");
    let Some(oracle) = Oracle::find() else {
        eprintln!("manuals: examples are not shown to ansible-core, CHURTEN_ORACLE is not set");
        return;
    };
    assert_eq!(ours, check(&oracle.program("ansible-playbook"), &[], &path(&oracle)));
}

/// The types of values by their names, those inside of others behind a dot.
fn types(values: &Dict, before: &str, found: &mut BTreeMap<String, String>) {
    for (name, about) in values {
        let part = |key: &str| about.get(key).map(Value::to_text).unwrap_or_default();
        let name = format!("{before}{}", name.to_text());
        if let Some(inner) = about.get("contains").and_then(Value::as_dict) {
            types(inner, &format!("{name}."), found);
        }
        found.insert(name, part("type"));
    }
}

fn types_of(returned: Option<&Value>) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    if let Some(values) = returned.and_then(Value::as_dict) {
        types(values, "", &mut found);
    }
    found
}

#[test]
fn values_are_those_of_ansible_core() {
    let Some(oracle) = Oracle::find() else {
        eprintln!("manuals: skipped, CHURTEN_ORACLE is not set");
        return;
    };
    let directory = tempfile::tempdir().unwrap();
    let documents = documents();
    let mut arguments: Vec<&str> = documents.iter().map(|(name, _)| name.as_str()).collect();
    arguments.insert(0, "-j");
    let output = run(&oracle.program("ansible-doc"), &arguments, directory.path(), &path(&oracle));
    let theirs = from_json(&text(&output.stdout)).unwrap();
    let mut found = BTreeMap::new();
    let mut count = 0;
    for (name, document) in &documents {
        let Some(their) = theirs.get(name) else {
            eprintln!("{name}: not compared, the collection is not installed for CHURTEN_ORACLE");
            continue;
        };
        let (their, our) = (types_of(their.get("return")), types_of(Some(&document.returned)));
        let short = name.strip_prefix("ansible.builtin.").unwrap_or(name);
        if their.is_empty() {
            continue;
        }
        count += their.len();
        for (value, kind) in &their {
            match our.get(value) {
                None => drop(found.insert(format!("{short} {value}"), "churten does not have it".to_owned())),
                Some(our) if our == kind => {}
                Some(our) => drop(found.insert(format!("{short} {value}"), format!("there {kind}, here {our}"))),
            }
        }
        for value in our.keys().filter(|value| !their.contains_key(*value)) {
            found.insert(format!("{short} {value}"), "ansible-core does not have it".to_owned());
        }
    }
    let listed: Vec<&str> = ON_PURPOSE.iter().map(|(place, _)| *place).collect();
    let differences: Vec<_> = found.iter().filter(|(place, _)| !listed.contains(&place.as_str())).collect();
    assert!(differences.is_empty(), "{differences:#?}");
    let is_compared = |place: &str| !place.contains("ansible.posix") || theirs.get("ansible.posix.mount").is_some();
    let gone: Vec<_> = listed.iter().filter(|place| is_compared(place) && !found.contains_key(**place)).collect();
    assert!(gone.is_empty(), "no longer different: {gone:?}");
    eprintln!("{count} return values are those of ansible-core");
}

/// Pages without the lines that tell whose they are.
fn bodies(output: &Output) -> String {
    assert_eq!((text(&output.stderr), output.status.code()), (String::new(), Some(0)));
    text(&output.stdout)
        .lines()
        .filter(|line| !line.contains("> MODULE"))
        .fold(String::new(), |all, line| all + line + "\n")
}

#[test]
fn pages_are_laid_out_as_ansible_core_does() {
    let Some(oracle) = Oracle::find() else {
        eprintln!("manuals: skipped, CHURTEN_ORACLE is not set");
        return;
    };
    let directory = tempfile::tempdir().unwrap();
    let library = directory.path().join("library");
    std::fs::create_dir(&library).unwrap();
    // Our words as a module in Python, of another name than any module: one of a known name has an action.
    let quoted = |value: &Value| value.to_json(JsonStyle::PLAIN).to_string();
    let literal = |text: &str| Value::from(text).to_json(JsonStyle { ensure_ascii: true, ..JsonStyle::PLAIN });
    let mut own = Vec::new();
    for (name, document) in documents() {
        let short = format!("own_{}", name.replace('.', "_"));
        let mut doc = document.doc.clone();
        for key in ["filename", "collection", "plugin_name", "has_action"] {
            doc.remove(key);
        }
        doc.insert("module", short.as_str());
        let source = format!(
            "DOCUMENTATION = {}\nEXAMPLES = {}\nRETURN = {}\n",
            literal(&quoted(&doc.into())),
            literal(&document.examples.to_text()),
            literal(&quoted(&document.returned)),
        );
        std::fs::write(library.join(format!("{short}.py")), source).unwrap();
        own.push((name, short));
    }
    let (names, own): (Vec<&str>, Vec<&str>) = own.iter().map(|(name, own)| (name.as_str(), own.as_str())).unzip();
    let asked = [&["-M", "library"], &own[..]].concat();
    let theirs = bodies(&run(&oracle.program("ansible-doc"), &asked, directory.path(), &path(&oracle)));
    let ours = bodies(&run(churten(), &[&["doc"], &names[..]].concat(), directory.path(), "/nonexistent"));
    assert!(theirs == ours, "{:?}", theirs.lines().zip(ours.lines()).find(|(one, other)| one != other));
    assert_eq!(ours.matches("EXAMPLES:").count(), names.len());
    eprintln!("{} pages of native modules are laid out as ansible-core does", names.len());
}
