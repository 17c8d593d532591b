//! Changing a [`FakeHost`].

use super::FakeHost;
use super::files::{Files, Node};
use crate::host::{Command, FileKind, Host, HttpError, HttpRequest, HttpResponse, Observe, Output, Timestamp};
use crate::selinux::Context;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

impl FakeHost {
    fn change<T>(&self, change: impl FnOnce(&mut Files) -> io::Result<T>) -> io::Result<T> {
        let mut state = self.state();
        state.changes += 1;
        change(&mut state.files)
    }
}

fn fill(node: &mut Node, content: &[u8]) {
    node.content = Arc::new(content.to_vec());
    node.stat.size = content.len() as u64;
}

impl Host for FakeHost {
    fn observe(&self) -> &dyn Observe {
        self
    }

    fn create_file(&self, path: &Path, content: &[u8], mode: u32) -> io::Result<()> {
        let mode = mode & !self.umask();
        self.change(|files| files.create(path, FileKind::File, mode).map(|node| fill(node, content)))
    }

    fn overwrite(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        self.change(|files| files.node_mut(path, true).map(|node| fill(node, content)))
    }

    fn copy_file(&self, source: &Path, destination: &Path, mode: u32) -> io::Result<()> {
        let content = self.read(source)?;
        self.create_file(destination, &content, mode)
    }

    fn create_directory(&self, path: &Path, mode: u32) -> io::Result<()> {
        let mode = mode & !self.umask();
        self.change(|files| files.create(path, FileKind::Directory, mode).map(|_| ()))
    }

    fn create_temporary(
        &self,
        directory: &Path,
        prefix: &str,
        suffix: &str,
        is_directory: bool,
    ) -> io::Result<PathBuf> {
        let number = self.state().changes;
        let path = directory.join(format!("{prefix}{number:08}{suffix}"));
        let (kind, mode) = if is_directory { (FileKind::Directory, 0o700) } else { (FileKind::File, 0o600) };
        self.change(|files| files.create(&path, kind, mode).map(|_| ()))?;
        Ok(path)
    }

    fn set_mode(&self, path: &Path, mode: u32) -> io::Result<()> {
        self.change(|files| files.node_mut(path, true).map(|node| node.stat.mode = mode))
    }

    fn set_owner(&self, path: &Path, uid: Option<u32>, gid: Option<u32>, follow: bool) -> io::Result<()> {
        self.change(|files| {
            files.node_mut(path, follow).map(|node| {
                node.stat.uid = uid.unwrap_or(node.stat.uid);
                node.stat.gid = gid.unwrap_or(node.stat.gid);
            })
        })
    }

    fn touch(&self, path: &Path, follow: bool) -> io::Result<()> {
        let now = self.now();
        self.set_times(path, Some(now), Some(now), follow)
    }

    fn set_times(
        &self,
        path: &Path,
        accessed: Option<Timestamp>,
        modified: Option<Timestamp>,
        follow: bool,
    ) -> io::Result<()> {
        self.change(|files| {
            files.node_mut(path, follow).map(|node| {
                node.stat.accessed = accessed.unwrap_or(node.stat.accessed);
                node.stat.modified = modified.unwrap_or(node.stat.modified);
            })
        })
    }

    fn copy_extended_attributes(&self, _from: &Path, _to: &Path, _follow: bool) -> io::Result<()> {
        // Files of this host have none that may be copied.
        Ok(())
    }

    fn set_context(&self, path: &Path, context: &Context) -> io::Result<()> {
        let context = context.to_string();
        // The kernel knows the types of its policy.
        if context.contains("nosuch") {
            return Err(io::Error::from_raw_os_error(libc::EINVAL));
        }
        self.change(|files| files.node_mut(path, false).map(|node| node.context = context))
    }

    fn set_file_attributes(&self, path: &Path, change: &str) -> io::Result<Output> {
        self.change(|files| {
            let node = files.node_mut(path, true)?;
            let (operator, letters) = change.split_at_checked(1).unwrap_or_default();
            match operator {
                "=" => node.attributes = letters.to_owned(),
                "-" => node.attributes.retain(|letter| !letters.contains(letter)),
                _ => node.attributes.push_str(letters),
            }
            Ok(Output::default())
        })
    }

    fn symbolic_link(&self, target: &Path, path: &Path) -> io::Result<()> {
        self.change(|files| {
            let node = files.create(path, FileKind::Link, 0o777)?;
            node.stat.size = target.as_os_str().len() as u64;
            node.target = target.to_owned();
            Ok(())
        })
    }

    fn hard_link(&self, target: &Path, path: &Path) -> io::Result<()> {
        self.change(|files| files.link(target, path))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.change(|files| files.rename(from, to))
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        self.change(|files| files.remove(path, false))
    }

    fn remove_tree(&self, path: &Path) -> io::Result<()> {
        self.change(|files| files.remove(path, true))
    }

    fn execute(&self, command: &Command) -> io::Result<Output> {
        {
            let mut state = self.state();
            state.changes += 1;
            state.executed.push(command.clone());
        }
        self.answer(command)
    }

    fn http(&self, request: &HttpRequest) -> Result<HttpResponse, HttpError> {
        Err(HttpError::Unreachable(format!("the fake host has no network: {}", request.url)))
    }
}
