//! Files of the real machine.

use crate::{FileKind, FileSystemSize, Stat, Timestamp};
use churten_value::{escape_bytes, sort, unescape_bytes};
use rustix::fs::{XattrFlags, getxattr, lgetxattr, listxattr, llistxattr, lsetxattr, setxattr};
use rustix::io::Errno;
use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

/// The path of the system that a module means: names that are not UTF-8 are escaped in what modules see.
pub(super) fn real(path: &Path) -> Cow<'_, Path> {
    match path.to_str().map(unescape_bytes) {
        Some(Cow::Owned(bytes)) => Cow::Owned(PathBuf::from(OsString::from_vec(bytes))),
        _ => Cow::Borrowed(path),
    }
}

/// The path that a module sees.
pub(super) fn escaped(path: PathBuf) -> PathBuf {
    if path.to_str().is_some() { path } else { PathBuf::from(escape_bytes(path.as_os_str().as_bytes()).into_owned()) }
}

pub(super) fn read_bounded(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    let too_large = || io::Error::other(format!("{} is larger than {limit} bytes", path.display()));
    // What says that it is too large takes no memory first; files of /proc say nothing.
    if file.metadata()?.len() > limit {
        return Err(too_large());
    }
    let mut content = Vec::new();
    file.take(limit.saturating_add(1)).read_to_end(&mut content)?;
    if content.len() as u64 > limit { Err(too_large()) } else { Ok(content) }
}

pub(super) fn read_start(path: &Path, count: u64) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    File::open(path)?.take(count).read_to_end(&mut content)?;
    Ok(content)
}

pub(super) fn copy_extended_attributes(from: &Path, to: &Path, follow: bool) -> io::Result<()> {
    /// The most bytes of the names, and of one value (`XATTR_LIST_MAX`, `XATTR_SIZE_MAX`).
    const MAX: usize = 64 << 10;
    let optional = |done: rustix::io::Result<()>| match done {
        Err(Errno::PERM | Errno::ACCESS | Errno::NOTSUP | Errno::NODATA | Errno::INVAL) => Ok(()),
        other => other.map_err(io::Error::from),
    };
    let mut names = vec![0_u8; MAX];
    let length =
        match if follow { listxattr(from, names.as_mut_slice()) } else { llistxattr(from, names.as_mut_slice()) } {
            Ok(0) | Err(Errno::NOTSUP) => return Ok(()),
            found => found?,
        };
    let mut value = vec![0_u8; MAX];
    for name in names.get(..length).unwrap_or_default().split(|byte| *byte == 0).filter(|name| !name.is_empty()) {
        let name = OsStr::from_bytes(name);
        let found = match follow {
            true => getxattr(from, name, value.as_mut_slice()),
            false => lgetxattr(from, name, value.as_mut_slice()),
        };
        optional(found.and_then(|length| {
            let value = value.get(..length).unwrap_or_default();
            match follow {
                true => setxattr(to, name, value, XattrFlags::empty()),
                false => lsetxattr(to, name, value, XattrFlags::empty()),
            }
        }))?;
    }
    Ok(())
}

pub(super) fn file_system_size(path: &Path) -> Option<FileSystemSize> {
    let size = rustix::fs::statvfs(path).ok()?;
    Some(FileSystemSize {
        fragment_size: size.f_frsize,
        block_size: size.f_bsize,
        blocks: size.f_blocks,
        blocks_available: size.f_bavail,
        inodes: size.f_files,
        inodes_available: size.f_favail,
    })
}

/// "Not there" is an answer, not an error.
pub(super) fn optional(found: io::Result<Metadata>) -> io::Result<Option<Stat>> {
    match found {
        Ok(metadata) => Ok(Some(stat(&metadata))),
        Err(error) if matches!(error.raw_os_error(), Some(libc::ENOENT | libc::ENOTDIR | libc::ELOOP)) => Ok(None),
        Err(error) => Err(error),
    }
}

fn stat(metadata: &Metadata) -> Stat {
    let kind = metadata.file_type();
    let time = |seconds, nanoseconds| Timestamp { seconds, nanoseconds: u32::try_from(nanoseconds).unwrap_or(0) };
    Stat {
        kind: if kind.is_dir() {
            FileKind::Directory
        } else if kind.is_symlink() {
            FileKind::Link
        } else if kind.is_fifo() {
            FileKind::Fifo
        } else if kind.is_socket() {
            FileKind::Socket
        } else if kind.is_block_device() {
            FileKind::BlockDevice
        } else if kind.is_char_device() {
            FileKind::CharacterDevice
        } else {
            FileKind::File
        },
        mode: metadata.mode() & 0o7777,
        uid: metadata.uid(),
        gid: metadata.gid(),
        size: metadata.size(),
        links: metadata.nlink(),
        inode: metadata.ino(),
        device: metadata.dev(),
        device_type: metadata.rdev(),
        blocks: metadata.blocks(),
        block_size: metadata.blksize(),
        accessed: time(metadata.atime(), metadata.atime_nsec()),
        modified: time(metadata.mtime(), metadata.mtime_nsec()),
        changed: time(metadata.ctime(), metadata.ctime_nsec()),
    }
}

pub(super) fn list(path: &Path) -> io::Result<Vec<String>> {
    let mut names = fs::read_dir(path)?
        .map(|entry| entry.map(|entry| escape_bytes(entry.file_name().as_bytes()).into_owned()))
        .collect::<io::Result<Vec<_>>>()?;
    sort(&mut names);
    Ok(names)
}

/// `os.path.realpath`: links resolved as far as the path exists, the rest kept.
pub(super) fn real_path(path: &Path, current: &Path) -> PathBuf {
    let mut rest: Vec<_> = Vec::new();
    let absolute = current.join(path);
    let mut existing: &Path = &absolute;
    loop {
        if let Ok(real) = fs::canonicalize(existing) {
            return rest
                .into_iter()
                .rev()
                .fold(real, |path, name| if name == ".." { up(path) } else { path.join(name) });
        }
        // A dangling link counts as what it points at.
        if let Ok(target) = fs::read_link(existing)
            && rest.len() < 64
        {
            let target = existing.parent().unwrap_or(existing).join(target);
            if target != existing && fs::symlink_metadata(&target).is_err() {
                let parent = target.parent().and_then(|parent| fs::canonicalize(parent).ok());
                let real = match (parent, target.file_name()) {
                    (Some(parent), Some(name)) => parent.join(name),
                    _ => target,
                };
                return rest.into_iter().rev().fold(real, |path, name| path.join(name));
            }
        }
        let mut components = existing.components();
        match components.next_back() {
            Some(last) => rest.push(last.as_os_str()),
            None => return absolute,
        }
        existing = components.as_path();
    }
}

fn up(mut path: PathBuf) -> PathBuf {
    path.pop();
    path
}
