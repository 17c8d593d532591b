//! The hosts that are up, and what can be done to them behind SSH's back.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The hosts belong to one test at a time.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// The hosts of a test, and its count of what it has checked.
pub(crate) struct Fleet {
    tool: PathBuf,
    /// Name and kind: `sshd`, `nspawn`, `busybox`.
    pub(crate) hosts: BTreeMap<String, String>,
    pub(crate) directory: tempfile::TempDir,
    name: &'static str,
    checks: usize,
    _guard: MutexGuard<'static, ()>,
}

impl Fleet {
    /// The running fleet, or nothing, which is told.
    pub(crate) fn find(name: &'static str) -> Option<Self> {
        if std::env::var_os("CHURTEN_FLEET_TESTS").is_some_and(|tests| tests == "beside") {
            say("fleet: these tests are run beside the others, with hosts of their own");
            return None;
        }
        let guard = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        match running() {
            Ok((tool, hosts)) => {
                let directory = tempfile::Builder::new().prefix("churten-fleet.").tempdir_in("/tmp").unwrap();
                Some(Self { tool, hosts, directory, name, checks: 0, _guard: guard })
            }
            Err(reason) => {
                say(&format!("fleet: skipped: {reason}"));
                None
            }
        }
    }

    /// Counts a check, and fails the test unless `holds`.
    #[track_caller]
    pub(crate) fn check(&mut self, holds: bool, explain: impl FnOnce() -> String) {
        assert!(holds, "{}: {}", self.name, explain());
        self.checks += 1;
    }

    /// Counts a check, and fails the test when the two texts differ.
    #[track_caller]
    pub(crate) fn same(&mut self, what: &str, ours: &str, other: &str) {
        let difference = || {
            let at = ours.lines().zip(other.lines()).take_while(|(one, two)| one == two).count();
            let from = at.saturating_sub(4);
            let part = |text: &str| text.lines().skip(from).take(12).collect::<Vec<_>>().join("\n");
            format!("{what} differs in line {}:\n{}\n-- instead of --\n{}", at + 1, part(ours), part(other))
        };
        self.check(ours == other, difference);
    }

    /// The tool's answer.
    pub(crate) fn tool(&self, arguments: &[&str]) -> String {
        let output = Command::new(&self.tool).args(arguments).output().unwrap();
        assert!(output.status.success(), "fleet {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// What a shell on the host prints; it is not reached by SSH.
    pub(crate) fn shell(&self, host: &str, line: &str) -> String {
        let output = Command::new(&self.tool).args(["exec", host, "/bin/sh", "-c", line]).output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// The hosts of a kind.
    pub(crate) fn of_kind(&self, kind: &str) -> Vec<String> {
        self.hosts.iter().filter(|(_, one)| *one == kind).map(|(name, _)| name.clone()).collect()
    }

    /// A file of the test's own directory.
    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.directory.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    /// Programs and files of runs that are still on a host; the worker itself stays for the next run.
    pub(crate) fn leftovers(&self, host: &str) -> String {
        self.shell(
            host,
            "for p in /proc/[0-9]*; do c=$(tr '\\0' ' ' <$p/cmdline 2>/dev/null) && case $c in *exec*leftovers*|sh*|/bin/sh*) ;; \
             *worker-*--serve*|churten*|sleep\\ 31*|*/sleep\\ 31*) echo \"process $c\";; esac; done; \
             find /root/.ansible/tmp /home/*/.ansible/tmp /tmp /var/tmp -mindepth 1 2>/dev/null \
             | grep -v -e '/churten-[0-9]*$' -e '/churten-[0-9]*/worker-[0-9a-f]*$' -e '/churten-[0-9]*/kept-[0-9a-f]*-[0-9]*$' -e '/systemd-private-' -e '/churten-fleet' -e '/tmp/\\.[A-Za-z0-9]*-unix$'",
        )
    }
}

impl Drop for Fleet {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            say(&format!("fleet: {} checks on {} hosts ({})", self.checks, self.hosts.len(), self.name));
        }
    }
}

/// A line for whoever runs the tests, whether they show output or not.
pub(crate) fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

fn running() -> Result<(PathBuf, BTreeMap<String, String>), String> {
    let tool = PathBuf::from(std::env::var_os("CHURTEN_FLEET").ok_or("CHURTEN_FLEET is not set")?);
    let output = Command::new(&tool).arg("status").output().map_err(|error| format!("{}: {error}", tool.display()))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).trim().to_owned());
    }
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut hosts = BTreeMap::new();
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        if let [name, kind, "deb" | "busybox", _, "up", ..] = words[..] {
            hosts.insert(name.to_owned(), kind.to_owned());
        }
    }
    for (kind, number) in [("sshd", 3), ("nspawn", 1), ("busybox", 1)] {
        let names: Vec<String> = hosts.iter().filter(|(_, one)| *one == kind).map(|(name, _)| name.clone()).collect();
        if names.len() < number {
            return Err(format!("{} {kind} hosts are up, {number} are needed", names.len()));
        }
        for name in names.into_iter().skip(number) {
            hosts.remove(&name);
        }
    }
    Ok((tool, hosts))
}

/// The root of the repository.
pub(crate) fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
