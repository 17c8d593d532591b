//! YAML 1.1 as PyYAML reads and writes it, `key=value` arguments, and shell words.

mod construct;
mod emit;
mod key_values;
mod libyaml;
mod node;
mod parse;
mod problem;
mod resolver;
mod scalar;
mod shell_words;
mod timestamp;

pub use emit::{EmitOptions, emit_yaml, emit_yaml_below};
pub use key_values::{parse_key_values, parse_key_values_tagged, split_arguments, unquote};
pub use libyaml::{Directives, ScalarStyle};
pub use parse::{DuplicateKeys, ParseOptions, Parsed, parse_yaml, parse_yaml_single};
pub use shell_words::{ShellWordsError, shlex_quote, shlex_split};
