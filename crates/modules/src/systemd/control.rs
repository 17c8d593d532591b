//! Asking `systemctl`.

use churten_module::Output;
use churten_module::prelude::*;

/// The states in which `is-enabled` knows a unit.
const KNOWN: &[&str] = &[
    "enabled",
    "enabled-runtime",
    "linked",
    "linked-runtime",
    "masked",
    "masked-runtime",
    "static",
    "indirect",
    "disabled",
    "generated",
    "transient",
];

/// The program with the words that every call begins with.
pub(super) struct Systemctl<'h> {
    host: &'h dyn Host,
    words: Vec<String>,
    /// Where the user's own systemd listens, when the environment does not say.
    runtime_directory: Option<String>,
}

impl<'h> Systemctl<'h> {
    pub(super) fn new(host: &'h dyn Host, scope: &str, no_block: bool, force: bool) -> Result<Self> {
        let mut words = vec![host.require_program("systemctl", &[])?.display().to_string()];
        let foreign = scope != "system";
        if foreign {
            words.push(format!("--{scope}"));
        }
        if no_block {
            words.push("--no-block".to_owned());
        }
        if force {
            words.push("--force".to_owned());
        }
        let unset = foreign && host.variable("XDG_RUNTIME_DIR").is_none_or(|path| path.is_empty());
        let runtime_directory = unset.then(|| format!("/run/user/{}", host.identity().uid));
        Ok(Self { host, words, runtime_directory })
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let words = self.words.iter().map(String::as_str).chain(arguments.iter().copied());
        let command = Command::new(words).plain_locale();
        match &self.runtime_directory {
            Some(path) => command.variable("XDG_RUNTIME_DIR", path),
            None => command,
        }
    }

    /// Ask something that changes nothing.
    pub(super) fn query(&self, arguments: &[&str]) -> Result<Output> {
        let command = self.command(arguments);
        self.host.query(&command).map_err(|error| Failure::could_not_run(&command.program, &error))
    }

    /// Do something.
    pub(super) fn execute(&self, arguments: &[&str]) -> Result<Output> {
        let command = self.command(arguments);
        self.host.execute(&command).map_err(|error| Failure::could_not_run(&command.program, &error))
    }

    /// Whether a unit that has no properties to show is known all the same. Fails when systemd does not answer at all.
    pub(super) fn knows(&self, unit: &str) -> Result<bool> {
        let enabled = self.query(&["is-enabled", unit])?.stdout_text();
        if KNOWN.contains(&enabled.trim()) || self.query(&["list-unit-files", unit])?.success() {
            return Ok(true);
        }
        let output = self.query(&[])?;
        if !output.success() && !self.is_offline() {
            let stderr = output.stderr_text();
            return Err(Failure::new(stderr.trim_end().to_owned())
                .with("cmd", self.words.join(" "))
                .with("rc", output.code)
                .with("stdout", output.stdout_text())
                .with("stderr", stderr));
        }
        Ok(false)
    }

    /// True when there is no systemd to talk to, and that is as it should be.
    pub(super) fn is_offline(&self) -> bool {
        if self.host.variable("SYSTEMD_OFFLINE").as_deref() == Some("1") {
            return true;
        }
        let stat = |path: &str| self.host.stat(Path::new(path)).ok().flatten();
        match (stat("/"), stat("/proc/1/root/.")) {
            (Some(here), Some(first)) => (here.inode, here.device) != (first.inode, first.device),
            _ => false,
        }
    }

    pub(super) fn is_file(&self, path: &Path) -> bool {
        matches!(self.host.stat(path), Ok(Some(_)))
    }

    /// True when a script is started in some runlevel.
    pub(super) fn has_start_links(&self, name: &str) -> bool {
        !self.host.glob(&format!("/etc/rc?.d/S??{name}")).is_empty()
    }
}
