//! The order of things.

use super::answer::failed;
use super::command::{Program, Verb};
use super::transaction::Transaction;
use crate::dnf::arguments::{Presence, Settings, entries};
use crate::dnf::installed::Installed;
use crate::dnf::specification::is_file;
use churten_module::prelude::*;

/// Manage packages with dnf5, the package manager of Fedora.
///
/// What is installed is read with `rpm`; `dnf5` (5.2.14 or later) is run only when there is something to find out or
/// to do. No Python library is needed.
#[derive(Args)]
pub(crate) struct Dnf5 {
    #[arg(flatten)]
    settings: Settings,
    #[arg(flatten)]
    #[expect(dead_code, reason = "nothing is needed")]
    dependencies: Dependencies,
}

/// What the module itself needs.
#[derive(Args)]
struct Dependencies {
    /// Without effect: nothing has to be installed for this module.
    #[arg(default = true)]
    #[expect(dead_code, reason = "nothing is needed")]
    auto_install_module_deps: bool,
}

impl Action for Dnf5 {
    const NAME: &'static str = "dnf5";
    const CHECK: CheckMode = CheckMode::Run;

    fn run(&self, host: &dyn Host, options: &Options) -> Result<Dict> {
        let settings = &self.settings;
        if settings.autoremove && !matches!(settings.state, None | Some(Presence::Absent)) {
            let msg = "Autoremove should be used alone or with state=absent";
            return Err(Failure::new(msg).with("results", Value::list(Vec::new())));
        }
        let what = settings.list.as_deref().filter(|what| !what.is_empty());
        if what.is_none() && host.identity().uid != 0 {
            return Err(failed("This command has to be run under the root user.", Vec::new()));
        }
        let dnf = Program::new(settings, host)?;
        let names = entries(&settings.name);
        if settings.update_cache && what.is_none() && settings.name.is_empty() {
            dnf.ask(&["makecache"])?;
            return Ok(unchanged("Cache updated", Vec::new()));
        }
        let installed = Installed::read(host, &settings.installroot)?;
        if let Some(what) = what {
            return dnf.list(&installed, what);
        }
        let work = Work { dnf: &dnf, installed: &installed, settings };
        let is_removal = matches!(settings.state, Some(Presence::Absent | Presence::Removed));
        if is_removal || settings.autoremove {
            return work.result(options, &work.removals(&names)?, Vec::new());
        }
        let is_latest = settings.state == Some(Presence::Latest);
        if is_latest && !names.is_empty() && names.iter().all(|name| name == "*") {
            let transaction = dnf.change(&[], options.check)?;
            return Ok(work.told(options, &transaction, Vec::new()));
        }
        let mut results = Vec::new();
        let orders = work.orders(&names, is_latest, &mut results)?;
        if orders.is_empty() && settings.update_cache {
            dnf.ask(&["makecache"])?;
        }
        work.result(options, &orders, results)
    }
}

struct Work<'a> {
    dnf: &'a Program<'a>,
    installed: &'a Installed<'a>,
    settings: &'a Settings,
}

impl Work<'_> {
    /// What has to be done for each name, in their order.
    fn orders(&self, names: &[String], is_latest: bool, results: &mut Vec<String>) -> Result<Vec<(Verb, String)>> {
        let settings = self.settings;
        let mut orders = Vec::new();
        for name in &self.with_groups(names)? {
            let is_package = !is_file(name) && !name.starts_with('@');
            if is_package && name.contains(['*', '?', '[']) {
                // Of a pattern what is not there comes, too.
                if !settings.update_only {
                    orders.push((Verb::Install, name.clone()));
                }
                if is_latest {
                    orders.push((Verb::Upgrade, name.clone()));
                }
            } else if is_package && self.is_installed(name)? {
                if is_latest {
                    orders.push((Verb::Upgrade, name.clone()));
                }
            } else if settings.update_only {
                results.push(format!("Packages providing {name} not installed due to update_only specified"));
            } else if !is_package || settings.allow_downgrade || !self.is_lower(name)? {
                orders.push((Verb::Install, name.clone()));
            }
        }
        Ok(orders)
    }

    /// Groups may be told by their titles; dnf5 itself knows them by what identifies them, which has no spaces or capitals.
    fn with_groups(&self, names: &[String]) -> Result<Vec<String>> {
        let mut found = Vec::new();
        for name in names {
            let is_title =
                |title: &&str| title.contains(|letter: char| letter.is_whitespace() || letter.is_uppercase());
            let groups = match name.strip_prefix('@').filter(is_title) {
                Some(title) => self.dnf.groups(title)?,
                None => Vec::new(),
            };
            if groups.is_empty() {
                found.push(name.clone());
            }
            found.extend(groups.into_iter().map(|group| format!("@{group}")));
        }
        Ok(found)
    }

    /// A package counts as installed by its name or a file, not by what else it provides.
    fn is_installed(&self, name: &str) -> Result<bool> {
        Ok(self.installed.is_called(name) || name.starts_with('/') && self.installed.has(name)?)
    }

    fn is_lower(&self, name: &str) -> Result<bool> {
        // `name < 2` may lower what is installed.
        if name.contains(' ') {
            return Ok(false);
        }
        self.installed.is_lower(name, |name| self.dnf.available(name))
    }

    fn removals(&self, names: &[String]) -> Result<Vec<(Verb, String)>> {
        let mut found = Vec::new();
        for name in &self.with_groups(names)? {
            if is_file(name) || name.starts_with('@') || self.installed.is_called(name) {
                found.push(name.clone());
            } else {
                found.extend(self.installed.providers(name)?.iter().map(|package| package.shown()));
            }
        }
        if self.settings.autoremove {
            found.extend(self.dnf.unneeded()?);
        }
        Ok(found.into_iter().map(|name| (Verb::Remove, name)).collect())
    }

    fn result(&self, options: &Options, orders: &[(Verb, String)], results: Vec<String>) -> Result<Dict> {
        let transaction = match orders {
            [] => Transaction::default(),
            orders => self.dnf.change(orders, options.check)?,
        };
        Ok(self.told(options, &transaction, results))
    }

    fn told(&self, options: &Options, transaction: &Transaction, mut results: Vec<String>) -> Dict {
        results.extend(transaction.results(self.settings.download_only));
        let msg = match (results.is_empty(), options.check) {
            (true, _) => "Nothing to do",
            (false, true) => "Check mode: No changes made, but would have if not in check mode",
            (false, false) => "",
        };
        let mut result = unchanged(msg, results);
        result.insert("changed", !transaction.is_empty());
        result
    }
}

fn unchanged(msg: &str, results: Vec<String>) -> Dict {
    Dict::from([("results", Value::from(results)), ("changed", false.into()), ("msg", msg.into()), ("rc", 0.into())])
}
