//! YAML 1.1 as PyYAML reads and writes it, `key=value` arguments, and shell words.

mod construct;
mod libyaml;
mod node;
mod parse;
mod problem;
mod resolver;
mod scalar;
mod timestamp;

pub use parse::{DuplicateKeys, ParseOptions, Parsed, parse_yaml, parse_yaml_single};
