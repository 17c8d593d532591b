//! The settings of a run, resolved from the command line, the environment, `ansible.cfg` and variables.
//!
//! [`SETTINGS`] and [`PLUGINS`] are the tables of everything that can be set; [`Settings`] holds what is set.

mod accessors;
mod convert;
mod environment;
mod find;
mod galaxy;
mod ini;
mod listing;
mod paths;
mod plugin_options;
mod settings;
mod table;

pub use accessors::{HashBehaviour, OnProblem, VarsRoot};
pub use environment::Environment;
pub use galaxy::GalaxyOption;
pub use ini::{IniFile, parse_ini};
pub use listing::{declared_settings, listed_kinds, listed_plugins, listed_settings};
pub use paths::{expand_path, normalise};
pub use plugin_options::OptionSources;
pub use settings::{LoadOptions, Resolved, Settings, ValueOrigin};
pub use table::{Default, Definition, PLUGINS, PluginOptions, SETTINGS};
