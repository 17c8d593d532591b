//! Paths as users write them.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The largest `/etc/passwd` that is read.
const MAX_PASSWD: u64 = 16 << 20;

/// Expand `~` and `~user` at the start of a path.
///
/// # Errors
/// For a path that is not absolute then, or an unknown user.
pub(crate) fn expand(path: &str) -> io::Result<PathBuf> {
    let expanded = match path.strip_prefix('~') {
        None => PathBuf::from(path),
        Some(rest) => {
            let (user, below) = rest.split_once('/').unwrap_or((rest, ""));
            let home = if user.is_empty() { own_home() } else { home_of(|name, _| name == user, user) };
            let home = home.ok_or_else(|| io::Error::other(format!("no home directory for {path}")))?;
            if below.is_empty() { home } else { home.join(below.trim_start_matches('/')) }
        }
    };
    if expanded.is_absolute() {
        Ok(expanded)
    } else {
        Err(io::Error::new(io::ErrorKind::InvalidInput, format!("{path} is not an absolute path")))
    }
}

/// The home directory of the user this runs as.
pub(crate) fn own_home() -> Option<PathBuf> {
    let named = std::env::var_os("HOME").map(PathBuf::from).filter(|home| home.is_absolute());
    named.or_else(|| {
        let uid = rustix::process::geteuid().as_raw().to_string();
        home_of(|_, id| id == uid, &uid)
    })
}

/// The home directory of the user that `wanted` picks by name and id. What `/etc/passwd` does not know, the host's
/// own `getent` may: there is no name service in a static program.
fn home_of(wanted: impl Fn(&str, &str) -> bool, key: &str) -> Option<PathBuf> {
    let find = |text: &[u8]| {
        text.split(|byte| *byte == b'\n').find_map(|line| {
            let mut fields = line.split(|byte| *byte == b':');
            let name = std::str::from_utf8(fields.next()?).ok()?;
            let uid = std::str::from_utf8(fields.nth(1)?).ok()?;
            let home = fields.nth(2)?;
            wanted(name, uid).then(|| PathBuf::from(OsString::from_vec(home.to_vec())))
        })
    };
    let passwd = Path::new("/etc/passwd");
    let known = fs::metadata(passwd).ok().filter(|file| file.len() <= MAX_PASSWD).and_then(|_| fs::read(passwd).ok());
    known.as_deref().and_then(find).or_else(|| {
        let answer = Command::new("getent").args(["passwd", "--", key]).stdin(Stdio::null()).output().ok()?;
        find(&answer.stdout)
    })
}
