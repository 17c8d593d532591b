//! Programs that were just written and are about to be run.

use super::sys::has_writers;
use std::fs::File;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::{Duration, Instant};

/// How long a child that was started beside is waited for.
const PATIENCE: Duration = Duration::from_secs(2);

/// Wait until nobody has a program open for writing any more, for until then it cannot be run (`ETXTBSY`, execve(2)). Who wrote
/// it has closed it; but a child that another thread started meanwhile has the descriptor until it executes its own program.
/// Files that nobody may execute are not waited for.
///
/// The path must be one that nobody else knows yet: who opens it for writing in this moment sends this process `SIGIO`.
///
/// # Errors
///
/// When the file cannot be opened.
pub fn wait_for_writers(private: &Path) -> io::Result<()> {
    let metadata = private.symlink_metadata()?;
    if !metadata.is_file() || metadata.permissions().mode() & 0o111 == 0 {
        return Ok(());
    }
    let file = File::open(private)?;
    let begun = Instant::now();
    while has_writers(&file) == Some(true) && begun.elapsed() < PATIENCE {
        std::thread::sleep(Duration::from_micros(200));
    }
    Ok(())
}
