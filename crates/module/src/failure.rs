//! How a module says that it failed.

use crate::host::Program;
use crate::words::quote;
use churten_value::{Dict, Value};
use std::fmt;
use std::io;

/// A failed module: the text of `msg`, and the further keys of its result.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Failure {
    /// What the user reads first.
    pub msg: String,
    /// The error of the system behind it, which the user sees after the message.
    pub cause: Option<Box<str>>,
    /// Further keys of the result (`rc`, `stdout`, `path`, ...).
    pub extra: Box<Dict>,
}

/// What fallible functions of modules return.
pub type Result<T, E = Failure> = std::result::Result<T, E>;

/// The key under which a failure's cause travels in the result. Whoever shows the failure takes it out; like every
/// key that begins with `_ansible_` it is not registered.
pub const CAUSE_KEY: &str = "_ansible_cause";

/// The key under which a module gives back arguments that it changed on its way; the invocation shows them so. It is
/// taken out of the result.
pub const AMENDED_KEY: &str = "_ansible_amended_arguments";

/// The exit code that ansible-core uses for "there was no exit code".
const NO_CODE: i32 = 257;

impl Failure {
    /// A failure with a message.
    pub fn new(msg: impl Into<String>) -> Self {
        Self { msg: msg.into(), cause: None, extra: Box::default() }
    }

    /// This failure with one more key in its result.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.extra.insert(key, value);
        self
    }

    /// This failure with the error behind it: `[Errno 2] No such file or directory: b'/nosuch'`.
    #[must_use]
    pub fn caused_by(mut self, cause: impl Into<Box<str>>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// A program that could not be started, as ansible-core's `run_command` tells it.
    pub fn could_not_run(program: &Program, error: &io::Error) -> Self {
        let (name, words) = match program {
            Program::Arguments(arguments) => {
                let quoted: Vec<String> = arguments.iter().map(|word| quote(word)).collect();
                (arguments.first().map_or("", String::as_str), quoted)
            }
            Program::Shell { line, executable } => {
                let shell = executable.as_deref().unwrap_or("/bin/sh");
                (shell, vec![shell.to_owned(), "-c".to_owned(), quote(line)])
            }
        };
        if error.kind() == io::ErrorKind::FileTooLarge {
            return Self::new(python_error(error)).with("rc", NO_CODE).with("cmd", words.join(" "));
        }
        let (rc, cause) = if name.is_empty() {
            (NO_CODE, "list index out of range".to_owned())
        } else {
            (error.raw_os_error().unwrap_or(NO_CODE), python_path_error(error, std::path::Path::new(name)))
        };
        Self::new("Error executing command.")
            .with("rc", rc)
            .with("stdout", "")
            .with("stderr", "")
            .with("cmd", words.join(" "))
            .caused_by(cause)
    }

    /// A feature of the Python module that churten does not have yet.
    pub fn not_yet(feature: impl fmt::Display) -> Self {
        Self::new(format!("not yet supported by churten: {feature}"))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.msg)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::new(python_error(&error))
    }
}

/// An error of the operating system as Python prints it: `[Errno 2] No such file or directory`.
pub fn python_error(error: &io::Error) -> String {
    match error.raw_os_error() {
        Some(number) => format!("[Errno {number}] {}", error_text(error)),
        None => error.to_string(),
    }
}

/// An error about a path, as Python prints it where the path is bytes: `[Errno 2] No such file or directory: b'/x'`.
pub fn python_path_error(error: &io::Error, path: &std::path::Path) -> String {
    use std::os::unix::ffi::OsStrExt as _;
    format!("{}: {}", python_error(error), Value::bytes(path.as_os_str().as_bytes()).to_text())
}

/// The text of an operating system error alone: `No such file or directory`.
pub fn error_text(error: &io::Error) -> String {
    let text = error.to_string();
    // Rust appends " (os error N)".
    text.rsplit_once(" (os error ").map_or_else(|| text.clone(), |(text, _)| text.to_owned())
}

/// Leave a module with a failure: `fail!("Path {path} is a directory !")`.
#[macro_export]
macro_rules! fail {
    ($($argument:tt)*) => {
        return ::std::result::Result::Err($crate::Failure::new(::std::format!($($argument)*)).into())
    };
}
