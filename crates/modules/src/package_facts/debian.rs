//! Packages of Debian and its kin: what `dpkg` has installed, and from where `apt` says it is.

use crate::apt::{Database, Package};
use churten_module::prelude::*;
use churten_value::sort_by;
use std::collections::HashMap;

/// Where dpkg keeps what it has installed.
pub(super) const STATUS: &str = "/var/lib/dpkg/status";

/// How many packages are asked for at once: a command line has an end.
const AT_ONCE: usize = 500;

pub(super) fn packages(host: &dyn Observe) -> Result<Vec<Dict>> {
    let database = Database::read(host)?;
    let mut packages: Vec<&Package> = database.packages.iter().filter(|package| package.is_present()).collect();
    sort_by(&mut packages, |a, b| (&a.name, &a.architecture).cmp(&(&b.name, &b.architecture)));
    let origins = origins(host, &packages);
    Ok(packages
        .into_iter()
        .map(|package| {
            let origin = origins.get(&full_name(package)).map_or("", String::as_str);
            Dict::from([
                ("name", package.name.as_str()),
                ("version", &package.version),
                ("arch", &package.architecture),
                ("category", &package.section),
                ("origin", origin),
                ("source", "apt"),
            ])
        })
        .collect())
}

fn full_name(package: &Package) -> String {
    match package.architecture.as_str() {
        "" | "all" => package.name.clone(),
        architecture => format!("{}:{architecture}", package.name),
    }
}

/// Who publishes the installed version of each package. Without `apt-cache` nobody knows.
fn origins(host: &dyn Observe, packages: &[&Package]) -> HashMap<String, String> {
    let Some(program) = host.find_program("apt-cache", &[]) else { return HashMap::new() };
    let policy = |names: &[String]| {
        let words = [program.display().to_string(), "policy".to_owned()].into_iter().chain(names.iter().cloned());
        let output = host.query(&Command::new(words).plain_locale()).unwrap_or_default();
        output.stdout_text()
    };
    let lists = policy(&[]);
    let publishers = publishers(&lists);
    let names: Vec<String> = packages.iter().map(|package| full_name(package)).collect();
    let mut found = HashMap::new();
    for names in names.chunks(AT_ONCE) {
        found.extend(sources(&policy(names), names, &publishers));
    }
    found
}

/// The publishers (`o=`) of the lists that `apt-cache policy` tells of.
fn publishers(text: &str) -> HashMap<&str, &str> {
    let mut found = HashMap::new();
    let mut source = "";
    for line in text.lines() {
        let line = line.trim_start();
        if let Some(release) = line.strip_prefix("release ") {
            let origin = release.split(',').find_map(|part| part.strip_prefix("o="));
            found.extend(origin.map(|origin| (source, origin)));
        } else if let Some((_, rest)) = line.split_once(' ') {
            source = rest;
        }
    }
    found
}

/// The publisher of the first list that has the installed version, by package.
fn sources(text: &str, names: &[String], publishers: &HashMap<&str, &str>) -> HashMap<String, String> {
    let mut found = HashMap::new();
    let (mut name, mut is_installed) = (None, false);
    for line in text.lines() {
        if let Some(shown) = line.strip_suffix(':').filter(|line| !line.starts_with(' ')) {
            // The machine's own architecture is left out.
            let is_meant =
                |known: &&String| *known == shown || known.split_once(':').is_some_and(|(bare, _)| bare == shown);
            name = names.iter().find(|known| *known == shown).or_else(|| names.iter().find(is_meant));
        } else if line.starts_with(" *** ") {
            is_installed = true;
        } else if let (true, Some(name)) = (is_installed, name) {
            is_installed = false;
            let source = line.trim_start().split_once(' ').map_or("", |(_, source)| source);
            let publisher = publishers.get(source).copied().unwrap_or_default();
            found.insert(name.clone(), publisher.to_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn publishers_are_found() {
        let lists = "Package files:\n 100 /var/lib/dpkg/status\n     release a=now\n 500 http://deb.debian.org/debian \
                     bookworm/main amd64 Packages\n     release v=12.15,o=Debian,a=oldstable\n     origin deb.debian.org\n\
                     Pinned packages:\n";
        let publishers = publishers(lists);
        let table = "acl:\n  Installed: 2\n  Version table:\n     3 500\n        500 http://other x/main amd64 Packages\n *** 2 \
                     500\n        500 http://deb.debian.org/debian bookworm/main amd64 Packages\n        100 \
                     /var/lib/dpkg/status\nown:\n  Version table:\n *** 1 100\n        100 /var/lib/dpkg/status\n";
        let names = ["acl:amd64".to_owned(), "own".to_owned()];
        let found = sources(table, &names, &publishers);
        assert_eq!(found.get("acl:amd64").map(String::as_str), Some("Debian"));
        assert_eq!(found.get("own").map(String::as_str), Some(""));
    }
}
