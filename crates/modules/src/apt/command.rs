//! Running `apt-get`.

use super::arguments::Apt;
use crate::run::program;
use churten_module::prelude::*;
use churten_module::words::quote;

/// What `apt-get` said.
pub(super) struct Said {
    pub(super) stdout: String,
    pub(super) stderr: String,
}

impl Apt {
    /// `apt-get` with the options of every action that changes packages.
    pub(super) fn apt_get(&self, host: &dyn Observe, check: bool) -> Result<Vec<String>> {
        let mut words = vec![program(host, "apt-get")?, "-y".to_owned()];
        for option in self.dpkg_options.split(',').map(str::trim).filter(|option| !option.is_empty()) {
            words.extend(["-o".to_owned(), format!("Dpkg::Options::=--{option}")]);
        }
        if check {
            words.push("--simulate".into());
        }
        Ok(words)
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
    pub(super) fn execute(&self, host: &dyn Host, words: Vec<String>) -> Result<Said> {
        let shown = shown(&words);
        let mut words = words;
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
        Err(Failure::new(format!("'{shown}' failed: {}", said.stderr))
            .with("stdout", said.stdout)
            .with("stderr", said.stderr)
            .with("rc", output.code))
    }
}

fn shown(words: &[String]) -> String {
    let words: Vec<String> = words
        .iter()
        .map(|word| if word.starts_with("Dpkg::Options::=") { format!("\"{word}\"") } else { quote(word) })
        .collect();
    words.join(" ")
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
