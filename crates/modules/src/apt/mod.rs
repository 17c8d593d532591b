//! `apt`: packages of Debian and its kin.

mod arguments;
mod cache;
mod command;
mod deb;
mod dpkg;
mod packages;
mod policy;
mod relations;
mod run;
mod version;

pub(crate) use arguments::Apt;
pub(crate) use dpkg::{Database, Package};
