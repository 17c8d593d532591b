//! The tree of files.

use crate::{FileKind, Stat, Timestamp};
use std::collections::BTreeMap;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) stat: Stat,
    pub(super) content: Arc<Vec<u8>>,
    pub(super) target: PathBuf,
    pub(super) attributes: String,
    /// The SELinux context.
    pub(super) context: String,
}

/// Absolute paths without links in their directories, and what is there. Hard links share an inode number.
#[derive(Clone, Debug)]
pub(super) struct Files {
    names: BTreeMap<PathBuf, u64>,
    nodes: BTreeMap<u64, Node>,
    next: u64,
}

/// The SELinux context of what is made.
const MADE: &str = "unconfined_u:object_r:made_t:s0";

fn error(number: i32) -> io::Error {
    io::Error::from_raw_os_error(number)
}

impl Default for Files {
    fn default() -> Self {
        let mut files = Self { names: BTreeMap::new(), nodes: BTreeMap::new(), next: 1 };
        files.insert(PathBuf::from("/"), FileKind::Directory, 0o755);
        files
    }
}

impl Files {
    fn insert(&mut self, path: PathBuf, kind: FileKind, mode: u32) -> u64 {
        let inode = self.next;
        self.next += 1;
        let when = Timestamp { seconds: 1_600_000_000, nanoseconds: 0 };
        let stat = Stat {
            kind,
            mode,
            inode,
            links: if kind == FileKind::Directory { 2 } else { 1 },
            device: 1,
            block_size: 4096,
            accessed: when,
            modified: when,
            changed: when,
            ..Stat::default()
        };
        let node = Node {
            stat,
            content: Arc::default(),
            target: PathBuf::new(),
            attributes: String::new(),
            context: MADE.to_owned(),
        };
        self.nodes.insert(inode, node);
        self.names.insert(path, inode);
        inode
    }

    pub(super) fn make_directories(&mut self, path: &str) {
        let mut at = PathBuf::from("/");
        for component in Path::new(path).components().skip(1) {
            at.push(component);
            if !self.names.contains_key(&at) {
                self.insert(at.clone(), FileKind::Directory, 0o755);
            }
        }
    }

    pub(super) fn put(&mut self, path: &str, content: &[u8], mode: u32) {
        if let Some(parent) = Path::new(path).parent() {
            self.make_directories(&parent.display().to_string());
        }
        let inode = self.insert(PathBuf::from(path), FileKind::File, mode);
        if let Some(node) = self.nodes.get_mut(&inode) {
            node.stat.size = content.len() as u64;
            node.content = Arc::new(content.to_vec());
        }
    }

    pub(super) fn content(&self, path: &str) -> Option<Vec<u8>> {
        self.node(Path::new(path), true).ok().map(|node| node.content.to_vec())
    }

    /// The path with every link in it resolved; the last one only with `follow`.
    pub(super) fn resolve(&self, path: &Path, follow: bool) -> io::Result<PathBuf> {
        self.resolve_from(path, follow, 0)
    }

    fn resolve_from(&self, path: &Path, follow: bool, depth: usize) -> io::Result<PathBuf> {
        if depth > 16 {
            return Err(error(libc::ELOOP));
        }
        let mut at = PathBuf::from("/");
        let mut components = path.components().peekable();
        while let Some(component) = components.next() {
            match component {
                Component::ParentDir => {
                    at.pop();
                    continue;
                }
                Component::Normal(name) => at.push(name),
                _ => continue,
            }
            let last = components.peek().is_none();
            let Some(node) = self.names.get(&at).and_then(|inode| self.nodes.get(inode)) else { continue };
            match node.stat.kind {
                FileKind::Link if follow || !last => {
                    let target = at.parent().unwrap_or(Path::new("/")).join(&node.target);
                    at = self.resolve_from(&target, true, depth + 1)?;
                }
                FileKind::Directory => {}
                _ if !last => return Err(error(libc::ENOTDIR)),
                _ => {}
            }
        }
        Ok(at)
    }

    pub(super) fn node(&self, path: &Path, follow: bool) -> io::Result<&Node> {
        let path = self.resolve(path, follow)?;
        self.names.get(&path).and_then(|inode| self.nodes.get(inode)).ok_or_else(|| error(libc::ENOENT))
    }

    pub(super) fn node_mut(&mut self, path: &Path, follow: bool) -> io::Result<&mut Node> {
        let path = self.resolve(path, follow)?;
        let inode = self.names.get(&path).ok_or_else(|| error(libc::ENOENT))?;
        self.nodes.get_mut(inode).ok_or_else(|| error(libc::ENOENT))
    }

    pub(super) fn create(&mut self, path: &Path, kind: FileKind, mode: u32) -> io::Result<&mut Node> {
        let path = self.resolve(path, false)?;
        if self.names.contains_key(&path) {
            return Err(error(libc::EEXIST));
        }
        self.parent_of(&path)?;
        let inode = self.insert(path, kind, mode);
        self.nodes.get_mut(&inode).ok_or_else(|| error(libc::EIO))
    }

    fn parent_of(&self, path: &Path) -> io::Result<()> {
        match self.node(path.parent().unwrap_or(Path::new("/")), true)?.stat.kind {
            FileKind::Directory => Ok(()),
            _ => Err(error(libc::ENOTDIR)),
        }
    }

    pub(super) fn link(&mut self, target: &Path, path: &Path) -> io::Result<()> {
        let (target, path) = (self.resolve(target, false)?, self.resolve(path, false)?);
        let inode = *self.names.get(&target).ok_or_else(|| error(libc::ENOENT))?;
        if self.names.contains_key(&path) {
            return Err(error(libc::EEXIST));
        }
        self.parent_of(&path)?;
        self.names.insert(path, inode);
        self.count(inode, 1);
        Ok(())
    }

    fn count(&mut self, inode: u64, by: i64) {
        if let Some(node) = self.nodes.get_mut(&inode) {
            node.stat.links = node.stat.links.saturating_add_signed(by);
        }
    }

    pub(super) fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        let (from, to) = (self.resolve(from, false)?, self.resolve(to, false)?);
        self.parent_of(&to)?;
        let moved: Vec<PathBuf> = self.names.keys().filter(|path| path.starts_with(&from)).cloned().collect();
        if moved.is_empty() {
            return Err(error(libc::ENOENT));
        }
        if let Some(replaced) = self.names.get(&to).copied() {
            self.count(replaced, -1);
        }
        for path in moved {
            let Some(inode) = self.names.remove(&path) else { continue };
            let rest = path.strip_prefix(&from).unwrap_or(Path::new(""));
            let path = if rest.as_os_str().is_empty() { to.clone() } else { to.join(rest) };
            self.names.insert(path, inode);
        }
        Ok(())
    }

    pub(super) fn remove(&mut self, path: &Path, tree: bool) -> io::Result<()> {
        let path = self.resolve(path, false)?;
        let inode = *self.names.get(&path).ok_or_else(|| error(libc::ENOENT))?;
        let is_directory = self.nodes.get(&inode).is_some_and(|node| node.stat.kind == FileKind::Directory);
        if is_directory && !tree {
            return Err(error(libc::EISDIR));
        }
        let removed: Vec<PathBuf> = self.names.keys().filter(|name| name.starts_with(&path)).cloned().collect();
        for name in removed {
            if let Some(inode) = self.names.remove(&name) {
                self.count(inode, -1);
            }
        }
        Ok(())
    }

    pub(super) fn list(&self, path: &Path) -> io::Result<Vec<String>> {
        if self.node(path, true)?.stat.kind != FileKind::Directory {
            return Err(error(libc::ENOTDIR));
        }
        let path = self.resolve(path, true)?;
        let children = self.names.keys().filter(|name| name.parent() == Some(&path));
        Ok(children.filter_map(|name| Some(name.file_name()?.to_string_lossy().into_owned())).collect())
    }
}
