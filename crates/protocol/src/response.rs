//! What a worker answers.

use crate::{Blob, Hello};
use churten_value::Dict;
use serde::{Deserialize, Serialize};

/// Where a result tells how many microseconds its module took, when the invocation asked for it.
pub const TOOK_KEY: &str = "_churten_took";

/// One answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Response {
    /// To `Ping`.
    Pong,
    /// To `Module`: the result as the module returns it (`changed`, `failed`, `msg`, ...).
    Result(Dict),
    /// To `Batch`: one run has ended. Not final.
    Item {
        /// Which run, from 0.
        index: u32,
        /// Its result.
        result: Dict,
    },
    /// To `Batch`, after the last item.
    BatchEnd {
        /// How many were run.
        ran: u32,
    },
    /// To `Exec`.
    Exec(Output),
    /// To `Put`.
    Placed(Placed),
    /// To `Begun`: how many bytes of it are there.
    Begun(u64),
    /// To `Fetch`, after the data: how long the file was and its SHA-1.
    Fetched(Placed),
    /// To `Stat`; `None` when there is no such file.
    Stat(Option<FileStatus>),
    /// To `Remove`: whether there was anything.
    Removed(bool),
    /// To `TemporaryDirectory`.
    Path(String),
    /// To `Become`: frames with this route go to the second worker, which said hello.
    Route(u16, Hello),
    /// To `Become`: there is no second worker.
    Become(BecomeFailure),
    /// To anything: it could not be done.
    Error(RemoteError),
}

impl Response {
    /// True for the last answer to a request.
    pub fn is_final(&self) -> bool {
        !matches!(self, Self::Item { .. })
    }
}

/// How a program ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Output {
    /// Its exit code; minus the signal's number when a signal ended it, as Python's `subprocess` has it.
    pub code: i32,
    /// Standard output.
    pub stdout: Blob,
    /// Standard error.
    pub stderr: Blob,
    /// It was killed because it printed more than the limit; what is beyond that was dropped.
    pub truncated: bool,
    /// It was killed for its timeout.
    pub timed_out: bool,
    /// It was killed for a cancel.
    pub cancelled: bool,
}

impl Output {
    /// Why a program was killed that printed too much.
    pub fn excess(&self) -> Option<String> {
        let mebibytes = crate::OUTPUT_LIMIT >> 20;
        self.truncated.then(|| format!("The program printed more than {mebibytes} MiB and was killed."))
    }
}

/// A file that has travelled.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    /// Where it is on the host.
    pub path: String,
    /// Its length in bytes.
    pub size: u64,
    /// The SHA-1 of its content, hexadecimal.
    pub sha1: String,
}

/// The type of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileKind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link.
    Link,
    /// A device, a socket, a named pipe.
    Other,
}

/// What `stat` says of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileStatus {
    /// Its type.
    pub kind: FileKind,
    /// Permission bits, at most `0o7777`.
    pub mode: u32,
    /// Owner.
    pub uid: u32,
    /// Group.
    pub gid: u32,
    /// Length in bytes.
    pub size: u64,
    /// Modification time in seconds since 1970.
    pub modified: i64,
    /// The SHA-1 of its content, hexadecimal, when asked for and readable.
    pub sha1: Option<String>,
    /// What a symbolic link says.
    pub target: Option<String>,
}

/// Why there is no second worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BecomeFailure {
    /// The password was asked for again, or refused.
    IncorrectPassword,
    /// A password was asked for and none was given.
    MissingPassword,
    /// Nothing happened in time.
    Timeout {
        /// What the program wrote.
        output: String,
        /// How long was waited, in milliseconds.
        waited_milliseconds: u64,
    },
    /// The program ended.
    Ended {
        /// Its exit code, negative for a signal.
        code: i32,
        /// What it wrote, standard error after standard output.
        output: String,
    },
    /// The program could not be started.
    NotStarted(String),
    /// What answered is not this worker.
    Foreign(String),
}

/// A failure that is no module's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoteError {
    /// The system's error number; 0 when there is none.
    pub errno: i32,
    /// What happened.
    pub message: String,
}
