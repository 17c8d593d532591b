//! Shell patterns in paths, as Python's `glob.glob` and `fnmatch` understand them.

use crate::Observe;
use churten_value::sort;
use std::path::{Path, PathBuf};

/// Paths that match, sorted. Names that begin with a dot are matched only by patterns that do.
pub(crate) fn glob<H: Observe + ?Sized>(host: &H, pattern: &str) -> Vec<PathBuf> {
    let mut found = vec![if pattern.starts_with('/') { PathBuf::from("/") } else { PathBuf::new() }];
    for part in pattern.split('/').filter(|part| !part.is_empty()) {
        let mut next = Vec::new();
        for base in found {
            if !part.contains(['*', '?', '[']) {
                next.push(base.join(part));
                continue;
            }
            let directory = if base.as_os_str().is_empty() { Path::new(".") } else { &base };
            for name in host.list(directory).unwrap_or_default() {
                if (part.starts_with('.') || !name.starts_with('.')) && matches(part, &name) {
                    next.push(base.join(&name));
                }
            }
        }
        found = next;
    }
    found.retain(|path| matches!(host.lstat(path), Ok(Some(_))));
    sort(&mut found);
    found
}

/// `fnmatch.fnmatchcase(name, pattern)`.
pub fn matches(pattern: &str, name: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let name: Vec<char> = name.chars().collect();
    // Positions to go back to: the last `*` and how much of the name it covers.
    let (mut p, mut n, mut star) = (0, 0, None);
    while n < name.len() {
        let advanced = match pattern.get(p) {
            Some('*') => {
                star = Some((p, n));
                p += 1;
                continue;
            }
            Some('?') => Some(p + 1),
            Some('[') => match set(&pattern, p, name[n]) {
                Some((true, next)) => Some(next),
                Some((false, _)) => None,
                None => (name[n] == '[').then_some(p + 1),
            },
            Some(c) => (*c == name[n]).then_some(p + 1),
            None => None,
        };
        match (advanced, star) {
            (Some(next), _) => (p, n) = (next, n + 1),
            (None, Some((at, covered))) => {
                star = Some((at, covered + 1));
                (p, n) = (at + 1, covered + 1);
            }
            (None, None) => return false,
        }
    }
    pattern.get(p..).is_some_and(|rest| rest.iter().all(|c| *c == '*'))
}

/// Whether a `[...]` at `start` takes `c`, and where it ends. `None` when it is never closed.
fn set(pattern: &[char], start: usize, c: char) -> Option<(bool, usize)> {
    let mut at = start + 1;
    let negated = pattern.get(at) == Some(&'!');
    if negated {
        at += 1;
    }
    let first = at;
    let mut found = false;
    loop {
        let low = *pattern.get(at)?;
        if low == ']' && at > first {
            return Some((found != negated, at + 1));
        }
        match (pattern.get(at + 1), pattern.get(at + 2)) {
            (Some('-'), Some(&high)) if high != ']' => {
                found |= (low..=high).contains(&c);
                at += 3;
            }
            _ => {
                found |= low == c;
                at += 1;
            }
        }
    }
}
