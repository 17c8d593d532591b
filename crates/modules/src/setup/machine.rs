use super::python::Python;
use churten_module::Output;
use churten_module::prelude::*;
use std::cell::OnceCell;
use std::time::Duration;

/// Files of the kernel and of `/etc` are small; what is larger is not what it should be.
const LIMIT: u64 = 4 << 20;

/// A host whose facts are gathered.
pub(crate) struct Machine<'h> {
    pub(crate) host: &'h dyn Host,
    /// Where local facts are.
    pub(crate) fact_path: &'h Path,
    /// How long a program may take.
    pub(crate) timeout: Duration,
    /// The Python of the host, looked for once.
    pub(super) python: OnceCell<Option<Python>>,
}

impl Machine<'_> {
    /// The text of a file, with bad bytes replaced.
    pub(crate) fn read(&self, path: impl AsRef<Path>) -> Option<String> {
        let bytes = self.host.read_bounded(path.as_ref(), LIMIT).ok()?;
        Some(match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
        })
    }

    /// The text of a file without blanks around it.
    pub(crate) fn value(&self, path: impl AsRef<Path>) -> Option<String> {
        self.read(path).map(|text| text.trim().to_owned())
    }

    /// The text of a file without blanks around it, or `NA`.
    pub(crate) fn value_or_na(&self, path: impl AsRef<Path>) -> String {
        self.value(path).unwrap_or_else(|| "NA".to_owned())
    }

    /// True when something is there, following links.
    pub(crate) fn exists(&self, path: impl AsRef<Path>) -> bool {
        matches!(self.host.stat(path.as_ref()), Ok(Some(_)))
    }

    /// True when a regular file is there, following links.
    pub(crate) fn is_file(&self, path: impl AsRef<Path>) -> bool {
        matches!(self.host.stat(path.as_ref()), Ok(Some(stat)) if stat.is_file())
    }

    /// True when a directory is there, following links.
    pub(crate) fn is_directory(&self, path: impl AsRef<Path>) -> bool {
        matches!(self.host.stat(path.as_ref()), Ok(Some(stat)) if stat.is_directory())
    }

    /// Names in a directory; none when it cannot be read.
    pub(crate) fn list(&self, path: impl AsRef<Path>) -> Vec<String> {
        self.host.list(path.as_ref()).unwrap_or_default()
    }

    /// The last part of what a link leads to.
    pub(crate) fn link_name(&self, path: impl AsRef<Path>) -> Option<String> {
        let target = self.host.real_path(path.as_ref());
        Some(target.file_name()?.to_string_lossy().into_owned())
    }

    /// What a program on the host says, if it is there, however it ends.
    pub(crate) fn said(&self, name: &str, arguments: &[&str]) -> Option<Output> {
        let program = self.host.find_program(name, &[])?.display().to_string();
        let words = std::iter::once(program.as_str()).chain(arguments.iter().copied());
        let command = Command::new(words).plain_locale().timeout(self.timeout);
        self.host.query(&command).ok()
    }

    /// What a program on the host prints, if it is there and succeeds.
    pub(crate) fn output(&self, name: &str, arguments: &[&str]) -> Option<String> {
        let output = self.said(name, arguments)?;
        (output.success() && !output.timed_out).then(|| output.stdout_text())
    }
}
