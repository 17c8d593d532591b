//! Reading and replacing files. Nobody ever sees half a file, and plain text that was replaced is overwritten.

use churten_diagnostics::Report;
use std::fs::{File, Metadata, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Standard input, or output.
pub(super) const STANDARD: &str = "-";
/// Larger inputs are refused: a vault is held in memory several times over.
const MAX_BYTES: u64 = 1 << 30;

/// The mode and owner of a file that is replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// 0600 and whoever runs this, as ansible-core leaves what it encrypted or decrypted.
    Private,
    /// As they were; 0600 for a new file.
    Kept,
}

/// What messages call a file: its path without links.
pub(super) fn shown(name: &str) -> String {
    if name == STANDARD { name.to_owned() } else { real_path(name).display().to_string() }
}

fn real_path(name: &str) -> PathBuf {
    let expanded = match (name.strip_prefix("~/"), std::env::var_os("HOME")) {
        (Some(rest), Some(home)) => PathBuf::from(home).join(rest),
        _ => PathBuf::from(name),
    };
    let absolute = std::path::absolute(&expanded).unwrap_or(expanded);
    std::fs::canonicalize(&absolute).unwrap_or(absolute)
}

/// All of a file, or of standard input.
///
/// # Errors
/// What cannot be read, or is too large.
pub(super) fn read(name: &str) -> Result<Zeroizing<Vec<u8>>, Report> {
    let path = real_path(name);
    let failed = |error: std::io::Error| {
        Report::new(format!("Unable to read source file ({}): {}", path.display(), python_error(&error, &path)))
    };
    let mut data = Zeroizing::new(Vec::new());
    let count = if name == STANDARD {
        std::io::stdin().lock().take(MAX_BYTES + 1).read_to_end(&mut data)
    } else {
        File::open(&path).and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut data))
    };
    if count.map_err(failed)? as u64 > MAX_BYTES {
        return Err(Report::new(format!("{} is larger than {MAX_BYTES} bytes", path.display())));
    }
    Ok(data)
}

/// Replace a file in one step, or write to standard output.
///
/// # Errors
/// What cannot be written; the file is then as it was.
pub(super) fn write(name: &str, data: &[u8], mode: Mode) -> Result<(), Report> {
    if name == STANDARD {
        let mut output = std::io::stdout().lock();
        return output
            .write_all(data)
            .and_then(|()| output.flush())
            .map_err(|error| Report::new(format!("cannot write to standard output: {error}")));
    }
    let path = real_path(name);
    let directory = path.parent().unwrap_or(Path::new("/"));
    if rustix::fs::access(directory, rustix::fs::Access::WRITE_OK).is_err() {
        return Err(Report::new(format!("Destination '{}' not writable", directory.display())));
    }
    replace(&path, data, mode)
        .map_err(|error| Report::new(format!("Unable to write {}: {}", path.display(), python_error(&error, &path))))
}

fn replace(path: &Path, data: &[u8], mode: Mode) -> std::io::Result<()> {
    let before = std::fs::metadata(path).ok().filter(Metadata::is_file);
    if before.is_none() && path.exists() {
        // Devices and pipes are written to.
        return OpenOptions::new().write(true).open(path)?.write_all(data);
    }
    let directory = path.parent().unwrap_or(Path::new("/"));
    let mut file = tempfile::Builder::new().prefix(".ansible-vault-").tempfile_in(directory)?;
    file.write_all(data)?;
    if let (Mode::Kept, Some(before)) = (mode, &before) {
        let now = file.as_file().metadata()?;
        if (now.uid(), now.gid()) != (before.uid(), before.gid()) {
            std::os::unix::fs::fchown(file.as_file(), Some(before.uid()), Some(before.gid()))?;
        }
        file.as_file().set_permissions(std::fs::Permissions::from_mode(before.mode() & 0o7777))?;
    }
    file.as_file().sync_all()?;
    // Opened now: after the renaming it has no name.
    let old = before.and_then(|_| OpenOptions::new().write(true).open(path).ok());
    file.persist(path).map_err(|error| error.error)?;
    if let Some(old) = old {
        erase(&old)?;
    }
    Ok(())
}

/// Overwrite a file's content.
pub(super) fn erase(mut file: &File) -> std::io::Result<()> {
    use std::io::{Seek, SeekFrom};
    let zeros = [0; 8192];
    let mut left = file.metadata()?.len();
    file.seek(SeekFrom::Start(0))?;
    while left > 0 {
        let count = left.min(zeros.len() as u64);
        file.write_all(zeros.get(..count as usize).unwrap_or_default())?;
        left -= count;
    }
    file.sync_data()
}

/// `[Errno 2] No such file or directory: '/path'`
pub(super) fn python_error(error: &std::io::Error, path: &Path) -> String {
    format!("{}: '{}'", churten_diagnostics::python_error(error), path.display())
}
