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

#[cfg(test)]
mod tests {
    use super::{start, wait_for_starts};
    use std::os::unix::fs::OpenOptionsExt as _;
    use std::process::Command;

    #[test]
    fn what_was_just_written_can_be_run() {
        let directory = std::env::temp_dir().join(format!("churten-starting-{}", std::process::id()));
        std::fs::create_dir_all(&directory).unwrap();
        let writers = (0..4).map(|thread| {
            let directory = directory.clone();
            std::thread::spawn(move || {
                for round in 0..100 {
                    let path = directory.join(format!("{thread}-{round}"));
                    let mut file =
                        std::fs::OpenOptions::new().write(true).create_new(true).mode(0o700).open(&path).unwrap();
                    std::io::Write::write_all(&mut file, b"#!/bin/sh\nexit 7\n").unwrap();
                    drop(file);
                    wait_for_starts();
                    let status = start(&mut Command::new(&path)).and_then(|mut child| child.wait()).unwrap();
                    assert_eq!(status.code(), Some(7));
                }
            })
        });
        for writer in writers.collect::<Vec<_>>() {
            writer.join().unwrap();
        }
        std::fs::remove_dir_all(&directory).unwrap();
    }
}
