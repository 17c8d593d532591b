//! The user's editor on a private copy of the plain text.

use super::files::{self, python_error};
use super::interrupt::Interrupts;
use crate::prompt;
use churten_config::Settings;
use churten_diagnostics::Report;
use churten_syntax::shlex_split;
use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};
use zeroize::Zeroizing;

/// How often the editor and the signals are looked at.
const NAP: Duration = Duration::from_millis(20);
/// How long an editor has to end by itself after Ctrl-C, which it gets, too.
const GRACE: Duration = Duration::from_millis(500);

/// A file with plain text that is gone, overwritten, when this is dropped.
struct Copy {
    path: PathBuf,
    _directory: tempfile::TempDir,
}

impl Copy {
    /// A copy that is named like `original`, so that the editor knows its kind.
    fn new(text: &[u8], original: &Path, settings: &Settings) -> Result<Self, Report> {
        let failed = |error: std::io::Error| Report::new(format!("cannot write a temporary file: {error}"));
        let parent = settings.text("DEFAULT_LOCAL_TMP").map_or_else(std::env::temp_dir, PathBuf::from);
        std::fs::create_dir_all(&parent).map_err(failed)?;
        let directory = tempfile::Builder::new()
            .prefix("ansible-local-")
            .permissions(std::fs::Permissions::from_mode(0o700))
            .tempdir_in(&parent)
            .map_err(failed)?;
        let extension = original.extension().map(|extension| format!(".{}", extension.to_string_lossy()));
        let (mut file, path) = tempfile::Builder::new()
            .prefix("tmp")
            .suffix(&extension.unwrap_or_default())
            .tempfile_in(directory.path())
            .and_then(|file| file.keep().map_err(|error| error.error))
            .map_err(failed)?;
        let copy = Self { path, _directory: directory };
        file.write_all(text).map_err(failed)?;
        Ok(copy)
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        if let Ok(file) = OpenOptions::new().write(true).open(&self.path) {
            let _ = files::erase(&file);
        }
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Let the user edit a text; gives what is there when the editor ends.
///
/// # Errors
/// An editor that cannot be started, Ctrl-C.
pub(super) fn edit(
    text: &[u8],
    original: &Path,
    settings: &Settings,
    interrupts: &Interrupts,
) -> Result<Zeroizing<Vec<u8>>, Report> {
    let copy = Copy::new(text, original, settings)?;
    let editor = settings.text("EDITOR").unwrap_or("vi");
    let words = shlex_split(editor).map_err(|_| Report::new(format!("The editor cannot be read: {editor}")))?;
    let Some((program, arguments)) = words.split_first() else {
        return Err(Report::new("No editor is set"));
    };
    let child = Command::new(program).args(arguments).arg(&copy.path).spawn().map_err(|error| {
        let command = format!("{} {}", words.join(" "), copy.path.display());
        let reason = python_error(&error, Path::new(program));
        Report::new(format!("Unable to execute the command \"{command}\": {reason}"))
    })?;
    wait(child, interrupts)?;
    let path = copy.path.display().to_string();
    files::read(&path)
}

/// Wait for the editor; whatever it says, what it left counts.
fn wait(mut child: Child, interrupts: &Interrupts) -> Result<(), Report> {
    loop {
        match child.try_wait() {
            Ok(None) => {}
            Ok(Some(_)) => return interrupts.check(),
            Err(error) => return Err(Report::new(format!("cannot wait for the editor: {error}"))),
        }
        if interrupts.check().is_err() {
            let told = Instant::now();
            while told.elapsed() < GRACE && matches!(child.try_wait(), Ok(None)) {
                std::thread::sleep(NAP);
            }
            let _ = child.kill();
            let _ = child.wait();
            return Err(prompt::interrupted());
        }
        std::thread::sleep(NAP);
    }
}
