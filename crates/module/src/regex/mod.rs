//! Regular expressions as Python's `re` reads and matches them.
//!
//! A pattern is parsed to nodes ([`parse`]), compiled to instructions ([`compile`]) and run by backtracking ([`run`]), so
//! that what matches is what matches there, with the same groups. Errors have Python's words.

mod character;
mod compile;
mod escape;
mod flags;
mod node;
mod parse;
mod run;
mod set;

use compile::Program;
use std::ops::Range;

/// How a pattern is read, besides the flags it has inside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// `re.IGNORECASE`
    pub ignore_case: bool,
    /// `re.MULTILINE`
    pub multi_line: bool,
    /// `re.DOTALL`
    pub dot_all: bool,
    /// `re.VERBOSE`
    pub verbose: bool,
    /// `re.ASCII`
    pub ascii: bool,
    /// Sets have classes such as `[:digit:]`, which Python has not.
    pub named_classes: bool,
}

/// A regular expression.
#[derive(Clone, Debug)]
pub struct Regex {
    program: Program,
    names: Vec<Option<String>>,
}

/// Matching took too many steps or too much memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooHard;

impl std::fmt::Display for TooHard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the regular expression takes too many steps")
    }
}

impl Regex {
    /// Compile a pattern.
    ///
    /// # Errors
    ///
    /// What is wrong with it, and at which character.
    pub fn new(pattern: &str, flags: Flags) -> Result<Self, String> {
        let parsed = parse::parse(pattern, flags)?;
        Ok(Self { program: compile::compile(&parsed.node, parsed.names.len())?, names: parsed.names })
    }

    /// The first match that begins at a byte of the text or after it. What stands before is seen by `^`, `\b` and the like.
    ///
    /// # Errors
    ///
    /// When looking for it takes too long.
    pub fn captures<'t>(&self, text: &'t str, from: usize) -> Result<Option<Captures<'t>>, TooHard> {
        let slots = run::search(&self.program, text, from)?;
        Ok(slots.map(|slots| Captures { text, slots, groups: self.names.len() }))
    }

    /// The names of the groups, beginning with that of the whole match, which has none.
    pub fn names(&self) -> impl Iterator<Item = Option<&str>> {
        self.names.iter().map(Option::as_deref)
    }

    /// The number of a named group.
    pub fn group(&self, name: &str) -> Option<usize> {
        self.names().position(|other| other == Some(name))
    }
}

/// Where a match and its groups are.
#[derive(Clone, Debug)]
pub struct Captures<'t> {
    text: &'t str,
    slots: Vec<Option<usize>>,
    groups: usize,
}

impl<'t> Captures<'t> {
    /// How many groups there are, with the whole match.
    #[expect(clippy::len_without_is_empty, reason = "there is always the whole match")]
    pub fn len(&self) -> usize {
        self.groups
    }

    /// Where a group is, if it took part; group 0 is the whole match.
    pub fn range(&self, group: usize) -> Option<Range<usize>> {
        let slot = |slot: usize| self.slots.get(slot).copied().flatten();
        Some(slot(group * 2)?..slot(group * 2 + 1)?).filter(|_| group < self.groups)
    }

    /// The text of a group, if it took part.
    pub fn get(&self, group: usize) -> Option<&'t str> {
        self.text.get(self.range(group)?)
    }
}

#[cfg(test)]
mod tests {
    use super::{Flags, Regex};

    fn found(pattern: &str, flags: Flags, text: &str) -> Result<Vec<Option<String>>, String> {
        let regex = Regex::new(pattern, flags)?;
        let captures = regex.captures(text, 0).map_err(|error| error.to_string())?;
        Ok(captures.map_or(Vec::new(), |found| (0..found.len()).map(|at| found.get(at).map(str::to_owned)).collect()))
    }

    #[test]
    fn groups() {
        let plain = Flags::default();
        let folded = Flags { ignore_case: true, ..plain };
        for (pattern, flags, text, expected) in [
            ("(a)|(b)", plain, "xb", &[Some("b"), None, Some("b")][..]),
            ("(?P<x>.)(?P=x)", plain, "abccd", &[Some("cc"), Some("c")]),
            ("(?<=ab)c(?!d)", plain, "abcdabc", &[Some("c")]),
            ("(a?)*?b", plain, "aab", &[Some("aab"), Some("a")]),
            ("(?>a+)ab", plain, "aaab", &[]),
            ("a++b|aab", plain, "aab", &[Some("aab")]),
            ("(a)?(?(1)b|c)", plain, "c", &[Some("c"), None]),
            ("[^]x]+", plain, "]xab", &[Some("ab")]),
            (r"\d+", plain, "x\u{661}9", &[Some("\u{661}9")]),
            ("stra\u{df}e|\u{3c3}", folded, "\u{3a3}", &[Some("\u{3a3}")]),
            ("(?x) a  # first\n b", plain, "ab", &[Some("ab")]),
            ("a{,2}{x", plain, "aa{x", &[Some("aa{x")]),
        ] {
            let expected: Vec<_> = expected.iter().map(|text| text.map(str::to_owned)).collect();
            assert_eq!(found(pattern, flags, text), Ok(expected), "{pattern}");
        }
    }

    #[test]
    fn errors_as_python() {
        for (pattern, expected) in [
            ("(a", "missing ), unterminated subpattern at position 0"),
            ("a)", "unbalanced parenthesis at position 1"),
            ("*a", "nothing to repeat at position 0"),
            ("a**", "multiple repeat at position 2"),
            ("[b-a]", "bad character range b-a at position 1"),
            ("[a", "unterminated character set at position 0"),
            (r"\q", r"bad escape \q at position 0"),
            (r"(a)\2", "invalid group reference 2 at position 4"),
            ("(?<=a+)b", "look-behind requires fixed-width pattern"),
            ("a\n(?P<1>b)", "bad character in group name '1' at position 6 (line 2, column 5)"),
            ("a(?i)b", "global flags not at the start of the expression at position 1"),
        ] {
            assert_eq!(found(pattern, Flags::default(), ""), Err(expected.to_owned()), "{pattern}");
        }
    }

    #[test]
    fn long_texts_and_hard_patterns() {
        let text = "ab ".repeat(100_000);
        assert!(found(r"(?:\w+\s)*x", Flags::default(), &text[..3_000]).is_ok_and(|found| found.is_empty()));
        assert!(found(r"(?:\w|\s)*\Z", Flags::default(), &text).is_ok_and(|found| found.len() == 1));
        let hard = found("(?:a*)*(?:a*)*(?:a*)*b", Flags::default(), &"a".repeat(400));
        assert!(hard.is_err_and(|error| error.contains("too many steps")));
    }
}
