//! What `list` says.

use super::command::Program;
use crate::dnf::installed::{Installed, Package};
use churten_module::prelude::*;

/// One line a package, for `dnf5 repoquery`; spaces are in none of the fields.
const FORMAT: &str = "%{name} %{epoch} %{version} %{release} %{arch} %{repoid}\\n";

impl Program<'_> {
    /// The result of `list`.
    pub(super) fn list(&self, installed: &Installed<'_>, what: &str) -> Result<Dict> {
        let results = match what {
            "installed" => installed.packages.iter().map(|package| entry(package, "@System")).collect(),
            "available" => self.query(&["--available"])?,
            "updates" | "upgrades" => self.query(&["--upgrades"])?,
            "repos" | "repositories" => self.enabled()?,
            name => {
                let mut found = self.query(&["--installed", "--", name])?;
                found.extend(self.query(&["--available", "--", name])?);
                if found.is_empty() {
                    // Not a package, but something that packages provide.
                    found = self.query(&["--installed", "--whatprovides", name])?;
                    found.extend(self.query(&["--available", "--whatprovides", name])?);
                }
                found
            }
        };
        Ok(Dict::from([("msg", Value::from("")), ("results", Value::list(results)), ("rc", 0.into())]))
    }

    /// What repositories have of a name.
    pub(super) fn available(&self, name: &str) -> Result<Vec<Package>> {
        let (said, _) = self.ask(&["repoquery", "--available", "--queryformat", FORMAT, "--", name])?;
        Ok(said.lines().filter_map(Package::parse).collect())
    }

    /// Installed packages that were dependencies, and are not needed any more.
    pub(super) fn unneeded(&self) -> Result<Vec<String>> {
        let (said, _) = self.ask(&["repoquery", "--installed", "--unneeded", "--queryformat", FORMAT])?;
        Ok(said.lines().filter_map(Package::parse).map(|package| package.shown()).collect())
    }

    /// What identifies the groups, and groups of groups, of a title or a pattern.
    pub(super) fn groups(&self, title: &str) -> Result<Vec<String>> {
        let mut found = Vec::new();
        for words in [&["group", "list", "--hidden", "--", title][..], &["environment", "list", "--", title]] {
            let (said, _) = self.ask(words)?;
            // A table with a heading, and the sum of its lines.
            let rows = said.lines().skip_while(|line| !line.starts_with("ID ")).skip(1);
            let rows = rows.take_while(|line| !line.starts_with("Groups: ") && !line.starts_with("Environments: "));
            found.extend(rows.filter_map(|line| line.split_whitespace().next()).map(str::to_owned));
        }
        Ok(found)
    }

    fn query(&self, words: &[&str]) -> Result<Vec<Value>> {
        let words: Vec<&str> = ["repoquery", "--queryformat", FORMAT].iter().chain(words).copied().collect();
        let (said, _) = self.ask(&words)?;
        let line = |line: &str| {
            let repository = line.rsplit(' ').next().unwrap_or_default();
            Package::parse(line).map(|package| entry(&package, repository))
        };
        Ok(said.lines().filter_map(line).collect())
    }

    /// The repositories that are used; what is installed is one of them.
    fn enabled(&self) -> Result<Vec<Value>> {
        let (mut found, _) = self.repositories(&["--enabled"])?;
        let names = found.drain(..).map(|repository| repository.id).chain(["@System".to_owned()]);
        Ok(names.map(|name| Dict::from([("repoid", name.as_str()), ("state", "enabled")]).into()).collect())
    }
}

fn entry(package: &Package, repository: &str) -> Value {
    let Package { name, epoch, version, release, architecture } = package;
    let full = package.shown();
    let state = if repository == "@System" { "installed" } else { "available" };
    Value::from(Dict::from([
        ("nevra", full.as_str()),
        ("envra", &full),
        ("name", name),
        ("arch", architecture),
        ("epoch", &epoch.to_string()),
        ("release", release),
        ("version", version),
        ("repo", repository),
        ("yumstate", state),
    ]))
}
