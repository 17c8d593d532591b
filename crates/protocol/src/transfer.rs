//! Files on their way.

use crate::hex;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A file to be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Put {
    /// Where it goes.
    pub destination: Destination,
    /// Its permission bits.
    pub mode: u32,
    /// What is known of its content beforehand; without it the file is what the data frames bring.
    pub known: Option<Known>,
}

/// A content that is announced. The worker compares what it has in the end, and places nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// Which content.
    pub content: ContentId,
    /// So many bytes at its beginning do not come, for the host has them: as `Begun` said, or all of them, of a content
    /// that may have been kept. Without them there the request fails with `ENOENT`.
    pub from: u64,
    /// What the host does with it beside placing it.
    pub keep: Keep,
}

/// Whether a host keeps a content in the user's own directory, `churten-UID` below `remote_tmp`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Keep {
    /// For later sessions, among a limited number of others.
    Whole,
    /// Only what has come when the connection is lost, for a day.
    Part,
}

/// Which content is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Start {
    /// The content.
    pub content: ContentId,
    /// Ansible's `remote_tmp`, as in [`Invocation`](crate::Invocation).
    pub remote_tmp: String,
}

/// The name of a content: what it is, wherever it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContentId {
    /// The SHA-1 of its bytes.
    pub sha1: [u8; 20],
    /// How many they are.
    pub size: u64,
}

/// Where a sent file goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Destination {
    /// This path. Written beside it, then renamed.
    Path(String),
    /// The worker's temporary directory.
    Temporary {
        /// Ansible's `remote_tmp`, as in [`Invocation`](crate::Invocation).
        remote_tmp: String,
        /// The name it gets, for humans.
        name: String,
    },
}

/// A file to be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fetch {
    /// Absolute path; `~` is expanded.
    pub path: String,
}

impl ContentId {
    /// From 40 hexadecimal digits and a size in bytes.
    pub fn from_hex(sha1: &str, size: u64) -> Option<Self> {
        hex::read(sha1).map(|sha1| Self { sha1, size })
    }
}

/// A name for a file: the digits of the SHA-1 and the size.
impl fmt::Display for ContentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hex::write(&self.sha1, f)?;
        write!(f, "-{}", self.size)
    }
}
