//! Groups of packages.

use super::command::Dnf;
use super::modules::Module;
use churten_module::glob;
use churten_module::prelude::*;

/// A group, or a group of groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) id: String,
    name: String,
    pub(super) is_environment: bool,
    pub(super) is_installed: bool,
}

/// All that repositories know.
struct Groups(Vec<Group>);

impl Groups {
    fn read(dnf: &Dnf<'_>) -> Result<Self> {
        Ok(Self::parse(&dnf.ask(&["group", "list", "ids", "hidden"])?))
    }

    /// Headings begin a line, and say what is below them.
    fn parse(text: &str) -> Self {
        let (mut is_environment, mut is_installed) = (false, false);
        let mut groups = Vec::new();
        for line in text.lines() {
            if !line.starts_with(' ') {
                is_environment = line.contains("Environment");
                is_installed = line.starts_with("Installed");
            } else if let Some((name, id)) = line.trim().strip_suffix(')').and_then(|line| line.rsplit_once(" (")) {
                let (id, name) = (id.to_owned(), name.to_owned());
                groups.push(Group { id, name, is_environment, is_installed });
            }
        }
        Self(groups)
    }

    /// The group of an identity, a name or a pattern of them; groups come before groups of groups.
    fn find(&self, wanted: &str) -> Option<&Group> {
        let is_it = |group: &&Group| {
            [&group.id, &group.name].into_iter().any(|text| text == wanted || glob::matches(wanted, text))
        };
        let found = self.0.iter().filter(|group| !group.is_environment).find(is_it);
        found.or_else(|| self.0.iter().find(is_it))
    }
}

/// What a name behind `@` means.
pub(super) enum Named {
    Group(Group),
    Module(Module),
}

impl Named {
    /// The groups or modules of names.
    ///
    /// # Errors
    ///
    /// One is neither.
    pub(super) fn all<'n>(dnf: &Dnf<'_>, names: &'n [String]) -> Result<Vec<(&'n str, Self)>> {
        let names: Vec<&str> = names.iter().filter_map(|name| name.strip_prefix('@')).collect();
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let groups = Groups::read(dnf)?;
        let named = |name: &'n str| {
            if let Some(group) = groups.find(name) {
                return Ok((name, Self::Group(group.clone())));
            }
            match Module::find(dnf, name)? {
                Some(module) => Ok((name, Self::Module(module))),
                None => {
                    Err(Failure::new(format!("No group {name} available.")).with("results", Value::list(Vec::new())))
                }
            }
        };
        names.into_iter().map(named).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_read_with_what_they_are() {
        let text = "Available Environment Groups:\n   An Environment (env)\nInstalled Groups:\n   Fruit (and) Basket (fruit)\n";
        let groups = Groups::parse(text).0;
        assert_eq!(groups[0].id, "env");
        assert!(groups[0].is_environment && !groups[0].is_installed);
        assert_eq!((&*groups[1].id, &*groups[1].name), ("fruit", "Fruit (and) Basket"));
        assert!(!groups[1].is_environment && groups[1].is_installed);
    }
}
