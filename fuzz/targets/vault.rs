//! See `entries/vault.rs`.
#![no_main]

#[path = "../entries/vault.rs"]
mod entry;

libfuzzer_sys::fuzz_target!(|data: &[u8]| entry::run(data));
