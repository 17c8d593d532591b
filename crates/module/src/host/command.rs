//! Programs to run and what they said.

use churten_value::{escape_bytes, has_surrogates, unescape_bytes};
use std::path::PathBuf;
use std::time::Duration;

/// What to start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Program {
    /// A program (looked up in `PATH` when it has no slash) and its arguments; `arguments[0]` is the program.
    Arguments(Vec<String>),
    /// A line for `/bin/sh -c`, or for another shell.
    Shell {
        /// The line.
        line: String,
        /// The shell; `/bin/sh` when absent.
        executable: Option<String>,
    },
}

/// A process to run to its end. Its environment, directory and mask are its own; the caller's do not change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// What to start.
    pub program: Program,
    /// Bytes for its standard input; empty input when absent.
    pub stdin: Option<Vec<u8>>,
    /// Variables set on top of the invocation's; `None` removes one.
    pub environment: Vec<(String, Option<String>)>,
    /// Its working directory.
    pub directory: Option<PathBuf>,
    /// Its file creation mask.
    pub umask: Option<u32>,
    /// Killed with its process group after this time.
    pub timeout: Option<Duration>,
    /// The most bytes of each output; one that prints more is killed, and an error.
    pub output_limit: usize,
}

/// More than what programs that are asked something say.
const OUTPUT_LIMIT: usize = 64 << 20;

impl Command {
    /// A program and its arguments.
    pub fn new<S: Into<String>>(arguments: impl IntoIterator<Item = S>) -> Self {
        Self::of(Program::Arguments(arguments.into_iter().map(Into::into).collect()))
    }

    /// A line for `/bin/sh`.
    pub fn shell(line: impl Into<String>) -> Self {
        Self::of(Program::Shell { line: line.into(), executable: None })
    }

    /// Anything to start.
    pub fn of(program: Program) -> Self {
        Self {
            program,
            stdin: None,
            environment: Vec::new(),
            directory: None,
            umask: None,
            timeout: None,
            output_limit: OUTPUT_LIMIT,
        }
    }

    /// With standard input.
    #[must_use]
    pub fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        // Text of modules, in which other bytes are escaped.
        let escaped = std::str::from_utf8(&bytes).ok().filter(|text| has_surrogates(text));
        self.stdin = Some(escaped.map(|text| unescape_bytes(text).into_owned()).unwrap_or(bytes));
        self
    }

    /// With one more variable.
    #[must_use]
    pub fn variable(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), Some(value.to_owned())));
        self
    }

    /// With `LANG`, `LC_ALL`, `LC_MESSAGES` and `LC_CTYPE` set to `C`, for output that is parsed.
    #[must_use]
    pub fn plain_locale(self) -> Self {
        ["LANG", "LC_ALL", "LC_MESSAGES", "LC_CTYPE"].iter().fold(self, |command, name| command.variable(name, "C"))
    }

    /// In a directory.
    #[must_use]
    pub fn directory(mut self, path: impl Into<PathBuf>) -> Self {
        self.directory = Some(path.into());
        self
    }

    /// With a file creation mask.
    #[must_use]
    pub fn umask(mut self, mask: u32) -> Self {
        self.umask = Some(mask);
        self
    }

    /// With so many bytes of each output at most.
    #[must_use]
    pub fn output_limit(mut self, bytes: usize) -> Self {
        self.output_limit = bytes;
        self
    }

    /// Killed after a time.
    #[must_use]
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = Some(limit);
        self
    }
}

/// How a process ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Output {
    /// Exit code; minus the signal's number when a signal ended it.
    pub code: i32,
    /// What it wrote to standard output.
    pub stdout: Vec<u8>,
    /// What it wrote to standard error.
    pub stderr: Vec<u8>,
    /// True when the time limit ended it.
    pub timed_out: bool,
}

impl Output {
    /// True for exit code 0.
    pub fn success(&self) -> bool {
        self.code == 0
    }

    /// Standard output as text; bytes that are not UTF-8 are escaped.
    pub fn stdout_text(&self) -> String {
        escape_bytes(&self.stdout).into_owned()
    }

    /// Standard error as text; bytes that are not UTF-8 are escaped.
    pub fn stderr_text(&self) -> String {
        escape_bytes(&self.stderr).into_owned()
    }
}
