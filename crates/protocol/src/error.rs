//! What can be wrong with bytes from the other side.

use crate::{MAX_BODY, MAX_MESSAGE, MAX_NOISE};

/// Bytes that are no frame or no message of this protocol.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// A frame announces a body beyond [`MAX_BODY`].
    #[error("a frame of {0} bytes is larger than the limit of {MAX_BODY}")]
    TooLarge(usize),
    /// A kind this protocol number does not have.
    #[error("unknown frame kind {0}")]
    Kind(u8),
    /// A body that does not decode as what its kind says.
    #[error("malformed {what}: {reason}")]
    Malformed {
        /// `request`, `response`, `hello`, `credit`.
        what: &'static str,
        /// The decoder's words.
        reason: String,
    },
    /// A message does not fit [`MAX_MESSAGE`].
    #[error("a message of {0} bytes is larger than the limit of {MAX_MESSAGE}")]
    MessageTooLarge(usize),
    /// The parts of unfinished messages exceed what the receiver keeps.
    #[error("too many unfinished messages")]
    TooManyParts,
    /// The stream carried [`MAX_NOISE`] bytes without the magic.
    #[error("no worker answered within {MAX_NOISE} bytes of output")]
    NoMagic,
    /// A stream sent more than its window allows.
    #[error("a stream sent {0} bytes beyond its window")]
    Window(usize),
}
