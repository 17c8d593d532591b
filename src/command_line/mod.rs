//! The command line: what was asked for, as data.

mod ad_hoc;
mod config;
mod describe;
mod dispatch;
mod doc;
mod grammar;
mod help;
mod inventory;
mod link;
mod option_table;
mod parser;
mod passwords;
mod playbook;
mod shared_options;
#[cfg(test)]
mod tests;
mod vault;
mod version;

pub(crate) use ad_hoc::AdHocOptions;
pub(crate) use config::{ConfigAction, ConfigOptions};
pub(crate) use dispatch::{Command, parse};
pub(crate) use doc::{DocMode, DocOptions, PLUGIN_KINDS};
pub(crate) use inventory::{InventoryFormat, InventoryOptions};
pub(crate) use link::link;
pub(crate) use passwords::read_password_file;
pub(crate) use playbook::PlaybookOptions;
pub(crate) use vault::{VaultAction, VaultOptions};
pub(crate) use version::{VersionFacts, version_text};
