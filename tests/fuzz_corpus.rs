//! Every input of `fuzz/corpus` goes through what its fuzz target does with it, without a fuzzer: CONTRIBUTING.md.

#[path = "../fuzz/entries/mod.rs"]
mod entries;

use std::path::Path;

/// Runs all inputs of a target; a corpus that is not there is a mistake.
fn run(target: &str, entry: fn(&[u8])) {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut inputs: Vec<_> =
        std::fs::read_dir(&directory).expect("a corpus").flatten().map(|file| file.path()).collect();
    inputs.sort();
    assert!(!inputs.is_empty(), "{} is empty", directory.display());
    let mut bytes = 0;
    for input in &inputs {
        let data = std::fs::read(input).expect("an input");
        bytes += data.len();
        let outcome = std::panic::catch_unwind(|| entry(&data));
        assert!(outcome.is_ok(), "{} fails", input.display());
    }
    assert!(bytes < 200_000, "the corpus of {target} has {bytes} bytes: it is to be minimised");
}

#[test]
fn frames() {
    run("frames", entries::frames::run);
}

#[test]
fn inventory() {
    run("inventory", entries::inventory::run);
}

#[test]
fn known_hosts() {
    run("known_hosts", entries::known_hosts::run);
}

#[test]
fn ssh_config() {
    run("ssh_config", entries::ssh_config::run);
}

#[test]
fn templates() {
    run("templates", entries::templates::run);
}

#[test]
fn vault() {
    run("vault", entries::vault::run);
}

#[test]
fn yaml() {
    run("yaml", entries::yaml::run);
}
