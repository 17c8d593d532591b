//! Running `apt-get`.

use super::arguments::{Apt, Presence};
use super::cache::unknown_release;
use crate::run::program;
use churten_module::prelude::*;

/// What `apt-get` said.
#[derive(Default)]
pub(super) struct Said {
    pub(super) stdout: String,
    pub(super) stderr: String,
}

impl Apt {
    /// `apt-get` with the options of every action that changes packages.
    pub(super) fn apt_get(&self, host: &dyn Observe, check: bool) -> Result<Vec<String>> {
        let mut words = vec![program(host, "apt-get")?, "-y".to_owned()];
        for option in self.dpkg_options() {
            words.extend(["-o".to_owned(), option]);
        }
        if check {
            words.push("--simulate".into());
        }
        Ok(words)
    }

    /// What is handed on to dpkg: the parts of `dpkg_options` as they are, spaces and empty ones too.
    fn dpkg_options(&self) -> impl Iterator<Item = String> {
        self.dpkg_options.split(',').map(|option| format!("Dpkg::Options::=--{option}"))
    }

    /// `apt-get install` or `build-dep`, and the form in which a failure shows it: places of options that are not used
    /// stay as blanks.
    pub(super) fn installing(
        &self,
        host: &dyn Observe,
        check: bool,
        packages: &[String],
    ) -> Result<(Vec<String>, String)> {
        let mut words = self.apt_get(host, false)?;
        let program = words.first().cloned().unwrap_or_default();
        let mut shown = format!("{program} -y");
        for option in self.dpkg_options() {
            shown.push_str(&format!(" -o \"{option}\""));
        }
        shown.push_str(&format!(" -o DPkg::Lock::Timeout={}", self.lock_timeout));
        let building = self.state == Presence::BuildDependencies;
        let mut place = |option: &str, used: bool| {
            shown.push(' ');
            if used {
                shown.push_str(option);
                words.push(option.to_owned());
            }
        };
        place("--only-upgrade", self.only_upgrade);
        place("--fix-broken", self.state == Presence::Fixed);
        place("--force-yes", self.force);
        if !building {
            place("--auto-remove", self.autoremove);
        }
        place("--no-remove", self.fail_on_autoremove);
        place("--simulate", check);
        place(if building { "build-dep" } else { "install" }, true);
        for package in packages {
            shown.push_str(&format!(" '{package}'"));
            words.push(package.clone());
        }
        if let Some(release) = &self.default_release {
            shown.push_str(&format!(" -t '{release}'"));
            words.extend(["-t".to_owned(), release.clone()]);
        }
        let recommends = match self.install_recommends {
            Some(true) => &["-o", "APT::Install-Recommends=yes"][..],
            Some(false) => &["-o", "APT::Install-Recommends=no"][..],
            None => &[],
        };
        let allowed = [
            (self.allow_unauthenticated, "--allow-unauthenticated"),
            (self.allow_downgrade, "--allow-downgrades"),
            (self.allow_change_held_packages, "--allow-change-held-packages"),
        ];
        let allowed = allowed.iter().filter(|(used, _)| *used).map(|(_, option)| *option);
        for word in recommends.iter().copied().chain(allowed) {
            shown.push_str(&format!(" {word}"));
            words.push(word.to_owned());
        }
        Ok((words, shown))
    }

    /// The options that allow or forbid.
    pub(super) fn permissions(&self, words: &mut Vec<String>) {
        let mut option = |wanted: bool, text: &str| {
            if wanted {
                words.push(text.to_owned());
            }
        };
        option(self.force, "--force-yes");
        option(self.fail_on_autoremove, "--no-remove");
        option(self.allow_unauthenticated, "--allow-unauthenticated");
        option(self.allow_downgrade, "--allow-downgrades");
        option(self.allow_change_held_packages, "--allow-change-held-packages");
    }

    /// The option that names the release.
    pub(super) fn release(&self, words: &mut Vec<String>) {
        if let Some(release) = &self.default_release {
            words.extend(["-t".to_owned(), release.clone()]);
        }
    }

    /// Run it. Another package manager at work is waited for.
    ///
    /// # Errors
    ///
    /// It failed; the message shows the command as `shown`.
    pub(super) fn execute(&self, host: &dyn Host, mut words: Vec<String>, shown: &str) -> Result<Said> {
        words.splice(1..1, ["-o".to_owned(), format!("DPkg::Lock::Timeout={}", self.lock_timeout)]);
        let command = Command::new(words)
            .plain_locale()
            .variable("DEBIAN_FRONTEND", "noninteractive")
            .variable("DEBIAN_PRIORITY", "critical");
        let output = host.execute(&command).map_err(|error| Failure::could_not_run(&command.program, &error))?;
        let said = Said { stdout: output.stdout_text(), stderr: output.stderr_text() };
        if output.success() {
            return Ok(said);
        }
        if let Some(reason) = unknown_release(&said.stderr) {
            fail!("{reason}");
        }
        Err(Failure::new(format!("'{shown}' failed: {}", said.stderr))
            .with("stdout", said.stdout)
            .with("stderr", said.stderr)
            .with("rc", output.code))
    }
}

/// What changed, for `--diff`: the part of the output that lists packages.
pub(super) fn difference(stdout: &str) -> String {
    let lines: Vec<&str> = stdout.lines().collect();
    let start = lines.iter().position(|line| line.starts_with("The following "));
    let end = lines.iter().position(|line| line.contains(" newly installed, "));
    match (start, end) {
        (Some(start), Some(end)) if start <= end => lines.get(start..=end).unwrap_or_default().join("\n"),
        (None, Some(end)) => lines.get(end).copied().unwrap_or_default().to_owned(),
        _ => String::new(),
    }
}
