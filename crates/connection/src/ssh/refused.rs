//! Why a connection was not made.

/// Why a connection was not made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    /// What `ssh` prints.
    pub(crate) message: String,
    /// The server hung up without a word of the protocol before anybody was let in, as sshd does when more are knocking
    /// than its `MaxStartups` allows: another attempt may fare better.
    pub(crate) is_dropped: bool,
}

impl From<String> for Refused {
    fn from(message: String) -> Self {
        Self { message, is_dropped: false }
    }
}

/// Is this the other side hanging up, or the connection breaking?
pub(super) fn is_hang_up(error: &russh::Error) -> bool {
    use std::io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    match error {
        russh::Error::Disconnect | russh::Error::HUP | russh::Error::RecvError | russh::Error::SendError => true,
        russh::Error::IO(error) => {
            matches!(error.kind(), BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof)
        }
        _ => false,
    }
}
