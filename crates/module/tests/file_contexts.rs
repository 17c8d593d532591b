//! The contexts that a real policy has for paths, beside libselinux.
//!
//! `CHURTEN_FILE_CONTEXTS` names a policy's `file_contexts` (with `.homedirs` and the others beside it); `selabel_lookup` is of
//! Debian's `selinux-utils`. Without them nothing is tested.

#![expect(clippy::print_stderr, reason = "a test that does nothing says so")]

use churten_module::selinux::FileContexts;
use std::collections::BTreeSet;
use std::process::Command;

/// How many paths are asked for: each is a process that reads the policy.
const PATHS: usize = 1500;

/// Paths that meet a pattern, or nearly.
fn paths(pattern: &str) -> Vec<String> {
    let simple = pattern.replace("(/.*)?", "/a").replace(".*", "b/c").replace("[^/]*", "d").replace("[^/]+", "e");
    let plain: String = simple.chars().filter(|c| !"\\()?*+[]^$".contains(*c)).collect();
    let above = plain.rsplit_once('/').map_or("/", |(above, _)| above);
    vec![format!("{plain}x"), format!("{above}/"), above.to_owned(), plain]
}

#[test]
fn as_libselinux() {
    let Some(file) = std::env::var("CHURTEN_FILE_CONTEXTS").ok() else {
        eprintln!("file contexts: left out, CHURTEN_FILE_CONTEXTS names no policy's file_contexts");
        return;
    };
    let text = |ending: &str| std::fs::read_to_string(format!("{file}{ending}")).unwrap_or_default();
    let (main, homes, local) = (text(""), text(".homedirs"), text(".local"));
    let contexts =
        FileContexts::read(&[&main, &homes, &local], &text(".subs"), &text(".subs_dist")).expect("a policy's file");
    let patterns = [&main, &homes].into_iter().flat_map(|text| text.lines()).filter(|line| line.starts_with('/'));
    let of_patterns = patterns.filter_map(|line| line.split_whitespace().next()).flat_map(paths);
    let of_subs = text(".subs_dist");
    let of_subs = of_subs.lines().filter(|line| line.starts_with('/')).filter_map(|line| line.split(' ').next());
    let of_subs = of_subs.flat_map(|path| [path.to_owned(), format!("{path}/bin/x"), format!("{path}x")]);
    let all: BTreeSet<String> = of_patterns.chain(of_subs).filter(|path| path.starts_with('/')).collect();
    let step = all.len().div_ceil(PATHS).max(1);
    let mut differing = Vec::new();
    for path in all.iter().step_by(step) {
        let ours = contexts.lookup(path).expect("every pattern can be read").map(|context| context.to_string());
        let arguments = ["-r", "-b", "file", "-f", &file, "-t", "0", "-k", path];
        let output = Command::new("selabel_lookup").args(arguments).output().expect("selabel_lookup");
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        let theirs = stdout.lines().find_map(|line| line.strip_prefix("Default context: ")).map(str::to_owned);
        if ours != theirs {
            differing.push(format!("{path}: {ours:?}, libselinux {theirs:?} ({stdout})"));
        }
    }
    assert!(differing.is_empty(), "{} of {}:\n{}", differing.len(), all.len().div_ceil(step), differing.join("\n"));
}
