//! Hosts of the fleet that belong to one test: new ones, which go away with it.

use crate::say;
use std::path::PathBuf;
use std::process::Command;

/// An image with the libraries and programs that modules use; see `tests/fleet/tools/mkimages.sh`.
const IMAGE: &str = "more";
const NAMES: &str = "collections";

/// Hosts that nobody used before.
pub(crate) struct Lent {
    tool: PathBuf,
    /// For files of the test.
    pub(crate) directory: tempfile::TempDir,
    pub(crate) hosts: Vec<Host>,
}

/// One of them.
pub(crate) struct Host {
    pub(crate) name: String,
    pub(crate) address: String,
}

impl Lent {
    /// As many hosts as are asked for; what is missing is told.
    pub(crate) fn new(count: usize) -> Option<Self> {
        let Some(tool) = std::env::var_os("CHURTEN_FLEET") else {
            say("modules of collections: skipped, CHURTEN_FLEET is not set");
            return None;
        };
        let directory = tempfile::Builder::new().prefix("churten-collections.").tempdir_in("/tmp").unwrap();
        let mut lent = Self { tool: tool.into(), directory, hosts: Vec::new() };
        lent.tool(&["up", "--kind", "sshd", "-n", &count.to_string(), "--image", IMAGE, "--prefix", NAMES]);
        let status = lent.tool(&["status"]);
        let hosts = status.lines().filter(|line| line.starts_with(NAMES)).filter_map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            let address = words.get(3)?.split(':').next()?;
            Some(Host { name: words.first()?.to_string(), address: address.to_owned() })
        });
        lent.hosts = hosts.collect();
        assert_eq!(lent.hosts.len(), count, "{status}");
        std::fs::write(lent.directory.path().join("hosts.yml"), lent.tool(&["inventory"])).unwrap();
        Some(lent)
    }

    /// What the fleet's tool prints.
    fn tool(&self, arguments: &[&str]) -> String {
        let output = Command::new(&self.tool).args(arguments).output().unwrap();
        assert!(output.status.success(), "fleet {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// What a script prints on a host; it is not reached by SSH.
    pub(crate) fn script(&self, host: &Host, script: &str) -> String {
        let output = Command::new(&self.tool).args(["exec", &host.name, "/bin/sh", "-c", script]).output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let names = self.hosts.iter().map(|host| host.name.as_str());
        let _ = Command::new(&self.tool).arg("down").args(names).output();
    }
}
