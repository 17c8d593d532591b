//! See `entries/inventory.rs`.
#![no_main]

#[path = "../entries/inventory.rs"]
mod entry;

libfuzzer_sys::fuzz_target!(|data: &[u8]| entry::run(data));
