//! Everything a person sees: the console, and the callbacks that turn a run's events into text.

mod banner;
mod callback;
mod cleaning;
mod colour;
mod console;
mod default;
mod diff;
mod diff_text;
mod dump;
mod label;
mod log;
mod messages;
mod minimal;
mod options;
mod progress;
mod recap;
#[cfg(test)]
mod tests;
mod tree;
mod yaml;

pub(crate) use callback::Callback;
pub(crate) use console::{Console, ConsoleOptions, Stream};
pub(crate) use default::DefaultCallback;
pub(crate) use log::Log;
pub(crate) use minimal::{Layout, MinimalCallback};
pub(crate) use options::{OutputOptions, ResultFormat};
pub(crate) use tree::Tree;
