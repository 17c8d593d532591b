//! Modules of the collection `community.general`.

mod ini_file;
mod npm;
mod pam_limits;
mod ufw;

pub(crate) use ini_file::IniFile;
pub(crate) use npm::Npm;
pub(crate) use pam_limits::PamLimits;
pub(crate) use ufw::Ufw;
