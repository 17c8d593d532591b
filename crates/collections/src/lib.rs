//! Where the modules and plugins of collections, and of the project itself, are.

mod finder;
mod groups;
mod requirement;
mod roots;
mod routes;
mod runtime;

pub use finder::{Finder, Found, Kind, Resolution};
pub use groups::full_group_name;
pub use roots::{libraries, roots};
