//! SELinux on a [`FakeHost`].

use super::FakeHost;
use crate::FileKind;
use crate::selinux::{Context, FileContexts, Labels};
use std::io;
use std::path::{Path, PathBuf};

/// The policy, and the directories whose files have no contexts of their own.
pub(super) struct FakeLabels {
    policy: FileContexts,
    common: Vec<PathBuf>,
}

impl FakeHost {
    /// With SELinux, levels included, and the text of a `file_contexts`. What is made is `made_t`; contexts with `nosuch` are
    /// refused.
    #[must_use]
    pub fn with_selinux(mut self, file_contexts: &str, common: &[&str]) -> Self {
        let policy = FileContexts::read(&[file_contexts], "", "").unwrap_or_default();
        self.labels = Some(FakeLabels { policy, common: common.iter().map(PathBuf::from).collect() });
        self
    }

    /// With another context of a file that is there.
    #[must_use]
    pub fn with_context(self, path: &str, context: &str) -> Self {
        if let Ok(node) = self.state().files.node_mut(Path::new(path), false) {
            node.context = context.to_owned();
        }
        self
    }

    /// The context of a file.
    pub fn context_of(&self, path: &str) -> Option<String> {
        self.context(Path::new(path)).ok().map(|context| context.to_string())
    }
}

impl Labels for FakeHost {
    fn has_levels(&self) -> bool {
        true
    }

    fn context(&self, path: &Path) -> io::Result<Context> {
        Ok(Context::new(&self.state().files.node(path, false)?.context))
    }

    fn default_context(&self, path: &Path) -> io::Result<Option<Context>> {
        let Some(labels) = &self.labels else { return Ok(None) };
        labels.policy.lookup(&path.to_string_lossy()).map_err(io::Error::other)
    }

    fn context_when_made(&self, _path: &Path, _kind: FileKind) -> Option<Context> {
        Some(Context::new("unconfined_u:object_r:made_t:s0"))
    }

    fn common_context(&self, path: &Path) -> Option<Context> {
        let common = &self.labels.as_ref()?.common;
        common.iter().find(|point| path.starts_with(point)).and_then(|point| self.context(point).ok())
    }
}
