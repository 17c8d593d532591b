//! Programs under programs that stand in for the real ones.

use std::path::Path;
use std::process::{Command, Stdio};

/// Run a program in `at`, whose `bin` is first in the path and whose `ansible.cfg` counts. Gives what it printed, and what the
/// stand-ins wrote into the file that `LOG` names.
///
/// # Panics
/// When it cannot be started.
pub fn run_with_standins(
    at: &Path,
    program: &Path,
    arguments: &[&str],
    environment: &[(&str, &str)],
) -> (String, String) {
    let log = at.join("log");
    std::fs::write(&log, "").unwrap();
    let output = Command::new(program)
        .args(arguments)
        .current_dir(at)
        .env_clear()
        .env("PATH", format!("{}/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", at.display()))
        .env("HOME", at)
        .env("LOG", &log)
        .env("LC_ALL", "C.UTF-8")
        .env("ANSIBLE_CONFIG", at.join("ansible.cfg"))
        .envs(environment.iter().copied())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let printed = [output.stdout, output.stderr].concat();
    (String::from_utf8_lossy(&printed).into_owned(), std::fs::read_to_string(&log).unwrap())
}
