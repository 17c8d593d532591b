//! Regular expressions beside those of the oracle's Python: random patterns and texts. `CHURTEN_SEED=N CHURTEN_CASES=N`
//! repeat a run or make a longer one.
#![expect(clippy::print_stdout, reason = "the test says what it compared, or why nothing")]

use churten_module::regex::{Flags, Regex};
use std::path::PathBuf;
use std::process::Command;

fn text(hexadecimal: &str) -> String {
    let digits = if hexadecimal == "-" { "" } else { hexadecimal };
    let bytes = (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap());
    String::from_utf8(bytes.collect()).unwrap()
}

/// What is found, with places counted in characters.
fn answer(pattern: &str, flags: &str, text: &str) -> String {
    let has = |flag| flags.contains(flag);
    let flags = Flags {
        ignore_case: has('i'),
        multi_line: has('m'),
        dot_all: has('s'),
        verbose: has('x'),
        ascii: has('a'),
        named_classes: false,
    };
    let Ok(regex) = Regex::new(pattern, flags) else { return "E".to_owned() };
    let mut answer = "M".to_owned();
    if let Some(found) = regex.captures(text, 0).unwrap() {
        for group in 0..found.len() {
            let characters = |end: usize| text[..end].chars().count();
            match found.range(group) {
                Some(range) => answer += &format!(" {},{}", characters(range.start), characters(range.end)),
                None => answer += " -",
            }
        }
    }
    answer
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
}

#[test]
fn as_python() {
    let Some(oracle) = std::env::var_os("CHURTEN_ORACLE") else {
        println!("skipped: CHURTEN_ORACLE is not set");
        return;
    };
    let (seed, cases) = (number("CHURTEN_SEED", 1), number("CHURTEN_CASES", 5_000));
    let driver = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/regex/driver.py");
    let mut python = Command::new(PathBuf::from(oracle).join("python"));
    let output = python.arg(driver).arg(seed.to_string()).arg(cases.to_string()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let (mut compared, mut matched) = (0, 0);
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        let words: Vec<&str> = line.splitn(4, ' ').collect();
        let [pattern, flags, subject, expected] = words[..] else { panic!("{line}") };
        let (pattern, subject) = (text(pattern), text(subject));
        let found = answer(&pattern, flags, &subject);
        assert_eq!(found, expected, "seed {seed}: pattern {pattern:?}, flags {flags}, text {subject:?}");
        compared += 1;
        matched += usize::from(expected.starts_with("M "));
    }
    assert!(compared * 10 > cases * 9 && matched > compared as usize / 5, "{compared} compared, {matched} matched");
    println!("{compared} regular expressions agree with ansible-core's Python, {matched} of them match (seed {seed})");
}
