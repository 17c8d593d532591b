//! What a module is: declared arguments, a plan, steps, and the host it acts on.
//!
//! A module is one file: a struct with `#[derive(Args)]` whose doc comments are its manual page, and either
//! [`State`] (look, then return a [`Plan`]) or [`Action`] (do). See `churten-modules`.

// The derive macros name this crate from outside.
extern crate self as churten_module;

mod arguments;
mod atomic;
pub mod base64;
mod checksum;
pub mod expand;
mod failure;
mod file_arguments;
pub mod glob;
mod host;
mod host_log;
mod labelling;
mod local;
pub mod mode;
mod module;
mod no_log;
mod options;
mod perform;
mod plan;
pub mod regex;
mod run;
pub mod selinux;
pub mod time;
mod web_address;
pub mod words;

#[cfg(any(test, feature = "fake"))]
mod fake;

pub use arguments::{
    Args, Argument, ArgumentDocs, ArgumentSpec, ArgumentType, BitSize, ByteSize, DefaultValue, Deprecation, Docs,
    FromArgument, Json, JsonArgument, Params, Rule, StandIn, Validated, convert_value, validate,
};
pub use atomic::label;
pub use checksum::{ALGORITHMS, Algorithm, digest};
pub use churten_module_macros::{Args, Choice};
pub use failure::{AMENDED_KEY, CAUSE_KEY, Failure, Result, error_text, python_error, python_path_error};
#[cfg(any(test, feature = "fake"))]
pub use fake::FakeHost;
pub use file_arguments::{Differences, FileArguments, new_entry};
pub use host::{
    Access, BrokenBody, Command, FileAttributes, FileKind, FileSystemSize, Group, Heard, Host, HttpError, HttpRequest,
    HttpResponse, Identity, InterfaceAddress, Observe, Output, Program, Stat, SystemName, Terminal, TimedOut,
    Timestamp, User,
};
pub use host_log::HostLog;
pub use labelling::Labelling;
pub use local::{LocalHost, wait_for_writers};
pub use module::{Action, CheckMode, Custom, Manual, Module, State};
pub use options::{Attachment, Options};
pub use perform::perform;
pub use plan::{Content, Plan, Run, Step, ValidationFailure, Write};
pub use web_address::WebAddress;

/// Everything a module file needs.
pub mod prelude {
    pub use crate::{
        Access, Action, Algorithm, Args, CheckMode, Choice, Command, Content, Differences, Failure, FileArguments,
        FileKind, FromArgument, Host, Labelling, Observe, Options, Params, Plan, Result, Run, Stat, State, Step,
        Timestamp, Write, fail,
    };
    pub use churten_value::{Dict, Value};
    pub use std::path::{Path, PathBuf};
}
