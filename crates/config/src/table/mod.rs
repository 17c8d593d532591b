//! The tables of settings and plugin options.

mod definition;
mod plugins;
mod settings;

pub use definition::{Default, Definition, PluginOptions};
pub use plugins::PLUGINS;
pub use settings::SETTINGS;
