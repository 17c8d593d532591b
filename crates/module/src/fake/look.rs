//! Looking at a [`FakeHost`].

use super::FakeHost;
use crate::checksum::{Algorithm, digest};
use crate::host::{Access, Command, FileAttributes, FileKind, Group, Identity, Observe, Output, Stat, Timestamp, User};
use crate::selinux::Labels;
use std::io;
use std::path::{Path, PathBuf};

fn optional(found: io::Result<Stat>) -> io::Result<Option<Stat>> {
    match found {
        Ok(stat) => Ok(Some(stat)),
        Err(error) if matches!(error.raw_os_error(), Some(libc::ENOENT | libc::ENOTDIR | libc::ELOOP)) => Ok(None),
        Err(error) => Err(error),
    }
}

impl Observe for FakeHost {
    fn stat(&self, path: &Path) -> io::Result<Option<Stat>> {
        optional(self.state().files.node(path, true).map(|node| node.stat.clone()))
    }

    fn lstat(&self, path: &Path) -> io::Result<Option<Stat>> {
        optional(self.state().files.node(path, false).map(|node| node.stat.clone()))
    }

    fn read_bounded(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
        let state = self.state();
        let node = state.files.node(path, true)?;
        if node.stat.kind == FileKind::Directory {
            return Err(io::Error::from_raw_os_error(libc::EISDIR));
        }
        if node.content.len() as u64 > limit {
            return Err(io::Error::other("too large"));
        }
        Ok(node.content.to_vec())
    }

    fn read_start(&self, path: &Path, count: u64) -> io::Result<Vec<u8>> {
        let mut content = self.read(path)?;
        content.truncate(usize::try_from(count).unwrap_or(usize::MAX));
        Ok(content)
    }

    fn digest(&self, path: &Path, algorithm: Algorithm) -> io::Result<String> {
        digest(algorithm, &mut &*self.read(path)?)
    }

    fn read_link(&self, path: &Path) -> io::Result<PathBuf> {
        let state = self.state();
        let node = state.files.node(path, false)?;
        match node.stat.kind {
            FileKind::Link => Ok(node.target.clone()),
            _ => Err(io::Error::from_raw_os_error(libc::EINVAL)),
        }
    }

    fn list(&self, path: &Path) -> io::Result<Vec<String>> {
        self.state().files.list(path)
    }

    fn real_path(&self, path: &Path) -> PathBuf {
        self.state().files.resolve(path, true).unwrap_or_else(|_| path.to_owned())
    }

    fn access(&self, path: &Path, access: Access) -> bool {
        let Ok(Some(stat)) = self.stat(path) else { return false };
        access != Access::Execute || stat.mode & 0o111 != 0
    }

    fn file_flags(&self, path: &Path) -> Option<String> {
        self.file_attributes(path).map(|attributes| attributes.flags)
    }

    fn file_attributes(&self, path: &Path) -> Option<FileAttributes> {
        let state = self.state();
        let node = state.files.node(path, false).ok()?;
        Some(FileAttributes { flags: node.attributes.clone(), version: Some("1".into()) })
    }

    fn labels(&self) -> Option<&dyn Labels> {
        self.labels.as_ref().map(|_| self as &dyn Labels)
    }

    fn umask(&self) -> u32 {
        0o022
    }

    fn current_directory(&self) -> PathBuf {
        PathBuf::from("/root")
    }

    fn query(&self, command: &Command) -> io::Result<Output> {
        self.answer(command)
    }

    fn find_program(&self, name: &str, extra: &[&str]) -> Option<PathBuf> {
        let path = self.variable("PATH").unwrap_or_default();
        let directories = extra.iter().copied().chain(path.split(':'));
        directories.map(|directory| Path::new(directory).join(name)).find(|path| self.access(path, Access::Execute))
    }

    fn variable(&self, name: &str) -> Option<String> {
        self.environment.get(name).cloned()
    }

    fn environment(&self) -> Vec<(String, String)> {
        self.environment.clone().into_iter().collect()
    }

    fn user_by_name(&self, name: &str) -> Option<User> {
        self.users.iter().find(|user| user.name == name).cloned()
    }

    fn user_by_id(&self, uid: u32) -> Option<User> {
        self.users.iter().find(|user| user.uid == uid).cloned()
    }

    fn group_by_name(&self, name: &str) -> Option<Group> {
        self.groups.iter().find(|group| group.name == name).cloned()
    }

    fn group_by_id(&self, gid: u32) -> Option<Group> {
        self.groups.iter().find(|group| group.gid == gid).cloned()
    }

    fn identity(&self) -> Identity {
        Identity::default()
    }

    fn now(&self) -> Timestamp {
        let mut state = self.state();
        state.now += 1;
        Timestamp { seconds: state.now, nanoseconds: 0 }
    }

    fn utc_offset(&self, _at: Timestamp) -> i32 {
        0
    }

    fn hostname(&self) -> String {
        "fake".into()
    }

    fn machine_id(&self) -> Option<String> {
        Some("0123456789abcdef0123456789abcdef".into())
    }

    fn process_id(&self) -> u32 {
        42
    }
}
