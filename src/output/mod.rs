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
mod messages;
mod options;
mod progress;
mod recap;
#[cfg(test)]
mod tests;
mod yaml;

pub use callback::Callback;
pub use colour::{Colour, Role};
pub use console::{Console, ConsoleOptions, Stream};
pub use default::DefaultCallback;
pub use options::{OutputOptions, ResultFormat};
