//! Sessions with hosts: over SSH, on this machine or inside a container, with a worker delivered and started at the other end.
//!
//! [`Connections`] owns every session of a run. A [`Session`] is one worker under one identity on one host, reached
//! over one channel; requests of many tasks travel on it at once. This crate knows bytes, not modules.
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing))]

mod become_line;
mod become_method;
mod carrier;
mod connections;
mod error;
mod escalation;
mod inside;
mod observer;
mod raw;
#[cfg(feature = "server")]
pub mod server;
mod session;
mod settings;
mod ssh;
mod su_prompts;
mod worker;

pub use become_line::shown;
pub use become_method::BecomeMethod;
pub use churten_protocol::{
    Attachment, Blob, Command, Content, ContentId, Destination, Environment, Exec, FileKind, FileStatus, Hello,
    Invocation, Output, Placed, Secret,
};
pub use connections::Connections;
pub use error::ConnectionError;
pub use observer::{Observer, Phase, PhaseKind, observed};
pub use raw::{RawCommand, RawOutput};
pub use session::{BatchResults, Session};
pub use settings::{
    Become, ConnectionSettings, HostKeyChecking, InsideOptions, KeyAgent, ServeLocal, SshOptions, Transport,
    WorkerProgram,
};
pub use ssh::config::{describe, describe_text};
pub use ssh::known_hosts::{Standing, standing};
