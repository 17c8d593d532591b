//! What maintainer scripts are told about starting services.

use churten_module::prelude::*;

/// The program that `invoke-rc.d` asks (its manual is `/usr/share/doc/init-system-helpers/README.policy-rc.d.gz`).
const PROGRAM: &str = "/usr/sbin/policy-rc.d";

/// A program of ours in its place, until this is dropped.
pub(super) struct Policy<'a> {
    host: &'a dyn Host,
    /// Where the one that was there is meanwhile.
    kept: Option<PathBuf>,
}

impl<'a> Policy<'a> {
    /// Put one there that exits with a code.
    pub(super) fn set(host: &'a dyn Host, code: i64) -> Result<Self> {
        let path = Path::new(PROGRAM);
        let kept = match host.lstat(path)? {
            None => None,
            Some(_) => {
                let directory = path.parent().unwrap_or(Path::new("/"));
                let kept = host.create_temporary(directory, "policy-rc.d.", "", false)?;
                host.rename(path, &kept)
                    .map_err(|_| Failure::new(format!("Fail to move {PROGRAM} to {}", kept.display())))?;
                Some(kept)
            }
        };
        let policy = Self { host, kept };
        let text = format!("#!/bin/sh\nexit {code}\n");
        let written = host.create_file(path, text.as_bytes(), 0o755).and_then(|()| host.set_mode(path, 0o755));
        written.map_err(|_| Failure::new(format!("Failed to create or chmod {PROGRAM}")))?;
        Ok(policy)
    }
}

impl Drop for Policy<'_> {
    fn drop(&mut self) {
        let _ = match &self.kept {
            Some(kept) => self.host.rename(kept, Path::new(PROGRAM)),
            None => self.host.remove_file(Path::new(PROGRAM)),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::{PROGRAM, Policy};
    use churten_module::{FakeHost, Host as _, Observe as _};
    use std::path::Path;

    #[test]
    fn what_was_there_comes_back() {
        let host = FakeHost::new();
        let _ = host.create_directory(Path::new("/usr"), 0o755);
        let _ = host.create_directory(Path::new("/usr/sbin"), 0o755);
        drop(Policy::set(&host, 101).unwrap());
        assert!(host.stat(Path::new(PROGRAM)).unwrap().is_none());
        host.create_file(Path::new(PROGRAM), b"own", 0o755).unwrap();
        let policy = Policy::set(&host, 101).unwrap();
        assert_eq!(host.read(Path::new(PROGRAM)).unwrap(), b"#!/bin/sh\nexit 101\n");
        drop(policy);
        assert_eq!(host.read(Path::new(PROGRAM)).unwrap(), b"own");
        assert_eq!(host.list(Path::new("/usr/sbin")).unwrap(), ["policy-rc.d"]);
    }
}
