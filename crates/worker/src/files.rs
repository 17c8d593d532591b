//! Small answers about files.

use crate::output::system_error;
use crate::paths::expand;
use churten_protocol::{FileKind, FileStatus, Response};
use sha1::{Digest, Sha1};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A file's hash, read in pieces.
pub(crate) fn digest<D: Digest>(path: &Path) -> io::Result<sha1::digest::Output<D>> {
    digest_of::<D>(File::open(path)?)
}

/// The hash of what is read.
pub(crate) fn digest_of<D: Digest>(file: impl Read) -> io::Result<sha1::digest::Output<D>> {
    let mut hash = D::new();
    in_pieces(file, |piece| hash.update(piece))?;
    Ok(hash.finalize())
}

/// Hand over what is read, piece by piece.
pub(crate) fn in_pieces(mut file: impl Read, mut each: impl FnMut(&[u8])) -> io::Result<()> {
    let mut buffer = vec![0; 64 << 10];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(count) => each(buffer.get(..count).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// A new file that nobody else may read.
pub(crate) fn create_private(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

/// Answer `Stat`.
pub(crate) fn stat(path: &str, follow: bool, checksum: bool) -> Response {
    let look = || -> io::Result<Option<FileStatus>> {
        let path = expand(path)?;
        let found = if follow { fs::metadata(&path) } else { fs::symlink_metadata(&path) };
        let metadata = match found {
            Ok(metadata) => metadata,
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        let kind = if metadata.is_file() {
            FileKind::File
        } else if metadata.is_dir() {
            FileKind::Directory
        } else if metadata.is_symlink() {
            FileKind::Link
        } else {
            FileKind::Other
        };
        let sha1 = (checksum && kind == FileKind::File).then(|| digest::<Sha1>(&path).ok()).flatten();
        let target = (kind == FileKind::Link).then(|| fs::read_link(&path).ok()).flatten();
        Ok(Some(FileStatus {
            kind,
            mode: metadata.mode() & 0o7777,
            uid: metadata.uid(),
            gid: metadata.gid(),
            size: metadata.len(),
            modified: metadata.mtime(),
            sha1: sha1.map(|hash| hex(&hash)),
            target: target.map(|target| target.to_string_lossy().into_owned()),
        }))
    };
    look().map_or_else(|error| system_error(path, &error), Response::Stat)
}

/// Answer `Remove`: a file, or a directory with everything in it. Links are removed, not followed.
pub(crate) fn remove(path: &str) -> Response {
    let remove = || -> io::Result<bool> {
        let path = expand(path)?;
        if path.parent().is_none() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "the root directory is not removed"));
        }
        let removed = match fs::symlink_metadata(&path) {
            Ok(metadata) if metadata.is_dir() => fs::remove_dir_all(&path),
            Ok(_) => fs::remove_file(&path),
            Err(error) => Err(error),
        };
        match removed {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    };
    remove().map_or_else(|error| system_error(path, &error), Response::Removed)
}
