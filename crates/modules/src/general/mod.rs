//! Modules of the collection `community.general`.

mod alternatives;
mod archive;
mod ini_file;
mod locale_gen;
mod modprobe;
mod npm;
mod pam_limits;
mod timezone;
mod ufw;

pub(crate) use alternatives::Alternatives;
pub(crate) use archive::Archive;
pub(crate) use ini_file::IniFile;
pub(crate) use locale_gen::LocaleGen;
pub(crate) use modprobe::Modprobe;
pub(crate) use npm::Npm;
pub(crate) use pam_limits::PamLimits;
pub(crate) use timezone::TimeZone;
pub(crate) use ufw::Ufw;
