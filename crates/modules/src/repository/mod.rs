//! The modules of apt's repositories: `apt_repository` and `deb822_repository`.

mod deb822;
mod one_line;
mod ppa;
mod sources;

pub(crate) use deb822::Deb822Repository;
pub(crate) use one_line::AptRepository;
