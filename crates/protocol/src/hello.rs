//! The worker's first words.

use crate::{Frame, FrameError, Kind, hex};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The SHA-256 of a worker program's bytes.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct BuildHash(pub [u8; 32]);

impl BuildHash {
    /// Read 64 hexadecimal digits.
    pub fn from_hex(text: &str) -> Option<Self> {
        hex::read(text).map(Self)
    }
}

/// 64 hexadecimal digits.
impl fmt::Display for BuildHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hex::write(&self.0, f)
    }
}

impl fmt::Debug for BuildHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Names of what a worker can do beyond the protocol number; see [`Hello::features`].
pub mod feature {
    /// `Become`: a second worker under another identity, reached by a route.
    pub const BECOME: &str = "become";
    /// `Detach`: modules that outlive their worker.
    pub const DETACH: &str = "detach";
    /// `Module` and `Batch` with the native modules.
    pub const MODULES: &str = "modules";
}

/// What a worker says about itself, right after the magic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// Its [`PROTOCOL`](crate::PROTOCOL).
    pub protocol: u16,
    /// The hash of the running program; zeros for a worker inside the controller.
    pub build: BuildHash,
    /// Its process id.
    pub pid: u32,
    /// Its effective user id.
    pub uid: u32,
    /// The machine, as Rust names it: `x86_64`, `aarch64`.
    pub arch: String,
    /// Abilities by name ([`feature`]).
    pub features: Vec<String>,
}

impl Hello {
    /// True when the worker has an ability.
    pub fn has(&self, feature: &str) -> bool {
        self.features.iter().any(|name| name == feature)
    }

    /// The frame to send.
    ///
    /// # Errors
    /// When it does not encode.
    pub fn to_frame(&self) -> Result<Frame, FrameError> {
        let body = postcard::to_allocvec(self)
            .map_err(|error| FrameError::Malformed { what: "hello", reason: error.to_string() })?;
        Ok(Frame::new(0, Kind::Hello, 0, body))
    }

    /// Read a frame that must be a hello.
    ///
    /// # Errors
    /// On any other frame.
    pub fn from_frame(frame: &Frame) -> Result<Self, FrameError> {
        if frame.kind != Kind::Hello {
            return Err(FrameError::Malformed { what: "hello", reason: format!("got a {:?} frame", frame.kind) });
        }
        postcard::from_bytes(&frame.body)
            .map_err(|error| FrameError::Malformed { what: "hello", reason: error.to_string() })
    }
}
