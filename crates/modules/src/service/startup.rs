//! What decides whether a service starts with the host.

use churten_module::prelude::*;

/// The tool that turns it on and off.
pub(super) enum Startup {
    /// OpenRC's `rc-update`, and the runlevel.
    OpenRc(String, String),
    /// Red Hat's `chkconfig`.
    Chkconfig(String),
    /// Debian's `update-rc.d`.
    UpdateRc(String),
    /// `insserv`.
    Insserv(String),
}

/// What to do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    Enable,
    Disable,
}

impl Startup {
    /// The tool for a service that has a script.
    pub(super) fn find(host: &dyn Host, name: &str, runlevel: &str) -> Option<Self> {
        if !matches!(host.stat(&Path::new("/etc/init.d").join(name)), Ok(Some(_))) {
            return None;
        }
        let program = |name: &str| host.find_program(name, &[]).map(|path| path.display().to_string());
        program("rc-update")
            .map(|tool| Self::OpenRc(tool, runlevel.to_owned()))
            .or_else(|| program("chkconfig").map(Self::Chkconfig))
            .or_else(|| program("update-rc.d").map(Self::UpdateRc))
            .or_else(|| program("insserv").map(Self::Insserv))
    }

    pub(super) fn is_enabled(&self, host: &dyn Host, name: &str) -> Result<bool> {
        let query = |words: &[&str]| {
            let command = Command::new(words.iter().copied()).plain_locale();
            host.query(&command).map_err(|error| Failure::could_not_run(&command.program, &error))
        };
        Ok(match self {
            Self::OpenRc(tool, runlevel) => {
                let output = query(&[tool, "show"])?;
                output.stdout_text().lines().any(|line| {
                    line.split_once('|').is_some_and(|(service, runlevels)| {
                        service.trim() == name && runlevels.split_whitespace().any(|level| level == runlevel)
                    })
                })
            }
            Self::Chkconfig(tool) => {
                let output = query(&[tool, "--list", name])?;
                output.stdout_text().contains("3:on") && output.stdout_text().contains("5:on")
            }
            Self::UpdateRc(_) | Self::Insserv(_) => !links(host, 'S', name).is_empty(),
        })
    }

    pub(super) fn change(&self, host: &dyn Host, name: &str, change: Change) -> Result<()> {
        let enable = change == Change::Enable;
        match self {
            Self::OpenRc(tool, runlevel) => {
                self.execute(host, name, &[tool, if enable { "add" } else { "delete" }, name, runlevel])
            }
            Self::Chkconfig(tool) => {
                if enable {
                    self.execute(host, name, &[tool, "--add", name])?;
                }
                self.execute(host, name, &[tool, name, if enable { "on" } else { "off" }])
            }
            Self::UpdateRc(tool) => {
                if enable {
                    // What has no links at all is not known yet.
                    if links(host, 'K', name).is_empty() {
                        self.execute(host, name, &[tool, name, "defaults"])?;
                    }
                    return self.execute(host, name, &[tool, name, "enable"]);
                }
                self.execute(host, name, &[tool, name, "disable"])
            }
            Self::Insserv(tool) if enable => self.execute(host, name, &[tool, name]),
            Self::Insserv(tool) => self.execute(host, name, &[tool, "-r", name]),
        }
    }

    fn execute(&self, host: &dyn Host, name: &str, words: &[&str]) -> Result<()> {
        let command = Command::new(words.iter().copied()).plain_locale();
        let output = host.execute(&command).map_err(|error| Failure::could_not_run(&command.program, &error))?;
        if output.success() {
            return Ok(());
        }
        let (stdout, stderr) = (output.stdout_text(), output.stderr_text());
        if matches!(self, Self::OpenRc(..)) {
            fail!("failed to update service status with rc-update for {name}: {stdout}{stderr}");
        }
        Err(Failure::new(if stderr.is_empty() { stdout } else { stderr }))
    }
}

/// The links by which a script is started (`S`) or stopped (`K`).
fn links(host: &dyn Host, kind: char, name: &str) -> Vec<PathBuf> {
    host.glob(&format!("/etc/rc?.d/{kind}??{name}"))
}
