//! What the controller and the worker say to each other, over any stream of bytes.
//!
//! The worker writes [`MAGIC`] and a [`Hello`]; whatever a login shell or `sudo` printed before is skipped by a
//! [`Preamble`]. Then both sides exchange [`Frame`]s: the controller sends [`Request`]s under ids of its choice, the
//! worker answers with [`Response`]s under the same ids in any order. Files travel as data frames below a
//! [`window`](SendWindow) of their own, so that a slow stream holds up nobody else.
//!
//! The coding is sans-IO: [`Decoder`] takes bytes as they arrive. [`read_frame`] and [`write_frame`] are the same
//! for blocking streams. All lengths are checked before memory is taken.
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing))]

mod blob;
mod blocking;
mod decoder;
mod deflate;
mod error;
mod frame;
mod hello;
mod hex;
mod message;
mod preamble;
mod request;
mod response;
mod secret;
mod transfer;
mod window;

pub use blob::Blob;
pub use blocking::{read_frame, write_deflated_frame, write_frame};
pub use decoder::Decoder;
pub use error::FrameError;
pub use frame::{Deflater, Frame, HEADER, Kind, MAX_BODY};
pub use hello::{BuildHash, Hello, feature};
pub use message::{Assembler, MAX_MESSAGE, OUTPUT_LIMIT, request_frames, response_frames};
pub use preamble::{MAGIC, MAX_NOISE, Preamble};
pub use request::{
    Attachment, Batch, Become, Command, Content, Detach, DetachedProgram, Environment, Exec, HostLog, Invocation,
    PythonRun, Request, Work,
};
pub use response::{BecomeFailure, FileKind, FileStatus, Output, Placed, RemoteError, Response, TOOK_KEY};
pub use secret::Secret;
pub use transfer::{ContentId, Destination, Fetch, Keep, Known, Put, Start};
pub use window::{CHUNK, ReceiveWindow, SendWindow, WINDOW, credit_body, credit_of};

/// The number of this protocol. Both sides must have the same; additions within a number are named by
/// [`Hello::features`].
pub const PROTOCOL: u16 = 3;

/// How often a controller sends a heartbeat, in seconds. The worker answers each.
pub const HEARTBEAT_SECONDS: u64 = 5;

/// After so many seconds without any frame a worker sends a heartbeat of its own: where the controller's machine knows
/// nothing of the connection any more (it was restarted, or a firewall ended it on that side only) it says so.
pub const PROBE_SECONDS: u64 = 2 * HEARTBEAT_SECONDS;

/// After so many seconds without any frame a worker takes its controller for lost, cleans up and exits.
pub const SILENCE_SECONDS: u64 = 90;
