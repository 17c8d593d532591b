//! See `entries/templates.rs`.
#![no_main]

#[path = "../entries/templates.rs"]
mod entry;

libfuzzer_sys::fuzz_target!(|data: &[u8]| entry::run(data));
