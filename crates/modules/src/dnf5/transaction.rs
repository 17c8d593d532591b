//! The table in which dnf5 says what it is about to do.

use crate::dnf::transaction::shown;

/// Packages that come and go, as results show them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Transaction {
    pub(super) installed: Vec<String>,
    /// Lower versions that come.
    pub(super) lowered: Vec<String>,
    /// What goes, or makes room for another version.
    pub(super) removed: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    Coming,
    Lowering,
    Gone,
    /// Groups, reasons, and what is left out.
    Other,
}

impl Section {
    fn of(heading: &str) -> Self {
        match heading {
            "Installing"
            | "Installing dependencies"
            | "Installing weak dependencies"
            | "Installing group/module packages"
            | "Reinstalling"
            | "Upgrading" => Self::Coming,
            "Downgrading" => Self::Lowering,
            "Removing" | "Removing dependent packages" | "Removing unused dependencies" => Self::Gone,
            _ => Self::Other,
        }
    }
}

impl Transaction {
    /// Read it: a package is one row of name, architecture and version, however long they are.
    pub(super) fn parse(text: &str) -> Self {
        let mut found = Self::default();
        let mut section = Section::Other;
        for line in text.lines().take_while(|line| *line != "Transaction Summary:") {
            if let Some(heading) = line.strip_suffix(':').filter(|_| !line.starts_with(' ')) {
                section = Section::of(heading);
                continue;
            }
            let mut words = line.split_whitespace().peekable();
            let is_replaced = line.starts_with("   ") && words.next_if_eq(&"replacing").is_some();
            let (Some(name), Some(architecture), Some(evr)) = (words.next(), words.next(), words.next()) else {
                continue;
            };
            let list = match section {
                _ if !line.starts_with(' ') => continue,
                Section::Other => continue,
                _ if is_replaced => &mut found.removed,
                Section::Coming => &mut found.installed,
                Section::Lowering => &mut found.lowered,
                Section::Gone => &mut found.removed,
            };
            let package = shown(name, evr, architecture);
            if !list.contains(&package) {
                list.push(package);
            }
        }
        found
    }

    pub(super) fn is_empty(&self) -> bool {
        self.installed.is_empty() && self.lowered.is_empty() && self.removed.is_empty()
    }

    /// The lines of a result.
    pub(super) fn results(&self, is_download: bool) -> Vec<String> {
        let kinds = [("Installed", &self.installed), ("Downgrade", &self.lowered), ("Removed", &self.removed)];
        let line = |kind: &str, package: &String| {
            // Of a download ansible-core says so of all packages that are concerned.
            format!("{}: {package}", if is_download { "Downloaded" } else { kind })
        };
        kinds.iter().flat_map(|(kind, packages)| packages.iter().map(|package| line(kind, package))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_by_their_sections() {
        let text = "Package           Arch   Version Repository      Size\nUpgrading:\n pear             noarch 0:2.0-1 lab          0.0   B\n   \
                    replacing pear noarch 0:1.0-1 lab          0.0   B\nInstalling:\n replacing        noarch 2:1.0-1 lab          6.0   B\n   \
                    replacing old  noarch 0:1.0-1 lab          0.0   B\nDowngrading:\n low              noarch 0:1-1   lab          1 KiB\n   \
                    replacing low  noarch 0:2-1   lab          1 KiB\nInstalling groups:\n Fruit Basket Of Mine\nRemoving unused dependencies:\n \
                    gone             noarch 0:1-1   lab          1 KiB\nSkipping packages with broken dependencies:\n frag             noarch 2.0-1   \
                    lab          0.0   B\n\nTransaction Summary:\n Installing:         1 package\n";
        let found = Transaction::parse(text);
        assert_eq!(found.installed, ["pear-2.0-1.noarch", "replacing-2:1.0-1.noarch"]);
        assert_eq!(found.lowered, ["low-1-1.noarch"]);
        assert_eq!(found.removed, ["pear-1.0-1.noarch", "old-1.0-1.noarch", "low-2-1.noarch", "gone-1-1.noarch"]);
        assert_eq!(found.results(true).first().map(String::as_str), Some("Downloaded: pear-2.0-1.noarch"));
        assert!(Transaction::parse("Nothing to do.\n").is_empty());
    }
}
