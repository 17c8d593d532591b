//! What a module has decided to do.

use crate::Labelling;
use crate::host::{Command, Timestamp};
use churten_value::{Dict, Value};
use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::Arc;

/// The steps that remain, and what the task will register.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// What to do, in order. Nothing is done in check mode.
    pub steps: Vec<Step>,
    /// True when the host is, or would be, changed.
    pub changed: bool,
    /// Keys of the result.
    pub result: Dict,
    /// Warnings for the user.
    pub warnings: Vec<String>,
    /// A file that is new, and is removed again when a step fails.
    pub undo: Option<PathBuf>,
}

/// The only things a [`State`](crate::State) module can do to a host.
#[derive(Clone, Debug)]
pub enum Step {
    /// Replace a file's content atomically, or create it.
    Write(Write),
    /// Keep a copy under a dated name; its name becomes `backup_file` (or the given key) of the result.
    Backup {
        /// The file to copy.
        path: PathBuf,
        /// The key of the result.
        key: &'static str,
    },
    /// Create a directory.
    CreateDirectory {
        /// Where.
        path: PathBuf,
        /// Permission bits, before the mask is taken off.
        mode: u32,
    },
    /// Set permission bits.
    SetMode {
        /// Of what.
        path: PathBuf,
        /// The bits.
        mode: u32,
    },
    /// Set owner and group.
    SetOwner {
        /// Of what.
        path: PathBuf,
        /// New owner.
        uid: Option<u32>,
        /// New group.
        gid: Option<u32>,
        /// Follow a link.
        follow: bool,
    },
    /// Set parts of the SELinux context.
    SetContext {
        /// Of what.
        path: PathBuf,
        /// User, role, type and level; `None` leaves one alone.
        parts: Vec<Option<String>>,
        /// The difference is told by the plan. Of what is made by it the result's difference learns when it is there.
        told: bool,
    },
    /// Set the extended attributes that another file has, those that may be set.
    CopyExtendedAttributes {
        /// Whose.
        from: PathBuf,
        /// Of what. A link gets those of a link.
        to: PathBuf,
    },
    /// Set both times to now, which whoever may write a file may do.
    Touch {
        /// Of what.
        path: PathBuf,
        /// Follow a link.
        follow: bool,
    },
    /// Set times.
    SetTimes {
        /// Of what.
        path: PathBuf,
        /// Last access.
        accessed: Option<Timestamp>,
        /// Last change of content.
        modified: Option<Timestamp>,
        /// Follow a link.
        follow: bool,
    },
    /// `chattr`.
    SetFileAttributes {
        /// Of what.
        path: PathBuf,
        /// Operator and letters.
        change: String,
    },
    /// Make a symbolic link, replacing what is there if it is no directory.
    SymbolicLink {
        /// Where it points.
        target: PathBuf,
        /// Where it is.
        path: PathBuf,
    },
    /// Make a hard link, replacing what is there if it is no directory.
    HardLink {
        /// The file.
        target: PathBuf,
        /// The new name.
        path: PathBuf,
    },
    /// Remove a file, a link, or a directory with all that is in it.
    Remove(PathBuf),
    /// Run a program.
    Run(Run),
}

/// Content for a file.
#[derive(Clone, Debug)]
pub enum Content {
    /// In memory.
    Bytes(Arc<[u8]>),
    /// In a file of the host, which is copied.
    File(PathBuf),
}

impl From<Vec<u8>> for Content {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes.into())
    }
}

/// Bytes that are escaped in the text of modules become bytes again.
impl From<String> for Content {
    fn from(text: String) -> Self {
        match churten_value::unescape_bytes(&text) {
            Cow::Borrowed(_) => text.into_bytes().into(),
            Cow::Owned(bytes) => bytes.into(),
        }
    }
}

/// A file to be written.
#[derive(Clone, Debug)]
pub struct Write {
    /// Where. A file that is there gives its mode and owner; a link is replaced, not followed.
    pub path: PathBuf,
    /// What.
    pub content: Content,
    /// A command that must succeed before the file is put in its place; `%s` is the new file.
    pub validate: Option<String>,
    /// What is said when that command fails.
    pub validation_failure: ValidationFailure,
    /// Write in place where renaming is impossible.
    pub unsafe_writes: bool,
    /// Validate in check mode, too, and tell what the command said under `validation`.
    pub rehearse: bool,
    /// Write what a link at the path leads to, and create missing directories above it.
    pub follow: bool,
    /// Its SELinux context.
    pub labelling: Labelling,
    /// The file whose extended attributes it gets; that which it replaces when absent.
    pub attributes_of: Option<PathBuf>,
}

/// How modules tell that the user's validation failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ValidationFailure {
    /// In one line: `failed to validate: rc:1 error:...`.
    #[default]
    Line,
    /// With `exit_status`, `stdout` and `stderr` as keys.
    Keys,
}

impl Write {
    /// Content for a file, not validated.
    pub fn new(path: impl Into<PathBuf>, content: impl Into<Content>) -> Self {
        Self {
            path: path.into(),
            content: content.into(),
            validate: None,
            validation_failure: ValidationFailure::Line,
            unsafe_writes: false,
            rehearse: false,
            follow: false,
            labelling: Labelling::Kept,
            attributes_of: None,
        }
    }
}

/// A program to be run.
#[derive(Clone, Debug)]
pub struct Run {
    /// The program.
    pub command: Command,
    /// The message of the failure when it does not exit with 0; `{stderr}` and `{stdout}` are replaced.
    /// `None` goes on after any exit code.
    pub failure: Option<String>,
    /// Put `rc`, `stdout` and `stderr` into the result.
    pub report: bool,
}

impl Plan {
    /// Nothing to do.
    pub fn new() -> Self {
        Self::default()
    }

    /// This plan with one more key in its result.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.set(key, value);
        self
    }

    /// Set a key of the result.
    pub fn set(&mut self, key: &str, value: impl Into<Value>) {
        self.result.insert(key, value);
    }

    /// Add a step; the task is then changed.
    pub fn step(&mut self, step: Step) {
        self.steps.push(step);
        self.changed = true;
    }

    /// Add a step that does not count as a change by itself.
    pub fn quiet_step(&mut self, step: Step) {
        self.steps.push(step);
    }

    /// Run a program whose failure fails the task with `failure` (see [`Run::failure`]).
    pub fn run(&mut self, command: Command, failure: impl Into<String>) {
        self.step(Step::Run(Run { command, failure: Some(failure.into()), report: false }));
    }

    /// Warn the user.
    pub fn warn(&mut self, text: impl Into<String>) {
        self.warnings.push(text.into());
    }
}
