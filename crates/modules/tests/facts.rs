//! The facts of this machine by ansible-core's `setup` and by ours.
//!
//! Needs `CHURTEN_ORACLE`, the directory with ansible-core's programs. Facts that change by themselves are compared by
//! their shape only; the order of interfaces, addresses and devices is that of the file system, and means nothing.

use churten_module::{LocalHost, Options};
use churten_value::{Data, Dict, JsonStyle, Value, from_json};
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Facts that differ from one moment to the next.
const VOLATILE: &[&str] = &[
    "ansible_date_time",
    "ansible_loadavg",
    "ansible_memfree_mb",
    "ansible_memory_mb",
    "ansible_swapfree_mb",
    "ansible_uptime_seconds",
    "ansible_env",
];

/// Facts of which the original tells what it runs in, and we what is on the host.
const OF_THE_INTERPRETER: &[&str] = &["ansible_python", "ansible_python_version", "ansible_selinux_python_present"];

/// Programs that tell facts, with the same words each time.
const PROGRAMS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/facts/programs:/usr/bin:/bin");

fn oracle(arguments: &Dict, path: Option<&str>) -> Option<Dict> {
    let python = PathBuf::from(std::env::var_os("CHURTEN_ORACLE")?).join("python");
    let driver = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/differential/driver.py");
    let mut child = Command::new(python).arg(driver).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().ok()?;
    let environment: Dict = path.map(|path| ("PATH", path)).into_iter().collect();
    let case = Dict::from([
        ("module", Value::from("setup")),
        ("args", arguments.clone().into()),
        ("cwd", "/".into()),
        ("environment", environment.into()),
    ]);
    writeln!(child.stdin.take()?, "{}", Value::from(case).to_json(JsonStyle::PLAIN)).ok()?;
    let output = child.wait_with_output().ok()?;
    // An oracle that is there and does not answer is a failure, not a reason to skip.
    let text = String::from_utf8_lossy(&output.stdout);
    let result = from_json(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let facts = result.get("ansible_facts").unwrap_or_else(|| panic!("no facts: {text}"));
    Some(facts.as_dict().unwrap_or_else(|| panic!("no dictionary: {text}")).clone())
}

/// Lists in the order of their text; sizes of file systems left out.
fn normal(value: &Value, keep_order: bool) -> Value {
    match &value.data {
        Data::List(items) => {
            let mut items: Vec<Value> = items.iter().map(|item| normal(item, keep_order)).collect();
            if !keep_order {
                items.sort_by_key(|item| item.to_json(JsonStyle { sort_keys: true, ..JsonStyle::PLAIN }));
            }
            Value::list(items)
        }
        Data::Dict(entries) => {
            let mut kept = Dict::new();
            for (key, value) in entries.iter() {
                let name = key.as_str().unwrap_or_default();
                let of_size = ["block_", "inode_", "size_"].iter().any(|prefix| name.starts_with(prefix));
                if !of_size {
                    kept.insert(key.clone(), normal(value, keep_order));
                }
            }
            kept.into()
        }
        _ => value.clone(),
    }
}

fn ours(arguments: &Dict, path: Option<&str>) -> Dict {
    let mut host = LocalHost::new();
    if let Some(path) = path {
        host = host.with_environment([("PATH", path.to_owned())]);
    }
    let result = churten_modules::find("setup").unwrap().run(&host, arguments, &Options::default());
    result.get("ansible_facts").and_then(Value::as_dict).cloned().unwrap_or_default()
}

#[test]
fn facts_equal_the_originals() {
    compare(None);
}

#[test]
fn facts_of_programs_equal_the_originals() {
    compare(Some(PROGRAMS));
}

fn compare(path: Option<&str>) {
    let all = Dict::new();
    let Some(expected) = oracle(&all, path) else {
        return eprint_skip();
    };
    let found = ours(&all, path);
    let (mut equal, mut volatile, mut differences) = (0, 0, Vec::new());
    for (name, value) in &expected {
        let name = name.as_str().unwrap_or_default();
        if OF_THE_INTERPRETER.contains(&name) {
            continue;
        }
        let Some(other) = found.get(name) else {
            differences.push(format!("{name} is not given"));
            continue;
        };
        if VOLATILE.contains(&name) {
            let keys = |value: &Value| {
                let mut keys: Vec<String> =
                    value.as_dict().into_iter().flat_map(Dict::keys).map(Value::to_text).collect();
                keys.sort();
                keys
            };
            volatile += 1;
            if name != "ansible_env" && keys(value) != keys(other) {
                differences.push(format!("{name}: {value} {other}", value = value.to_text(), other = other.to_text()));
            }
            continue;
        }
        let keep_order = name == "ansible_processor";
        let (wanted, got) = (normal(value, keep_order), normal(other, keep_order));
        if wanted == got {
            equal += 1;
        } else {
            differences.push(format!("{name}: {} {}", wanted.to_text(), got.to_text()));
        }
    }
    let extra: Vec<String> = found.keys().filter(|name| !expected.contains_value(name)).map(Value::to_text).collect();
    report(&format!(
        "{} facts of ansible-core: {equal} equal, {volatile} of equal shape, {} of the interpreter; more: {extra:?}",
        expected.len(),
        OF_THE_INTERPRETER.len(),
    ));
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn subsets_have_the_same_facts() {
    let mut compared = 0;
    for text in [
        r#"{"gather_subset": ["!all"]}"#,
        r#"{"gather_subset": ["!all", "!min"]}"#,
        r#"{"gather_subset": ["!hardware"]}"#,
        r#"{"gather_subset": ["!all", "!min", "service_mgr"]}"#,
        r#"{"gather_subset": ["!all", "!min", "mounts"]}"#,
        r#"{"gather_subset": ["network", "!network", "!min"]}"#,
        r#"{"gather_subset": ["all", "!min", "!hardware", "!network"]}"#,
        r#"{"gather_subset": ["!all"], "filter": ["distribution", "ansible_k*"]}"#,
        r#"{"gather_subset": ["!all"], "filter": ["*_subset"]}"#,
        r#"{"gather_subset": ["min", "virtual"], "filter": ["", "x"]}"#,
    ] {
        let arguments = from_json(text).unwrap().as_dict().unwrap().clone();
        let Some(expected) = oracle(&arguments, None) else {
            return eprint_skip();
        };
        let keys = |facts: &Dict| {
            let mut keys: Vec<String> = facts.keys().map(Value::to_text).collect();
            keys.sort();
            keys
        };
        assert_eq!(keys(&ours(&arguments, None)), keys(&expected), "{text}");
        compared += 1;
    }
    report(&format!("{compared} subsets and filters: the same names"));
}

fn report(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

fn eprint_skip() {
    report("skipped: CHURTEN_ORACLE does not name the directory of ansible-core's programs");
}
