use super::script::{runs, status};
use crate::run;
use churten_module::prelude::*;
use std::time::Duration;

/// Manage a service by its script in `/etc/init.d`, on hosts whose init is that of System V.
#[derive(Args)]
#[args(one_of("state", "enabled"))]
pub(crate) struct SysVInit {
    /// The service.
    #[arg(alias("service"))]
    name: String,
    /// What it should do.
    state: Option<Wanted>,
    /// Whether it starts when the host does.
    enabled: Option<bool>,
    /// Seconds between the stop and the start of a restart.
    #[arg(default = 1)]
    sleep: i64,
    /// Words to look for among the running programs, where the script does not tell its status.
    pattern: Option<String>,
    /// Further words for the script.
    #[arg(alias("args"))]
    arguments: Option<String>,
    /// The runlevels that `enabled` is about.
    runlevels: Option<Vec<String>>,
    /// Let the script go on without this module: what it prints is not told.
    #[arg(default = false)]
    daemonize: bool,
}

#[derive(Choice, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Started,
    Stopped,
    Restarted,
    Reloaded,
}

impl Wanted {
    const fn name(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Stopped => "stopped",
            Self::Restarted => "restarted",
            Self::Reloaded => "reloaded",
        }
    }
}

/// How one of the two things went.
#[derive(Default)]
struct Done {
    changed: bool,
    /// Exit code, output and errors of what was run last.
    said: Option<(i32, String, String)>,
}

impl Done {
    fn entry(self) -> Dict {
        let (code, stdout, stderr) = match self.said {
            Some((code, stdout, stderr)) => (code.into(), stdout.into(), stderr.into()),
            None => (Value::NONE, Value::NONE, Value::NONE),
        };
        Dict::from([("changed", self.changed.into()), ("rc", code), ("stdout", stdout), ("stderr", stderr)])
    }
}

impl Action for SysVInit {
    const NAME: &'static str = "sysvinit";
    const CHECK: CheckMode = CheckMode::Run;

    fn run(&self, host: &dyn Host, options: &Options) -> Result<Dict> {
        let script = Path::new("/etc/init.d").join(&self.name);
        if host.stat(&script)?.is_none() {
            fail!("Could not find the requested service {}: ", self.name);
        }
        let script = script.display().to_string();
        let known = self.is_running(host, &script)?;
        let is_running = known.unwrap_or(false);
        let enabled = self.enable(host, options)?;
        let mut acted = Done::default();
        if let Some(state) = self.state {
            acted.changed = match state {
                Wanted::Started => !is_running,
                Wanted::Stopped => is_running,
                Wanted::Restarted | Wanted::Reloaded => true,
            };
            if acted.changed && !options.check {
                acted.said = Some(self.bring(host, &script, state)?);
            }
        }
        let changed = enabled.changed || acted.changed;
        let mut enabled = enabled.entry();
        if let Some(runlevels) = &self.runlevels {
            enabled.insert("runlevels", runlevels.clone());
        }
        let state = self.state.map_or("null", Wanted::name);
        let status = Dict::from([("enabled", enabled), (state, acted.entry())]);
        let mut result = Dict::from([
            ("changed", Value::from(changed)),
            ("name", self.name.as_str().into()),
            ("status", status.into()),
        ]);
        if known.is_none() {
            let warning = "Unable to determine if service is up, assuming it is down";
            result.insert("warnings", vec![warning.to_owned()]);
        }
        Ok(result)
    }
}

impl SysVInit {
    fn call(&self, host: &dyn Host, script: &str, operation: &str) -> Result<(i32, String, String)> {
        let mut words = vec![script.to_owned(), operation.to_owned()];
        words
            .extend(churten_module::words::split(self.arguments.as_deref().unwrap_or_default()).map_err(Failure::new)?);
        let command = if self.daemonize {
            // What the script starts may keep its output open for ever.
            let line = words.iter().map(|word| churten_module::words::quote(word)).collect::<Vec<_>>().join(" ");
            Command::shell(format!("exec {line} </dev/null >/dev/null 2>&1"))
        } else {
            Command::new(words)
        };
        let output = run::finished(host, &command.plain_locale())?;
        Ok((output.code, output.stdout_text(), output.stderr_text()))
    }

    /// Does it run, as far as that can be told?
    fn is_running(&self, host: &dyn Host, script: &str) -> Result<Option<bool>> {
        if let Some(pattern) = &self.pattern {
            return Ok(runs(host, pattern).then_some(true));
        }
        let output = run::asked(host.observe(), &Command::new([script, "status"]).plain_locale())?;
        Ok(status(&self.name, &output))
    }

    fn bring(&self, host: &dyn Host, script: &str, state: Wanted) -> Result<(i32, String, String)> {
        let operations: &[&str] = match state {
            Wanted::Started => &["start"],
            Wanted::Stopped => &["stop"],
            Wanted::Restarted => &["stop", "start"],
            Wanted::Reloaded => &["reload"],
        };
        let mut all = (0, String::new(), String::new());
        for (at, operation) in operations.iter().enumerate() {
            if at > 0 {
                host.pause(Duration::from_secs(self.sleep.max(0).unsigned_abs()));
            }
            let (code, stdout, stderr) = self.call(host, script, operation)?;
            if code != 0 {
                return Err(Failure::new(format!("Failed to {operation} service: {}", self.name))
                    .with("rc", code)
                    .with("stdout", stdout)
                    .with("stderr", stderr));
            }
            // The last one tells.
            all = (code, stdout, stderr);
        }
        Ok(all)
    }

    /// Is there a link that starts the service in a runlevel?
    fn is_enabled(&self, host: &dyn Host, runlevel: &str) -> bool {
        !host.glob(&format!("/etc/rc{runlevel}.d/S??{}", self.name)).is_empty()
    }

    fn enable(&self, host: &dyn Host, options: &Options) -> Result<Done> {
        let Some(wanted) = self.enabled else { return Ok(Done::default()) };
        let any = vec!["?".to_owned()];
        let runlevels = self.runlevels.as_ref().unwrap_or(&any);
        if runlevels.iter().all(|runlevel| self.is_enabled(host, runlevel) == wanted) {
            return Ok(Done::default());
        }
        let mut done = Done { changed: true, said: None };
        if options.check {
            return Ok(done);
        }
        let Some(words) = self.enabling(host, wanted) else {
            fail!("There is neither update-rc.d nor chkconfig on this host to enable {} with", self.name);
        };
        let output = run::finished(host, &Command::new(words).plain_locale())?;
        // How that ended stands in the result; it fails nothing.
        done.said = Some((output.code, output.stdout_text(), output.stderr_text()));
        Ok(done)
    }

    /// The command of the host's own tool: Debian's, or that of the Red Hat family.
    fn enabling(&self, host: &dyn Host, wanted: bool) -> Option<Vec<String>> {
        let find = |name: &str| host.find_program(name, &["/sbin", "/usr/sbin"]).map(|path| path.display().to_string());
        if let Some(program) = find("update-rc.d") {
            let mut words = vec![program, self.name.clone()];
            match (&self.runlevels, wanted) {
                (Some(runlevels), _) => {
                    words.push(if wanted { "enable" } else { "disable" }.to_owned());
                    words.extend(runlevels.iter().cloned());
                }
                (None, true) => words.push("defaults".to_owned()),
                (None, false) => words.push("disable".to_owned()),
            }
            return Some(words);
        }
        let mut words = vec![find("chkconfig")?];
        if let Some(runlevels) = &self.runlevels {
            words.extend(["--level".to_owned(), runlevels.concat()]);
        }
        words.extend([self.name.clone(), if wanted { "on" } else { "off" }.to_owned()]);
        Some(words)
    }
}
