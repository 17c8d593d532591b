//! `apt`: packages of Debian and its kin.

mod arguments;
mod cache;
mod command;
mod dpkg;
mod packages;
mod run;
mod version;

pub(crate) use arguments::Apt;
