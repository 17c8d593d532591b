//! Programs that are written while others are started.

use churten_module::wait_for_writers;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::process::Command;

fn write_and_run(path: &Path) {
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o700).open(path).unwrap();
    file.write_all(b"#!/bin/sh\nexit 7\n").unwrap();
    drop(file);
    wait_for_writers(path).unwrap();
    assert_eq!(Command::new(path).status().unwrap().code(), Some(7));
}

#[test]
fn what_was_just_written_can_be_run() {
    let directory = std::env::temp_dir().join(format!("churten-writers-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let threads = (0..4).map(|thread| {
        let directory = directory.clone();
        std::thread::spawn(move || {
            (0..100).for_each(|round| write_and_run(&directory.join(format!("{thread}-{round}"))))
        })
    });
    for thread in threads.collect::<Vec<_>>() {
        thread.join().unwrap();
    }
    std::fs::remove_dir_all(&directory).unwrap();
}
