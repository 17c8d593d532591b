//! Calling `dnf`, and what it said.

use super::arguments::{Settings, entries};
use super::installed::Installed;
use super::transaction::Transaction;
use crate::run;
use churten_module::Output;
use churten_module::prelude::*;
use std::cell::{Cell, RefCell};

/// One thing for dnf to do with some packages.
pub(super) struct Order {
    /// The command of dnf.
    pub(super) verb: &'static str,
    pub(super) names: Vec<String>,
}

/// The host's dnf, and the options of every call of it.
pub(super) struct Dnf<'a> {
    pub(super) settings: &'a Settings,
    pub(super) host: &'a dyn Host,
    program: String,
    /// What the user is warned of, whatever becomes of the task.
    pub(super) warnings: RefCell<Vec<String>>,
    /// A module is asked for of which another stream is enabled.
    pub(super) switches_streams: Cell<bool>,
}

/// How a call ended that was to change something.
pub(super) enum Outcome {
    /// What it did, or would do; and of names that were to be left out then, that they are none of packages.
    Done(Transaction, Vec<String>),
    /// These names are none of packages that could be installed; the texts are those of results.
    Missing(Vec<String>),
    /// There is no repository to ask.
    NoRepository,
}

impl<'a> Dnf<'a> {
    pub(super) fn new(settings: &'a Settings, host: &'a dyn Host) -> Result<Self> {
        // Where the name dnf is that of the fifth generation, the fourth has a name of its own.
        let program = match host.find_program("dnf-3", &[]) {
            Some(path) => path.display().to_string(),
            None => run::program(host.observe(), "dnf")?,
        };
        if host.real_path(Path::new(&program)).ends_with("dnf5") {
            fail!("Could not find dnf 4 on this host: {program} is dnf5. Use the module dnf5 there.");
        }
        Ok(Self { settings, host, program, warnings: RefCell::default(), switches_streams: Cell::new(false) })
    }

    fn options(&self) -> Vec<String> {
        let settings = self.settings;
        let mut words = Vec::new();
        let mut add = |wanted: bool, option: String| {
            if wanted {
                words.push(option);
            }
        };
        let given = |option: &str, value: &Option<String>| {
            value.as_ref().filter(|value| !value.is_empty()).map(|value| format!("{option}={value}"))
        };
        for option in [
            given("--config", &settings.conf_file),
            given("--releasever", &settings.releasever),
            given("--disableexcludes", &settings.disable_excludes),
            Some(format!("--installroot={}", settings.installroot)).filter(|_| settings.installroot != "/"),
        ] {
            add(option.is_some(), option.unwrap_or_default());
        }
        // Unlike --enablerepo these know no unknown repositories.
        for name in entries(&settings.disablerepo) {
            add(true, format!("--setopt={name}.enabled=0"));
        }
        for name in entries(&settings.enablerepo) {
            add(true, format!("--setopt={name}.enabled=1"));
        }
        for name in entries(&settings.exclude) {
            add(true, format!("--exclude={name}"));
        }
        for name in entries(&settings.disable_plugin) {
            add(true, format!("--disableplugin={name}"));
        }
        for name in entries(&settings.enable_plugin) {
            add(true, format!("--enableplugin={name}"));
        }
        match settings.best.or(settings.nobest.map(|nobest| !nobest)) {
            Some(true) => add(true, "--best".to_owned()),
            Some(false) => add(true, "--nobest".to_owned()),
            None => {}
        }
        add(settings.cacheonly, "--cacheonly".to_owned());
        add(settings.update_cache, "--refresh".to_owned());
        add(settings.allowerasing, "--allowerasing".to_owned());
        add(settings.skip_broken, "--skip-broken".to_owned());
        add(!settings.sslverify, "--setopt=sslverify=0".to_owned());
        add(settings.disable_gpg_check, "--nogpgcheck".to_owned());
        add(!settings.disable_gpg_check, "--setopt=localpkg_gpgcheck=1".to_owned());
        words
    }

    fn command(&self, words: Vec<String>) -> Command {
        let command = Command::new([self.program.clone()].into_iter().chain(self.options()).chain(words));
        // Names of groups may be of any script; messages stay in English.
        ["LANG", "LC_ALL", "LC_MESSAGES"].iter().fold(command, |command, name| command.variable(name, "C.UTF-8"))
    }

    /// Ask something; what it says on its output. Without a repository, or groups in one, that is nothing.
    pub(super) fn ask(&self, words: &[&str]) -> Result<String> {
        let words = ["--quiet"].iter().chain(words).map(|&word| word.to_owned()).collect();
        let output = run::asked(self.host.observe(), &self.command(words))?;
        self.note(&output);
        if output.success() {
            return Ok(output.stdout_text());
        }
        let error = error(&output);
        let knows_nothing = error.starts_with(NO_REPOSITORY)
            || error.starts_with("No group data available")
            || error.starts_with("No matching Modules");
        if knows_nothing { Ok(String::new()) } else { Err(refused(&error)) }
    }

    /// Fetch what repositories know.
    pub(super) fn make_cache(&self) -> Result<()> {
        self.ask(&["makecache"]).map(|_| ())
    }

    /// Forget which streams of modules are enabled.
    pub(super) fn reset(&self, modules: &[String]) -> Result<()> {
        let words = ["--assumeyes", "module", "reset"].map(str::to_owned);
        let words = words.into_iter().chain(modules.iter().cloned()).collect();
        let output = run::finished(self.host, &self.command(words))?;
        if output.success() { Ok(()) } else { Err(refused(&error(&output))) }
    }

    /// Do it all in one transaction, or say what would be done.
    pub(super) fn change(&self, orders: &[Order], check: bool, installed: &Installed<'_>) -> Result<Outcome> {
        if let [order] = orders {
            return self.call(order, check, installed);
        }
        // A script goes on behind an error, so it is rehearsed first.
        let rehearsed = self.script(orders, true, installed)?;
        match rehearsed {
            Outcome::Done(transaction, _) if !check && !transaction.is_empty() => self.script(orders, false, installed),
            _ => Ok(rehearsed),
        }
    }

    fn call(&self, order: &Order, check: bool, installed: &Installed<'_>) -> Result<Outcome> {
        let mut words = self.mode(check);
        words.extend(order.verb.split(' ').map(str::to_owned));
        words.extend(order.names.iter().cloned());
        self.outcome(&self.run(&self.command(words), check)?, &[order], check, installed)
    }

    fn script(&self, orders: &[Order], check: bool, installed: &Installed<'_>) -> Result<Outcome> {
        let mut words = self.mode(check);
        words.extend(["shell".to_owned(), "/dev/stdin".to_owned()]);
        let mut script = String::new();
        for order in orders {
            script.push_str(order.verb);
            for name in &order.names {
                script.push(' ');
                script.push_str(&churten_module::words::quote(name));
            }
            script.push('\n');
        }
        let orders: Vec<&Order> = orders.iter().collect();
        self.outcome(&self.run(&self.command(words).stdin(script), check)?, &orders, check, installed)
    }

    fn run(&self, command: &Command, check: bool) -> Result<Output> {
        if check { run::asked(self.host.observe(), command) } else { run::finished(self.host, command) }
    }

    /// The options of what changes something.
    fn mode(&self, check: bool) -> Vec<String> {
        let settings = self.settings;
        let mut words = vec![if check { "--assumeno" } else { "--assumeyes" }.to_owned()];
        words.push(format!("--setopt=install_weak_deps={}", u8::from(settings.install_weak_deps)));
        words.push(format!("--setopt=clean_requirements_on_remove={}", u8::from(settings.autoremove)));
        if settings.download_only && !check {
            words.push("--downloadonly".to_owned());
            words.extend(settings.download_dir.as_ref().map(|directory| format!("--downloaddir={directory}")));
        }
        if self.switches_streams.get() {
            words.push("--setopt=module_stream_switch=1".to_owned());
        }
        if settings.security {
            words.push("--security".to_owned());
        }
        if settings.bugfix {
            words.push("--bugfix".to_owned());
        }
        words
    }

    fn outcome(&self, output: &Output, orders: &[&Order], check: bool, installed: &Installed<'_>) -> Result<Outcome> {
        self.note(output);
        let said = output.stdout_text();
        // What has nothing to be upgraded to is not missing.
        let wanted: Vec<&String> =
            orders.iter().filter(|order| order.verb == "install").flat_map(|order| &order.names).collect();
        let told = said.lines().filter_map(missing).filter(|(name, _)| wanted.iter().any(|wanted| wanted == name));
        let missing: Vec<String> = told.map(|(_, text)| text).collect();
        let error = error(output);
        if !missing.is_empty() && !self.settings.skip_broken {
            return Ok(Outcome::Missing(missing));
        }
        if error.starts_with(NO_REPOSITORY) {
            return Ok(Outcome::NoRepository);
        }
        let is_only_missing = error.starts_with("Unable to find a match") && !missing.is_empty();
        let was_declined = check && output.stderr_text().lines().any(|line| line == "Operation aborted.");
        if !output.success() && !was_declined && !is_only_missing {
            return Err(refused(&error));
        }
        Ok(Outcome::Done(Transaction::parse(&said, &installed.packages), missing))
    }

    /// Keep what dnf warns of.
    fn note(&self, output: &Output) {
        let unknown = "Unable to detect release version (use '--releasever' to specify release version)";
        let told = "Unable to detect release version (use \"releasever\" option to specify release version)";
        let mut warnings = self.warnings.borrow_mut();
        if output.stderr_text().lines().any(|line| line == unknown) && warnings.is_empty() {
            warnings.push(told.to_owned());
        }
    }
}

const NO_REPOSITORY: &str = "There are no enabled repositories";

/// The name in a line that says that it is none of a package, and what results say of it.
fn missing(line: &str) -> Option<(&str, String)> {
    if let Some(name) = line.strip_prefix("No match for argument: ") {
        return Some((name, format!("No package {name} available.")));
    }
    let name = line.strip_prefix("All matches were filtered out by ")?.split_once("for argument: ")?.1;
    Some((name, format!("{name} {line}")))
}

/// What it says behind `Error:`, or all it says there.
fn error(output: &Output) -> String {
    let said = output.stderr_text();
    match said.split_once("Error: ") {
        Some((before, error)) if before.is_empty() || before.ends_with('\n') => error.trim_end().to_owned(),
        _ => said.trim().to_owned(),
    }
}

/// The failure in ansible-core's words.
fn refused(error: &str) -> Failure {
    let transaction = |msg: String| {
        Failure::new(msg)
            .with("failures", Value::list(Vec::new()))
            .with("results", Value::list(Vec::new()))
            .with("rc", 1)
    };
    if error.trim_start().starts_with("Problem") {
        return transaction(format!("Depsolve Error occurred: {error}"));
    }
    if error.starts_with("Transaction test error:") {
        return transaction(format!("Unknown Error occurred: {error}\n"));
    }
    if let Some(failure) = signature(error) {
        return failure;
    }
    Failure::new(error.to_owned()).with("results", Value::list(Vec::new())).with("rc", 1)
}

/// What is wrong with a signature. dnf shows whole repositories there, with their passwords.
fn signature(error: &str) -> Option<Failure> {
    if error.contains("You have enabled checking of packages via GPG keys") {
        let reason = "there is no public key on the host, and none named in the repository's gpgkey";
        return Some(Failure::new(format!("Failed to validate GPG signature: {reason}")));
    }
    let line = error.lines().find(|line| {
        line.starts_with("Package ") && line.ends_with(" is not signed")
            || line.starts_with("Public key for ") && line.ends_with(" is not installed")
    })?;
    let file = line.split_whitespace().find(|word| word.ends_with(".rpm"))?;
    let package = file.trim_end_matches(".rpm");
    Some(Failure::new(format!("Failed to validate GPG signature for {package}: {line}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_told_without_what_dnf_shows_of_repositories() {
        let said = "You have enabled checking of packages via GPG keys. This is a good thing.\nProblem repository: [lab]\npassword: hush\n";
        let told = refused(said);
        assert!(!told.msg.contains("hush"), "{}", told.msg);
        assert!(told.msg.starts_with("Failed to validate GPG signature: "));
        let told = refused("Package apple-2.0-1.noarch.rpm is not signed\nGPG check FAILED");
        let expected =
            "Failed to validate GPG signature for apple-2.0-1.noarch: Package apple-2.0-1.noarch.rpm is not signed";
        assert_eq!(told.msg, expected);
    }

    #[test]
    fn names_of_no_package_are_read() {
        assert_eq!(missing("No match for argument: a b").unwrap(), ("a b", "No package a b available.".to_owned()));
        let line = "All matches were filtered out by exclude filtering for argument: apple";
        assert_eq!(missing(line).unwrap(), ("apple", format!("apple {line}")));
        assert_eq!(missing("Dependencies resolved."), None);
    }
}
