//! Comparing text with a golden file.

use std::fmt;
use std::path::Path;

/// A text is not what its golden file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The name of the golden file.
    pub name: String,
    /// Number of the first line that differs, from 1.
    pub line: usize,
    /// That line in the golden file.
    pub expected: Option<String>,
    /// That line in the text.
    pub actual: Option<String>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = |line: &Option<String>| line.as_ref().map_or("(end)".to_owned(), |line| format!("{line:?}"));
        write!(f, "{}:{}: expected {}, got {}", self.name, self.line, line(&self.expected), line(&self.actual))
    }
}

/// Compare `actual` with the golden file at `path`; both are masked. A missing file counts as empty.
///
/// With `CHURTEN_GOLDEN=record` in the environment [`compare_or_record`] writes the file instead; files that hold the
/// oracle's output are only written by the program that runs it.
///
/// # Errors
/// The first difference.
pub fn compare(path: &Path, actual: &str) -> Result<(), Difference> {
    let expected = crate::mask(&std::fs::read_to_string(path).unwrap_or_default());
    let actual = crate::mask(actual);
    if expected == actual {
        return Ok(());
    }
    let (mut left, mut right) = (expected.split('\n'), actual.split('\n'));
    let mut line = 0;
    loop {
        line += 1;
        let (expected, actual) = (left.next(), right.next());
        if expected != actual || expected.is_none() {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            return Err(Difference { name, line, expected: expected.map(Into::into), actual: actual.map(Into::into) });
        }
    }
}

/// [`compare`], or write the golden file when `CHURTEN_GOLDEN=record` is in the environment.
///
/// # Errors
/// The first difference.
pub fn compare_or_record(path: &Path, actual: &str) -> Result<(), Difference> {
    let record = std::env::var_os("CHURTEN_GOLDEN").is_some_and(|mode| mode == "record");
    if record && std::fs::write(path, actual).is_ok() { Ok(()) } else { compare(path, actual) }
}
