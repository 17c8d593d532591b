//! Inventories and patterns compared with ansible-core's answers, recorded by `record.py`.

use churten_config::{Environment, LoadOptions as ConfigOptions, Settings};
use churten_diagnostics::Report;
use churten_inventory::{Inventory, Limit, ListOptions, LoadOptions, Loaded, listed};
use churten_value::{Dict, JsonStyle, Value, from_json};
use churten_vault::Secrets;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Answers that differ on purpose, with the reason.
const DIFFERENCES: &[(&str, &str)] = &[
    ("mismatch error", "`ansible --list-hosts` ignores the error that `ansible` and `ansible-playbook` report"),
    ("constructed strict", "the place of the expression is shown"),
    ("constructed with files", "the place of the expression is shown"),
    ("toml broken", "the reader of TOML has its own words"),
    ("auto unknown", "a plugin of that name may exist in Python, which is not there yet"),
    ("ini bad_quote", "the last link of the chain is told as part of the one before"),
    ("script strange.sh", "ansible-core does not know the place of a script's variable names"),
    ("random 5 all", "ansible-core's order of groups two levels below changes from run to run"),
    ("pattern bad regex", "the same"),
    ("host missing", "the message belongs to ansible-inventory"),
];

struct Answer {
    failed: bool,
    out: Value,
    errors: String,
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

fn read(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name);
    from_json(&std::fs::read_to_string(path).expect(name)).expect(name)
}

fn text(case: &Value, key: &str) -> Option<String> {
    case.get(key).map(Value::to_text)
}

fn show(label: &str, reports: &[Report]) -> String {
    reports.iter().map(|report| format!("[{label}]: {}\n", report.render())).collect()
}

fn answer(case: &Value) -> Answer {
    let variables: BTreeMap<String, String> = case
        .get("env")
        .and_then(Value::as_dict)
        .cloned()
        .unwrap_or_default()
        .iter()
        .map(|(key, value)| (key.to_text(), value.to_text()))
        .collect();
    let environment = Environment { variables, working_directory: fixtures(), home: "/nonexistent".into() };
    let settings = ConfigOptions { environment, cli: BTreeMap::new(), config_file: None };
    let settings = Settings::load(settings).expect("settings");
    let sources: Vec<String> =
        case.get("inventory").and_then(Value::as_list).expect("sources").iter().map(Value::to_text).collect();
    let defaults = settings.inventory_sources().into_iter().map(|path| path.to_string_lossy().into_owned());
    let sources = if sources.is_empty() { defaults.collect() } else { sources };
    let extra_vars: Dict = case
        .get("extra_vars")
        .and_then(Value::as_list)
        .unwrap_or_default()
        .iter()
        .filter_map(|pair| pair.as_str()?.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let options = LoadOptions {
        settings: &settings,
        secrets: Arc::new(Secrets::new()),
        python: Some("PYTHON".into()),
        extra_vars: Arc::new(extra_vars),
        broken: None,
        facts: churten_inventory::CachedFacts::default(),
    };
    let loaded = match Inventory::load(&sources, &options) {
        Ok(loaded) => loaded,
        Err(failure) => {
            let errors = show("WARNING", &failure.warnings) + &show("ERROR", &[failure.report]);
            return Answer { failed: true, out: Value::str(""), errors };
        }
    };
    let Loaded { inventory, mut warnings, deprecations, errors: shown, notes: _ } = loaded;
    let directories: Vec<PathBuf> = text(case, "playbook_dir").map(|path| fixtures().join(path)).into_iter().collect();
    let list = ListOptions {
        playbook_directories: directories.clone(),
        own_directories: directories.clone(),
        ..ListOptions::default()
    };
    let result = match text(case, "mode").as_deref() {
        None => inventory.list(&list),
        Some("export") => inventory.list(&ListOptions { export: true, ..list }),
        Some("graph") => inventory.graph("all", &list, true).map(|graph| graph.unwrap_or_default().into()),
        Some("host") => {
            let host = text(case, "host").expect("a host");
            inventory.host_vars(&host, &directories).map(|vars| listed(&Value::from((*vars).clone())))
        }
        _ => (|| {
            let limit = text(case, "limit").map(|limit| Limit::parse(&limit, &fixtures())).transpose()?.flatten();
            let selection = match inventory.targets(&text(case, "pattern").expect("a pattern"), limit.as_ref()) {
                Ok(selection) => selection,
                Err(failure) => {
                    warnings.extend(failure.warnings);
                    return Err(failure.report);
                }
            };
            warnings.extend(selection.warnings);
            let names: String = selection.hosts.iter().map(|host| format!("    {host}\n")).collect();
            Ok(format!("  hosts ({}):\n{names}", selection.hosts.len()).into())
        })(),
    };
    warnings.extend(inventory.take_warnings());
    let mut errors = show("ERROR", &shown) + &show("WARNING", &warnings) + &show("DEPRECATION WARNING", &deprecations);
    match result {
        Ok(out) => Answer { failed: false, out, errors },
        Err(report) => {
            errors += &show("ERROR", &[report]);
            Answer { failed: true, out: Value::str(""), errors }
        }
    }
}

/// What both sides say, without what only a whole program says, and blank lines.
fn normalise(errors: &str) -> Vec<String> {
    let mut lines: Vec<String> = errors
        .replace(&*fixtures().to_string_lossy(), "@")
        .lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty())
        .filter(|line| !line.contains("No hosts matched, nothing to do"))
        .filter(|line| !line.contains("(source not shown: file truncated)"))
        // The mark below an excerpt belongs to the diagnostics room.
        .filter(|line| line.trim_start().is_empty() || line.contains(|c: char| c != '^' && c != ' '))
        .filter(|line| !line.contains("Deprecation warnings can be disabled"))
        .map(str::to_owned)
        .collect();
    lines.sort();
    lines
}

fn json(value: &Value) -> Value {
    let text = value.to_json(JsonStyle::PLAIN).replace(&*fixtures().to_string_lossy(), "@");
    from_json(&text).unwrap_or_else(|_| value.clone())
}

#[test]
fn agrees_with_ansible() {
    let (cases, expected) = (read("cases.json"), read("expected.json"));
    let mut report = String::new();
    let (mut total, mut outputs, mut messages) = (0, 0, 0);
    for case in cases.as_list().expect("a list") {
        let name = text(case, "name").expect("a name");
        if DIFFERENCES.iter().any(|(known, _)| *known == name) {
            continue;
        }
        total += 1;
        let ours = answer(case);
        let wanted = expected.get(&name).expect("recorded");
        let wanted_out = wanted.get("out").cloned().unwrap_or_default();
        let wanted_out = match wanted_out.as_str() {
            Some(text) => Value::str(text.trim_end()),
            None => wanted_out,
        };
        let ours_out = match ours.out.as_str() {
            Some(text) => Value::str(text.trim_end()),
            None => json(&ours.out),
        };
        let failed = wanted.get("code").and_then(Value::as_int) != Some(0);
        if ours_out == wanted_out && failed == ours.failed {
            outputs += 1;
        } else {
            report += &format!(
                "== {name}: out\n  ours    {ours_out:?}\n  ansible {wanted_out:?}\n",
                ours_out = ours_out.to_text(),
                wanted_out = wanted_out.to_text()
            );
        }
        let wanted_errors = text(wanted, "err").unwrap_or_default();
        let (ours_errors, wanted_errors) = (normalise(&ours.errors), normalise(&wanted_errors));
        if ours_errors == wanted_errors {
            messages += 1;
        } else {
            let only = |a: &[String], b: &[String]| -> String {
                a.iter().filter(|line| !b.contains(line)).map(|line| format!("    {line}\n")).collect()
            };
            report += &format!(
                "== {name}: messages\n  only ours\n{}  only ansible\n{}",
                only(&ours_errors, &wanted_errors),
                only(&wanted_errors, &ours_errors)
            );
        }
    }
    assert!(report.is_empty(), "{report}\n{outputs} of {total} outputs, {messages} of {total} messages agree");
}
