//! What a run of each native module costs that finds nothing to do, inside one process and without a connection:
//! `bench/no_change.jsonl` in the order of its lines, as a table of Markdown. See `bench/README.md`.

#![expect(clippy::print_stdout, reason = "the table is for whoever runs this")]

use churten_protocol::Invocation;
use churten_value::{Dict, Value, from_json};
use churten_worker::{Context, NativeModules, Runner};
use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

/// How long a module is run again and again.
const TIME: Duration = Duration::from_millis(400);
/// Runs that are measured at the least, and at the most.
const RUNS: (usize, usize) = (5, 500);

fn main() {
    let cases = std::env::args().nth(1).unwrap_or_else(|| "bench/no_change.jsonl".to_owned());
    let Ok(cases) = std::fs::read_to_string(&cases) else { return println!("{cases} cannot be read") };
    let directory = std::env::temp_dir().join(format!("churten-no-change-{}", std::process::id()));
    let made = std::fs::create_dir(&directory);
    assert!(made.is_ok(), "{}: {made:?}", directory.display());
    println!("| module | µs | programs | |\n|---|---:|---:|---|");
    let mut left: BTreeSet<&str> = churten_modules::MODULES.iter().map(|module| module.name).collect();
    for line in cases.lines() {
        let Some(case) = from_json(&filled(line, &directory)).ok() else { continue };
        let name = text(&case, "module");
        left.remove(name.as_str());
        let shown = if case.get("what").is_some() { text(&case, "what") } else { name.clone() };
        println!("| `{shown}` | {} |", measured(&name, &case, &directory));
    }
    println!("\nNot among the cases: {}.", left.into_iter().collect::<Vec<_>>().join(", "));
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    println!("Load average of the last minute: {}.", load.split(' ').next().unwrap_or_default());
    let _ = std::fs::remove_dir_all(directory);
}

/// A case with this machine's names in it.
fn filled(line: &str, directory: &Path) -> String {
    let hostname = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let awk = std::fs::read_link("/etc/alternatives/awk").unwrap_or_default();
    line.replace("DIR", &directory.to_string_lossy())
        .replace("HOSTNAME", hostname.trim())
        .replace("AWK", &awk.to_string_lossy())
}

fn text(case: &Value, key: &str) -> String {
    case.get(key).map(Value::to_text).unwrap_or_default()
}

fn arguments(value: Option<&Value>) -> Dict {
    value.and_then(Value::as_dict).cloned().unwrap_or_default()
}

/// The cells behind a module's name.
fn measured(name: &str, case: &Value, directory: &Path) -> String {
    for step in case.get("before").and_then(Value::as_list).unwrap_or_default() {
        let [module, values] = step.as_list().unwrap_or_default() else { continue };
        run(&module.to_text(), arguments(Some(values)), directory);
    }
    let values = arguments(case.get("arguments"));
    // The first run makes the state that the others find.
    run(name, values.clone(), directory);
    let before = faults_of_children();
    let result = run(name, values.clone(), directory);
    let starts = faults_of_children() > before;
    let is = |key: &str| result.get(key).is_some_and(Value::is_truthy);
    if is("failed") {
        return format!("| | not measured: {}", text(&result.into(), "msg").lines().next().unwrap_or_default());
    }
    if is("changed") {
        return "| | not measured: it changes something each time".to_owned();
    }
    let begun = Instant::now();
    let mut times = Vec::new();
    while times.len() < RUNS.0 || (begun.elapsed() < TIME && times.len() < RUNS.1) {
        let invocation = values.clone();
        let started = Instant::now();
        run(name, invocation, directory);
        times.push(started.elapsed());
    }
    times.sort();
    let median = times.get(times.len() / 2).copied().unwrap_or_default();
    format!("{} | {} |", median.as_micros(), if starts { "started" } else { "" })
}

fn run(module: &str, arguments: Dict, directory: &Path) -> Dict {
    let invocation = Invocation { module: module.to_owned(), arguments, ..Invocation::default() };
    NativeModules.run(&invocation, Context { directory: None, temporary: Some(directory) })
}

/// The page faults of this process's children, of which each program that is started has some (proc(5): `cminflt`).
fn faults_of_children() -> u64 {
    let status = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = status.rsplit_once(')').map_or("", |(_, fields)| fields);
    fields.split_whitespace().nth(8).and_then(|count| count.parse().ok()).unwrap_or(0)
}
