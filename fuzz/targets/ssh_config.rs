//! See `entries/ssh_config.rs`.
#![no_main]

#[path = "../entries/ssh_config.rs"]
mod entry;

libfuzzer_sys::fuzz_target!(|data: &[u8]| entry::run(data));
