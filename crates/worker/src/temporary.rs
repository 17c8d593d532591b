//! The worker's own directory: private, made when first needed, gone when the worker ends.

use crate::output::lock;
use crate::paths;
use std::collections::hash_map::RandomState;
use std::fs::{self, DirBuilder};
use std::hash::{BuildHasher, Hasher};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Ansible's default for `remote_tmp`.
const DEFAULT: &str = "~/.ansible/tmp";

/// Where else to try when `remote_tmp` cannot be had.
const ELSEWHERE: [&str; 2] = ["/var/tmp", "/tmp"];

/// The directory, when it has been made.
#[derive(Default)]
pub(crate) struct Temporary {
    directory: Mutex<Option<PathBuf>>,
    count: AtomicU64,
    keep: AtomicBool,
}

impl Temporary {
    /// The directory; made below `remote_tmp` the first time.
    pub(crate) fn directory(&self, remote_tmp: &str) -> io::Result<PathBuf> {
        let mut directory = lock(&self.directory);
        if let Some(path) = directory.as_ref() {
            return Ok(path.clone());
        }
        let wanted = if remote_tmp.is_empty() { DEFAULT } else { remote_tmp };
        let made = paths::expand(wanted).and_then(|parent| {
            DirBuilder::new().recursive(true).mode(0o700).create(&parent)?;
            make_below(&parent)
        });
        // A user without a home still has a worker.
        let made = made.or_else(|error| {
            ELSEWHERE
                .iter()
                .find_map(|parent| make_below(Path::new(parent)).ok())
                .ok_or_else(|| io::Error::new(error.kind(), format!("no temporary directory below {wanted}: {error}")))
        })?;
        *directory = Some(made.clone());
        Ok(made)
    }

    /// A new directory inside.
    pub(crate) fn subdirectory(&self, remote_tmp: &str) -> io::Result<PathBuf> {
        let path = self.directory(remote_tmp)?.join(self.count.fetch_add(1, Ordering::Relaxed).to_string());
        DirBuilder::new().mode(0o700).create(&path)?;
        Ok(path)
    }

    /// Leave the directory behind: the user wants to look at it.
    pub(crate) fn keep(&self) {
        self.keep.store(true, Ordering::Relaxed);
    }

    /// True for a path this directory has given out and that is still inside it.
    pub(crate) fn owns(&self, path: &Path) -> bool {
        let directory = lock(&self.directory);
        directory.as_ref().is_some_and(|own| path.starts_with(own))
            && !path.components().any(|part| part == std::path::Component::ParentDir)
    }

    /// Remove everything.
    pub(crate) fn remove(&self) {
        if let Some(path) = lock(&self.directory).take()
            && !self.keep.load(Ordering::Relaxed)
        {
            let _ = fs::remove_dir_all(path);
        }
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        self.remove();
    }
}

/// A name nobody can foresee.
pub(crate) fn unforeseen() -> String {
    // Every `RandomState` has keys of its own, from the system's generator.
    let mut hasher = RandomState::new().build_hasher();
    hasher.write_u32(std::process::id());
    format!("{:016x}", hasher.finish())
}

fn make_below(parent: &Path) -> io::Result<PathBuf> {
    let path = parent.join(format!("churten-{}-{}", std::process::id(), unforeseen()));
    // Fails when the name exists, also as a link: nobody can have prepared it.
    DirBuilder::new().mode(0o700).create(&path)?;
    let made = fs::symlink_metadata(&path)?;
    if made.is_dir() && made.uid() == rustix::process::geteuid().as_raw() && made.mode() & 0o077 == 0 {
        Ok(path)
    } else {
        Err(io::Error::other(format!("{} is not a private directory", path.display())))
    }
}
