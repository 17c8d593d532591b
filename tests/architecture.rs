//! The rooms of docs/architecture.md and the crates of the workspace are the same.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The table of rooms: crate name, and the crates it may use.
fn table() -> BTreeMap<String, BTreeSet<String>> {
    let text = std::fs::read_to_string(root().join("docs/architecture.md")).expect("docs/architecture.md");
    let section = text.split("## Rooms").nth(1).and_then(|rest| rest.split("\n## ").next()).expect("section Rooms");
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    rows.map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let name = cells[0].split('`').nth(1).expect("crate name").to_owned();
        let uses = cells[3].split(',').map(str::trim).filter(|used| *used != "-").map(str::to_owned).collect();
        (name, uses)
    })
    .collect()
}

fn metadata(arguments: &[&str]) -> churten_value::Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--offline"])
        .args(arguments)
        .current_dir(root())
        .output()
        .expect("cargo metadata");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    churten_value::from_json(&String::from_utf8(output.stdout).expect("UTF-8")).expect("JSON")
}

#[test]
fn crates_use_only_what_the_table_allows() {
    let table = table();
    let metadata = metadata(&["--no-deps"]);
    let mut seen = BTreeSet::new();
    for package in metadata.get("packages").and_then(|list| list.as_list()).expect("packages") {
        let name = package.get("name").expect("name").to_text();
        let Some(room) = name.strip_prefix("churten-") else { continue };
        seen.insert(room.to_owned());
        let allowed = table.get(room).unwrap_or_else(|| panic!("{room} is missing in docs/architecture.md"));
        for dependency in package.get("dependencies").and_then(|list| list.as_list()).expect("dependencies") {
            let is_normal = dependency.get("kind").is_some_and(churten_value::Value::is_none);
            let used = dependency.get("name").expect("name").to_text();
            if let (true, Some(used)) = (is_normal, used.strip_prefix("churten-")) {
                assert!(allowed.contains(used), "{room} uses {used}, which docs/architecture.md does not allow");
            }
        }
    }
    assert_eq!(seen, table.into_keys().collect(), "crates and table differ");
}

/// `cargo deny` checks the same list where it is installed; this check needs nothing.
#[test]
fn licences_are_on_the_list() {
    let deny = std::fs::read_to_string(root().join("deny.toml")).expect("deny.toml");
    let list = deny.split("allow = [").nth(1).and_then(|rest| rest.split(']').next()).expect("list of licences");
    let allowed: BTreeSet<&str> = list.split('"').skip(1).step_by(2).collect();
    let target = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    for package in
        metadata(&["--filter-platform", &target]).get("packages").and_then(|list| list.as_list()).expect("packages")
    {
        let name = package.get("name").expect("name").to_text();
        let licence = package.get("license").expect("license").to_text().replace('/', " OR ");
        let alternatives = licence.split(" OR ").map(|one| one.trim_matches(['(', ')', ' ']));
        let fits = alternatives
            .clone()
            .any(|one| one.split(" AND ").all(|part| allowed.contains(part.trim_matches(['(', ')', ' ']))));
        assert!(fits, "{name} has the licence {licence}");
    }
}

/// Only these files may switch `unsafe` on.
#[test]
fn unsafe_code_stays_in_its_rooms() {
    let mut found = BTreeSet::new();
    let mut directories = vec![root().join("crates"), root().join("src")];
    while let Some(directory) = directories.pop() {
        for entry in std::fs::read_dir(&directory).expect("directory") {
            let path = entry.expect("entry").path();
            if path.is_dir() {
                directories.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).expect("source");
                if text.contains("unsafe_code") {
                    found.insert(path.file_name().expect("name").to_string_lossy().into_owned());
                }
            }
        }
    }
    let allowed: BTreeSet<String> = ["libyaml.rs", "locale.rs", "sys.rs"].map(str::to_owned).into();
    assert!(found.is_subset(&allowed), "{found:?}");
}
