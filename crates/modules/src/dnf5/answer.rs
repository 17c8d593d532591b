//! What dnf5 says where it does not do what it is told, in the words of results.

use churten_module::prelude::*;

/// A failure of dnf5 as results tell it. The other generation tells `results` instead of `failures`.
pub(super) fn failed(msg: impl Into<String>, failures: Vec<String>) -> Failure {
    Failure::new(msg).with("failures", failures).with("rc", 1)
}

/// What `stderr` of a call that failed means.
pub(super) fn refused(stderr: &str, skips_broken: bool) -> Failure {
    if stderr.contains("Unknown argument \"do\" for command") {
        let msg = "not yet supported by churten: dnf5 before 5.2.14, which has no command do";
        return failed(msg, Vec::new());
    }
    if let Some((_, said)) = stderr.split_once("Failed to resolve the transaction:\n") {
        let problems = problems(said);
        let is_unsolved = !skips_broken && problems.iter().any(|problem| problem.starts_with("Problem"));
        let msg = if is_unsolved { "Depsolve Error occurred" } else { NOT_INSTALLED };
        return failed(msg, problems);
    }
    if let Some((_, said)) = stderr.split_once("Transaction failed: Signature verification failed.\n") {
        let lines: Vec<&str> = said.lines().filter(|line| !is_progress(line)).map(str::trim_end).collect();
        return failed(format!("Failed to validate GPG signatures: {}", lines.join("\n").trim_end()), Vec::new());
    }
    if let Some((_, said)) = stderr.split_once("Transaction failed: ") {
        let mut lines = said.lines();
        let reason = lines.next().unwrap_or_default();
        let failures: Vec<String> =
            lines.filter_map(|line| line.strip_prefix("  - ")).map(|line| format!("{reason}: {line}")).collect();
        return failed(NOT_INSTALLED, if failures.is_empty() { vec![reason.to_owned()] } else { failures });
    }
    let msg = stderr.lines().find(|line| !line.trim().is_empty() && !is_progress(line)).unwrap_or("dnf5 failed");
    failed(msg.trim(), Vec::new())
}

pub(super) const NOT_INSTALLED: &str = "Failed to install some of the specified packages";

/// Each of the reasons why there is no transaction; a problem has several lines.
fn problems(said: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for line in said.lines().take_while(|line| !line.starts_with("You can try to add to command line:")) {
        let belongs = |last: &&mut String| {
            let goes_on = line.starts_with("  - ") || line.starts_with("Problem ") && last.starts_with("Problem ");
            goes_on || last.starts_with("Modular dependency problem") && line.starts_with("Problem")
        };
        if line.trim().is_empty() {
            continue;
        }
        match found.last_mut().filter(belongs) {
            Some(last) => {
                last.push('\n');
                last.push_str(line);
            }
            None => found.push(match line.strip_prefix("No match for argument: ") {
                Some(name) => not_available(name),
                None => line.to_owned(),
            }),
        }
    }
    found
}

/// What results say of a name that no package has.
pub(super) fn not_available(name: &str) -> String {
    format!("No package {name} available.")
}

/// Is it a line about how far it is, or a warning?
fn is_progress(line: &str) -> bool {
    let beginnings = [
        " ",
        "[",
        "Warning:",
        "Updating and loading repositories",
        "Repositories loaded",
        "Total size of inbound packages",
        "After this operation",
        "Running transaction",
        "No matches were found for the following plugin name patterns",
    ];
    beginnings.iter().any(|beginning| line.starts_with(beginning))
}

/// What is said of plugins that no name or pattern means.
pub(super) fn unknown_plugins(stderr: &str) -> Option<String> {
    let told = |line: &str| {
        let rest = line.strip_prefix("No matches were found for the following plugin name patterns while ")?;
        let (doing, names) = rest.split_once(": ")?;
        let verb = doing.split(' ').next()?;
        let names = names.trim_end();
        Some(format!(
            "No matches were found for the following plugin name patterns while {verb} libdnf5 plugins: {names}."
        ))
    };
    let lines: Vec<String> = stderr.lines().filter_map(told).collect();
    (!lines.is_empty()).then(|| lines.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_taken_apart() {
        let said = "Updating and loading repositories:\nFailed to resolve the transaction:\nNo match for argument: PEAR\n  * Maybe you meant: \
                    pear\nPackage \"a-1-1.noarch\" is already installed.\nProblem 1: conflicting requests\n  - nothing provides x needed by \
                    a\nProblem 2: conflicting requests\n  - nothing\nYou can try to add to command line:\n  --skip-broken to skip\n";
        let failure = refused(said, false);
        assert_eq!(failure.msg, "Depsolve Error occurred");
        let problems = problems(said.split_once("transaction:\n").unwrap().1);
        let expected = [
            "No package PEAR available.",
            "  * Maybe you meant: pear",
            "Package \"a-1-1.noarch\" is already installed.",
            "Problem 1: conflicting requests\n  - nothing provides x needed by a\nProblem 2: conflicting requests\n  - nothing",
        ];
        assert_eq!(problems, expected);
        assert_eq!(refused(said, true).msg, NOT_INSTALLED);
    }

    #[test]
    fn other_failures_are_their_first_line() {
        let said = "Updating and loading repositories:\nFailed to download packages\n Librepo error: Cannot download\n";
        assert_eq!(refused(said, false).msg, "Failed to download packages");
        let said =
            "[1/2] Verify\nTransaction failed: Signature verification failed.\nOpenPGP check for x has failed.\n";
        assert_eq!(refused(said, false).msg, "Failed to validate GPG signatures: OpenPGP check for x has failed.");
        let said = "Unknown argument \"do\" for command \"dnf5\". Add \"--help\" for more information.\n";
        assert!(refused(said, false).msg.contains("5.2.14"));
    }

    #[test]
    fn plugins_that_are_not_there_are_told() {
        let begin = "No matches were found for the following plugin name patterns while";
        let said = format!("{begin} enabling libdnf plugins: x\n{begin} disabling libdnf plugins: y, z\nelse\n");
        let told = format!("{begin} enabling libdnf5 plugins: x. {begin} disabling libdnf5 plugins: y, z.");
        assert_eq!(unknown_plugins(&said), Some(told));
        assert_eq!(unknown_plugins("all is well"), None);
    }
}
