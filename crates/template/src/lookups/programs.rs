//! Lookups that run commands on the controller.

use super::{Lookup, Plugin};
use crate::fault::{Fault, Outcome};
use crate::val::Val;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, Stdio};

pub(super) const TABLE: &[Plugin] = &[Plugin::new("lines", lines), Plugin::new("pipe", pipe)];

fn run(lookup: &Lookup<'_, '_>, name: &str, command: &str) -> Outcome<String> {
    let output = Command::new("/bin/sh")
        .arg("-c")
        .arg(command)
        .current_dir(&lookup.session.shared.environment.basedir)
        .stdin(Stdio::inherit())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| Fault::ansible(format!("lookup_plugin.{name}({command}) could not be run: {error}")))?;
    if !output.status.success() {
        let code = output.status.code().unwrap_or_else(|| -output.status.signal().unwrap_or(1));
        return Err(Fault::ansible(format!("lookup_plugin.{name}({command}) returned {code}")));
    }
    String::from_utf8(output.stdout)
        .map_err(|_| Fault::ansible(format!("The output of lookup_plugin.{name}({command}) is not valid UTF-8.")))
}

fn pipe(lookup: &mut Lookup<'_, '_>) -> Outcome<Vec<Val>> {
    let commands = lookup.texts()?;
    let output = |command: &String| Ok(Val::str(run(lookup, "pipe", command)?.trim_end()));
    commands.iter().map(output).collect()
}

fn lines(lookup: &mut Lookup<'_, '_>) -> Outcome<Vec<Val>> {
    let mut lines = Vec::new();
    for command in lookup.texts()? {
        lines.extend(run(lookup, "lines", &command)?.lines().map(Val::str));
    }
    Ok(lines)
}
