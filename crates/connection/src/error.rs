//! What can go wrong between the controller and a host.

use std::fmt;

/// Why a host could not be reached, entered, or used.
///
/// [`fmt::Display`] gives one paragraph that names the host and the way out. [`ConnectionError::message`] gives the
/// text ansible-core puts under `msg` for the same failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConnectionError {
    /// The host cannot be reached or does not let us in: `UNREACHABLE!`.
    Unreachable {
        /// The inventory's name of the host.
        host: String,
        /// What happened, in OpenSSH's words after ansible-core's `Failed to connect to the host via ssh: `.
        message: String,
        /// There was a connection, and it was lost before anything was asked for: on a new one nothing is done twice.
        unstarted: bool,
    },
    /// Privilege escalation failed: the task fails, the host stays.
    Become {
        /// The inventory's name of the host.
        host: String,
        /// ansible-core's words: `Incorrect sudo password`, `Missing sudo password`, ...
        message: String,
    },
    /// The other side sent what no worker sends.
    ProtocolViolation {
        /// The inventory's name of the host.
        host: String,
        /// What was wrong.
        reason: String,
    },
    /// A worker of another version answered.
    WorkerVersion {
        /// The inventory's name of the host.
        host: String,
        /// The protocol number it has.
        found: u16,
        /// The protocol number this controller has.
        expected: u16,
    },
    /// No worker can run on the host.
    NoWorker {
        /// The inventory's name of the host.
        host: String,
        /// Why: a full disk, `noexec` everywhere, an architecture without a worker.
        reason: String,
    },
    /// The request reached the host and was refused there, or a local file could not be read or written.
    Remote {
        /// The inventory's name of the host.
        host: String,
        /// The system's error number; 0 when there is none.
        errno: i32,
        /// What happened.
        message: String,
    },
    /// Settings that cannot be used: an unreadable ssh configuration, an argument nobody knows.
    Settings {
        /// The inventory's name of the host.
        host: String,
        /// What is wrong and how to mend it.
        message: String,
    },
}

impl ConnectionError {
    /// The host the error is about.
    pub fn host(&self) -> &str {
        match self {
            Self::Unreachable { host, .. }
            | Self::Become { host, .. }
            | Self::ProtocolViolation { host, .. }
            | Self::WorkerVersion { host, .. }
            | Self::NoWorker { host, .. }
            | Self::Remote { host, .. }
            | Self::Settings { host, .. } => host,
        }
    }

    /// True when the host counts as unreachable; every other error fails the task alone.
    pub fn is_unreachable(&self) -> bool {
        matches!(self, Self::Unreachable { .. })
    }

    /// True when an established connection was lost before the request had been sent on it: asking again on a new one
    /// does nothing twice.
    pub fn is_unstarted(&self) -> bool {
        matches!(self, Self::Unreachable { unstarted: true, .. })
    }

    /// The text for `msg`, without the host's name: results carry that already.
    pub fn message(&self) -> String {
        match self {
            Self::Unreachable { message, .. }
            | Self::Become { message, .. }
            | Self::Remote { message, .. }
            | Self::Settings { message, .. } => message.clone(),
            Self::ProtocolViolation { reason, .. } => {
                format!("The worker on the host answered with something that is not churten's protocol: {reason}")
            }
            Self::WorkerVersion { found, expected, .. } => format!(
                "The worker on the host speaks protocol {found}, this controller {expected}. \
                 Remove the churten-worker files below the host's remote_tmp"
            ),
            Self::NoWorker { reason, .. } => format!("No churten worker can run on the host: {reason}"),
        }
    }

    pub(crate) fn unreachable(host: &str, message: impl fmt::Display) -> Self {
        Self::Unreachable { host: host.to_owned(), message: message.to_string(), unstarted: false }
    }

    /// A connection that was lost before the request was sent, in the same sentence.
    pub(crate) fn unstarted(host: &str, connection: &str, message: impl fmt::Display) -> Self {
        let message = format!("Failed to connect to the host via {connection}: {message}");
        Self::Unreachable { host: host.to_owned(), message, unstarted: true }
    }

    /// ansible-core's sentence for a failed ssh connection around OpenSSH's words.
    pub(crate) fn ssh(host: &str, message: impl fmt::Display) -> Self {
        Self::via(host, "ssh", message)
    }

    /// The same for any connection.
    pub(crate) fn via(host: &str, connection: &str, message: impl fmt::Display) -> Self {
        Self::unreachable(host, format_args!("Failed to connect to the host via {connection}: {message}"))
    }

    pub(crate) fn settings(host: &str, message: impl fmt::Display) -> Self {
        Self::Settings { host: host.to_owned(), message: message.to_string() }
    }

    pub(crate) fn remote(host: &str, message: impl fmt::Display) -> Self {
        Self::Remote { host: host.to_owned(), errno: 0, message: message.to_string() }
    }
}

impl fmt::Display for ConnectionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.host(), self.message())
    }
}

impl std::error::Error for ConnectionError {}
