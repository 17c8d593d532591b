//! What is installed, as the program `rpm` knows it.

use super::specification::Relation;
use super::version;
use crate::run;
use churten_module::glob;
use churten_module::prelude::*;
use churten_value::sort_by;
use std::cmp::Ordering;

/// A package of a database, a repository or a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) epoch: u64,
    pub(crate) version: String,
    pub(crate) release: String,
    pub(crate) architecture: String,
}

/// One line a package, for `rpm`; spaces are in none of the fields.
pub(crate) const RPM_FORMAT: &str = "%{NAME} %{EPOCHNUM} %{VERSION} %{RELEASE} %{ARCH}\n";

impl Package {
    /// A line of five fields.
    pub(crate) fn parse(line: &str) -> Option<Self> {
        let mut words = line.split(' ');
        let mut next = || words.next().filter(|word| !word.is_empty()).map(str::to_owned);
        let (name, epoch, version, release, architecture) = (next()?, next()?, next()?, next()?, next()?);
        let is_key = architecture == "(none)";
        (!is_key).then(|| Self { name, epoch: epoch.parse().unwrap_or(0), version, release, architecture })
    }

    /// `name-[epoch:]version-release.architecture`, the epoch only where there is one.
    pub(crate) fn shown(&self) -> String {
        let epoch = if self.epoch == 0 { String::new() } else { format!("{}:", self.epoch) };
        format!("{}-{epoch}{}-{}.{}", self.name, self.version, self.release, self.architecture)
    }

    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        let evr = |package: &Self| (package.epoch, package.version.clone(), package.release.clone());
        let ((a, b, c), (d, e, f)) = (evr(self), evr(other));
        version::compare((a, &b, &c), (d, &e, &f))
    }

    /// Is it what a name says, alone or with architecture and version?
    fn is_named(&self, pattern: &str) -> bool {
        let Self { name, epoch, version, release, architecture } = self;
        let forms = [
            name.clone(),
            format!("{name}.{architecture}"),
            format!("{name}-{version}"),
            format!("{name}-{version}-{release}"),
            format!("{name}-{version}-{release}.{architecture}"),
            format!("{name}-{epoch}:{version}"),
            format!("{name}-{epoch}:{version}-{release}"),
            format!("{name}-{epoch}:{version}-{release}.{architecture}"),
        ];
        forms.iter().any(|form| form == pattern || glob::matches(pattern, form))
    }
}

/// The database of packages.
pub(crate) struct Installed<'a> {
    host: &'a dyn Host,
    program: String,
    root: &'a str,
    pub(crate) packages: Vec<Package>,
}

impl<'a> Installed<'a> {
    pub(crate) fn read(host: &'a dyn Host, root: &'a str) -> Result<Self> {
        let program = run::program(host.observe(), "rpm")?;
        let mut installed = Self { host, program, root, packages: Vec::new() };
        let output = installed.ask(&["-qa", "--qf", RPM_FORMAT])?;
        if !output.success() && host.stat(Path::new(root))?.is_some_and(|stat| stat.is_directory()) && root == "/" {
            fail!("rpm cannot read its database: {}", output.stderr_text().trim());
        }
        installed.packages = output.stdout_text().lines().filter_map(Package::parse).collect();
        sort_by(&mut installed.packages, |a, b| a.name.cmp(&b.name).then_with(|| a.compare(b)));
        Ok(installed)
    }

    fn ask(&self, words: &[&str]) -> Result<churten_module::Output> {
        let mut all = vec![&*self.program];
        if self.root != "/" {
            all.extend(["--root", self.root]);
        }
        run::asked(self.host.observe(), &Command::new(all.into_iter().chain(words.iter().copied())).plain_locale())
    }

    /// Those of a name, whatever version.
    pub(crate) fn of_name(&self, name: &str) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(move |package| package.name == name)
    }

    /// Is a package installed that a name means: it is called so, or provides it?
    pub(crate) fn has(&self, name: &str) -> Result<bool> {
        Ok(self.is_called(name) || !self.providers(name)?.is_empty())
    }

    /// Is a package called so, alone or with architecture and version?
    pub(crate) fn is_called(&self, name: &str) -> bool {
        self.packages.iter().any(|package| package.is_named(name))
    }

    /// The packages that provide a name, a file or `name >= 1.0`.
    pub(crate) fn providers(&self, name: &str) -> Result<Vec<Package>> {
        if self.packages.is_empty() {
            return Ok(Vec::new());
        }
        let relation = Relation::parse(name);
        let capability = relation.map_or(name, |relation| relation.name);
        let format = "[%{=NAME} %{=EPOCHNUM} %{=VERSION} %{=RELEASE} %{=ARCH}\t%{PROVIDENAME}\t%{PROVIDEVERSION}\n]";
        let output = self.ask(&["-q", "--whatprovides", "--qf", format, "--", capability])?;
        let mut found: Vec<Package> = Vec::new();
        for line in output.stdout_text().lines().filter(|_| output.success()) {
            let mut fields = line.split('\t');
            let (Some(package), Some(provided), Some(version)) = (fields.next(), fields.next(), fields.next()) else {
                continue;
            };
            let admits = relation
                .is_none_or(|relation| provided == capability && !version.is_empty() && relation.admits(version));
            if let Some(package) = Package::parse(package).filter(|package| admits && !found.contains(package)) {
                found.push(package);
            }
        }
        Ok(found)
    }

    /// Does a name with a version, none of which is installed, mean nothing higher than what is? Then it would be a
    /// downgrade. `available` asks repositories for a name.
    pub(crate) fn is_lower(&self, name: &str, available: impl FnOnce(&str) -> Result<Vec<Package>>) -> Result<bool> {
        // Only what is called as the beginning of the name can be there in another version.
        let may_be = |other: &str| name.strip_prefix(other).is_some_and(|rest| rest.starts_with(['-', '.', ' ']));
        if !self.packages.iter().any(|package| may_be(&package.name)) {
            return Ok(false);
        }
        // Another architecture beside is no other version.
        let mut comparable = false;
        for package in available(name)? {
            let same = self.of_name(&package.name).filter(|other| other.architecture == package.architecture);
            for other in same {
                comparable = true;
                if package.compare(other) == Ordering::Greater {
                    return Ok(false);
                }
            }
        }
        Ok(comparable)
    }

    /// What a package file holds.
    pub(crate) fn file(&self, path: &str) -> Result<Option<Package>> {
        let words = [&*self.program, "-qp", "--nosignature", "--qf", RPM_FORMAT, "--", path];
        let output = run::asked(self.host.observe(), &Command::new(words).plain_locale())?;
        Ok(output.stdout_text().lines().find_map(Package::parse).filter(|_| output.success()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_known_by_all_their_names() {
        let package = Package::parse("epo 2 1.0 1.el9 noarch").unwrap();
        assert_eq!(package.shown(), "epo-2:1.0-1.el9.noarch");
        for name in
            ["epo", "epo.noarch", "epo-1.0", "epo-1.0-1.el9", "epo-2:1.0", "ep*", "epo-1*", "epo-2:1.0-1.el9.noarch"]
        {
            assert!(package.is_named(name), "{name}");
        }
        for name in ["ep", "epo.x86_64", "epo-1", "2:epo-1.0", "epo-1:1.0"] {
            assert!(!package.is_named(name), "{name}");
        }
        assert_eq!(Package::parse("gpg-pubkey 0 1 2 (none)"), None);
    }
}
