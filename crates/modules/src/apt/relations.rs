//! What a package needs and what it cannot stand (`deb-control(5)`, `Depends` and `Conflicts`).

use super::cache::Policy;
use super::dpkg::Database;
use super::version;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// One name of a field, with the versions that count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Relation {
    pub(super) name: String,
    /// An operator as apt shows it (`<`, `<=`, `=`, `>=`, `>`), and the version.
    pub(super) version: Option<(String, String)>,
}

/// Alternatives, one of which is enough.
pub(super) type Alternatives = Vec<Relation>;

/// The entries of a field: `a, b (>= 2) | c`.
pub(super) fn parse(field: &str) -> Vec<Alternatives> {
    let entries = field.split(',').map(str::trim).filter(|entry| !entry.is_empty());
    entries.map(|entry| entry.split('|').map(relation).collect()).collect()
}

fn relation(text: &str) -> Relation {
    let text = text.split('[').next().unwrap_or(text).trim();
    let (name, version) = match text.split_once('(') {
        None => (text, None),
        Some((name, rest)) => {
            let rest = rest.trim_end().trim_end_matches(')').trim();
            let end = rest.find(|letter: char| !matches!(letter, '<' | '>' | '=')).unwrap_or(rest.len());
            let (operator, version) = rest.split_at(end);
            let operator = match operator {
                "<<" => "<",
                ">>" => ">",
                other => other,
            };
            (name, Some((operator.to_owned(), version.trim().to_owned())))
        }
    };
    Relation { name: name.trim().to_owned(), version }
}

impl Relation {
    fn accepts(&self, found: &str) -> bool {
        let Some((operator, wanted)) = &self.version else { return true };
        let order = version::compare(found, wanted);
        match operator.as_str() {
            "<" => order == Ordering::Less,
            "<=" => order != Ordering::Greater,
            ">=" => order != Ordering::Less,
            ">" => order == Ordering::Greater,
            _ => order == Ordering::Equal,
        }
    }

    /// The installed package that it means, by its name or by what a package provides.
    pub(super) fn installed<'a>(&self, database: &'a Database) -> Option<&'a str> {
        if let Some(package) = database.find(&self.name).filter(|package| package.is_installed()) {
            return self.accepts(&package.version).then_some(package.name.as_str());
        }
        let mut installed = database.packages.iter().filter(|package| package.is_installed());
        let provider = installed.find(|package| package.provides.contains(&self.name))?;
        self.version.is_none().then_some(provider.name.as_str())
    }

    /// True when what apt would install is right, or only others provide it.
    fn is_available(&self, policies: &BTreeMap<String, Policy>) -> bool {
        let Some(policy) = policies.get(&self.name) else { return false };
        match &policy.candidate {
            Some(candidate) => self.accepts(candidate),
            None => policy.versions.is_empty() && self.version.is_none(),
        }
    }
}

/// The first entry that neither the installed packages nor apt's candidates satisfy.
pub(super) fn first_missing<'a>(
    entries: &'a [Alternatives],
    database: &Database,
    policies: &BTreeMap<String, Policy>,
) -> Option<&'a Alternatives> {
    entries
        .iter()
        .find(|entry| !entry.iter().any(|one| one.installed(database).is_some() || one.is_available(policies)))
}

/// Alternatives as messages show them: with versions when the last one has one.
pub(super) fn shown(entry: &Alternatives) -> String {
    let with_versions = entry.last().is_some_and(|last| last.version.is_some());
    let one = |relation: &Relation| {
        if !with_versions {
            return relation.name.clone();
        }
        let (operator, version) =
            relation.version.as_ref().map_or(("", ""), |(operator, version)| (operator.as_str(), version.as_str()));
        format!("{} ({operator} {version})", relation.name)
    };
    entry.iter().map(one).collect::<Vec<_>>().join("|")
}

#[cfg(test)]
mod tests {
    use super::{first_missing, parse, shown};
    use crate::apt::cache::Policy;
    use crate::apt::dpkg::Database;
    use std::collections::BTreeMap;

    #[test]
    fn entries_are_taken_apart_and_shown() {
        let shown_as: Vec<String> =
            parse("a, b (<< 2), c | d (= 2), e (>= 1) | f, g [linux-any]").iter().map(shown).collect();
        assert_eq!(shown_as, ["a", "b (< 2)", "c ( )|d (= 2)", "e|f", "g"]);
    }

    #[test]
    fn installed_provided_and_available_packages_satisfy() {
        let database = Database::parse(
            "Package: mawk\nStatus: install ok installed\nVersion: 1.3\nProvides: awk\n\nPackage: gone\nStatus: deinstall ok config-files\nVersion: 2\n",
        );
        let policy =
            |candidate: &str| Policy { candidate: Some(candidate.to_owned()), versions: vec![candidate.into()] };
        let policies = BTreeMap::from([("new".to_owned(), policy("1.1")), ("virtual".to_owned(), Policy::default())]);
        let missing = |field: &str| first_missing(&parse(field), &database, &policies).map(shown);
        assert_eq!(missing("mawk (>= 1.2), awk, new (<= 1.1), virtual, nothing | new"), None);
        assert_eq!(missing("new, mawk (>= 2)").as_deref(), Some("mawk (>= 2)"));
        assert_eq!(missing("new (= 1.0)").as_deref(), Some("new (= 1.0)"));
        assert_eq!(missing("gone").as_deref(), Some("gone"));
        assert_eq!(missing("awk (>= 1)").as_deref(), Some("awk (>= 1)"));
    }
}
