//! Package files: of the host, or fetched from an address first.

use super::command::Dnf;
use super::installed::Installed;
use churten_module::prelude::*;
use std::cmp::Ordering;

/// Files that were downloaded, gone when this is dropped.
pub(super) struct Downloads<'a> {
    host: &'a dyn Host,
    paths: Vec<PathBuf>,
}

impl<'a> Downloads<'a> {
    pub(super) fn new(host: &'a dyn Host) -> Self {
        Self { host, paths: Vec::new() }
    }

    /// The path of a file on the host; an address is fetched.
    pub(super) fn path(&mut self, options: &Options, name: &str, validate_certs: bool) -> Result<String> {
        if let Some(path) = name.strip_prefix("file://") {
            return Ok(path.to_owned());
        }
        if !name.contains("://") {
            return Ok(name.to_owned());
        }
        let directory = options.temporary_directory.clone().unwrap_or_else(|| PathBuf::from("/tmp"));
        let path = crate::web::to_temporary(self.host, name, &directory, ".rpm", validate_certs)?;
        self.paths.push(path.clone());
        Ok(path.display().to_string())
    }
}

impl Drop for Downloads<'_> {
    fn drop(&mut self) {
        for path in &self.paths {
            let _ = self.host.remove_file(path);
        }
    }
}

impl Dnf<'_> {
    /// Is the package of a file to be installed: it is not there, or lower?
    pub(super) fn wants_file(&self, installed: &Installed<'_>, path: &str) -> Result<bool> {
        let Some(package) = installed.file(path)? else {
            let msg = format!("Error occurred attempting remote rpm operation: Could not open: {path}");
            return Err(Failure::new(msg).with("results", Value::list(Vec::new())).with("rc", 1));
        };
        let mut same = installed.of_name(&package.name).filter(|other| other.architecture == package.architecture);
        let Some(highest) = same.by_ref().last() else { return Ok(true) };
        Ok(match package.compare(highest) {
            Ordering::Greater => true,
            Ordering::Equal => false,
            Ordering::Less => self.settings.allow_downgrade,
        })
    }
}
