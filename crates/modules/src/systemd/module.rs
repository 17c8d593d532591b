use super::control::Systemctl;
use super::status;
use churten_module::prelude::*;

/// Manage units of systemd.
///
/// Whatever `systemctl show` says of the unit is returned as `status`.
#[derive(Args)]
#[args(
    one_of("state", "enabled", "masked", "daemon_reload", "daemon_reexec"),
    required_by("state", "name"),
    required_by("enabled", "name"),
    required_by("masked", "name")
)]
pub(crate) struct SystemdService {
    /// The unit; `.service` is added to a name without a suffix.
    #[arg(alias("service", "unit"))]
    name: Option<String>,
    /// `started` and `stopped` act only when needed; `restarted` always restarts; `reloaded` starts what does not run.
    state: Option<UnitState>,
    /// Whether it starts when the host does.
    enabled: Option<bool>,
    /// Overwrite links that are in the way.
    force: Option<bool>,
    /// Whether it cannot be started at all.
    masked: Option<bool>,
    /// Let systemd read its unit files again first.
    #[arg(default = false, alias("daemon-reload"))]
    daemon_reload: bool,
    /// Let systemd execute itself again first.
    #[arg(default = false, alias("daemon-reexec"))]
    daemon_reexec: bool,
    /// Whose units: the host's, the user's own, or those of all users.
    #[arg(default = "system", choices("system", "user", "global"))]
    scope: String,
    /// Do not wait until an operation has finished.
    #[arg(default = false)]
    no_block: bool,
}

/// `systemd`: the older name of `systemd_service`.
#[derive(Args)]
pub(crate) struct Systemd {
    /// The same arguments.
    #[arg(flatten)]
    service: SystemdService,
}

#[derive(Choice, Clone, Copy, PartialEq, Eq)]
enum UnitState {
    Reloaded,
    Restarted,
    Started,
    Stopped,
}

impl UnitState {
    fn name(self) -> &'static str {
        match self {
            Self::Reloaded => "reloaded",
            Self::Restarted => "restarted",
            Self::Started => "started",
            Self::Stopped => "stopped",
        }
    }
}

impl Action for Systemd {
    const NAME: &'static str = "systemd";
    const CHECK: CheckMode = CheckMode::Run;

    fn run(&self, host: &dyn Host, options: &Options) -> Result<Dict> {
        self.service.run(host, options)
    }
}

impl Action for SystemdService {
    const NAME: &'static str = "systemd_service";
    const CHECK: CheckMode = CheckMode::Run;

    fn run(&self, host: &dyn Host, options: &Options) -> Result<Dict> {
        let mut task = Task {
            arguments: self,
            check: options.check,
            systemctl: Systemctl::new(host, &self.scope, self.no_block, self.force == Some(true))?,
            changed: false,
            result: Dict::from([("name", Value::from(self.name.clone()))]),
            status: Dict::new(),
            warnings: Vec::new(),
        };
        if let Some(unit) = &self.name
            && let Some(sign) = unit.chars().find(|c| matches!(c, '*' | '?' | '['))
        {
            fail!("This module does not currently support using glob patterns, found '{sign}' in service name: {unit}");
        }
        for (wanted, operation) in [(self.daemon_reload, "daemon-reload"), (self.daemon_reexec, "daemon-reexec")] {
            if wanted && !options.check {
                task.daemon(operation)?;
            }
        }
        if let Some(unit) = self.name.as_deref().filter(|unit| !unit.is_empty()) {
            let found = task.look(unit)?;
            if let Some(masked) = self.masked {
                task.mask(unit, masked)?;
            }
            if let Some(enabled) = self.enabled {
                task.enable(unit, enabled, found)?;
            }
            if let Some(state) = self.state {
                task.bring(unit, state, found)?;
            }
        }
        let Task { mut result, status, warnings, changed, .. } = task;
        result.insert("changed", changed);
        result.insert("status", status);
        if !warnings.is_empty() {
            result.insert("warnings", warnings);
        }
        Ok(result)
    }
}

/// One run of the module.
struct Task<'t> {
    arguments: &'t SystemdService,
    check: bool,
    systemctl: Systemctl<'t>,
    changed: bool,
    result: Dict,
    status: Dict,
    warnings: Vec<String>,
}

/// What is known by a name.
#[derive(Clone, Copy)]
struct Unit {
    /// A unit of systemd.
    native: bool,
    /// A script in `/etc/init.d`.
    script: bool,
}

impl Unit {
    fn required(self, name: &str) -> Result<()> {
        if !self.native && !self.script {
            fail!("Could not find the requested service {name}: host");
        }
        Ok(())
    }
}

const OFFLINE: &str = "Target is a chroot or systemd is offline. This can lead to false positives or prevent the init \
                       system tools from working.";

impl Task<'_> {
    fn daemon(&mut self, operation: &str) -> Result<()> {
        let output = self.systemctl.execute(&[operation])?;
        if output.success() {
            return Ok(());
        }
        let text = format!("failure {} during {operation}: {}", output.code, output.stderr_text());
        if !self.systemctl.is_offline() {
            return Err(Failure::new(text));
        }
        self.warnings.push(text);
        Ok(())
    }

    /// Read the properties of a unit; what cannot be shown (a template) may still be known.
    fn look(&mut self, unit: &str) -> Result<Unit> {
        let script = self.systemctl.is_file(&Path::new("/etc/init.d").join(unit));
        let output = self.systemctl.query(&["show", unit])?;
        // Without a systemd to talk to, it is silent and all is well.
        if !output.success() || output.stdout.is_empty() {
            return Ok(Unit { native: self.systemctl.knows(unit)?, script });
        }
        let text = output.stdout_text();
        if text.trim().is_empty() {
            return Ok(Unit { native: false, script });
        }
        self.status = status::parse(&text);
        let property = |name: &str| self.status.get(name).and_then(Value::as_str).unwrap_or_default();
        let (load, error) = (property("LoadState"), property("LoadError"));
        let native = !matches!(load, "" | "not-found");
        if native && load != "masked" && !error.is_empty() {
            fail!("Error loading unit file '{unit}': {error}");
        }
        if !native && script {
            self.warnings
                .push(format!("The service ({unit}) is actually an init script but the system is managed by systemd"));
        }
        Ok(Unit { native, script })
    }

    fn mask(&mut self, unit: &str, wanted: bool) -> Result<()> {
        let output = self.systemctl.query(&["is-enabled", unit])?;
        let masked = matches!(output.stdout_text().trim(), "masked" | "masked-runtime");
        if masked == wanted {
            return Ok(());
        }
        self.changed = true;
        if self.check {
            return Ok(());
        }
        let operation = if wanted { "mask" } else { "unmask" };
        let output = self.systemctl.execute(&[operation, unit])?;
        if !output.success() {
            fail!("Failed to {operation} the service ({unit}): {}", output.stderr_text().trim());
        }
        Ok(())
    }

    fn enable(&mut self, unit: &str, wanted: bool, found: Unit) -> Result<()> {
        found.required(unit)?;
        let output = self.systemctl.query(&["is-enabled", unit, "-l"])?;
        let text = output.stdout_text();
        let enabled = match output.code {
            // Such a unit says nothing of itself unless files follow, or is not enabled for the next start.
            0 => !matches!(text.trim(), "indirect" | "alias" | "enabled-runtime"),
            // Where nothing is known of the unit, the links of a script tell.
            1 => {
                self.arguments.scope == "system"
                    && found.script
                    && !text.trim().ends_with("disabled")
                    && self.systemctl.has_start_links(unit)
            }
            _ => false,
        };
        self.result.insert("enabled", wanted);
        if enabled == wanted {
            return Ok(());
        }
        self.changed = true;
        if self.check {
            return Ok(());
        }
        let operation = if wanted { "enable" } else { "disable" };
        let output = self.systemctl.execute(&[operation, unit])?;
        if !output.success() {
            fail!("Unable to {operation} service {unit}: {}{}", output.stdout_text(), output.stderr_text());
        }
        Ok(())
    }

    fn bring(&mut self, unit: &str, state: UnitState, found: Unit) -> Result<()> {
        found.required(unit)?;
        let active = self.status.get("ActiveState").and_then(Value::as_str).map(str::to_owned);
        let stopped = state == UnitState::Stopped;
        self.result.insert("state", if stopped { "stopped" } else { "started" });
        let Some(active) = active else {
            if self.systemctl.is_offline() {
                self.result.insert("state", state.name());
                self.warnings.push(OFFLINE.to_owned());
                return Ok(());
            }
            return Err(Failure::new("Service is in unknown state").with("status", self.status.clone()));
        };
        let running = matches!(active.as_str(), "active" | "activating");
        let operation = match state {
            UnitState::Started if running => return Ok(()),
            UnitState::Stopped if !running && active != "deactivating" => return Ok(()),
            UnitState::Stopped => "stop",
            UnitState::Restarted if running => "restart",
            UnitState::Reloaded if running => "reload",
            _ => "start",
        };
        self.changed = true;
        if self.check {
            return Ok(());
        }
        let output = self.systemctl.execute(&[operation, unit])?;
        if !output.success() {
            fail!("Unable to {operation} service {unit}: {}", output.stderr_text());
        }
        Ok(())
    }
}
