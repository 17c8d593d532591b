//! What a controller asks for.

use crate::deflate::{deflate, inflate};
use crate::{Blob, Fetch, FrameError, Put, Secret, Start};
use churten_value::Dict;
use serde::{Deserialize, Serialize};

/// Environment variables for the children of one request, in order. They can hold secrets.
pub type Environment = Vec<(String, Secret)>;

/// One request. Every request is answered by exactly one final [`Response`](crate::Response), also when cancelled.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Request {
    /// Answered by `Pong`.
    Ping,
    /// Run one module; answered by `Result`.
    Module(Box<Invocation>),
    /// Run several modules one after another; each is answered by `Item` as it ends, all by `BatchEnd`.
    Batch(Batch),
    /// Run a program; answered by `Exec`.
    Exec(Exec),
    /// Run a module in Python; answered by `Exec`.
    Python(PythonRun),
    /// Write a file from the data frames that follow under this id, until an end frame; answered by `Placed`.
    Put(Put),
    /// How much of a content is there from a `Put` that did not come to its end; answered by `Begun`.
    Begun(Start),
    /// Read a file as data frames; answered by `Fetched` after the last.
    Fetch(Fetch),
    /// Look at a file; answered by `Stat`.
    Stat {
        /// Absolute path; `~` and `~user` at its start are expanded.
        path: String,
        /// Look at what a symbolic link points to.
        follow: bool,
        /// With the SHA-1 of a regular file's content.
        checksum: bool,
    },
    /// Remove a file or a whole directory; answered by `Removed`.
    Remove {
        /// Absolute path.
        path: String,
    },
    /// Start a second worker under another identity; answered by `Route` or `Become`.
    Become(Become),
    /// Run one module apart from this worker, which it outlives; answered by `Result` as soon as it has begun.
    Detach(Detach),
    /// A directory of this worker's own, mode 0700, removed when it exits; answered by `Path`.
    TemporaryDirectory {
        /// Where to make it, when it has not been made: Ansible's `remote_tmp`.
        remote_tmp: String,
    },
}

/// One run of a module.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Invocation {
    /// Its name: `ansible.builtin.file`, or without the collection.
    pub module: String,
    /// Its arguments, rendered.
    pub arguments: Dict,
    /// Predict, change nothing.
    pub check_mode: bool,
    /// Report differences.
    pub diff: bool,
    /// How many `-v`.
    pub verbosity: u8,
    /// The host's log is told of it; absent where it is to hear nothing (`no_log`, `no_target_syslog`).
    pub log: Option<HostLog>,
    /// `environment` of the task, for the module and its children.
    pub environment: Environment,
    /// Ansible's `remote_tmp`; `~` is expanded. Empty for the default of `~/.ansible/tmp`.
    pub remote_tmp: String,
    /// Leave attached files behind, for debugging (`ANSIBLE_KEEP_REMOTE_FILES`).
    pub keep_remote_files: bool,
    /// The shell for command lines (`ansible_shell_executable`); empty for `/bin/sh`.
    pub shell: String,
    /// Files that come with the task.
    pub files: Vec<Attachment>,
    /// After so many milliseconds the module's processes are killed and the run has failed; 0 for never.
    pub timeout_milliseconds: u64,
    /// How many files the module's programs may have open; 0 for as many as the worker.
    pub open_files: u64,
    /// Parts of the names of file systems whose files have no SELinux contexts of their own; absent for ansible-core's.
    pub special_file_systems: Option<Vec<String>>,
    /// The result is to tell how long the module took, under [`TOOK_KEY`](crate::TOOK_KEY).
    pub timed: bool,
}

/// How the host's log is told of a module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostLog {
    /// The facility's number (RFC 5424, 6.2.1).
    pub facility: u8,
    /// A text in front of the message; empty for none.
    pub info: String,
}

/// A file for a module. With an `argument` it is put in the worker's temporary directory and its path becomes that
/// argument; without one the module gets it by name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attachment {
    /// The argument that becomes the path of the file (`src`); empty when the module asks for it by name.
    pub argument: String,
    /// The name; for a file of an argument only the part after the last `/` counts.
    pub name: String,
    /// What is in it.
    pub content: Content,
    /// The bytes of the content are a raw DEFLATE stream. Only on the way: see [`Request::deflate`] and [`Request::inflate`].
    pub deflated: bool,
}

impl Attachment {
    fn deflate(&mut self) {
        if let Content::Bytes(bytes) = &mut self.content
            && !self.deflated
            && let Some(smaller) = deflate(&bytes.0)
        {
            *bytes = Blob(smaller);
            self.deflated = true;
        }
    }

    fn inflate(&mut self) -> Result<(), FrameError> {
        if std::mem::take(&mut self.deflated)
            && let Content::Bytes(bytes) = &mut self.content
        {
            *bytes = Blob(inflate(&bytes.0)?);
        }
        Ok(())
    }
}

impl Request {
    /// Make the files in the request smaller, for a slow link.
    pub fn deflate(&mut self) {
        self.files().for_each(Attachment::deflate);
    }

    /// Bring the files in the request to what they were.
    ///
    /// # Errors
    /// When one is not what it says.
    pub fn inflate(&mut self) -> Result<(), FrameError> {
        self.files().try_for_each(Attachment::inflate)
    }

    fn files(&mut self) -> impl Iterator<Item = &mut Attachment> {
        let invocations = match self {
            Self::Module(invocation) => std::slice::from_mut(&mut **invocation),
            Self::Batch(batch) => &mut batch.invocations[..],
            Self::Detach(Detach { work: Work::Module(invocation), .. }) => std::slice::from_mut(invocation),
            _ => &mut [],
        };
        invocations.iter_mut().flat_map(|invocation| &mut invocation.files)
    }
}

/// Where the bytes of an attachment are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Content {
    /// Here; for small files.
    Bytes(Blob),
    /// In the file that an earlier `Put` to [`Destination::Temporary`] made, by the path in its answer. It is
    /// moved, so it serves one invocation.
    Uploaded(String),
}

/// Several runs, one after another: the items of a loop, or tasks that need nothing of each other's results.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Batch {
    /// The runs, in order.
    pub invocations: Vec<Invocation>,
    /// The numbers of the runs, ascending, that a task ends with. Once a run has failed, what comes after the next of
    /// these ends is left out; without ends nothing is.
    pub ends: Vec<u32>,
}

/// A run that goes on when the controller is gone: Ansible's `async`. Its results file is read by `async_status`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Detach {
    /// What runs. Its own time limit is not used.
    pub work: Work,
    /// The job's id (`j786054403188.31769`); the name of the results file.
    pub job: String,
    /// Where the results file goes (`ansible_async_dir`); empty for `~/.ansible_async`.
    pub directory: String,
    /// The run is killed after so many seconds; 0 for never.
    pub time_limit_seconds: u64,
}

/// What can run detached.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Work {
    /// A native module.
    Module(Invocation),
    /// A program that prints its result as JSON.
    Program(DetachedProgram),
}

/// A module that is a program of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DetachedProgram {
    /// How it is started, by [`Command::Argv`].
    pub exec: Exec,
    /// Files that it needs, which are to outlive the session: each has a directory of its own, and its path replaces the
    /// argument that is equal to its [`Attachment::argument`].
    pub files: Vec<Attachment>,
    /// Where they are put: Ansible's `remote_tmp`.
    pub remote_tmp: String,
    /// Leave the files behind, for debugging (`ANSIBLE_KEEP_REMOTE_FILES`).
    pub keep_remote_files: bool,
}

/// A program to run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Exec {
    /// What to run.
    pub command: Command,
    /// Its standard input.
    pub stdin: Blob,
    /// Variables on top of the worker's environment.
    pub environment: Environment,
    /// Its working directory; the worker's when absent.
    pub directory: Option<String>,
    /// It is killed after so many milliseconds; 0 for never.
    pub timeout_milliseconds: u64,
    /// The most bytes of each output; 0 for the worker's limit, [`OUTPUT_LIMIT`](crate::OUTPUT_LIMIT).
    pub output_limit: u32,
}

/// One run of a module in Python.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PythonRun {
    /// The interpreter: a path, or a name that is found on `PATH`.
    pub interpreter: String,
    /// The path of the archive with the module, which the interpreter can run by itself.
    pub archive: String,
    /// The path of the archive that an interpreter keeps loaded between runs; empty to start one for this run.
    pub base: String,
    /// The module's dotted name in its archive.
    pub name: String,
    /// How many files it may have open; 0 for as many as the worker.
    pub open_files: u64,
    /// The invocation, as JSON.
    pub invocation: Blob,
    /// Variables on top of the worker's environment.
    pub environment: Environment,
    /// It is killed after so many milliseconds; 0 for never.
    pub timeout_milliseconds: u64,
}

/// How a program is named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Command {
    /// A program and its arguments; found on `PATH` unless it has a `/`.
    Argv(Vec<String>),
    /// A command line for a shell: `executable -c line`.
    Shell {
        /// `/bin/sh` when empty.
        executable: String,
        /// The command line.
        line: String,
    },
}

/// A second worker, through `sudo`, `su`, `doas` and the like. It talks through pipes: the password goes to the
/// program's standard input, and the new worker's magic on its output is the sign of success.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Become {
    /// The whole command. Every occurrence of [`Become::WORKER`] in it is replaced by the command that starts this
    /// worker's own program (quoted for a shell where it needs it).
    pub argv: Vec<String>,
    /// Variables on top of the worker's environment.
    pub environment: Environment,
    /// Texts that ask for the password, on either output; compared without regard to case.
    pub prompts: Vec<String>,
    /// Texts that say the password was wrong (`Sorry, try again.`).
    pub incorrect: Vec<String>,
    /// Texts that say a password is needed (`a password is required`).
    pub missing: Vec<String>,
    /// The password, without a newline.
    pub password: Option<Secret>,
    /// How long to wait for the second worker, in milliseconds; 0 for 12 seconds.
    pub timeout_milliseconds: u64,
}

impl Become {
    /// Stands for the worker's command in [`Become::argv`].
    pub const WORKER: &'static str = "%churten-worker%";
}
