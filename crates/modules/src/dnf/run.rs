//! The order of things.

use super::arguments::{Presence, Settings, entries};
use super::command::{Dnf as Program, Order, Outcome};
use super::groups::Named;
use super::installed::Installed;
use super::local::Downloads;
use super::modules::Module;
use super::specification::is_file;
use super::transaction::Transaction;
use churten_module::glob;
use churten_module::prelude::*;
use churten_value::sort;

/// Manage packages with dnf 4, the package manager of the Red Hat family.
///
/// What is installed is read with `rpm`; `dnf` is run only when there is something to find out or to do. No Python
/// library is needed.
#[derive(Args)]
pub(crate) struct Dnf {
    #[arg(flatten)]
    settings: Settings,
    #[arg(flatten)]
    #[expect(dead_code, reason = "the controller has chosen")]
    generation: Generation,
}

/// What the controller chooses by.
#[derive(Args)]
struct Generation {
    /// The generation of dnf; the controller chooses by it.
    #[arg(default = "auto", choices("auto", "dnf", "yum", "yum4", "dnf4", "dnf5"))]
    #[expect(dead_code, reason = "the controller has chosen")]
    use_backend: String,
}

impl Action for Dnf {
    const NAME: &'static str = "dnf";
    const CHECK: CheckMode = CheckMode::Run;

    fn run(&self, host: &dyn Host, options: &Options) -> Result<Dict> {
        let dnf = Program::new(&self.settings, host)?;
        let outcome = self.settings.run(&dnf, options);
        let warnings = dnf.warnings.take();
        if warnings.is_empty() {
            return outcome;
        }
        match outcome {
            Ok(mut result) => {
                result.insert("warnings", warnings);
                Ok(result)
            }
            Err(failure) => Err(failure.with("warnings", warnings)),
        }
    }
}

/// What is to be done, and what results say already.
#[derive(Default)]
struct Work {
    install: Vec<String>,
    upgrade: Vec<String>,
    results: Vec<String>,
    /// Why modules cannot be installed.
    problems: Vec<String>,
}

impl Work {
    /// A module comes with its stream, and is upgraded only where that is enabled.
    fn choose_module(&mut self, dnf: &Program<'_>, name: &str, module: Module, is_latest: bool) {
        if is_latest {
            if module.is_enabled {
                self.upgrade.push(format!("@{name}"));
                self.results.push(format!("Module {name} upgraded."));
            }
        } else if let Some(problem) = module.problem {
            self.problems.push(problem);
        } else {
            if module.is_switched {
                dnf.switches_streams.set(true);
            }
            if !module.is_enabled {
                self.results.push(format!("Module {name} installed."));
            }
            self.install.push(format!("@{name}"));
        }
    }
}

fn failed(msg: impl Into<String>) -> Failure {
    Failure::new(msg).with("results", Value::list(Vec::new()))
}

impl Settings {
    fn run(&self, dnf: &Program<'_>, options: &Options) -> Result<Dict> {
        let host = dnf.host;
        if let Some(path) = self.conf_file.as_ref().filter(|path| !path.is_empty())
            && !host.access(Path::new(path), Access::Read)
        {
            return Err(failed("cannot read configuration file").with("conf_file", path.as_str()));
        }
        let names = entries(&self.name);
        if self.update_cache && names.is_empty() && self.list.is_none() {
            dnf.make_cache()?;
            return Ok(nothing("Cache updated", Vec::new()));
        }
        let installed = Installed::read(host, &self.installroot)?;
        if let Some(what) = &self.list {
            return dnf.list(&installed, what);
        }
        if host.identity().uid != 0 {
            return Err(failed("This command has to be run under the root user."));
        }
        if self.autoremove && !matches!(self.state, None | Some(Presence::Absent)) {
            return Err(failed("Autoremove should be used alone or with state=absent"));
        }
        match self.state {
            Some(Presence::Absent | Presence::Removed) => self.remove(dnf, options, &installed, &names),
            None if self.autoremove => self.remove(dnf, options, &installed, &names),
            state => {
                let is_latest = state == Some(Presence::Latest);
                if is_latest && names.iter().all(|name| name == "*") && !names.is_empty() {
                    let orders = [Order { verb: self.upgrading(), names: Vec::new() }];
                    return self.change(dnf, options, &installed, &orders, Vec::new());
                }
                self.install(dnf, options, &installed, &names, is_latest)
            }
        }
    }

    /// The command that upgrades; with an advisory in mind to the lowest version that heeds it.
    fn upgrading(&self) -> &'static str {
        if self.security || self.bugfix { "upgrade-minimal" } else { "upgrade" }
    }

    fn install(
        &self,
        dnf: &Program<'_>,
        options: &Options,
        installed: &Installed<'_>,
        names: &[String],
        is_latest: bool,
    ) -> Result<Dict> {
        let mut work = Work::default();
        let mut downloads = Downloads::new(dnf.host);
        for name in names.iter().filter(|name| is_file(name)) {
            let path = downloads.path(options, name, self.validate_certs)?;
            if dnf.wants_file(installed, &path)? && !self.update_only {
                work.install.push(dnf.host.real_path(Path::new(&path)).display().to_string());
            }
            work.results.push(format!("Installed {path}"));
        }
        self.choose_groups(dnf, names, is_latest, &mut work)?;
        let mut missing = Vec::new();
        for name in names.iter().filter(|name| !is_file(name) && !name.starts_with('@')) {
            if name.starts_with('-') {
                missing.push(format!("No package {name} available."));
                continue;
            }
            let is_there = installed.has(name)?;
            if is_there && !self.update_only && name.contains(['*', '?', '[']) {
                // Of a pattern what is not there comes, too.
                work.install.extend(absent(dnf, installed, name)?);
                if is_latest {
                    work.upgrade.push(name.clone());
                }
                continue;
            }
            if is_there && (is_latest || self.update_only) {
                work.upgrade.push(name.clone());
            } else if self.update_only {
                work.results.push(format!("Packages providing {name} not installed due to update_only specified"));
            } else if !is_there && (self.allow_downgrade || !installed.is_lower(name, |name| dnf.available(name))?) {
                work.install.push(name.clone());
            }
        }
        if !missing.is_empty() && !self.skip_broken {
            return Err(not_available(missing));
        }
        work.results.extend(missing);
        let mut orders = Vec::new();
        for (verb, names) in [(self.upgrading(), work.upgrade), ("install", work.install)] {
            if !names.is_empty() {
                orders.push(Order { verb, names });
            }
        }
        if !work.problems.is_empty() {
            if !orders.is_empty()
                && let Outcome::Missing(missing) = dnf.change(&orders, true, installed)?
            {
                work.problems.extend(missing);
            }
            return Err(not_available(work.problems));
        }
        if orders.is_empty() && self.update_cache {
            dnf.make_cache()?;
        }
        self.change(dnf, options, installed, &orders, work.results)
    }

    /// Groups, which are installed as a whole, or upgraded where they are.
    fn choose_groups(&self, dnf: &Program<'_>, names: &[String], is_latest: bool, work: &mut Work) -> Result<()> {
        for (name, named) in Named::all(dnf, names)? {
            let group = match named {
                Named::Group(group) => group,
                Named::Module(module) => {
                    work.choose_module(dnf, name, module, is_latest);
                    continue;
                }
            };
            let word = format!("@{}", group.id);
            let done = if is_latest && group.is_installed {
                work.upgrade.push(word);
                "upgraded"
            } else if is_latest && self.update_only {
                continue;
            } else {
                work.install.push(word);
                "installed"
            };
            if !group.is_environment {
                work.results.push(format!("Group {} {done}.", group.id));
            }
        }
        Ok(())
    }

    fn remove(
        &self,
        dnf: &Program<'_>,
        options: &Options,
        installed: &Installed<'_>,
        names: &[String],
    ) -> Result<Dict> {
        if names.iter().any(|name| is_file(name)) {
            return Err(failed("Cannot remove paths -- please specify package name."));
        }
        let mut results = Vec::new();
        let mut found = Vec::new();
        let mut modules = Vec::new();
        for (name, named) in Named::all(dnf, names)? {
            match named {
                Named::Group(group) if group.is_installed => found.push(format!("@{}", group.id)),
                Named::Module(module) if module.is_enabled => {
                    found.push(format!("@{name}"));
                    modules.extend(name.split([':', '/']).next().map(str::to_owned));
                    results.push(format!("Module {name} removed."));
                }
                Named::Group(_) | Named::Module(_) => {}
            }
        }
        for name in names.iter().filter(|name| !name.starts_with('@')) {
            if !name.starts_with('-') && installed.has(name)? {
                found.push(name.clone());
            } else {
                results.push(format!("No match for argument: {name}"));
            }
        }
        let mut orders = Vec::new();
        if !found.is_empty() {
            orders.push(Order { verb: "remove", names: found });
        }
        if self.autoremove {
            orders.push(Order { verb: "autoremove", names: Vec::new() });
        }
        let result = self.change(dnf, options, installed, &orders, results)?;
        if !modules.is_empty() && !options.check && result.get("changed") == Some(&true.into()) {
            // Their streams are not enabled any more.
            dnf.reset(&modules)?;
        }
        Ok(result)
    }

    /// Do it, and say what was done.
    fn change(
        &self,
        dnf: &Program<'_>,
        options: &Options,
        installed: &Installed<'_>,
        orders: &[Order],
        mut results: Vec<String>,
    ) -> Result<Dict> {
        let transaction = match orders {
            [] => Transaction::default(),
            orders => match dnf.change(orders, options.check, installed)? {
                Outcome::Done(transaction, missing) => {
                    results.extend(missing);
                    transaction
                }
                Outcome::Missing(missing) => return Err(not_available(missing)),
                Outcome::NoRepository => {
                    let wanted = orders.iter().filter(|order| order.verb == "install").flat_map(|order| &order.names);
                    let missing: Vec<String> = wanted.map(|name| format!("No package {name} available.")).collect();
                    if !missing.is_empty() && !self.skip_broken {
                        return Err(not_available(missing));
                    }
                    results.extend(missing);
                    Transaction::default()
                }
            },
        };
        if transaction.is_empty() {
            return Ok(nothing("Nothing to do", results));
        }
        let done = if self.download_only { "Downloaded" } else { "Installed" };
        results.extend(transaction.installed.iter().map(|package| format!("{done}: {package}")));
        results.extend(transaction.removed.iter().map(|package| format!("Removed: {package}")));
        let msg = if options.check { "Check mode: No changes made, but would have if not in check mode" } else { "" };
        let mut result = nothing(msg, results);
        result.insert("changed", true);
        Ok(result)
    }
}

fn nothing(msg: &str, results: Vec<String>) -> Dict {
    Dict::from([("msg", Value::from(msg)), ("changed", false.into()), ("results", results.into()), ("rc", 0.into())])
}

fn not_available(missing: Vec<String>) -> Failure {
    failed("Failed to install some of the specified packages").with("failures", missing).with("rc", 1)
}

/// What a pattern means of which no version is installed.
fn absent(dnf: &Program<'_>, installed: &Installed<'_>, pattern: &str) -> Result<Vec<String>> {
    let mut names: Vec<String> = Vec::new();
    for package in dnf.available(pattern)? {
        if installed.of_name(&package.name).next().is_some() {
            continue;
        }
        // A pattern of versions means just those.
        let is_of_names = glob::matches(pattern, &package.name);
        names.push(if is_of_names { package.name } else { package.shown() });
    }
    sort(&mut names);
    names.dedup();
    Ok(names)
}
