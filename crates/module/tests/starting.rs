//! Scripts that are written while others are started. In a process of its own: whoever starts programs in another way would
//! disturb it.

use churten_module::{start, wait_for_starts};
use std::io::Write as _;
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
                file.write_all(b"#!/bin/sh\nexit 7\n").unwrap();
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
