//! What `list` says.

use super::command::Dnf;
use super::installed::{Installed, Package};
use churten_module::prelude::*;

/// One line a package, for `dnf repoquery`.
pub(super) const FORMAT: &str = "%{name} %{epoch} %{version} %{release} %{arch} %{reponame}";

impl Dnf<'_> {
    /// The result of `list`.
    pub(super) fn list(&self, installed: &Installed<'_>, what: &str) -> Result<Dict> {
        let results = match what {
            "installed" => installed.packages.iter().map(|package| entry(package, "@System")).collect(),
            "available" => self.query(&["--available"])?,
            "updates" | "upgrades" => self.query(&["--upgrades"])?,
            "repos" | "repositories" => self.repositories()?,
            name if name.starts_with('-') => fail!("{name} is no name of a package"),
            name => {
                let mut found = self.query(&["--installed", name])?;
                found.extend(self.query(&["--available", name])?);
                found
            }
        };
        Ok(Dict::from([("msg", Value::from("")), ("results", Value::list(results))]))
    }

    /// What repositories have of a name: name, epoch, version and so on.
    pub(super) fn available(&self, name: &str) -> Result<Vec<Package>> {
        if name.starts_with('-') {
            return Ok(Vec::new());
        }
        let said = self.ask(&["repoquery", "--available", "--qf", FORMAT, name])?;
        Ok(said.lines().filter_map(Package::parse).collect())
    }

    fn query(&self, words: &[&str]) -> Result<Vec<Value>> {
        let words: Vec<&str> = ["repoquery", "--qf", FORMAT].iter().chain(words).copied().collect();
        let said = self.ask(&words)?;
        let line = |line: &str| {
            let repository = line.rsplit(' ').next().unwrap_or_default();
            Package::parse(line).map(|package| entry(&package, repository))
        };
        Ok(said.lines().filter_map(line).collect())
    }

    fn repositories(&self) -> Result<Vec<Value>> {
        let said = self.ask(&["repolist", "--enabled"])?;
        // Plugins may say something before the table.
        let rows = said.lines().skip_while(|line| !line.starts_with("repo id")).skip(1);
        let names = rows.filter_map(|line| line.split(' ').next());
        let entry = |name: &str| Value::from(Dict::from([("repoid", name), ("state", "enabled")]));
        Ok(names.filter(|name| !name.is_empty()).map(entry).collect())
    }
}

fn entry(package: &Package, repository: &str) -> Value {
    let Package { name, epoch, version, release, architecture } = package;
    let full = format!("{epoch}:{name}-{version}-{release}.{architecture}");
    let state = if repository == "@System" { "installed" } else { "available" };
    Value::from(Dict::from([
        ("name", name.as_str()),
        ("arch", architecture),
        ("epoch", &epoch.to_string()),
        ("release", release),
        ("version", version),
        ("repo", repository),
        ("envra", &full),
        ("nevra", &full),
        ("yumstate", state),
    ]))
}
