//! Services that scripts start and stop.

use super::startup::{Change, Startup};
use churten_module::Output;
use churten_module::prelude::*;
use std::time::Duration;

/// Manage a service by its script.
#[derive(Args)]
#[args(one_of("state", "enabled"))]
pub(crate) struct ScriptedService {
    /// The service.
    name: String,
    /// `started` and `stopped` act only when needed; `restarted` always restarts; `reloaded` starts what does not run.
    state: Option<ServiceState>,
    /// Seconds between the stop and the start of a restart.
    sleep: Option<i64>,
    /// Words to look for among the running programs, where a service does not tell its status.
    pattern: Option<String>,
    /// Whether it starts when the host does.
    enabled: Option<bool>,
    /// The runlevel of OpenRC.
    #[arg(default = "default")]
    runlevel: String,
    /// Further words for the script.
    #[arg(default = "", alias("args"))]
    arguments: String,
}

#[derive(Choice, Clone, Copy, PartialEq, Eq)]
enum ServiceState {
    Started,
    Stopped,
    Reloaded,
    Restarted,
}

/// How a script is called.
enum Caller {
    /// A program, with the service and the operation.
    Program(String),
    /// The script itself, with the operation.
    Script(String),
}

impl Action for ScriptedService {
    const NAME: &'static str = "service";
    const CHECK: CheckMode = CheckMode::Run;

    fn run(&self, host: &dyn Host, options: &Options) -> Result<Dict> {
        let name = &self.name;
        let startup = Startup::find(host, name, &self.runlevel);
        let caller = self.caller(host);
        if caller.is_none() && startup.is_none() {
            fail!("Could not find the requested service {name}: host");
        }
        let mut changed = false;
        if let Some(wanted) = self.enabled {
            let Some(startup) = &startup else { fail!("Could not find the requested service {name}: host") };
            if startup.is_enabled(host, name)? != wanted {
                changed = true;
                if !options.check {
                    startup.change(host, name, if wanted { Change::Enable } else { Change::Disable })?;
                }
            }
        }
        let mut result = Dict::from([("name", Value::from(name.as_str()))]);
        if let Some(enabled) = self.enabled {
            result.insert("enabled", enabled);
        }
        if let Some(state) = self.state {
            let Some(caller) = &caller else {
                fail!(
                    "cannot find 'service' binary or init script for service,  possible typo in service name?, aborting"
                )
            };
            let acted = self.bring(host, caller, state, options.check)?;
            if acted && options.check {
                return Ok(Dict::from([("changed", Value::from(true)), ("msg", "service state changed".into())]));
            }
            changed |= acted;
            result.insert("state", if state == ServiceState::Stopped { "stopped" } else { "started" });
        }
        result.insert("changed", changed);
        Ok(result)
    }
}

impl ScriptedService {
    fn caller(&self, host: &dyn Host) -> Option<Caller> {
        let script = format!("/etc/init.d/{}", self.name);
        let has_script = host.access(Path::new(&script), Access::Execute);
        let program = |name: &str| host.find_program(name, &[]).map(|path| Caller::Program(path.display().to_string()));
        if has_script {
            return program("rc-service").or_else(|| program("service")).or(Some(Caller::Script(script)));
        }
        // `rc.d` of the BSDs and `service` of others know services that have no script here.
        let known = matches!(host.stat(&Path::new("/etc/init").join(format!("{}.conf", self.name))), Ok(Some(_)));
        if known { program("service") } else { None }
    }

    fn call(&self, host: &dyn Host, caller: &Caller, operation: &str, looking: bool) -> Result<Output> {
        let mut words = match caller {
            Caller::Program(program) => vec![program.clone(), self.name.clone(), operation.to_owned()],
            Caller::Script(script) => vec![script.clone(), operation.to_owned()],
        };
        words.extend(churten_module::words::split(&self.arguments).map_err(Failure::new)?);
        let command = Command::new(words).plain_locale();
        let output = if looking { host.query(&command) } else { host.execute(&command) };
        output.map_err(|error| Failure::could_not_run(&command.program, &error))
    }

    /// Whether it acts, or would.
    fn bring(&self, host: &dyn Host, caller: &Caller, state: ServiceState, check: bool) -> Result<bool> {
        let running = match &self.pattern {
            Some(pattern) => runs(host, pattern),
            None => {
                let output = self.call(host, caller, "status", true)?;
                match status(&self.name, &output) {
                    Some(running) => running,
                    None => fail!("failed determining service state, possible typo of service name?"),
                }
            }
        };
        let operations: &[&str] = match state {
            ServiceState::Started if running => &[],
            ServiceState::Stopped if !running => &[],
            ServiceState::Stopped => &["stop"],
            ServiceState::Reloaded if running => &["reload"],
            ServiceState::Restarted => &["stop", "start"],
            _ => &["start"],
        };
        if operations.is_empty() || check {
            return Ok(!operations.is_empty());
        }
        let mut last = None;
        for (index, operation) in operations.iter().enumerate() {
            if index > 0
                && let Some(seconds) = self.sleep
            {
                std::thread::sleep(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)));
            }
            last = Some(self.call(host, caller, operation, false)?);
        }
        let Some(output) = last else { return Ok(true) };
        if !output.success() {
            let (stdout, stderr) = (output.stdout_text(), output.stderr_text());
            return Err(Failure::new(if stderr.is_empty() { stdout } else { stderr }));
        }
        Ok(true)
    }
}

/// Whether a script says that its service runs: by its exit code, by its words, and when neither tells, by success.
pub(super) fn status(name: &str, output: &Output) -> Option<bool> {
    // 2 to 4: dead, or unknown, as LSB has it; 69: of no interest on this host.
    if matches!(output.code, 2 | 3 | 4 | 69) {
        return Some(false);
    }
    let text = output.stdout_text();
    if text.matches('\n').count() <= 1 {
        let text = text.to_lowercase().replace(&name.to_lowercase(), "");
        let negated = text.contains("not ");
        if text.contains("stop") {
            return Some(false);
        }
        if text.contains("run") {
            return Some(!negated);
        }
        if text.contains("start") && !negated {
            return Some(true);
        }
        let dead = [
            "could not access pid file",
            "is dead and pid file exists",
            "dead but subsys locked",
            "dead but pid file exists",
        ];
        if dead.iter().any(|words| text.contains(words)) {
            return Some(false);
        }
    }
    match output.code {
        0 => Some(true),
        1 => Some(false),
        _ => None,
    }
}

/// Whether some program's command line contains a text.
pub(super) fn runs(host: &dyn Host, pattern: &str) -> bool {
    let own = host.process_id().to_string();
    host.list(Path::new("/proc")).unwrap_or_default().into_iter().any(|process| {
        if process == own || !process.starts_with(|c: char| c.is_ascii_digit()) {
            return false;
        }
        let directory = Path::new("/proc").join(&process);
        let line = host.read_bounded(&directory.join("cmdline"), 1 << 20).unwrap_or_default();
        String::from_utf8_lossy(&line).replace('\0', " ").contains(pattern)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_are_understood() {
        for (code, text, expected) in [
            (0, "x is running\n", Some(true)),
            (0, "x is not running\n", Some(false)),
            (0, "stopper is running\n", Some(true)),
            (3, "", Some(false)),
            (0, "started\n", Some(true)),
            (0, "whatever\n", Some(true)),
            (0, "stop\nis written\non lines\n", Some(true)),
            (1, "", Some(false)),
            (5, "", None),
        ] {
            let name = if text.starts_with("stopper") { "stopper" } else { "x" };
            let output = Output { code, stdout: text.into(), ..Output::default() };
            assert_eq!(status(name, &output), expected, "{code} {text}");
        }
    }
}
