//! The machine a module acts on, behind two traits: [`Observe`] looks, [`Host`] also changes.
//!
//! A plan only gets the former, so that a write while planning does not compile.

mod accounts;
mod command;
mod files;
mod http;
mod machine;
mod terminal;
mod traits;

pub use accounts::{Group, Identity, User};
pub use command::{Command, Output, Program};
pub use files::{Access, FileAttributes, FileKind, Stat, Timestamp};
pub use http::{BrokenBody, HttpError, HttpRequest, HttpResponse};
pub use machine::{FileSystemSize, InterfaceAddress, SystemName, TimedOut};
pub use terminal::{Heard, Terminal};
pub use traits::{Host, Observe};
