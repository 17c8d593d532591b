//! What each fuzz target does with an input. `tests/fuzz_corpus.rs` of the workspace does the same with the corpora.

pub mod frames;
pub mod inventory;
pub mod known_hosts;
pub mod ssh_config;
pub mod templates;
pub mod vault;
pub mod yaml;
