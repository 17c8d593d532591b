//! What each fuzz target does with an input. `tests/fuzz_corpus.rs` of the workspace does the same with the corpora.

pub(crate) mod frames;
pub(crate) mod inventory;
pub(crate) mod known_hosts;
pub(crate) mod ssh_config;
pub(crate) mod templates;
pub(crate) mod vault;
pub(crate) mod yaml;
