//! Settings compared with `ansible-config dump` of ansible-core, recorded by `record.py`.

use churten_config::{Environment, LoadOptions, OptionSources, PLUGINS, SETTINGS, Settings, ValueOrigin};
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
        let full = case.get("full").is_some();
        for (definition, resolved) in settings.entries() {
            let is_file = definition.name == "CONFIG_FILE" && !resolved.value.is_none();
            let is_default = resolved.origin == ValueOrigin::Default && definition.name != "CONFIG_FILE";
            let left_out = matches!(definition.name, "DEFAULT_LOCAL_TMP" | "GALAXY_SERVERS");
            if is_file || !is_default && resolved.origin != ValueOrigin::Default || full && is_default && !left_out {
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

fn load(place: &Path, env: &[(&str, &str)], cli: &[(&str, Value)]) -> Result<Settings, Report> {
    let variables = env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let environment = Environment { variables, working_directory: place.to_owned(), home: place.to_owned() };
    let cli = cli.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    Settings::load(LoadOptions { environment, cli, config_file: None })
}

#[test]
fn refuses_a_file_in_a_world_writable_directory() {
    use std::os::unix::fs::PermissionsExt;
    let place = tempfile::tempdir().expect("a directory");
    std::fs::write(place.path().join("ansible.cfg"), "[defaults]\nforks=7\n").expect("written");
    assert_eq!(load(place.path(), &[], &[]).expect("settings").forks(), 7);
    std::fs::set_permissions(place.path(), std::fs::Permissions::from_mode(0o777)).expect("changed");
    let settings = load(place.path(), &[], &[]).expect("settings");
    assert_eq!(settings.forks(), 5);
    assert!(settings.warnings()[0].message.starts_with("Ansible is being run in a world writable directory ("));
    let named = load(place.path(), &[("ANSIBLE_CONFIG", "./ansible.cfg")], &[]).expect("settings");
    assert_eq!((named.forks(), named.warnings().len()), (7, 0));
}

#[test]
fn sources_of_options_have_an_order() {
    let place = tempfile::tempdir().expect("a directory");
    std::fs::write(place.path().join("ansible.cfg"), "[defaults]\nremote_user=file\n").expect("written");
    let option = |settings: &Settings, variable: Option<&str>, keyword: Option<&str>| {
        let variables = |name: &str| variable.filter(|_| name == "ansible_user").map(Value::from);
        let keywords = |name: &str| keyword.filter(|_| name == "remote_user").map(Value::from);
        let sources = OptionSources { variables: &variables, keywords: &keywords };
        let resolved = settings.plugin_option_from("connection/ssh", "remote_user", sources).expect("resolved");
        (resolved.value.to_text(), resolved.origin.to_string())
    };
    let expect = |value: &str, origin: &str| (value.to_owned(), origin.to_owned());
    let file = load(place.path(), &[], &[]).expect("settings");
    let shown = place.path().join("ansible.cfg").to_string_lossy().into_owned();
    assert_eq!(option(&file, None, None), expect("file", &shown));
    let env = load(place.path(), &[("ANSIBLE_REMOTE_USER", "env")], &[]).expect("settings");
    assert_eq!(option(&env, None, None), expect("env", "env: ANSIBLE_REMOTE_USER"));
    let cli = [("remote_user", Value::from("cli"))];
    let cli = load(place.path(), &[("ANSIBLE_REMOTE_USER", "env")], &cli).expect("settings");
    assert_eq!(cli.remote_user(), Some("cli"));
    assert_eq!(option(&cli, None, None), expect("cli", "cli: remote_user"));
    assert_eq!(option(&cli, None, Some("keyword")), expect("keyword", "keyword: remote_user"));
    assert_eq!(option(&cli, Some("variable"), Some("keyword")), expect("variable", "var: ansible_user"));
}

#[test]
fn wrong_options_are_explained() {
    let place = tempfile::tempdir().expect("a directory");
    let settings = load(place.path(), &[("ANSIBLE_SSH_RETRIES", "zz")], &[]).expect("settings");
    let report = settings.plugin_option("connection/ssh", "reconnection_retries", &|_| None).expect_err("wrong");
    assert_eq!(
        report.headline(),
        "Config 'reconnection_retries' for 'ssh' connection plugin from 'env: ANSIBLE_SSH_RETRIES' has an invalid \
         value: Invalid value provided for 'integer': 'zz'"
    );
    let wrong = |name: &str| (name == "ansible_ssh_transfer_method").then(|| Value::from("zzz"));
    let report = settings.plugin_option("connection/ssh", "ssh_transfer_method", &wrong).expect_err("wrong");
    assert_eq!(report.headline(), "Invalid value 'zzz' for config 'ssh_transfer_method' for 'ssh' connection plugin.");
    assert_eq!(report.help.as_deref(), Some("Valid values are: sftp, scp, piped, smart"));
    assert!(settings.plugin_option("connection/ssh", "nothing", &|_| None).is_err());
}

#[test]
fn names_are_in_order_and_described_names_exist() {
    let sorted = SETTINGS.windows(2).all(|pair| pair[0].name < pair[1].name);
    assert!(sorted, "binary search needs the order");
    assert_eq!(SETTINGS.len(), 219);
}
