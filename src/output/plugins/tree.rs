//! The `tree` callback: each host's last result in a file of its own.

use crate::output::Console;
use crate::output::callback::Callback;
use crate::output::minimal::dump_all;
use churten_diagnostics::Report;
use churten_executor::Event;
use std::io::Write;
use std::path::{Path, PathBuf};

/// A directory with one file for each host.
#[derive(Debug)]
pub(crate) struct Tree {
    directory: PathBuf,
    verbosity: u8,
}

impl Tree {
    /// A tree in a directory, which is made when it is first written to.
    pub(crate) fn new(directory: &Path, verbosity: u8) -> Self {
        Self { directory: directory.to_path_buf(), verbosity }
    }

    /// Replace a host's file in one step.
    ///
    /// # Errors
    /// The directory or the file cannot be written.
    fn write(&self, host: &str, text: &str) -> Result<(), Report> {
        let path = self.directory.join(file_name(host));
        let failed =
            |error: std::io::Error| Report::new(format!("Unable to write to {}'s file: {error}", path.display()));
        std::fs::create_dir_all(&self.directory).map_err(failed)?;
        let permissions = std::os::unix::fs::PermissionsExt::from_mode(0o644);
        let mut file =
            tempfile::Builder::new().permissions(permissions).tempfile_in(&self.directory).map_err(failed)?;
        file.write_all(text.as_bytes()).map_err(failed)?;
        file.persist(&path).map_err(|error| failed(error.error))?;
        Ok(())
    }
}

impl Callback for Tree {
    fn event(&mut self, event: &Event, console: &mut Console) {
        if let Event::HostEnd(result) = event
            && let Err(report) = self.write(&result.host.name, &dump_all(result, self.verbosity, None))
        {
            console.warning(&report.render());
        }
    }
}

/// A host's name is no path.
fn file_name(host: &str) -> String {
    host.replace('/', "_")
}
