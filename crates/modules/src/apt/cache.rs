//! What could be installed, as `apt-cache` knows it, and how old that knowledge is.

use crate::run::program;
use churten_module::prelude::*;
use std::collections::BTreeMap;

/// The versions of a package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Policy {
    /// What apt would install.
    pub(super) candidate: Option<String>,
    /// All it knows, best first.
    pub(super) versions: Vec<String>,
}

/// Ask for several packages at once. Those that apt does not know are missing from the answer.
pub(super) fn policies(
    host: &dyn Observe,
    names: &[String],
    release: Option<&str>,
) -> Result<BTreeMap<String, Policy>> {
    if names.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut words = vec![program(host, "apt-cache")?];
    if let Some(release) = release {
        words.extend(["-t".to_owned(), release.to_owned()]);
    }
    words.extend(["policy".to_owned(), "--".to_owned()]);
    words.extend(names.iter().cloned());
    let command = Command::new(words).plain_locale();
    let output = host.query(&command).map_err(|error| Failure::could_not_run(&command.program, &error))?;
    if let Some(reason) = unknown_release(&output.stderr_text()) {
        fail!("{reason}");
    }
    Ok(parse(&output.stdout_text()))
}

/// What is said when `default_release` is in none of the lists.
pub(super) fn unknown_release(stderr: &str) -> Option<String> {
    let line = stderr.lines().find(|line| line.contains("is invalid for APT::Default-Release"))?;
    Some(line.replacen("E: ", "E:", 1))
}

fn parse(text: &str) -> BTreeMap<String, Policy> {
    let mut policies = BTreeMap::new();
    let mut name = String::new();
    let mut table = false;
    for line in text.lines() {
        if !line.starts_with(' ') {
            name = line.trim_end_matches(':').to_owned();
            table = false;
            policies.insert(name.clone(), Policy::default());
            continue;
        }
        let Some(policy) = policies.get_mut(&name) else { continue };
        if let Some(candidate) = line.strip_prefix("  Candidate: ") {
            policy.candidate = Some(candidate.to_owned()).filter(|candidate| candidate != "(none)");
        } else if line.starts_with("  Version table:") {
            table = true;
        } else if table
            && let Some(rest) = line.strip_prefix(" *** ").or_else(|| line.strip_prefix("     "))
            && !rest.starts_with(' ')
            && let Some(version) = rest.split_whitespace().next()
        {
            policy.versions.push(version.to_owned());
        }
    }
    policies
}

/// Is there a package that provides a name? Apt knows names, too, that others only mention.
pub(super) fn is_provided(host: &dyn Observe, name: &str) -> Result<bool> {
    let words = [program(host, "apt-cache")?, "showpkg".to_owned(), "--".to_owned(), name.to_owned()];
    let command = Command::new(words).plain_locale();
    let output = host.query(&command).map_err(|error| Failure::could_not_run(&command.program, &error))?;
    Ok(names_providers(&output.stdout_text()))
}

fn names_providers(text: &str) -> bool {
    let providers = text.lines().skip_while(|line| !line.starts_with("Reverse Provides:")).skip(1);
    providers.take_while(|line| !line.starts_with("Package:")).any(|line| !line.trim().is_empty())
}

/// Every name that apt knows.
pub(super) fn names(host: &dyn Observe) -> Result<Vec<String>> {
    let command = Command::new([program(host, "apt-cache")?, "pkgnames".to_owned()]).plain_locale();
    let output = host.query(&command).map_err(|error| Failure::could_not_run(&command.program, &error))?;
    Ok(output.stdout_text().lines().map(str::to_owned).collect())
}

/// When the lists were last fetched, in seconds since 1970; 0 when never.
pub(super) fn updated(host: &dyn Observe) -> i64 {
    ["/var/lib/apt/periodic/update-success-stamp", "/var/lib/apt/lists"]
        .iter()
        .find_map(|path| host.stat(Path::new(path)).ok().flatten())
        .map_or(0, |stat| stat.modified.seconds)
}

#[cfg(test)]
mod tests {
    #[test]
    fn reads_policies() {
        let policies = super::parse(
            "fleetpkg:\n  Installed: 1.0\n  Candidate: 1.1\n  Version table:\n     1.1 500\n        500 file:/x ./ \
             Packages\n *** 1.0 500\n        500 file:/x ./ Packages\n        100 /var/lib/dpkg/status\nvirtual:\n  \
             Installed: (none)\n  Candidate: (none)\n  Version table:\n",
        );
        assert_eq!(policies["fleetpkg"].candidate.as_deref(), Some("1.1"));
        assert_eq!(policies["fleetpkg"].versions, ["1.1", "1.0"]);
        assert_eq!(policies["virtual"].candidate, None);
    }

    #[test]
    fn reads_providers() {
        let text = "Package: awk\nVersions: \n\nReverse Depends: \n  base-files,awk\nDependencies: \nProvides: \nReverse Provides: \n";
        assert!(!super::names_providers(text));
        assert!(super::names_providers(&format!("{text}mawk 1.3.4 (= )\n")));
    }
}
