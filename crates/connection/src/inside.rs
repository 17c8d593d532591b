//! Programs of this machine that run commands somewhere else: `docker exec`, `kubectl exec`, `chroot`.

use crate::carrier::{Running, spawn};
use crate::error::ConnectionError;
use crate::settings::InsideOptions;
use std::path::Path;
use tokio::process::Command;

/// Start a shell's command line by way of the program.
pub(crate) fn run(
    host: &str,
    options: &InsideOptions,
    command: &str,
    limit: usize,
) -> Result<Running, ConnectionError> {
    if options.is_root_directory {
        check_root(host, &options.address)?;
    }
    let Some((program, arguments)) = options.argv.split_first() else {
        return Err(ConnectionError::settings(host, format_args!("{}: no program", options.name)));
    };
    let mut child = Command::new(program);
    child.args(arguments).arg(command).envs(options.environment.iter().map(|(name, value)| (name, value)));
    // What is typed at the terminal to interrupt us is not meant for it.
    child.process_group(0);
    spawn(child, limit).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => ConnectionError::settings(host, options.missing(program)),
        _ => ConnectionError::settings(host, format_args!("{program}: {error}")),
    })
}

/// In ansible-core's words.
fn check_root(host: &str, directory: &str) -> Result<(), ConnectionError> {
    let directory = Path::new(directory);
    if !directory.is_dir() {
        return Err(ConnectionError::settings(host, format_args!("{} is not a directory", directory.display())));
    }
    let shell = directory.join("bin/sh");
    match shell.symlink_metadata() {
        Ok(_) => Ok(()),
        Err(_) => Err(ConnectionError::settings(
            host,
            format_args!("[Errno 2] No such file or directory: '{}'", shell.display()),
        )),
    }
}

impl InsideOptions {
    /// What is said of a program that is not there, in ansible-core's words.
    fn missing(&self, program: &str) -> String {
        if !self.is_root_directory {
            return format!("{program} command not found in PATH");
        }
        let path = std::env::var("PATH").unwrap_or_default();
        let known: Vec<&str> = path.split(':').collect();
        let more = ["/sbin", "/usr/sbin", "/usr/local/sbin"].into_iter().filter(|more| !known.contains(more));
        let paths: Vec<&str> = known.iter().copied().chain(more).collect();
        format!("Failed to find required executable \"{program}\" in paths: {}", paths.join(":"))
    }
}
