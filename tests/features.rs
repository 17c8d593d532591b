//! The table of docs/features.md: every keyword, filter, test, lookup, module, setting and option of ansible-core, and
//! whether churten has it. The names come from ansible-core (`tests/features/record.py`), the states from the program.
//!
//! `CHURTEN_UPDATE=1` writes the page anew. With `CHURTEN_ORACLE` the names are asked for again.

#[path = "features/page.rs"]
mod page;
#[path = "features/probe.rs"]
mod probe;

use churten_value::Value;
use page::{Page, State};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What the page says of a name beyond its state: `kind name`, and a note.
const NOTES: &[(&str, &str)] = &[
    ("module import_playbook", "yes, where plays stand"),
    ("setting CACHE_PLUGIN_CONNECTION", "yes, as an option of the cache"),
    ("setting CACHE_PLUGIN_PREFIX", "yes, as an option of the cache"),
    ("setting CACHE_PLUGIN_TIMEOUT", "yes, as an option of the cache"),
    ("setting DEFAULT_BECOME", "yes"),
    ("setting DEFAULT_BECOME_EXE", "yes, as an option of the become plugin"),
    ("setting DEFAULT_BECOME_FLAGS", "yes, as an option of the become plugin"),
    ("setting DEFAULT_BECOME_USER", "yes, as an option of the become plugin"),
    ("setting DISPLAY_SKIPPED_HOSTS", "yes, as an option of the callback"),
    ("setting HOST_KEY_CHECKING", "yes, as an option of the connection"),
    ("setting SHOW_CUSTOM_STATS", "yes, as an option of the callback"),
    ("setting YAML_FILENAME_EXTENSIONS", "yes, as an option of the plugin for `group_vars` and `host_vars`"),
    ("setting ACTION_WARNINGS", "no effect, as in ansible-core"),
    ("setting ANSIBLE_CONNECTION_PATH", "no effect, as in ansible-core"),
    ("setting DEFAULT_ALLOW_UNSAFE_LOOKUPS", "no effect, as in ansible-core"),
    ("setting DEFAULT_NULL_REPRESENTATION", "no effect, as in ansible-core"),
    ("setting DEFAULT_UNDEFINED_VAR_BEHAVIOR", "no effect, as in ansible-core"),
    ("setting DEFAULT_JINJA2_NATIVE", "no effect, as in ansible-core"),
    ("setting STRING_TYPE_FILTERS", "no effect, as in ansible-core"),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn recorded() -> BTreeMap<String, Value> {
    let text = std::fs::read_to_string(root().join("tests/features/ansible_core.json")).unwrap();
    dictionary(&churten_value::from_json(&text).unwrap())
}

fn dictionary(value: &Value) -> BTreeMap<String, Value> {
    value.as_dict().unwrap().iter().map(|(key, value)| (key.to_text(), value.clone())).collect()
}

fn names(value: &Value) -> Vec<String> {
    value.as_list().unwrap().iter().map(Value::to_text).collect()
}

#[test]
fn the_page_tells_what_the_program_does() {
    let recorded = recorded();
    let mut page = Page::new(NOTES);
    page.section("Keywords", "keyword", "Each with the elements that take it.");
    for (name, elements) in dictionary(&recorded["keywords"]) {
        for element in names(&elements) {
            page.add(&format!("{name} of {}", element.to_lowercase()), probe::keyword(&name, &element));
        }
    }
    for (title, kind) in [("Filters", "filter"), ("Tests", "test"), ("Lookups", "lookup"), ("Modules", "module")] {
        page.section(title, kind, "Of `ansible.builtin`.");
        for name in names(&recorded[&format!("{kind}s")]) {
            let state = match kind {
                "module" => probe::module(&name),
                _ => probe::expression(kind, &name),
            };
            page.add(&name, state);
        }
    }
    page.section(
        "Settings",
        "setting",
        "Those of `ansible-config list`. \"No effect\" means: read and shown, but nothing asks for it.",
    );
    let sources = probe::sources(root());
    for name in names(&recorded["settings"]) {
        let used = sources.contains(&format!("\"{name}\""));
        page.add(&name, if used { State::There } else { State::NoEffect });
    }
    page.section("Options", "option", "With the program that takes them.");
    for (program, options) in dictionary(&recorded["options"]) {
        let known = probe::options(&program);
        for option in names(&options) {
            let state = if known.contains(&option) { State::There } else { State::Missing };
            page.add(&format!("{program} {option}"), state);
        }
    }
    let text = page.finish();
    let path = root().join("docs/features.md");
    if std::env::var_os("CHURTEN_UPDATE").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap();
    let different = written.lines().zip(text.lines()).find(|(old, new)| old != new);
    assert!(written == text, "docs/features.md says otherwise: {different:?}; CHURTEN_UPDATE=1 writes it anew");
}

#[test]
fn what_is_refused_says_so() {
    for (name, _) in NOTES {
        let words: Vec<&str> = name.split(' ').collect();
        let ["option", program, option] = words[..] else { continue };
        let said = probe::churten(&[
            program.trim_start_matches("ansible-").replace("ansible", "adhoc").as_str(),
            option,
            "/x",
            "x",
        ]);
        assert!(said.contains("not yet supported"), "{name}: {said}");
    }
}

#[test]
fn ansible_core_has_these_names() {
    let Some(oracle) = churten_testing::Oracle::find() else { return };
    let programs: PathBuf = oracle.program("ansible").parent().unwrap().to_owned();
    let directory = tempfile::tempdir().unwrap();
    let answer = directory.path().join("names.json");
    let script = root().join("tests/features/record.py");
    let done = std::process::Command::new("python3").arg(script).arg(programs).arg(&answer).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let (now, before) = (std::fs::read_to_string(answer).unwrap(), root().join("tests/features/ansible_core.json"));
    assert_eq!(now, std::fs::read_to_string(before).unwrap());
}
