//! Where the modules and plugins of collections, and of the project itself, are.

mod finder;
mod roots;
mod routes;
mod runtime;

pub use finder::{Finder, Found, Kind, Resolution};
pub use roots::roots;
