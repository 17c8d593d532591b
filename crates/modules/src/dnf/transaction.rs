//! The table in which dnf says what it is about to do.

use super::installed::Package;
use super::version;
use churten_value::sort;

/// Packages that come and go.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Transaction {
    /// As results show them.
    pub(super) installed: Vec<String>,
    pub(super) removed: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    /// What is new.
    New,
    /// What takes the place of another version.
    Replacing,
    Gone,
    /// Groups, modules, and what is left out.
    Other,
}

impl Section {
    fn of(heading: &str) -> Self {
        match heading.trim_end_matches(':') {
            "Installing"
            | "Installing dependencies"
            | "Installing weak dependencies"
            | "Installing group/module packages" => Self::New,
            "Upgrading" | "Downgrading" | "Reinstalling" => Self::Replacing,
            "Removing" | "Removing dependent packages" | "Removing unused dependencies" => Self::Gone,
            _ => Self::Other,
        }
    }
}

impl Transaction {
    /// Read it. Rows begin with one space; what belongs to the row before stands farther in.
    pub(super) fn parse(text: &str, installed: &[Package]) -> Self {
        let mut found = Self::default();
        let mut section = Section::Other;
        let mut row: Vec<&str> = Vec::new();
        // The table ends with a summary.
        for line in text.lines().take_while(|line| *line != "Transaction Summary").chain([":"]) {
            if line.starts_with(' ') && !line.starts_with("  ") {
                found.add(section, &row, installed);
                row = line.split_whitespace().collect();
            } else if line.starts_with("  ") {
                let mut words = line.split_whitespace();
                match (words.next(), words.next(), words.next()) {
                    (Some("replacing"), Some(name), Some(evr)) if section != Section::Other => {
                        let (name, architecture) = name.rsplit_once('.').unwrap_or((name, ""));
                        found.removed.push(shown(name, evr, architecture));
                    }
                    _ => row.extend(line.split_whitespace()),
                }
            } else if line.ends_with(':') {
                found.add(section, &row, installed);
                row.clear();
                section = Section::of(line);
            }
        }
        for list in [&mut found.installed, &mut found.removed] {
            sort(list);
            list.dedup();
        }
        found
    }

    fn add(&mut self, section: Section, row: &[&str], installed: &[Package]) {
        let [name, architecture, evr, ..] = row else { return };
        match section {
            Section::Other => {}
            Section::Gone => self.removed.push(shown(name, evr, architecture)),
            Section::New => self.installed.push(shown(name, evr, architecture)),
            Section::Replacing => {
                self.installed.push(shown(name, evr, architecture));
                let same = |package: &&Package| package.architecture == *architecture;
                let named = || installed.iter().filter(|package| package.name == **name);
                let before = named().find(same).or_else(|| named().next());
                self.removed.extend(before.map(Package::shown));
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.installed.is_empty() && self.removed.is_empty()
    }
}

/// A package as results show it, of a row of a table.
pub(crate) fn shown(name: &str, evr: &str, architecture: &str) -> String {
    let (epoch, version, release) = version::parts(evr);
    let (name, version, release) = (name.to_owned(), version.to_owned(), release.to_owned());
    Package { name, epoch, version, release, architecture: architecture.to_owned() }.shown()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_by_their_sections() {
        let text = "Dependencies resolved.\n====\n Package  Arch  Version  Repo\n        Size\n====\nInstalling:\n apple  noarch  2.0-1  lab  5.9 k\n new \
                    noarch  2:1.0-1  lab  5.4 k\n     replacing  old.noarch 1.0-1\n very-long-name\n   noarch  1-1  lab  12 k\nUpgrading:\n pear  noarch  \
                    2.0-1  lab  5.4 k\nInstalling weak dependencies:\n weakling  noarch  1.0-1  lab  5.4 k\nInstalling Groups:\n Fruit Basket Of \
                    Mine\nRemoving unused dependencies:\n gone  noarch  1-1  @lab  0  \nSkipping packages with conflicts:\n(add '--best' to it):\n frag  \
                    noarch  2-1  lab  1 k\n\nTransaction Summary\n====\nInstall  3 Packages\n\nInstalled:\n  apple-2.0-1.noarch\n";
        let before = Package::parse("pear 0 1.0 1 noarch").unwrap();
        let found = Transaction::parse(text, &[before]);
        let installed = [
            "apple-2.0-1.noarch",
            "new-2:1.0-1.noarch",
            "pear-2.0-1.noarch",
            "very-long-name-1-1.noarch",
            "weakling-1.0-1.noarch",
        ];
        assert_eq!(found.installed, installed);
        assert_eq!(found.removed, ["gone-1-1.noarch", "old-1.0-1.noarch", "pear-1.0-1.noarch"]);
        assert!(Transaction::parse("Dependencies resolved.\nNothing to do.\nComplete!\n", &[]).is_empty());
    }
}
