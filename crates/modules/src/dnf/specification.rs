//! What a name may say beside the name.

use super::version;
use std::cmp::Ordering;

/// `name >= 1.0`: what has to be provided, and the versions that do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Relation<'a> {
    pub(super) name: &'a str,
    operator: &'a str,
    version: &'a str,
}

impl<'a> Relation<'a> {
    /// Spaces stand around the operator.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let mut words = text.split_whitespace();
        let (name, operator, version) = (words.next()?, words.next()?, words.next()?);
        let is_operator = matches!(operator, "<" | "<=" | "=" | "==" | ">=" | ">");
        (is_operator && words.next().is_none()).then_some(Self { name, operator, version })
    }

    /// Is it satisfied by what provides the name in this version? Without a release in it all releases are equal.
    pub(super) fn admits(&self, provided: &str) -> bool {
        let (wanted, mut found) = (version::parts(self.version), version::parts(provided));
        if wanted.2.is_empty() {
            found.2 = "";
        }
        match version::compare(found, wanted) {
            Ordering::Less => self.operator.starts_with('<'),
            Ordering::Equal => self.operator.contains('='),
            Ordering::Greater => self.operator.starts_with('>'),
        }
    }
}

/// Is it a file with a package, or the address of one?
pub(crate) fn is_file(name: &str) -> bool {
    name.ends_with(".rpm") || name.contains("://")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relations_compare_versions() {
        let admits = |text, provided| Relation::parse(text).unwrap().admits(provided);
        assert!(admits("pear >= 2", "2.0-1"));
        assert!(!admits("pear > 2.0", "2.0-1"));
        assert!(admits("pear = 2.0", "2.0-7"));
        assert!(!admits("pear = 2.0-1", "2.0-7"));
        assert!(admits("pear < 2", "1.9-1"));
        assert_eq!(Relation::parse("pear>=2"), None);
        assert_eq!(Relation::parse("Fruit Basket"), None);
    }
}
