//! `ssh_config(5)`: reading, matching, resolving; and the same options as arguments of `ssh`.

mod arguments;
mod criteria;
mod describe;
mod keywords;
#[cfg(test)]
mod noise;
mod reader;
mod resolve;
mod tokens;
mod words;

pub(crate) use arguments::{parse_arguments, shell_words};
pub use describe::{describe, describe_text};
pub(crate) use reader::Settings;
pub(crate) use resolve::{Resolved, resolve};
