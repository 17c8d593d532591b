//! The log file of `log_path`: what is shown, with time, process and user, and without colours.

use churten_config::Settings;
use jiff::Zoned;
use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::Path;

/// How serious a line of the log is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    Info,
    Warning,
    Error,
}

impl Weight {
    fn name(self) -> &'static str {
        match self {
            Self::Info => "INFO",
            Self::Warning => "WARNING",
            Self::Error => "ERROR",
        }
    }
}

/// A log file that is open.
#[derive(Debug)]
pub(crate) struct Log {
    file: File,
    user: String,
    /// The verbosity of the log, when it is not that of the screen.
    pub(super) verbosity: Option<u8>,
}

impl Log {
    /// The log of the settings, if there is one.
    ///
    /// # Errors
    /// The line for the error stream; the run goes on without a log.
    pub(crate) fn open(settings: &Settings) -> Result<Option<Self>, String> {
        let Some(path) = settings.log_path() else { return Ok(None) };
        // Everything is logged under one name.
        if settings.list("DEFAULT_LOG_FILTER").iter().any(|name| matches!(*name, "" | "ansible")) {
            return Ok(None);
        }
        if Path::new(path).is_dir() {
            return Err(format!("[WARNING]: DEFAULT_LOG_PATH can not be a directory '{path}', aborting\n"));
        }
        let file = File::options().append(true).create(true).open(path).map_err(|error| match error.kind() {
            ErrorKind::NotFound | ErrorKind::PermissionDenied => {
                format!("[WARNING]: log file at '{path}' is not writeable and we cannot create it, aborting\n\n")
            }
            _ => format!("[WARNING]: log file at '{path}' cannot be opened: {error}\n"),
        })?;
        let verbosity =
            settings.get("LOG_VERBOSITY").as_int().map(|number| u8::try_from(number.max(0)).unwrap_or(u8::MAX));
        Ok(Some(Self { file, user: user(), verbosity }))
    }

    /// One message, however many lines it has. A log that cannot be written any more is given up silently, as the screen.
    pub(super) fn write(&mut self, weight: Weight, text: &str) {
        let text = text.trim_start_matches('\n');
        let time = Zoned::now().strftime("%Y-%m-%d %H:%M:%S,%3f").to_string();
        let process = std::process::id();
        let line = format!("{time} p={process} u={} n=ansible {}| {text}\n", self.user, weight.name());
        let _ = self.file.write_all(line.as_bytes());
    }
}

/// The user's name as Python's `getpass.getuser` finds it.
fn user() -> String {
    let named = ["LOGNAME", "USER", "LNAME", "USERNAME"].iter().find_map(|name| {
        let value = std::env::var(name).ok()?;
        (!value.is_empty()).then_some(value)
    });
    named.or_else(account).unwrap_or_default()
}

/// The name of this process's user in the password file.
fn account() -> Option<String> {
    let wanted = rustix::process::getuid().as_raw().to_string();
    let accounts = std::fs::read_to_string("/etc/passwd").ok()?;
    accounts.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)? == wanted).then(|| name.to_owned())
    })
}
