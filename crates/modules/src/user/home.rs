//! Making a home directory for an account that has none.

use super::accounts;
use super::arguments::UserModule;
use churten_module::prelude::*;

/// How deep a skeleton is copied.
const DEPTH: usize = 64;

impl UserModule {
    /// Make the home directory from the skeleton and give it to the user.
    pub(super) fn make_home(&self, host: &dyn Host, home: &Path, uid: u32, gid: u32) -> Result<()> {
        let failed =
            |error: std::io::Error| Failure::new(churten_module::python_error(&error)).with("name", self.name.as_str());
        let skeleton = PathBuf::from(self.skeleton.as_deref().unwrap_or("/etc/skel"));
        let mut missing: Vec<&Path> =
            home.ancestors().skip(1).take_while(|above| !matches!(host.stat(above), Ok(Some(_)))).collect();
        missing.reverse();
        for above in missing {
            host.create_directory(above, 0o777).map_err(failed)?;
        }
        host.create_directory(home, 0o777).map_err(failed)?;
        host.set_owner(home, Some(uid), Some(gid), false).map_err(failed)?;
        if matches!(host.stat(&skeleton), Ok(Some(stat)) if stat.is_directory()) {
            copy(host, &skeleton, home, uid, gid, DEPTH).map_err(failed)?;
        }
        let octal = |text: String| u32::from_str_radix(&text, 8).ok();
        let mode = match &self.umask {
            Some(umask) => octal(umask.clone()).map(|umask| 0o777 & !umask),
            None => accounts::login_setting(host.observe(), "HOME_MODE").and_then(octal).or_else(|| {
                accounts::login_setting(host.observe(), "UMASK").and_then(octal).map(|umask| 0o777 & !umask)
            }),
        };
        if let Some(mode) = mode {
            host.set_mode(home, mode).map_err(failed)?;
        }
        Ok(())
    }
}

/// Give a home directory and what is in it to a user.
pub(super) fn give(host: &dyn Host, home: &Path, uid: u32, gid: u32) -> Result<()> {
    fn walk(host: &dyn Host, path: &Path, uid: u32, gid: u32, depth: usize) -> std::io::Result<()> {
        host.set_owner(path, Some(uid), Some(gid), false)?;
        if depth > 0 && matches!(host.lstat(path)?, Some(stat) if stat.is_directory()) {
            for name in host.list(path)? {
                walk(host, &path.join(name), uid, gid, depth - 1)?;
            }
        }
        Ok(())
    }
    Ok(walk(host, home, uid, gid, DEPTH)?)
}

fn copy(host: &dyn Host, from: &Path, to: &Path, uid: u32, gid: u32, depth: usize) -> std::io::Result<()> {
    if depth == 0 {
        return Err(std::io::Error::other("the skeleton is too deep"));
    }
    for name in host.list(from)? {
        let (from, to) = (from.join(&name), to.join(&name));
        let Some(stat) = host.lstat(&from)? else { continue };
        match stat.kind {
            FileKind::Directory => {
                host.create_directory(&to, stat.mode)?;
                copy(host, &from, &to, uid, gid, depth - 1)?;
            }
            FileKind::Link => host.symbolic_link(&host.read_link(&from)?, &to)?,
            FileKind::File => host.copy_file(&from, &to, stat.mode)?,
            _ => continue,
        }
        if stat.kind != FileKind::Link {
            host.set_mode(&to, stat.mode)?;
        }
        host.set_owner(&to, Some(uid), Some(gid), false)?;
    }
    Ok(())
}
