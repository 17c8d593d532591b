//! The worker's own directory: private, made when first needed, gone when the worker ends.

use crate::kept::Kept;
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
use std::time::Duration;

/// Ansible's default for `remote_tmp`.
const DEFAULT: &str = "~/.ansible/tmp";

/// Where else to try when `remote_tmp` cannot be had.
const ELSEWHERE: [&str; 2] = ["/var/tmp", "/tmp"];

/// How the names of these directories begin; the process id, the place and something unforeseen follow.
const PREFIX: &str = "churten-";

/// How old a directory without its worker is before another worker removes it that does not know its place.
const ORPHAN_AGE: Duration = Duration::from_secs(3 * 24 * 3600);

/// How many entries are looked at.
const MAX_ORPHANS: usize = 1000;

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
        // Somebody may have tidied up.
        if let Some(path) = directory.as_ref().filter(|path| path.is_dir()) {
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

    /// What this user's sessions keep, beside the directory.
    pub(crate) fn kept(&self, remote_tmp: &str) -> io::Result<Kept> {
        let directory = self.directory(remote_tmp)?;
        Kept::below(directory.parent().ok_or(io::ErrorKind::InvalidInput)?)
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

/// Where a process id means the same process: this start of this machine, and the namespace of its processes. `None`
/// when the system does not tell.
fn place() -> Option<String> {
    let start = fs::read("/proc/sys/kernel/random/boot_id").ok()?;
    let namespace = fs::read_link("/proc/self/ns/pid").ok()?;
    // FNV-1a, so that workers of other builds name it alike.
    let bytes = start.iter().chain(namespace.as_os_str().as_encoded_bytes());
    let hash =
        bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    Some(format!("{hash:016x}"))
}

/// Remove what workers left behind that could not: killed, or the machine went down. A home may be shared by machines
/// that know nothing of each other's processes; what is not certainly of this one must be old.
fn remove_orphans(parent: &Path, place: Option<&str>) {
    let own = rustix::process::geteuid().as_raw();
    for entry in fs::read_dir(parent).into_iter().flatten().flatten().take(MAX_ORPHANS) {
        let name = entry.file_name();
        let Some((pid, rest)) = name.to_str().and_then(|name| name.strip_prefix(PREFIX)?.split_once('-')) else {
            continue;
        };
        let Ok(pid) = pid.parse::<u32>() else { continue };
        // Not followed when it is a link.
        let Ok(metadata) = entry.metadata() else { continue };
        let is_here = place.is_some_and(|place| rest.split_once('-').is_some_and(|(other, _)| other == place));
        let is_old = || metadata.modified().is_ok_and(|time| time.elapsed().is_ok_and(|age| age > ORPHAN_AGE));
        let is_gone = !Path::new("/proc").join(pid.to_string()).exists();
        if metadata.is_dir() && metadata.uid() == own && is_gone && (is_here || is_old()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

fn make_below(parent: &Path) -> io::Result<PathBuf> {
    let place = place();
    remove_orphans(parent, place.as_deref());
    let id = std::process::id();
    let name = place.map_or_else(|| format!("{PREFIX}{id}-"), |place| format!("{PREFIX}{id}-{place}-"));
    let path = parent.join(name + &unforeseen());
    // Fails when the name exists, also as a link: nobody can have prepared it.
    DirBuilder::new().mode(0o700).create(&path)?;
    let made = fs::symlink_metadata(&path)?;
    if made.is_dir() && made.uid() == rustix::process::geteuid().as_raw() && made.mode() & 0o077 == 0 {
        Ok(path)
    } else {
        Err(io::Error::other(format!("{} is not a private directory", path.display())))
    }
}

#[cfg(test)]
mod tests {
    use super::{ORPHAN_AGE, Temporary, place};
    use std::fs::{self, File, FileTimes};
    use std::time::{Duration, SystemTime};

    #[test]
    fn directories_without_a_worker_are_removed() {
        let parent = std::env::temp_dir().join(format!("churten-orphans-{}", std::process::id()));
        let old = SystemTime::now() - ORPHAN_AGE - Duration::from_secs(60);
        let own = std::process::id();
        let place = place().unwrap();
        let cases = [
            (&*format!("churten-4294967295-{place}-0123"), false, false),
            (&*format!("churten-{own}-{place}-0123"), true, true),
            ("churten-4294967295-0123456789abcdef-0123", false, true),
            ("churten-4294967295-0123", true, false),
            ("churten-4294967295-4567", false, true),
            (&format!("churten-{own}-0123"), true, true),
            ("ansible-tmp-1", true, true),
            ("churten-x-1", true, true),
        ];
        for (name, is_old, _) in cases {
            fs::create_dir_all(parent.join(name).join("inside")).unwrap();
            if is_old {
                let times = FileTimes::new().set_modified(old);
                File::open(parent.join(name)).unwrap().set_times(times).unwrap();
            }
        }
        let temporary = Temporary::default();
        let made = temporary.directory(parent.to_str().unwrap()).unwrap();
        assert!(made.starts_with(&parent));
        assert!(temporary.owns(&made.join("x")) && !temporary.owns(&made.join("../x")) && !temporary.owns(&parent));
        for (name, _, is_left) in cases {
            assert_eq!(parent.join(name).exists(), is_left, "{name}");
        }
        fs::remove_dir_all(&made).unwrap();
        let again = temporary.directory(parent.to_str().unwrap()).unwrap();
        assert!(again.is_dir() && again != made);
        drop(temporary);
        assert!(!again.exists());
        fs::remove_dir_all(parent).unwrap();
    }

    #[test]
    fn a_user_without_a_home_still_has_a_place() {
        let temporary = Temporary::default();
        let made = temporary.directory("/proc/no/such/place").unwrap();
        assert!(made.is_dir());
        temporary.remove();
        assert!(!made.exists());
    }
}
