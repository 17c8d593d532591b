//! Long texts on a terminal go through the user's pager.

use crate::output::Console;
use std::io::{IsTerminal, Write};
use std::process::{Command, Stdio};

/// How `less` is told to behave: leave short texts on the screen, show colours, cut long lines.
const LESS: &str = "FRSX";

/// Show a text: with the pager on a terminal, else on standard output.
pub(super) fn show(text: &str, console: &mut Console) {
    if !std::io::stdout().is_terminal() || page(text).is_none() {
        console.line(text);
    }
}

/// `None` when no pager can be started.
fn page(text: &str) -> Option<()> {
    let pager = std::env::var("PAGER").ok().filter(|pager| !pager.is_empty()).unwrap_or_else(|| "less".into());
    let mut command = Command::new("/bin/sh");
    // A shell that cannot find the pager says so; this one is asked first.
    command.args(["-c", "command -v \"$1\" >/dev/null 2>&1 || exit 127; shift; eval \"$1\"", "sh"]);
    command.arg(pager.split_whitespace().next().unwrap_or_default()).arg(&pager).stdin(Stdio::piped());
    if std::env::var_os("LESS").is_none() {
        command.env("LESS", LESS);
    }
    let mut child = command.spawn().ok()?;
    if let Some(mut input) = child.stdin.take() {
        // A pager that was left before its end is no error.
        let _ = input.write_all(text.as_bytes());
    }
    let status = child.wait().ok()?;
    (status.code() != Some(127)).then_some(())
}
