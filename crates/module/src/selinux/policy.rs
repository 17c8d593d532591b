//! Where the contexts of the policy in use are.

use super::{FileContexts, Unreadable};
use std::path::{Path, PathBuf};

/// The file that says which policy is in use.
pub(crate) const CONFIGURATION: &str = "/etc/selinux/config";

/// The files with the contexts of a policy.
#[derive(Clone, Debug)]
pub struct PolicyFiles {
    directory: PathBuf,
}

impl PolicyFiles {
    /// The names, in the order in which they count; the last two are the directories that count as others.
    pub const NAMES: [&'static str; 5] = [
        "file_contexts",
        "file_contexts.homedirs",
        "file_contexts.local",
        "file_contexts.subs",
        "file_contexts.subs_dist",
    ];

    /// Those of the policy that the text of `/etc/selinux/config` names.
    pub fn of(configuration: &str) -> Self {
        Self { directory: Path::new("/etc/selinux").join(policy_type(configuration)).join("contexts/files") }
    }

    /// Their paths, in the order of [`NAMES`](Self::NAMES).
    pub fn paths(&self) -> [PathBuf; 5] {
        Self::NAMES.map(|name| self.directory.join(name))
    }

    /// The contexts in the files, which `read` brings; only the first must be there.
    ///
    /// # Errors
    ///
    /// When the first is not there, or a line is none.
    pub fn load(&self, read: impl Fn(&Path) -> Option<String>) -> Result<FileContexts, Unreadable> {
        let [main, homes, local, subs, subs_dist] = self.paths().map(|path| read(&path));
        let [homes, local, subs, subs_dist] = [homes, local, subs, subs_dist].map(Option::unwrap_or_default);
        FileContexts::read(&[&main.unwrap_or_default(), &homes, &local], &subs, &subs_dist)
    }
}

/// `SELINUXTYPE` of the text of `/etc/selinux/config`, the last one; `targeted` when there is none.
pub fn policy_type(configuration: &str) -> String {
    const TAG: &str = "SELINUXTYPE=";
    let found = configuration.lines().rev().find_map(|line| {
        let line = line.trim_start();
        line.get(..TAG.len()).filter(|tag| tag.eq_ignore_ascii_case(TAG))?;
        line.get(TAG.len()..)
    });
    found.map_or("targeted", str::trim_end).to_owned()
}

/// `SELINUX` of the text of `/etc/selinux/config`: `enforcing`, `permissive` or `disabled`; the first one that is one.
pub fn configured_mode(configuration: &str) -> Option<&'static str> {
    configuration.lines().find_map(|line| {
        let given = line.strip_prefix("SELINUX=")?.trim_start();
        let is = |mode: &&str| given.get(..mode.len()).is_some_and(|given| given.eq_ignore_ascii_case(mode));
        ["enforcing", "permissive", "disabled"].into_iter().find(|mode| is(mode))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn configuration() {
        let text =
            "# SELINUX=disabled\nSELINUX=Permissive \n  selinuxtype=mls\nSELINUXTYPE=default  \nSELINUX=disabled\n";
        assert_eq!((policy_type(text).as_str(), configured_mode(text)), ("default", Some("permissive")));
        assert_eq!((policy_type("").as_str(), configured_mode("SELINUX=x")), ("targeted", None));
        let [main, ..] = PolicyFiles::of("").paths();
        assert_eq!(main, Path::new("/etc/selinux/targeted/contexts/files/file_contexts"));
    }
}
