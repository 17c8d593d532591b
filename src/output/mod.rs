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
mod names;
mod options;
mod plugins;
mod progress;
mod recap;
mod selection;
#[cfg(test)]
mod tests;
mod yaml;

pub(crate) use callback::{Callbacks, Explain, Listeners};
pub(crate) use colour::{Colour, Role};
pub(crate) use console::{Console, ConsoleOptions, Stream};
pub(crate) use log::Log;
pub(crate) use selection::{Choice, listeners};
