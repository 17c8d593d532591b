//! Where file systems begin.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

/// The directory at which the file system of a path without links is mounted (`os.path.ismount`, upwards).
pub(super) fn point(path: &Path) -> PathBuf {
    let device = |path: &Path| fs::symlink_metadata(path).ok().map(|found| found.dev());
    path.ancestors()
        .find(|path| match (device(path), path.parent().map(device)) {
            (Some(own), Some(Some(above))) => own != above,
            (_, None) => true,
            _ => false,
        })
        .unwrap_or(Path::new("/"))
        .to_owned()
}
