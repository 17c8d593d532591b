//! Groups of packages.

use super::command::Dnf;
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
pub(super) struct Groups(Vec<Group>);

impl Groups {
    pub(super) fn read(dnf: &Dnf<'_>) -> Result<Self> {
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
    ///
    /// # Errors
    ///
    /// There is none, or it is a module.
    pub(super) fn find(&self, dnf: &Dnf<'_>, wanted: &str) -> Result<&Group> {
        let is_it = |group: &&Group| {
            [&group.id, &group.name].into_iter().any(|text| text == wanted || glob::matches(wanted, text))
        };
        let found = self.0.iter().filter(|group| !group.is_environment).find(is_it);
        if let Some(group) = found.or_else(|| self.0.iter().find(is_it)) {
            return Ok(group);
        }
        let module = wanted.split([':', '/']).next().unwrap_or_default();
        let is_module = !module.is_empty()
            && !module.starts_with('-')
            && dnf
                .ask(&["module", "list", module])
                .is_ok_and(|said| said.lines().any(|line| line.split_whitespace().next() == Some(module)));
        if is_module {
            fail!("not yet supported by churten: the module @{wanted} of a repository in dnf");
        }
        Err(Failure::new(format!("No group {wanted} available.")).with("results", Value::list(Vec::new())))
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
