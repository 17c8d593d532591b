//! The tables of settings and plugin options.

mod definition;
mod deprecations;
mod plugins;
mod settings;

pub use definition::{Default, Definition, PluginOptions};
pub(crate) use deprecations::DEPRECATIONS;
pub use plugins::PLUGINS;
pub use settings::SETTINGS;
