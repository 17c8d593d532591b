//! What is installed: `/var/lib/dpkg/status`, read directly.

use churten_module::prelude::*;

/// The most bytes of the status file.
const LIMIT: u64 = 256 << 20;

/// A package that dpkg knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) architecture: String,
    pub(crate) version: String,
    /// What it is for: `admin`, `libs`, `non-free/net`.
    pub(crate) section: String,
    /// What it also counts as.
    pub(crate) provides: Vec<String>,
    /// What is wanted of it: `install`, `hold`, `deinstall`, `purge`.
    pub(crate) wanted: String,
    /// How far it is: `installed`, `config-files`, ...
    pub(crate) state: String,
}

impl Package {
    pub(crate) fn is_installed(&self) -> bool {
        matches!(self.state.as_str(), "installed" | "triggers-awaited" | "triggers-pending")
    }

    /// True when its files are there, whether set up or not.
    pub(crate) fn is_present(&self) -> bool {
        !matches!(self.state.as_str(), "not-installed" | "config-files" | "")
    }

    /// True when something of it is left after it was removed.
    pub(crate) fn has_configuration(&self) -> bool {
        self.state == "config-files"
    }
}

/// All packages of the status file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Database {
    pub(crate) packages: Vec<Package>,
}

impl Database {
    pub(crate) fn read(host: &dyn Observe) -> Result<Self> {
        let path = Path::new("/var/lib/dpkg/status");
        let text = match host.stat(path) {
            Ok(None) => Vec::new(),
            _ => host.read_bounded(path, LIMIT).map_err(|error| {
                Failure::new(format!("cannot read {}: {}", path.display(), churten_module::error_text(&error)))
            })?,
        };
        Ok(Self::parse(&String::from_utf8_lossy(&text)))
    }

    pub(crate) fn parse(text: &str) -> Self {
        let mut packages = Vec::new();
        let mut package = Package::default();
        for line in text.lines().chain([""]) {
            if line.is_empty() {
                if !package.name.is_empty() {
                    packages.push(std::mem::take(&mut package));
                }
                continue;
            }
            let Some((key, value)) = line.split_once(':').filter(|_| !line.starts_with([' ', '\t'])) else { continue };
            let value = value.trim();
            match key {
                "Package" => package.name = value.to_owned(),
                "Architecture" => package.architecture = value.to_owned(),
                "Section" => package.section = value.to_owned(),
                "Version" => package.version = value.to_owned(),
                "Provides" => {
                    let names = value.split(',').filter_map(|entry| entry.split_whitespace().next());
                    package.provides = names.map(str::to_owned).collect();
                }
                "Status" => {
                    let mut words = value.split_whitespace();
                    package.wanted = words.next().unwrap_or_default().to_owned();
                    package.state = words.last().unwrap_or_default().to_owned();
                }
                _ => {}
            }
        }
        Self { packages }
    }

    /// The package of a name, which may end in `:architecture`.
    pub(crate) fn find(&self, name: &str) -> Option<&Package> {
        let (name, architecture) = name.split_once(':').map_or((name, None), |(name, of)| (name, Some(of)));
        let of = |package: &&Package| {
            package.name == name
                && architecture.is_none_or(|architecture| {
                    package.architecture == architecture
                        || package.architecture == "all"
                        || matches!(architecture, "native" | "any")
                })
        };
        let mut found = self.packages.iter().filter(of);
        let first = self.packages.iter().find(of);
        found.find(|package| package.is_present()).or(first)
    }

    /// True when something installed counts as this package.
    pub(crate) fn is_provided(&self, name: &str) -> bool {
        self.packages.iter().any(|package| package.is_installed() && package.provides.iter().any(|other| other == name))
    }
}

#[cfg(test)]
mod tests {
    use super::Database;

    #[test]
    fn reads_states() {
        let database = Database::parse(
            "Package: a\nStatus: install ok installed\nVersion: 1.0\nProvides: x (= 1), y\nDescription: z\n more: text\n\n\
             Package: b\nStatus: deinstall ok config-files\nArchitecture: amd64\nVersion: 2\n",
        );
        assert_eq!(database.packages.len(), 2);
        assert!(database.find("a").unwrap().is_installed());
        assert!(database.is_provided("y"));
        assert!(!database.find("b:amd64").unwrap().is_present());
        assert!(database.find("b").unwrap().has_configuration());
        assert!(database.find("b:arm64").is_none());
    }
}
