//! Programs that are started while files are written.
//!
//! A child has every descriptor of its parent until it becomes another program. A script that was written just before
//! another thread started something may so be open for writing in that child, and cannot be run (`ETXTBSY`, see
//! execve(2)).

use std::io;
use std::process::{Child, Command};
use std::sync::{PoisonError, RwLock};

/// Held for reading while a child is on its way to become another program.
static STARTS: RwLock<()> = RwLock::new(());

/// Start a program.
///
/// # Errors
/// As [`Command::spawn`], which returns once the child is another program.
pub fn start(command: &mut Command) -> io::Result<Child> {
    let _held = STARTS.read().unwrap_or_else(PoisonError::into_inner);
    command.spawn()
}

/// Wait until no child has any more what this process had open before. Call it between closing a file that is to be run
/// and running it.
pub fn wait_for_starts() {
    drop(STARTS.write().unwrap_or_else(PoisonError::into_inner));
}
