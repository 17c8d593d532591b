//! Running churten and ansible-playbook on the fleet.

use crate::hosts::{Fleet, repository};
use crate::output::Report;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Which program runs a playbook.
#[derive(Clone)]
pub(crate) enum Program {
    Churten,
    /// ansible-playbook of this path.
    Oracle(PathBuf),
}

/// A program, its inventory and its options.
pub(crate) struct Run<'a> {
    pub(crate) fleet: &'a Fleet,
    pub(crate) program: Program,
    /// Inventory sources, later ones win.
    pub(crate) inventories: Vec<PathBuf>,
    pub(crate) playbook: &'a Path,
    pub(crate) options: Vec<String>,
}

impl Run<'_> {
    /// The command, away from the user's own settings.
    pub(crate) fn command(&self) -> Command {
        let home = self.fleet.directory.path().join("home");
        std::fs::create_dir_all(&home).unwrap();
        let mut command = match &self.program {
            Program::Churten => {
                let mut command = Command::new(env!("CARGO_BIN_EXE_churten"));
                command.arg("playbook");
                command
            }
            Program::Oracle(path) => Command::new(path),
        };
        for inventory in &self.inventories {
            command.arg("-i").arg(inventory);
        }
        command
            .args(&self.options)
            .arg(self.playbook)
            .current_dir(repository())
            .env_clear()
            .env("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
            .env("HOME", &home)
            .env("ANSIBLE_HOME", home.join(".ansible"))
            .env("ANSIBLE_CONFIG", repository().join("ansible.cfg"))
            .env("ANSIBLE_SSH_CONTROL_PATH_DIR", self.fleet.directory.path().join("cp"))
            .envs([("LANG", "C.UTF-8"), ("LC_ALL", "C.UTF-8"), ("ANSIBLE_NOCOLOR", "1"), ("ANSIBLE_FORKS", "10")])
            .env("ANSIBLE_PIPELINING", "1")
            .stdin(Stdio::null());
        command
    }

    /// Its exit code and output.
    pub(crate) fn run(&self, more: &[&str]) -> Report {
        let output = self.command().args(more).output().unwrap();
        Report::new(&output)
    }
}
