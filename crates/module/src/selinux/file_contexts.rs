//! The contexts that a policy has for paths (`file_contexts(5)`).

use super::Context;
use super::pattern::Pattern;
use super::substitution::Substitutions;
use churten_value::sort_by_key;
use std::fmt;

/// The most lines of all files together.
const MAX_LINES: usize = 1 << 18;

/// Patterns of paths and the contexts that belong to them.
#[derive(Clone, Debug, Default)]
pub struct FileContexts {
    /// The last that matches is right; plain paths stand behind all others. `None` is `<<none>>`.
    entries: Vec<(Pattern, Option<Context>)>,
    local: Substitutions,
    distribution: Substitutions,
}

/// Why the contexts of a policy cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable(String);

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unreadable {}

impl FileContexts {
    /// Read files in the order of their weight (`file_contexts`, `.homedirs`, `.local`), and those of the directories that count
    /// as others (`.subs`, `.subs_dist`).
    ///
    /// # Errors
    ///
    /// A line that is none makes all of them unusable, as libselinux has it.
    pub fn read(files: &[&str], subs: &str, subs_dist: &str) -> Result<Self, Unreadable> {
        let mut entries = Vec::new();
        for (number, line) in files.iter().flat_map(|text| text.lines().enumerate()) {
            let broken = |what: &str| Unreadable(format!("line {}: {what}", number.saturating_add(1)));
            if let Some(entry) = entry(line).map_err(broken)? {
                entries.push(entry);
            }
            if entries.len() > MAX_LINES {
                return Err(Unreadable(format!("more than {MAX_LINES} lines")));
            }
        }
        sort_by_key(&mut entries, |(pattern, _)| pattern.is_plain());
        Ok(Self { entries, local: Substitutions::read(subs), distribution: Substitutions::read(subs_dist) })
    }

    /// The context of a path, whatever kind of file is there. `None` when no line speaks of it, or one that says `<<none>>`.
    ///
    /// # Errors
    ///
    /// When a pattern that would have to be looked at cannot be read.
    pub fn lookup(&self, path: &str) -> Result<Option<Context>, Unreadable> {
        let path = normal(path);
        let path = match self.local.apply(&path) {
            Some(local) => self.distribution.apply(&local).unwrap_or(local),
            None => self.distribution.apply(&path).unwrap_or(path),
        };
        for (pattern, context) in self.entries.iter().rev() {
            if pattern.matches(&path).map_err(Unreadable)? {
                return Ok(context.clone());
            }
        }
        Ok(None)
    }
}

/// A path with single slashes and none at its end.
fn normal(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for c in path.chars() {
        if c != '/' || !out.ends_with('/') {
            out.push(c);
        }
    }
    if out.len() > 1 && out.ends_with('/') {
        out.pop();
    }
    out
}

/// A line: pattern, kind of file, context. The kind is not needed, as contexts are asked for without one.
fn entry(line: &str) -> Result<Option<(Pattern, Option<Context>)>, &'static str> {
    let mut words = line.split_ascii_whitespace();
    let Some(pattern) = words.next().filter(|word| !word.starts_with('#')) else { return Ok(None) };
    if !line.is_ascii() {
        return Err("not ASCII");
    }
    let context = match (words.next(), words.next()) {
        (None, _) => return Err("missing fields"),
        (Some(context), None) => context,
        (Some("--" | "-d" | "-l" | "-b" | "-c" | "-p" | "-s"), Some(context)) => context,
        (Some(_), Some(_)) => return Err("invalid file type"),
    };
    let context = (context != "<<none>>").then(|| Context::new(context));
    Ok(Some((Pattern::new(pattern), context)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(contexts: &FileContexts, path: &str) -> String {
        contexts.lookup(path).unwrap().map_or_else(|| "none".to_owned(), |context| context.to_string())
    }

    /// What libselinux 3.4 answers for the same files.
    #[test]
    fn the_last_that_matches_and_plain_paths_last() {
        let main = "# comment\n/.*\tu:r:any:s0\n/a/b\tu:r:exact:s0\n/a/.*\tu:r:under:s0\n/q/x\\.y\t--\tu:r:xy:s0\n\
                    /q/.*\t-d\tu:r:qdir:s0\n/alt1|/alt2\tu:r:alt:s0\n  /n(/.*)?  <<none>>\n/sub/one\tu:r:subone:s0\n\
                    /sub/two\tu:r:subtwo:s0\n/sub/three\tu:r:subthree:s0\n";
        let homes = "/a/b\tu:r:home:s0\n/a/bb.*\tu:r:homere:s0\n";
        let local = "/a/b\tu:r:local:s0\n/a/bb.*\tu:r:localre:s0\n";
        let subs = "/s /sub/one\n/s /sub/two\n/d1 /d2\n";
        let subs_dist = "#\n/s /sub/three\n/t /sub/one\n/d2 /sub/three\n/r /\n/sub/one /sub/two\n";
        let contexts = FileContexts::read(&[main, homes, local], subs, subs_dist).unwrap();
        for (path, kind) in [
            ("/a/b", "local"),
            ("/a/bb", "localre"),
            ("/a/c", "under"),
            ("/q/x.y", "xy"),
            ("/q/z", "qdir"),
            ("/alt1x", "alt"),
            ("/s", "subtwo"),
            ("/t", "subone"),
            ("/d1", "subthree"),
            ("/r/a/b", "local"),
            ("/r", "any"),
            ("//a//b", "local"),
            ("/a/b/", "local"),
            ("/", "any"),
            ("/sub/one", "subtwo"),
        ] {
            assert_eq!(found(&contexts, path), format!("u:r:{kind}:s0"), "{path}");
        }
        for path in ["/n", "/n/y", "/n/", "a"] {
            assert_eq!(found(&contexts, path), "none", "{path}");
        }
    }

    #[test]
    fn broken_lines() {
        for (line, expected) in [
            ("/x", "line 1: missing fields"),
            ("/x -q u:r:t:s0", "line 1: invalid file type"),
            ("/x u:r:t:s0 more", "line 1: invalid file type"),
            ("/é u:r:t:s0", "line 1: not ASCII"),
        ] {
            assert_eq!(FileContexts::read(&[line], "", "").unwrap_err().to_string(), expected, "{line}");
        }
        let contexts = FileContexts::read(&["/.* u:r:t:s0\n/x[ u:r:t:s0\n/x -- u:r:x:s0 more"], "", "").unwrap();
        assert_eq!(found(&contexts, "/x"), "u:r:x:s0");
        assert_eq!(found(&contexts, "/y"), "u:r:t:s0");
        assert!(contexts.lookup("/xy").is_err());
    }
}
