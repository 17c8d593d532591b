//! Contents that stay on a host between sessions: whole ones that are needed again, and the beginnings of large ones whose
//! upload was interrupted. They are in the user's own directory, beside the worker's program, by the names of what is in
//! them; a name is not believed, the content is compared each time.

use crate::files::{digest_of, hex};
use churten_protocol::ContentId;
use churten_value::sort_by_key;
use rustix::fs::{FlockOperation, OFlags};
use sha1::Sha1;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// How the names of whole contents begin.
const WHOLE: &str = "kept-";

/// How the names of beginnings begin.
const PART: &str = "part-";

/// So many whole contents are kept, those used last.
const MAX_WHOLE: usize = 64;

/// So many bytes of them.
const MAX_BYTES: u64 = 64 << 20;

/// After this time nobody goes on with an upload.
const PART_AGE: Duration = Duration::from_secs(24 * 3600);

/// How many entries are looked at.
const MAX_ENTRIES: usize = 1000;

/// The directory.
pub(crate) struct Kept(PathBuf);

/// The beginning of a content; nobody else writes it meanwhile.
pub(crate) struct Part {
    pub(crate) file: File,
    pub(crate) path: PathBuf,
}

impl Kept {
    /// `churten-UID` in a directory, made when it is not there.
    ///
    /// # Errors
    /// When it is somebody else's, or others may write there.
    pub(crate) fn below(parent: &Path) -> io::Result<Self> {
        let own = rustix::process::geteuid().as_raw();
        let path = parent.join(format!("churten-{own}"));
        match DirBuilder::new().mode(0o700).create(&path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
        let found = fs::symlink_metadata(&path)?;
        if !found.is_dir() || found.uid() != own || found.mode() & 0o022 != 0 {
            return Err(io::Error::other(format!("{} is not the user's own directory", path.display())));
        }
        Ok(Self(path))
    }

    /// How many bytes of a content are there.
    pub(crate) fn begun(&self, content: ContentId) -> u64 {
        self.remove_old_parts();
        let Ok(Some(part)) = self.locked(content, false) else { return 0 };
        part.file.metadata().map_or(0, |file| if file.len() <= content.size { file.len() } else { 0 })
    }

    /// The beginning of a content, empty when there is none. `None` while somebody else sends the same.
    pub(crate) fn part(&self, content: ContentId) -> io::Result<Option<Part>> {
        self.remove_old_parts();
        self.locked(content, true)
    }

    fn locked(&self, content: ContentId, create: bool) -> io::Result<Option<Part>> {
        let path = self.0.join(format!("{PART}{content}"));
        let file = own_file(OpenOptions::new().read(true).write(true).create(create), &path)?;
        if rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive).is_err() {
            return Ok(None);
        }
        // Who had it before may have moved it to its place.
        let is_there = fs::symlink_metadata(&path)
            .is_ok_and(|found| file.metadata().is_ok_and(|own| (found.dev(), found.ino()) == (own.dev(), own.ino())));
        Ok(is_there.then_some(Part { file, path }))
    }

    /// Make a whole content a file of this name as well; false when it is not kept.
    pub(crate) fn place(&self, content: ContentId, path: &Path) -> io::Result<bool> {
        let kept = self.whole(content);
        let file = match own_file(OpenOptions::new().read(true), &kept) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(error),
        };
        let is_same = file.metadata()?.len() == content.size && digest_of::<Sha1>(&file)?[..] == content.sha1;
        if !is_same {
            fs::remove_file(&kept)?;
            return Ok(false);
        }
        // What is used is not the next to go.
        let _ = file.set_modified(SystemTime::now());
        match fs::hard_link(&kept, path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
            _ => Ok(true),
        }
    }

    /// Keep what is in a file. That it cannot be kept is no failure.
    pub(crate) fn keep(&self, content: ContentId, path: &Path) {
        let _ = fs::hard_link(path, self.whole(content));
        let mut kept = self.entries(WHOLE);
        sort_by_key(&mut kept, |(_, modified, _)| std::cmp::Reverse(*modified));
        let mut bytes = 0_u64;
        for (number, (path, _, size)) in kept.into_iter().enumerate() {
            bytes = bytes.saturating_add(size);
            if number >= MAX_WHOLE || bytes > MAX_BYTES {
                let _ = fs::remove_file(path);
            }
        }
    }

    fn whole(&self, content: ContentId) -> PathBuf {
        self.0.join(format!("{WHOLE}{content}"))
    }

    fn remove_old_parts(&self) {
        for (path, modified, _) in self.entries(PART) {
            if modified.elapsed().is_ok_and(|age| age > PART_AGE) {
                let _ = fs::remove_file(path);
            }
        }
    }

    /// Path, time of change and size in bytes of what has such a name.
    fn entries(&self, beginning: &str) -> Vec<(PathBuf, SystemTime, u64)> {
        let entries = fs::read_dir(&self.0).into_iter().flatten().flatten().take(MAX_ENTRIES);
        let named = entries.filter(|entry| entry.file_name().to_str().is_some_and(|name| name.starts_with(beginning)));
        named
            .filter_map(|entry| {
                let found = entry.metadata().ok()?;
                Some((entry.path(), found.modified().ok()?, found.len()))
            })
            .collect()
    }
}

/// Open a regular file of the user's own, no link, that has no other name nobody knows of.
fn own_file(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let file = options.mode(0o600).custom_flags(flags.bits().cast_signed()).open(path)?;
    let found = file.metadata()?;
    if found.is_file() && found.uid() == rustix::process::geteuid().as_raw() && found.mode() & 0o022 == 0 {
        Ok(file)
    } else {
        Err(io::Error::other(format!("{} is not the user's own file", path.display())))
    }
}

/// The digits of a hash are those of a content.
pub(crate) fn is_content(content: ContentId, size: u64, sha1: &str) -> bool {
    content.size == size && hex(&content.sha1) == sha1
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;
    use std::os::unix::fs::{PermissionsExt, symlink};

    struct Scratch(PathBuf);

    impl Scratch {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("churten-kept-{name}-{}", std::process::id()));
            let _ = fs::remove_dir_all(&path);
            fs::create_dir(&path).unwrap();
            Self(path)
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn content(bytes: &[u8]) -> ContentId {
        use sha1::Digest as _;
        ContentId { sha1: Sha1::digest(bytes).into(), size: bytes.len() as u64 }
    }

    #[test]
    fn what_is_kept_is_compared() {
        let scratch = Scratch::new("compared");
        let kept = Kept::below(&scratch.0).unwrap();
        let (first, second) = (scratch.0.join("first"), scratch.0.join("second"));
        fs::write(&first, "archive").unwrap();
        let id = content(b"archive");
        assert!(!kept.place(id, &second).unwrap());
        kept.keep(id, &first);
        assert!(kept.place(id, &second).unwrap());
        assert_eq!(fs::read(&second).unwrap(), b"archive");
        fs::remove_file(&first).unwrap();
        fs::write(&second, "Archive").unwrap();
        assert!(!kept.place(id, &first).unwrap() && !first.exists());
        assert!(!kept.whole(id).exists());
    }

    #[test]
    fn those_used_last_stay() {
        let scratch = Scratch::new("last");
        let kept = Kept::below(&scratch.0).unwrap();
        let path = scratch.0.join("file");
        let name = |number: usize| number.to_string().into_bytes();
        for number in 0..MAX_WHOLE + 3 {
            let _ = fs::remove_file(&path);
            fs::write(&path, name(number)).unwrap();
            let age = Duration::from_secs(1000 - number as u64);
            File::options().write(true).open(&path).unwrap().set_modified(SystemTime::now() - age).unwrap();
            kept.keep(content(&name(number)), &path);
        }
        assert_eq!(kept.entries(WHOLE).len(), MAX_WHOLE);
        assert!(!kept.whole(content(&name(2))).exists() && kept.whole(content(&name(3))).exists());
    }

    #[test]
    fn a_part_has_one_writer_and_an_age() {
        let scratch = Scratch::new("part");
        let kept = Kept::below(&scratch.0).unwrap();
        let id = content(b"0123456789");
        assert_eq!(kept.begun(id), 0);
        let mut part = kept.part(id).unwrap().unwrap();
        part.file.write_all(b"0123").unwrap();
        assert!(kept.part(id).unwrap().is_none());
        assert_eq!(kept.begun(id), 0);
        drop(part);
        assert_eq!(kept.begun(id), 4);
        let part = kept.part(id).unwrap().unwrap();
        part.file.set_modified(SystemTime::now() - PART_AGE - Duration::from_secs(60)).unwrap();
        drop(part);
        assert_eq!(kept.begun(id), 0);
        assert_eq!(kept.entries(PART).len(), 0);
        // More than there can be is nothing.
        kept.part(id).unwrap().unwrap().file.set_len(11).unwrap();
        assert_eq!(kept.begun(id), 0);
    }

    #[test]
    fn nothing_of_others_is_trusted() {
        let scratch = Scratch::new("others");
        let kept = Kept::below(&scratch.0).unwrap();
        let id = content(b"x");
        let elsewhere = scratch.0.join("elsewhere");
        fs::write(&elsewhere, "x").unwrap();
        symlink(&elsewhere, kept.whole(id)).unwrap();
        symlink(&elsewhere, kept.0.join(format!("{PART}{id}"))).unwrap();
        assert!(kept.place(id, &scratch.0.join("to")).is_err());
        assert!(kept.part(id).is_err());
        fs::set_permissions(&kept.0, fs::Permissions::from_mode(0o777)).unwrap();
        assert!(Kept::below(&scratch.0).is_err());
        fs::remove_dir_all(&kept.0).unwrap();
        symlink(std::env::temp_dir(), &kept.0).unwrap();
        assert!(Kept::below(&scratch.0).is_err());
    }
}
