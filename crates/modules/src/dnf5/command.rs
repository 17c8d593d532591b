//! Calling `dnf5`.

use super::answer::{failed, refused, unknown_plugins};
use super::transaction::Transaction;
use crate::dnf::arguments::{Settings, entries};
use crate::run;
use churten_module::glob;
use churten_module::prelude::*;
use churten_value::from_json;

/// The host's dnf5, and the options of every call of it.
pub(super) struct Program<'a> {
    pub(super) settings: &'a Settings,
    host: &'a dyn Host,
    program: String,
    repositories: Vec<String>,
}

/// What is to be done with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    Install,
    Upgrade,
    Remove,
}

/// A repository of the configuration.
pub(super) struct Repository {
    pub(super) id: String,
    pub(super) is_enabled: bool,
}

impl<'a> Program<'a> {
    /// Find the program, and the repositories and plugins that are told by patterns.
    ///
    /// # Errors
    ///
    /// There is no dnf5, its configuration is none, or there is no such plugin.
    pub(super) fn new(settings: &'a Settings, host: &'a dyn Host) -> Result<Self> {
        let program = run::program(host.observe(), "dnf5")?;
        if let Some(file) = settings.conf_file.as_ref().filter(|file| !file.is_empty()) {
            // It is looked at where nothing is to be done, too.
            match host.stat(Path::new(file))? {
                None => return Err(failed(format!("Configuration file \"{file}\" not found"), Vec::new())),
                Some(stat) if stat.is_directory() => {
                    return Err(failed(format!("Unable to access configuration file \"{file}\""), Vec::new()));
                }
                Some(_) => {}
            }
        }
        let mut found = Self { settings, host, program, repositories: Vec::new() };
        let [on, off] = [&settings.enablerepo, &settings.disablerepo].map(|given| entries(given));
        let has_plugins = !settings.enable_plugin.is_empty() || !settings.disable_plugin.is_empty();
        if !on.is_empty() || !off.is_empty() || has_plugins {
            let (repositories, said) = found.repositories(&["--all"])?;
            if let Some(unknown) = unknown_plugins(&said) {
                return Err(Failure::new(unknown));
            }
            // A pattern that means none is an error for dnf5. Where some are disabled, ansible-core enables of these only.
            let is_one = |patterns: &[String], id: &str| {
                patterns.iter().any(|pattern| pattern == id || glob::matches(pattern, id))
            };
            for Repository { id, is_enabled } in repositories {
                if is_one(&on, &id) && (off.is_empty() || is_one(&off, &id)) {
                    found.repositories.extend((!is_enabled).then(|| format!("--setopt={id}.enabled=1")));
                } else if is_one(&off, &id) {
                    found.repositories.extend(is_enabled.then(|| format!("--setopt={id}.enabled=0")));
                }
            }
        }
        Ok(found)
    }

    fn options(&self) -> Vec<String> {
        let settings = self.settings;
        let mut words = vec!["--quiet".to_owned()];
        let given = |option: &str, value: &Option<String>| {
            value.as_ref().filter(|value| !value.is_empty()).map(|value| format!("{option}={value}"))
        };
        words.extend(given("--config", &settings.conf_file));
        words.extend(given("--releasever", &settings.releasever));
        words.extend(given("--setopt=disable_excludes", &settings.disable_excludes));
        if settings.installroot != "/" {
            words.push(format!("--installroot={}", settings.installroot));
            words.push("--use-host-config".to_owned());
        }
        words.extend(self.repositories.iter().cloned());
        let lists = [
            ("--exclude", &settings.exclude),
            ("--disable-plugin", &settings.disable_plugin),
            ("--enable-plugin", &settings.enable_plugin),
        ];
        for (option, list) in lists {
            words.extend(entries(list).iter().map(|name| format!("{option}={name}")));
        }
        let best = settings.best.or(settings.nobest.map(|nobest| !nobest));
        words.extend(best.map(|best| if best { "--best" } else { "--no-best" }.to_owned()));
        let switches = [
            (settings.cacheonly, "--cacheonly"),
            (settings.update_cache, "--refresh"),
            (!settings.sslverify, "--setopt=sslverify=0"),
            (settings.disable_gpg_check, "--no-gpgchecks"),
            (!settings.disable_gpg_check, "--setopt=localpkg_gpgcheck=1"),
        ];
        words.extend(switches.iter().filter(|(is_on, _)| *is_on).map(|(_, option)| (*option).to_owned()));
        words
    }

    fn command(&self, words: impl IntoIterator<Item = String>) -> Command {
        let command = Command::new([self.program.clone()].into_iter().chain(self.options()).chain(words));
        // Names of groups may be of any script; messages stay in English.
        ["LANG", "LC_ALL", "LC_MESSAGES"].iter().fold(command, |command, name| command.variable(name, "C.UTF-8"))
    }

    /// Ask something; what it says on its output, and beside it.
    pub(super) fn ask(&self, words: &[&str]) -> Result<(String, String)> {
        let command = self.command(words.iter().map(|&word| word.to_owned()));
        let output = run::asked(self.host.observe(), &command)?;
        if !output.success() {
            return Err(refused(&output.stderr_text(), false));
        }
        Ok((output.stdout_text(), output.stderr_text()))
    }

    /// Repositories, and what was said beside them. Here `options` chooses.
    pub(super) fn repositories(&self, options: &[&str]) -> Result<(Vec<Repository>, String)> {
        let words: Vec<&str> = ["repo", "list", "--json"].iter().chain(options).copied().collect();
        let (said, beside) = self.ask(&words)?;
        let list = from_json(said.trim()).map_err(|_| failed("dnf5 repo list --json said no JSON", Vec::new()))?;
        let repository = |entry: &Value| {
            let id = entry.get("id").and_then(Value::as_str)?.to_owned();
            Some(Repository { id, is_enabled: entry.get("is_enabled") == Some(&true.into()) })
        };
        Ok((list.as_list().unwrap_or_default().iter().filter_map(repository).collect(), beside))
    }

    /// Do it all in one transaction, or say what would be done. Without names everything is upgraded.
    pub(super) fn change(&self, orders: &[(Verb, String)], check: bool) -> Result<Transaction> {
        let settings = self.settings;
        let is_removal = orders.iter().any(|(verb, _)| *verb == Verb::Remove);
        let mut words = vec![if check { "--assumeno" } else { "--assumeyes" }.to_owned()];
        words.push(format!("--setopt=install_weak_deps={}", u8::from(settings.install_weak_deps)));
        words.push(format!("--setopt=clean_requirements_on_remove={}", u8::from(settings.autoremove)));
        let is_filtered = !is_removal && (settings.security || settings.bugfix);
        if settings.skip_broken {
            words.push("--setopt=skip_broken=1".to_owned());
        }
        if is_filtered {
            // Of a name that no advisory is about nothing is said, nor of one that is not there.
            words.push("--setopt=skip_unavailable=1".to_owned());
        }
        if settings.download_only {
            let directory = settings.download_dir.as_ref().filter(|directory| !directory.is_empty());
            words.extend(directory.map(|directory| format!("--setopt=destdir={directory}")));
        }
        words.push(if orders.is_empty() { "upgrade" } else { "do" }.to_owned());
        let switches = [
            (settings.allowerasing, "--allowerasing"),
            (settings.download_only, "--downloadonly"),
            (settings.security && is_filtered, "--security"),
            (settings.bugfix && is_filtered, "--bugfix"),
        ];
        words.extend(switches.iter().filter(|(is_on, _)| *is_on).map(|(_, option)| (*option).to_owned()));
        let mut last = None;
        // What looks like an option is none behind two hyphens, where nothing but names is.
        let (others, hyphened): (Vec<_>, Vec<_>) = orders.iter().partition(|(_, name)| !name.starts_with('-'));
        for (verb, name) in others {
            if last.replace(*verb) != Some(*verb) {
                let verb = match verb {
                    Verb::Install => "install",
                    Verb::Upgrade => "upgrade",
                    Verb::Remove => "remove",
                };
                words.push(format!("--action={verb}"));
            }
            words.push(name.clone());
        }
        if !hyphened.is_empty() {
            words.extend(["--action=install", "--"].map(str::to_owned));
            words.extend(hyphened.into_iter().map(|(_, name)| name.clone()));
        }
        let command = self.command(words.clone());
        let output =
            if check { run::asked(self.host.observe(), &command)? } else { run::finished(self.host, &command)? };
        let stderr = output.stderr_text();
        let was_declined = check && stderr.lines().any(|line| line == "Operation aborted by the user.");
        if !output.success() && !was_declined {
            let reasons = if is_removal { self.reasons(words, &stderr)? } else { None };
            return Err(refused(reasons.as_ref().unwrap_or(&stderr), settings.skip_broken));
        }
        Ok(Transaction::parse(&output.stdout_text()))
    }

    /// Why something cannot be removed, with what repositories have. dnf5 removes without them; where a package is to be
    /// upgraded, too, it reads them.
    fn reasons(&self, words: Vec<String>, stderr: &str) -> Result<Option<String>> {
        if !stderr.contains("\nProblem") {
            return Ok(None);
        }
        const NO_PACKAGE: &str = "churten-asks-for-no-package";
        let words = words.into_iter().map(|word| if word == "--assumeyes" { "--assumeno".to_owned() } else { word });
        let upgrade = ["--action=upgrade", NO_PACKAGE].map(str::to_owned);
        let output = run::asked(self.host.observe(), &self.command(words.chain(upgrade)))?;
        let said = output.stderr_text();
        let lines: Vec<&str> = said.lines().filter(|line| !line.contains(NO_PACKAGE)).collect();
        Ok(said.contains("\nProblem").then(|| lines.join("\n")))
    }
}
