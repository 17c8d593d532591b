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
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{}\n{stdout}{}", output.status, String::from_utf8_lossy(&output.stderr));
    let _ = writeln!(std::io::stderr(), "demo: ran");
}
