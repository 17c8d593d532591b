//! The context of a file.

use crate::FileKind;
use std::fmt;
use std::io;
use std::path::Path;

/// User, role, type and, where the policy has them, level: `system_u:object_r:etc_t:s0`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context(Vec<String>);

impl Context {
    /// The parts of a text. The level is the rest behind the third colon, whatever is in it (`s0-s0:c0.c1023`).
    pub fn new(text: &str) -> Self {
        Self(text.splitn(4, ':').map(str::to_owned).collect())
    }

    /// User, role, type and level.
    pub fn parts(&self) -> &[String] {
        &self.0
    }

    /// This context with the parts that are asked for. Parts that it does not have are not added.
    #[must_use]
    pub fn with(&self, parts: &[Option<String>]) -> Self {
        let own = self.0.iter().enumerate();
        Self(own.map(|(at, own)| parts.get(at).and_then(Option::as_ref).unwrap_or(own).clone()).collect())
    }
}

impl fmt::Display for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(":"))
    }
}

/// The contexts of a host's files, as they are and as its policy wants them.
pub trait Labels {
    /// Contexts have a level (`/sys/fs/selinux/mls`).
    fn has_levels(&self) -> bool;

    /// The context of a file; of a link its own.
    ///
    /// # Errors
    ///
    /// Of `lgetxattr(2)`.
    fn context(&self, path: &Path) -> io::Result<Context>;

    /// What the policy says of a path, whatever is there: the files in `/etc/selinux`, as `matchpathcon(3)` reads them without
    /// a mode. `None` where it says nothing.
    ///
    /// # Errors
    ///
    /// When a pattern that would have to be looked at cannot be read.
    fn default_context(&self, path: &Path) -> io::Result<Option<Context>>;

    /// What the kernel gives to what this process makes at a path. `None` when it does not say.
    fn context_when_made(&self, path: &Path, kind: FileKind) -> Option<Context>;

    /// The context of all files of the file system that a path is on, when that is one without contexts of its own.
    fn common_context(&self, path: &Path) -> Option<Context>;
}
