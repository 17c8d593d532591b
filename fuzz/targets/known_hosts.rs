//! See `entries/known_hosts.rs`.
#![no_main]

#[path = "../entries/known_hosts.rs"]
mod entry;

libfuzzer_sys::fuzz_target!(|data: &[u8]| entry::run(data));
