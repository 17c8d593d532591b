//! See `entries/yaml.rs`.
#![no_main]

#[path = "../entries/yaml.rs"]
mod entry;

libfuzzer_sys::fuzz_target!(|data: &[u8]| entry::run(data));
