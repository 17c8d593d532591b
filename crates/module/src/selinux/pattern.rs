//! The regular expressions of file contexts.

use crate::regex::{Flags, Regex, TooHard};
use std::sync::OnceLock;

/// Begins or is something that does not stand for itself; as `file_contexts` counts patterns that are plain paths.
const SPECIAL: &[u8] = b".^$?*+|[({";

/// A pattern for whole paths, which is compiled when it is needed: a policy has thousands, and a path only meets a few.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    text: String,
    /// What every path that matches begins with.
    prefix: String,
    /// Nothing in the pattern is special: the prefix is all of it.
    is_plain: bool,
    regex: OnceLock<Result<Regex, String>>,
}

impl Pattern {
    pub(super) fn new(text: &str) -> Self {
        let (prefix, is_plain) = prefix(text);
        Self { text: text.to_owned(), prefix, is_plain, regex: OnceLock::new() }
    }

    pub(super) fn is_plain(&self) -> bool {
        self.is_plain
    }

    /// True when the path matches.
    ///
    /// # Errors
    ///
    /// The pattern, and what is wrong with it.
    pub(super) fn matches(&self, path: &str) -> Result<bool, String> {
        if !path.starts_with(&self.prefix) {
            return Ok(false);
        }
        if self.is_plain {
            return Ok(path.len() == self.prefix.len());
        }
        let flags = Flags { dot_all: true, ascii: true, named_classes: true, ..Flags::default() };
        // The anchors are put on as they are, so that of several alternatives each has one of them.
        let compile = || {
            let regex = Regex::new(&format!("^{}$", self.text), flags);
            regex.map_err(|error| format!("{}: {error}", self.text))
        };
        let found = self.regex.get_or_init(compile).as_ref().map_err(Clone::clone)?.captures(path, 0);
        found.map(|found| found.is_some()).map_err(|error: TooHard| format!("{}: {error}", self.text))
    }
}

/// The characters that a pattern begins with, and whether there is nothing else.
fn prefix(text: &str) -> (String, bool) {
    let mut prefix = String::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let special = match byte {
            b'\\' => match rest.next() {
                Some(escaped) if !escaped.is_ascii_alphanumeric() => {
                    prefix.push(char::from(escaped));
                    continue;
                }
                _ => b'\\',
            },
            byte if SPECIAL.contains(&byte) => byte,
            byte => {
                prefix.push(char::from(byte));
                continue;
            }
        };
        if matches!(special, b'?' | b'*' | b'+' | b'{') {
            // It speaks of the character before.
            prefix.pop();
        }
        if has_alternatives(text) {
            prefix.clear();
        }
        return (prefix, false);
    }
    (prefix, true)
}

/// True when a `|` stands outside of all brackets: then a path may begin with something else.
fn has_alternatives(text: &str) -> bool {
    let (mut depth, mut in_set, mut escaped) = (0_usize, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'[' => in_set = true,
            b']' => in_set = false,
            _ if in_set => {}
            b'(' => depth = depth.saturating_add(1),
            b')' => depth = depth.saturating_sub(1),
            b'|' if depth == 0 => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes() {
        for (pattern, expected, is_plain) in [
            ("/etc/passwd", "/etc/passwd", true),
            (r"/etc/resolv\.conf", "/etc/resolv.conf", true),
            (r"/etc/resolv\.conf.*", "/etc/resolv.conf", false),
            ("/srv(/.*)?", "/srv", false),
            ("/var/lockx?", "/var/lock", false),
            ("/a{2}", "/", false),
            ("/a|/b", "", false),
            ("/a(b|c)", "/a", false),
            ("/a(b|c)|/d", "", false),
            ("/x[ab]|/d", "", false),
            ("/x(a)?|/d", "", false),
            (r"/x[|]\|(|)", "/x", false),
            (r"/x\d", "/x", false),
        ] {
            assert_eq!(prefix(pattern), (expected.to_owned(), is_plain), "{pattern}");
        }
    }

    #[test]
    fn matches_whole_paths() {
        for (pattern, path, expected) in [
            ("/srv(/.*)?", "/srv", true),
            ("/srv(/.*)?", "/srv/a\nb", true),
            ("/srv(/.*)?", "/srvx", false),
            ("/a|/b", "/ax", true),
            ("/a|/b", "/x/b", true),
            ("/a|/b", "/bx", false),
            ("/d/[[:digit:]]+", "/d/12", true),
            ("/d/[^]&&a]", "/d/&", false),
            ("/d/[[a]", "/d/[", true),
            ("/d/[+--]", "/d/,", true),
            ("/d/(?!x).*", "/d/xy", false),
        ] {
            assert_eq!(Pattern::new(pattern).matches(path), Ok(expected), "{pattern} {path}");
        }
        assert!(Pattern::new("/a[").matches("/a").is_err());
    }
}
