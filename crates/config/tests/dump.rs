//! Settings compared with `ansible-config dump` of ansible-core, recorded by `record.py`.

use churten_config::{Environment, LoadOptions, PLUGINS, Settings, ValueOrigin};
use churten_diagnostics::Report;
use churten_value::{Dict, Value, from_json};
use std::collections::BTreeMap;
use std::path::Path;

fn text_map(value: Option<&Value>) -> BTreeMap<String, String> {
    let entries = value.and_then(Value::as_dict).cloned().unwrap_or_default();
    entries.iter().map(|(key, value)| (key.to_text(), value.to_text())).collect()
}

fn describe(case: &Value, place: &Path) -> Result<Dict, Report> {
    let home = place.join("home");
    let mut variables = text_map(case.get("env"));
    variables.insert("HOME".into(), home.to_string_lossy().into_owned());
    let environment = Environment { variables, working_directory: place.to_owned(), home };
    let settings = Settings::load(LoadOptions { environment, cli: BTreeMap::new(), config_file: None })?;
    let mut out = Dict::new();
    if let Some(plugin) = case.get("plugin").and_then(Value::as_str) {
        let (kind, name) = plugin.split_once('/').expect("kind/name");
        let table = PLUGINS.iter().find(|entry| entry.kind == kind && entry.name == name).expect("in the table");
        for definition in table.options {
            let resolved = settings.plugin_option(plugin, definition.name, &|_| None)?;
            let entry: Vec<Value> = vec![resolved.origin.to_string().into(), resolved.value];
            out.insert(definition.name, entry);
        }
    } else {
        for (definition, resolved) in settings.entries() {
            let is_file = definition.name == "CONFIG_FILE" && !resolved.value.is_none();
            if is_file || resolved.origin != ValueOrigin::Default {
                let origin = if is_file { String::new() } else { resolved.origin.to_string() };
                let entry: Vec<Value> = vec![origin.into(), resolved.value.clone()];
                out.insert(definition.name, entry);
            }
        }
    }
    Ok(out)
}

#[test]
fn agrees_with_ansible_config_dump() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let read = |name: &str| from_json(&std::fs::read_to_string(directory.join(name)).expect(name)).expect(name);
    let (cases, expected) = (read("cases.json"), read("expected.json"));
    let mut differences = String::new();
    for case in cases.as_list().expect("a list") {
        let name = case.get("name").expect("a name").to_text();
        let place = tempfile::tempdir().expect("a directory");
        std::fs::create_dir(place.path().join("home")).expect("home");
        let mut files = text_map(case.get("files"));
        if let Some(text) = case.get("cfg") {
            files.insert("ansible.cfg".into(), text.to_text());
        }
        for (file, text) in files {
            let path = place.path().join(file);
            std::fs::create_dir_all(path.parent().expect("a parent")).expect("directories");
            std::fs::write(path, text).expect("written");
        }
        let found = describe(case, place.path()).unwrap_or_else(|report| {
            let mut text = report.headline();
            if let Some(help) = report.help {
                text += &format!(" {help}");
            }
            Dict::from([("error", text)])
        });
        let found = Value::dict(found).to_json(churten_value::JsonStyle::PLAIN);
        let found = found.replace(&*place.path().to_string_lossy(), "@");
        let found = from_json(&found).expect("JSON");
        let wanted = expected.get(&name).expect("recorded");
        if &found != wanted {
            differences += &format!(
                "{name}\n  ours    {found:?}\n  ansible {wanted:?}\n",
                found = found.to_text(),
                wanted = wanted.to_text()
            );
        }
    }
    assert!(differences.is_empty(), "{differences}");
}
