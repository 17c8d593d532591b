//! `user`: accounts, their groups, passwords and keys.

mod accounts;
mod arguments;
mod change;
mod home;
mod password;
mod run;
mod ssh_key;

pub(crate) use arguments::UserModule;
