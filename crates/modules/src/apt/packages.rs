//! Which of the named packages something has to be done about.

use super::arguments::{Apt, Presence};
use super::cache::{self, Policy};
use super::dpkg::{Database, Package};
use super::version;
use churten_module::glob::matches;
use churten_module::prelude::*;
use churten_value::sort;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// One entry of `name`, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) given: String,
    pub(super) name: String,
    pub(super) version: Version,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Version {
    Any,
    /// `name=1.*`
    Is(String),
    /// `name>=1.0`
    AtLeast(String),
}

impl Wanted {
    pub(super) fn parse(given: &str) -> Self {
        let text = given.trim();
        let made = |name: &str, version| Self { given: text.to_owned(), name: name.to_owned(), version };
        if let Some((name, version)) = text.split_once(">=") {
            return made(name, Version::AtLeast(version.trim().to_owned()));
        }
        match text.split_once('=') {
            Some((name, version)) => made(name, Version::Is(version.trim().to_owned())),
            None => made(text, Version::Any),
        }
    }

    fn is_pattern(&self) -> bool {
        self.name.contains(['*', '?', '[', '!'])
    }

    fn accepts(&self, version: &str) -> bool {
        match &self.version {
            Version::Any => true,
            Version::Is(pattern) => matches(pattern, version),
            Version::AtLeast(least) => version::compare(version, least) != Ordering::Less,
        }
    }
}

impl Apt {
    /// The packages as `apt-get install` takes them, for those that are not yet as they should be.
    pub(super) fn to_install(&self, host: &dyn Observe, given: &[String]) -> Result<Vec<String>> {
        let database = Database::read(host)?;
        let mut wanted = Vec::new();
        for entry in given.iter().map(|entry| Wanted::parse(entry)) {
            if entry.is_pattern() {
                wanted.extend(self.expand(host, &database, &entry)?);
            } else {
                wanted.push(entry);
            }
        }
        // Only what dpkg's file does not already answer costs a process.
        let open: Vec<Wanted> =
            wanted.into_iter().filter(|entry| self.state == Presence::Latest || !satisfied(&database, entry)).collect();
        let names: Vec<String> = open.iter().map(|entry| entry.name.clone()).collect();
        let policies = cache::policies(host, &names, self.default_release.as_deref())?;
        let mut specified = Vec::new();
        for entry in &open {
            if let Some(specification) = self.specification(host, &database, &policies, entry)?
                && !specified.contains(&specification)
            {
                specified.push(specification);
            }
        }
        Ok(specified)
    }

    fn specification(
        &self,
        host: &dyn Observe,
        database: &Database,
        policies: &BTreeMap<String, Policy>,
        entry: &Wanted,
    ) -> Result<Option<String>> {
        let installed = database.find(&entry.name).filter(|package| package.is_installed());
        let Some(policy) = policies.get(&entry.name) else {
            if installed.is_some() && entry.version == Version::Any {
                return Ok(None);
            }
            fail!("No package matching '{}' is available", entry.name);
        };
        if policy.candidate.is_none() && policy.versions.is_empty() {
            // A name that only others provide.
            if database.is_provided(&entry.name) {
                return Ok(None);
            }
            if !cache::is_provided(host, &entry.name)? {
                fail!("No package matching '{}' is available", entry.name);
            }
            return Ok(Some(entry.name.clone()));
        }
        if self.only_upgrade && installed.is_none() {
            return Ok(None);
        }
        match &entry.version {
            Version::Any => {
                let current = installed.map(|package| package.version.as_str());
                let outdated = match (current, policy.candidate.as_deref()) {
                    (None, _) => true,
                    (Some(current), Some(candidate)) => version::compare(candidate, current) == Ordering::Greater,
                    (Some(_), None) => false,
                };
                let pinned = policy.candidate.as_ref().map(|candidate| format!("{}={candidate}", entry.name));
                Ok(outdated.then(|| pinned.unwrap_or_else(|| entry.name.clone())))
            }
            Version::Is(_) | Version::AtLeast(_) => {
                let best = policy
                    .candidate
                    .iter()
                    .filter(|_| matches!(entry.version, Version::AtLeast(_)))
                    .chain(&policy.versions)
                    .find(|version| entry.accepts(version));
                // As upstream, which looks at a lower bound only of what is installed.
                let first = installed.is_none() && self.state == Presence::Present;
                let best = best
                    .or(policy.candidate.as_ref().filter(|_| first && matches!(entry.version, Version::AtLeast(_))));
                match best {
                    None => fail!("no available installation candidate for {}", entry.given),
                    Some(best) if installed.is_some_and(|package| package.version == *best) => Ok(None),
                    Some(best) => Ok(Some(format!("{}={best}", entry.name))),
                }
            }
        }
    }

    /// The packages to remove, as dpkg names them.
    pub(super) fn to_remove(&self, host: &dyn Observe, given: &[String]) -> Result<Vec<String>> {
        let database = Database::read(host)?;
        let leaves = |package: &Package| package.is_present() || (self.purge && package.has_configuration());
        let mut names: Vec<String> = Vec::new();
        let mut add = |name: &str| {
            if !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        };
        for entry in given.iter().map(|entry| Wanted::parse(entry)) {
            if entry.is_pattern() {
                let found: Vec<&Package> =
                    database.packages.iter().filter(|package| matches(&entry.name, &package.name)).collect();
                if found.is_empty() {
                    // Known to apt is enough.
                    self.expand(host, &database, &entry)?;
                }
                found.into_iter().filter(|package| leaves(package)).for_each(|package| add(&package.name));
            } else if database
                .find(&entry.name)
                .is_some_and(|package| leaves(package) && entry.accepts(&package.version))
            {
                add(&entry.given);
            }
        }
        Ok(names)
    }

    fn expand(&self, host: &dyn Observe, database: &Database, entry: &Wanted) -> Result<Vec<Wanted>> {
        let named = |name: String| Wanted { name, ..entry.clone() };
        let mut found: Vec<String> = if entry.name == "*" || self.only_upgrade {
            let installed = database.packages.iter().filter(|package| package.is_installed());
            installed.map(|package| package.name.clone()).collect()
        } else {
            cache::names(host)?
        };
        found.retain(|name| matches(&entry.name, name));
        if found.is_empty() {
            fail!("No package(s) matching '{}' available", entry.name);
        }
        sort(&mut found);
        Ok(found.into_iter().map(named).collect())
    }
}

/// True when an installed package is what `state: present` asks for.
fn satisfied(database: &Database, entry: &Wanted) -> bool {
    match database.find(&entry.name).filter(|package| package.is_installed()) {
        Some(package) => entry.accepts(&package.version),
        None => entry.version == Version::Any && database.is_provided(&entry.name),
    }
}
