//! The demo of the README runs from the built program alone.

use std::io::Write as _;
use std::process::{Command, Stdio};

#[test]
fn the_demo_runs() {
    let home = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_churten"))
        .arg("demo")
        .current_dir(home.path())
        .env_clear()
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .env("HOME", home.path())
        .env("TMPDIR", home.path())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{}\n{stdout}{}", output.status, String::from_utf8_lossy(&output.stderr));
    let last = stdout.trim_end().lines().next_back().unwrap_or_default();
    assert!(last.starts_with("Predicted changes: ") && last.ends_with("Changes the second time: 0."), "{last}");
    let left: Vec<_> = home.path().read_dir().unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.is_empty(), "the demo left behind {left:?}");
    let _ = writeln!(std::io::stderr(), "demo: ran");
}

#[test]
fn the_internal_log_is_no_part_of_the_output() {
    let run = |log: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_churten"));
        command.arg("--version").env("CHURTEN_LOG", log).stdin(Stdio::null()).output().unwrap()
    };
    let (plain, logging, refused) = (run(""), run("churten_connection=trace,warn"), run("churten=loud"));
    assert!(plain.status.success());
    assert_eq!(plain.stdout, logging.stdout);
    assert_eq!(refused.status.code(), Some(1));
    assert!(refused.stdout.is_empty());
    assert!(String::from_utf8_lossy(&refused.stderr).starts_with("[ERROR]: CHURTEN_LOG=churten=loud: "));
}
