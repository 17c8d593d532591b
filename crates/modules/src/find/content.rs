//! Looking for a regular expression in a file.

use crate::python_regex::PythonRegex;
use crate::text_encoding::{self, DecodeError};
use churten_module::Observe;
use std::path::Path;

/// Larger files are not searched in memory.
const LIMIT: u64 = 512 << 20;

/// What is looked for, and how.
pub(super) struct Search<'a> {
    pub(super) pattern: &'a str,
    /// In the content as a whole, not at the beginnings of lines.
    pub(super) is_whole: bool,
    pub(super) encoding: Option<&'a str>,
}

impl Search<'_> {
    /// Whether a file has it. A file that may not be read has nothing.
    pub(super) fn is_in(&self, host: &dyn Observe, path: &str) -> Result<bool, String> {
        let pattern = PythonRegex::new(self.pattern, "")?;
        let text = match host.read_bounded(Path::new(path), LIMIT) {
            Ok(bytes) => text_encoding::decode(host, &bytes, self.encoding.unwrap_or("utf-8")),
            Err(_) => return Ok(false),
        };
        let text = match text {
            Ok(text) => text.replace("\r\n", "\n").replace('\r', "\n"),
            Err(DecodeError::Malformed) => {
                let default = "None (default determined by the Python built-in function \"open\")";
                let encoding = self.encoding.unwrap_or(default);
                return Err(format!(
                    "Failed to read the file {path} due to an encoding error. current encoding: {encoding}"
                ));
            }
            Err(error) => return Err(error.to_string()),
        };
        if self.is_whole {
            return Ok(pattern.is_match(&text));
        }
        Ok(text.split_inclusive('\n').any(|line| pattern.is_match_at_start(line)))
    }
}
