//! Where the modules and plugins of collections, and of the project itself, are.

mod finder;
mod groups;
mod kind;
mod plugins;
mod requirement;
mod roots;
mod routes;
mod runtime;

pub use finder::{Finder, Found, Resolution};
pub use groups::full_group_name;
pub use kind::Kind;
pub use plugins::PluginFile;
pub use roots::{libraries, roots};
