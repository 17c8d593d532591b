//! Flags inside a pattern, and what they make of characters.

use super::Flags;
use super::character::{Case, Class};
use super::node::{Node, One};
use super::parse::Parser;

impl Parser {
    /// `(?i)` and the like, which stand at the beginning and hold everywhere.
    pub(super) fn global_flags(&mut self, mut flags: Flags) -> Result<Flags, String> {
        loop {
            let at = self.at;
            if !self.take_all("(?") {
                return Ok(flags);
            }
            let letters = self.run(usize::MAX, |c| c.is_ascii_alphabetic());
            if letters.is_empty() || letters.starts_with('P') || !self.take(')') {
                self.at = at;
                return Ok(flags);
            }
            flags = self.set_flags(flags, &letters, true, at + 2)?;
        }
    }

    /// `(?i:...)` and `(?-i:...)`.
    pub(super) fn scoped(&mut self, flags: Flags, begin: usize) -> Result<Node, String> {
        let at = self.at;
        let on = self.run(usize::MAX, |c| c.is_ascii_alphabetic());
        let mut inside = self.set_flags(flags, &on, true, at)?;
        if self.take('-') {
            let at = self.at;
            let off = self.run(usize::MAX, |c| c.is_ascii_alphabetic());
            if off.is_empty() {
                return Err(self.error("missing flag", self.at));
            }
            inside = self.set_flags(inside, &off, false, at)?;
        } else if self.peek() == Some(')') {
            return Err(self.error("global flags not at the start of the expression", begin));
        }
        if !self.take(':') {
            return Err(self.error("missing :", self.at));
        }
        self.inner(inside, begin).map(|node| Node::Sequence(vec![node]))
    }

    fn set_flags(&self, mut flags: Flags, letters: &str, on: bool, at: usize) -> Result<Flags, String> {
        for (index, letter) in letters.chars().enumerate() {
            match letter {
                'i' => flags.ignore_case = on,
                'm' => flags.multi_line = on,
                's' => flags.dot_all = on,
                'x' => flags.verbose = on,
                'a' if on => flags.ascii = true,
                'u' if on => flags.ascii = false,
                'L' => {
                    return Err(self.error("bad inline flags: cannot use 'L' flag with a str pattern", at + index + 1));
                }
                _ => return Err(self.error("unknown flag", at + index)),
            }
        }
        Ok(flags)
    }
}

/// How case counts under these flags.
pub(super) fn case(flags: Flags) -> Case {
    match (flags.ignore_case, flags.ascii) {
        (false, _) => Case::Exact,
        (true, true) => Case::Ascii,
        (true, false) => Case::Unicode,
    }
}

pub(super) fn literal(c: char, flags: Flags) -> Node {
    Node::One(One::Char(c, if c.is_numeric() { Case::Exact } else { case(flags) }))
}

/// The class of a letter behind a backslash, and whether it is all that is not in it.
pub(super) fn class(letter: char, flags: Flags) -> Option<(Class, bool)> {
    let class = match (letter.to_ascii_lowercase(), flags.ascii) {
        ('w', false) => Class::Word,
        ('d', false) => Class::Digit,
        ('s', false) => Class::Space,
        ('w', true) => Class::AsciiWord,
        ('d', true) => Class::AsciiDigit,
        ('s', true) => Class::AsciiSpace,
        _ => return None,
    };
    Some((class, letter.is_ascii_uppercase()))
}
