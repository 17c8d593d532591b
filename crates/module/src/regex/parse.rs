//! Reading a pattern.

use super::Flags;
use super::flags::{case, literal};
use super::node::{Greed, Node, One, Place, Width};

/// So deep may groups be nested.
const MAX_DEPTH: usize = 100;

/// A pattern, and the names of its groups; the first stands for the whole match.
pub(super) struct Parsed {
    pub(super) node: Node,
    pub(super) names: Vec<Option<String>>,
}

/// Parse a pattern.
pub(super) fn parse(pattern: &str, flags: Flags) -> Result<Parsed, String> {
    let mut parser = Parser {
        chars: pattern.chars().collect(),
        at: 0,
        names: vec![None],
        widths: vec![None],
        behind: None,
        has_loose_look: false,
        depth: 0,
    };
    let flags = parser.global_flags(flags)?;
    let node = parser.alternatives(flags)?;
    match parser.peek() {
        None if parser.has_loose_look => Err("look-behind requires fixed-width pattern".to_owned()),
        None => Ok(Parsed { node, names: parser.names }),
        Some(_) => Err(parser.error("unbalanced parenthesis", parser.at)),
    }
}

pub(super) struct Parser {
    chars: Vec<char>,
    pub(super) at: usize,
    names: Vec<Option<String>>,
    /// The widths of the groups that have ended.
    widths: Vec<Option<Width>>,
    /// How many groups there were when the look behind began that is being read.
    behind: Option<usize>,
    /// Something is looked for behind that is not always of the same length.
    has_loose_look: bool,
    depth: usize,
}

impl Parser {
    pub(super) fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += 1;
        Some(c)
    }

    /// Take a character if it comes next.
    pub(super) fn take(&mut self, c: char) -> bool {
        let found = self.peek() == Some(c);
        self.at += usize::from(found);
        found
    }

    /// Take a word if it comes next.
    pub(super) fn take_all(&mut self, word: &str) -> bool {
        let found = word.chars().eq(self.chars.iter().skip(self.at).take(word.chars().count()).copied());
        self.at += if found { word.chars().count() } else { 0 };
        found
    }

    /// Characters of a kind, up to a number of them.
    pub(super) fn run(&mut self, limit: usize, is: impl Fn(char) -> bool) -> String {
        let mut text = String::new();
        while text.len() < limit
            && let Some(c) = self.peek().filter(|c| is(*c))
        {
            text.push(c);
            self.at += 1;
        }
        text
    }

    /// What was read since a place.
    pub(super) fn slice(&self, from: usize) -> String {
        self.chars.get(from..self.at).unwrap_or_default().iter().collect()
    }

    /// An error as Python words it.
    pub(super) fn error(&self, what: &str, at: usize) -> String {
        let before = self.chars.get(..at).unwrap_or_default();
        if !self.chars.contains(&'\n') {
            return format!("{what} at position {at}");
        }
        let line = before.iter().filter(|c| **c == '\n').count() + 1;
        let column = before.iter().rev().take_while(|c| **c != '\n').count() + 1;
        format!("{what} at position {at} (line {line}, column {column})")
    }

    fn alternatives(&mut self, flags: Flags) -> Result<Node, String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err("the groups of the regular expression are nested too deep".to_owned());
        }
        let mut branches = vec![self.sequence(flags)?];
        while self.take('|') {
            branches.push(self.sequence(flags)?);
        }
        self.depth -= 1;
        Ok(if branches.len() == 1 { branches.remove(0) } else { Node::Either(branches) })
    }

    fn sequence(&mut self, flags: Flags) -> Result<Node, String> {
        let mut nodes = Vec::new();
        while let Some(c) = self.peek().filter(|c| !matches!(c, '|' | ')')) {
            let at = self.at;
            self.at += 1;
            let node = match c {
                c if flags.verbose && matches!(c, ' ' | '\t'..='\r') => continue,
                '#' if flags.verbose => {
                    self.run(usize::MAX, |c| c != '\n');
                    continue;
                }
                '\\' => self.escape(flags)?,
                '[' => self.set(flags)?,
                '.' => Node::One(if flags.dot_all { One::Any } else { One::NotNewline }),
                '^' => Node::Place(if flags.multi_line { Place::LineStart } else { Place::Start }),
                '$' => Node::Place(if flags.multi_line { Place::LineEnd } else { Place::LastEnd }),
                '(' => match self.group(flags, at)? {
                    Some(node) => node,
                    None => continue,
                },
                '*' | '+' | '?' | '{' => match self.bounds(c)? {
                    Some(bounds) => {
                        let node = self.repeat(nodes.pop(), bounds, at)?;
                        nodes.push(node);
                        continue;
                    }
                    None => literal('{', flags),
                },
                c => literal(c, flags),
            };
            nodes.push(node);
        }
        Ok(if nodes.len() == 1 { nodes.remove(0) } else { Node::Sequence(nodes) })
    }

    /// How often something is repeated; nothing for a brace that is just a brace.
    fn bounds(&mut self, c: char) -> Result<Option<(u32, Option<u32>)>, String> {
        match c {
            '*' => return Ok(Some((0, None))),
            '+' => return Ok(Some((1, None))),
            '?' => return Ok(Some((0, Some(1)))),
            _ => {}
        }
        let at = self.at;
        let low = self.run(usize::MAX, |c| c.is_ascii_digit());
        let high = if self.take(',') { self.run(usize::MAX, |c| c.is_ascii_digit()) } else { low.clone() };
        if (low.is_empty() && high.is_empty() && self.at == at) || !self.take('}') {
            self.at = at;
            return Ok(None);
        }
        let number = |text: &str| text.parse::<u32>().map_err(|_| "the repetition number is too large".to_owned());
        let least = if low.is_empty() { 0 } else { number(&low)? };
        let most = if high.is_empty() { None } else { Some(number(&high)?) };
        if most.is_some_and(|most| most < least) {
            return Err(self.error("min repeat greater than max repeat", at));
        }
        Ok(Some((least, most)))
    }

    fn repeat(&mut self, node: Option<Node>, (least, most): (u32, Option<u32>), at: usize) -> Result<Node, String> {
        let node = match node {
            None | Some(Node::Place(_)) => return Err(self.error("nothing to repeat", at)),
            Some(Node::Repeat { .. }) => return Err(self.error("multiple repeat", at)),
            Some(node) => Box::new(node),
        };
        let greed = match self.peek() {
            Some('?') => Greed::Fewest,
            Some('+') => Greed::Possessive,
            _ => Greed::Most,
        };
        self.at += usize::from(greed != Greed::Most);
        Ok(Node::Repeat { node, least, most, greed })
    }

    /// What stands in round brackets, after the first of them; nothing for a comment.
    fn group(&mut self, flags: Flags, begin: usize) -> Result<Option<Node>, String> {
        if !self.take('?') {
            return self.captured(None, flags, begin).map(Some);
        }
        let at = self.at;
        let (behind, is_negative) = match self.next() {
            None => return Err(self.error("unexpected end of pattern", self.at)),
            Some('P') => return self.named(flags, begin).map(Some),
            Some(':') => return self.inner(flags, begin).map(|node| Some(Node::Sequence(vec![node]))),
            Some('>') => return self.inner(flags, begin).map(|node| Some(Node::Atomic(Box::new(node)))),
            Some('(') => return self.condition(flags, begin).map(Some),
            Some('#') => {
                self.run(usize::MAX, |c| c != ')');
                let closed = self.take(')');
                return if closed { Ok(None) } else { Err(self.error("missing ), unterminated comment", begin)) };
            }
            Some('=') => (false, false),
            Some('!') => (false, true),
            Some('<') => match self.next() {
                None => return Err(self.error("unexpected end of pattern", self.at)),
                Some('=') => (true, false),
                Some('!') => (true, true),
                Some(c) => return Err(self.error(&format!("unknown extension ?<{c}"), at)),
            },
            Some(c) if c == '-' || c.is_ascii_alphabetic() => {
                self.at = at;
                return self.scoped(flags, begin).map(Some);
            }
            Some(c) => return Err(self.error(&format!("unknown extension ?{c}"), at)),
        };
        let outer = self.behind;
        if behind && outer.is_none() {
            self.behind = Some(self.names.len());
        }
        let node = Box::new(self.inner(flags, begin)?);
        self.behind = outer;
        let behind = match node.width(&self.widths) {
            _ if !behind => 0,
            (least, Some(most)) if least == most => least,
            _ => {
                // What is wrong with the spelling comes first.
                self.has_loose_look = true;
                0
            }
        };
        Ok(Some(Node::Look { node, behind, is_negative }))
    }

    /// Alternatives and the bracket that ends them.
    pub(super) fn inner(&mut self, flags: Flags, begin: usize) -> Result<Node, String> {
        let node = self.alternatives(flags)?;
        if self.take(')') { Ok(node) } else { Err(self.error("missing ), unterminated subpattern", begin)) }
    }

    fn captured(&mut self, name: Option<String>, flags: Flags, begin: usize) -> Result<Node, String> {
        let number = self.names.len();
        self.names.push(name);
        self.widths.push(None);
        let node = self.inner(flags, begin)?;
        let width = node.width(&self.widths);
        if let Some(known) = self.widths.get_mut(number) {
            *known = Some(width);
        }
        Ok(Node::Group(number, Box::new(node)))
    }

    /// After `(?P`.
    fn named(&mut self, flags: Flags, begin: usize) -> Result<Node, String> {
        match self.next() {
            Some('<') => {
                let at = self.at;
                let name = self.name('>')?;
                if let Some(known) = self.names.iter().position(|other| other.as_deref() == Some(name.as_str())) {
                    let number = self.names.len();
                    let what = format!("redefinition of group name '{name}' as group {number}; was group {known}");
                    return Err(self.error(&what, at));
                }
                self.captured(Some(name), flags, begin)
            }
            Some('=') => {
                let at = self.at;
                let name = self.name(')')?;
                let number = self.names.iter().position(|other| other.as_deref() == Some(name.as_str()));
                let number = number.ok_or_else(|| self.error(&format!("unknown group name '{name}'"), at))?;
                self.reference(number, flags, at)
            }
            Some(c) => Err(self.error(&format!("unknown extension ?P{c}"), self.at - 2)),
            None => Err(self.error("unexpected end of pattern", self.at)),
        }
    }

    /// A name and what ends it.
    fn name(&mut self, end: char) -> Result<String, String> {
        let at = self.at;
        let name = self.run(usize::MAX, |c| c != end);
        if !self.take(end) {
            let what = if name.is_empty() {
                "missing group name".to_owned()
            } else {
                format!("missing {end}, unterminated name")
            };
            return Err(self.error(&what, at));
        }
        if name.is_empty() {
            return Err(self.error("missing group name", at));
        }
        let is_name =
            name.chars().all(|c| c == '_' || c.is_alphanumeric()) && !name.starts_with(|c: char| c.is_numeric());
        if is_name { Ok(name) } else { Err(self.error(&format!("bad character in group name '{name}'"), at)) }
    }

    /// What a group has matched.
    pub(super) fn reference(&mut self, number: usize, flags: Flags, at: usize) -> Result<Node, String> {
        if number >= self.names.len() {
            return Err(self.error(&format!("invalid group reference {number}"), at + 1));
        }
        if number == 0 || self.widths.get(number).copied().flatten().is_none() {
            return Err(self.error("cannot refer to an open group", at));
        }
        if self.behind.is_some_and(|first| number >= first) {
            return Err(self.error("cannot refer to group defined in the same lookbehind subpattern", at));
        }
        Ok(Node::Back(number, case(flags)))
    }

    /// After `(?(`.
    fn condition(&mut self, flags: Flags, begin: usize) -> Result<Node, String> {
        let at = self.at;
        let digits = self.run(usize::MAX, |c| c.is_ascii_digit());
        let group = if digits.is_empty() {
            let name = self.name(')')?;
            let number = self.names.iter().position(|other| other.as_deref() == Some(name.as_str()));
            number.ok_or_else(|| self.error(&format!("unknown group name '{name}'"), at))?
        } else {
            if !self.take(')') {
                return Err(self.error("bad character in group name", at));
            }
            match digits.parse() {
                Ok(0) => return Err(self.error("bad group number", at)),
                Ok(number) => number,
                Err(_) => usize::MAX,
            }
        };
        let yes = Box::new(self.sequence(flags)?);
        let no = Box::new(if self.take('|') { self.sequence(flags)? } else { Node::Empty });
        if self.peek() == Some('|') {
            return Err(self.error("conditional backref with more than two branches", self.at + 1));
        }
        if !self.take(')') {
            return Err(self.error("missing ), unterminated subpattern", begin));
        }
        if group >= self.names.len() {
            // It may come later in the pattern, which no one writes.
            return Err(self.error(&format!("invalid group reference {group}"), at));
        }
        Ok(Node::If { group, yes, no })
    }
}
