//! Host patterns: `web:&prod:!w1`, `~regex`, globs, `web[0:2]`.

use crate::address;
use churten_diagnostics::Report;
use fancy_regex::Regex;

/// What a term does to the hosts found so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Operation {
    /// Adds hosts.
    Add,
    /// `&`: keeps only these.
    Keep,
    /// `!`: removes these.
    Remove,
}

/// Which of the matching hosts a term takes: `[1]`, `[-1]`, `[1:3]`, `[1:]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subscript {
    /// One place; below zero from the end.
    One(i64),
    /// From a place to another one, inclusive, or to the end.
    Range(usize, Option<usize>),
    /// The same, written with the dash of old.
    DashRange(usize, Option<usize>),
}

/// One term of a pattern.
#[derive(Clone, Debug)]
pub struct Term {
    /// What it does.
    pub operation: Operation,
    /// The text without operator and subscript, as messages show it.
    pub text: String,
    /// Which of the matching hosts are meant.
    pub subscript: Option<Subscript>,
    pub(crate) matcher: Matcher,
}

/// A host pattern, its terms in the order in which they apply: additions, intersections, exclusions.
#[derive(Clone, Debug)]
pub struct Pattern {
    pub(crate) terms: Vec<Term>,
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// A regular expression that is none.
    pub fn parse(text: &str) -> Result<Self, Report> {
        Self::of_parts(split(text))
    }

    /// Reads a list of patterns (a play's `hosts:`), which add up to one.
    ///
    /// # Errors
    /// A regular expression that is none.
    pub fn parse_list<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, Report> {
        Self::of_parts(texts.into_iter().flat_map(split).collect())
    }

    /// The terms in the order in which they apply.
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    pub(crate) fn of_parts(parts: Vec<String>) -> Result<Self, Report> {
        let mut terms = parts.iter().map(|part| term(part)).collect::<Result<Vec<Term>, Report>>()?;
        terms.sort_by_key(|term| term.operation);
        if terms.first().is_none_or(|term| term.operation != Operation::Add) {
            terms.insert(0, term("all")?);
        }
        Ok(Self { terms })
    }
}

/// The parts of a pattern: at commas, or at colons that belong to no address and no range.
pub(crate) fn split(text: &str) -> Vec<String> {
    let text = text.trim();
    let parts: Vec<String> = if text.contains(',') {
        text.split(',').map(|part| part.trim().to_owned()).collect()
    } else if address::is_address(text) {
        vec![text.to_owned()]
    } else {
        colon_parts(text)
    };
    parts.into_iter().filter(|part| !part.is_empty()).collect()
}

/// Runs of characters that are no white space, colon or bracket, and whole bracketed expressions.
fn colon_parts(text: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut part = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c == '['
            && let Some(end) = rest.find(']')
        {
            part.push_str(&rest[..=end]);
            rest = &rest[end + 1..];
            continue;
        }
        if c.is_whitespace() || matches!(c, ':' | '[' | ']') {
            parts.push(std::mem::take(&mut part));
        } else {
            part.push(c);
        }
        rest = &rest[c.len_utf8()..];
    }
    parts.push(part);
    parts
}

fn term(part: &str) -> Result<Term, Report> {
    let (operation, text) = match part.chars().next() {
        Some('!') => (Operation::Remove, &part[1..]),
        Some('&') => (Operation::Keep, &part[1..]),
        _ => (Operation::Add, part),
    };
    let (text, subscript) = if text.starts_with('~') { (text, None) } else { split_subscript(text) };
    Ok(Term { operation, text: text.to_owned(), subscript, matcher: Matcher::new(text)? })
}

fn split_subscript(text: &str) -> (&str, Option<Subscript>) {
    let found = || {
        let (base, bounds) = text.strip_suffix(']')?.rsplit_once('[')?;
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if base.is_empty() {
            return None;
        }
        if digits(bounds.strip_prefix('-').unwrap_or(bounds)) {
            return Some((base, Subscript::One(bounds.parse().ok()?)));
        }
        let (start, end) = bounds.split_once([':', '-'])?;
        if !digits(start) || !(end.is_empty() || digits(end)) {
            return None;
        }
        let end = if end.is_empty() { None } else { Some(end.parse().ok()?) };
        let start = start.parse().ok()?;
        let range = if bounds.contains(':') { Subscript::Range(start, end) } else { Subscript::DashRange(start, end) };
        Some((base, range))
    };
    found().map_or((text, None), |(base, subscript)| (base, Some(subscript)))
}

/// What names a term matches.
#[derive(Clone, Debug)]
pub(crate) enum Matcher {
    Exact(String),
    Glob(Vec<Glob>),
    Regex(Box<Regex>),
}

#[derive(Clone, Debug)]
pub(crate) enum Glob {
    One(char),
    Any,
    Many,
    Set { negated: bool, ranges: Vec<(char, char)> },
}

impl Matcher {
    fn new(text: &str) -> Result<Self, Report> {
        if let Some(expression) = text.strip_prefix('~') {
            return match Regex::new(&format!("^(?:{expression})")) {
                Ok(regex) => Ok(Self::Regex(Box::new(regex))),
                Err(_) => Err(Report::new(format!("Invalid host list pattern: {text}"))),
            };
        }
        if !text.contains(['*', '?', '[']) {
            return Ok(Self::Exact(text.to_owned()));
        }
        Ok(Self::Glob(glob(text)))
    }

    pub(crate) fn matches(&self, name: &str) -> bool {
        match self {
            Self::Exact(text) => text == name,
            Self::Glob(parts) => {
                let name: Vec<char> = name.chars().collect();
                glob_matches(parts, &name)
            }
            // An expression that runs out of its limits matches nothing.
            Self::Regex(regex) => regex.is_match(name).unwrap_or(false),
        }
    }
}

fn glob(text: &str) -> Vec<Glob> {
    let characters: Vec<char> = text.chars().collect();
    let mut parts = Vec::new();
    let mut place = 0;
    while let Some(c) = characters.get(place) {
        place += 1;
        match c {
            '*' => parts.push(Glob::Many),
            '?' => parts.push(Glob::Any),
            '[' => {
                let negated = characters.get(place) == Some(&'!');
                let start = place + usize::from(negated);
                // A bracket right after the start is a member of the set.
                let end = characters.iter().skip(start + 1).position(|c| *c == ']').map(|found| found + start + 1);
                let Some(end) = end else {
                    parts.push(Glob::One('['));
                    continue;
                };
                let mut ranges = Vec::new();
                let mut members = &characters[start..end];
                while let [first, rest @ ..] = members {
                    if let ['-', last, tail @ ..] = rest {
                        ranges.push((*first, *last));
                        members = tail;
                    } else {
                        ranges.push((*first, *first));
                        members = rest;
                    }
                }
                parts.push(Glob::Set { negated, ranges });
                place = end + 1;
            }
            c => parts.push(Glob::One(*c)),
        }
    }
    parts
}

/// Goes back to the last `*` only, so the time is at most quadratic.
fn glob_matches(parts: &[Glob], name: &[char]) -> bool {
    let (mut part, mut place) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while place < name.len() {
        let matched = match parts.get(part) {
            Some(Glob::Many) => {
                retry = Some((part, place));
                part += 1;
                continue;
            }
            Some(Glob::Any) => true,
            Some(Glob::One(c)) => *c == name[place],
            Some(Glob::Set { negated, ranges }) => {
                ranges.iter().any(|(first, last)| (*first..=*last).contains(&name[place])) != *negated
            }
            None => false,
        };
        if matched {
            part += 1;
            place += 1;
        } else if let Some((star, start)) = retry {
            part = star + 1;
            place = start + 1;
            retry = Some((star, place));
        } else {
            return false;
        }
    }
    parts[part..].iter().all(|part| matches!(part, Glob::Many))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits() {
        for (text, parts) in [
            ("web:&prod:!w1", "web|&prod|!w1"),
            ("a, b ,c", "a|b|c"),
            ("web[0:2]:db", "web[0:2]|db"),
            ("2001:db8::1", "2001:db8::1"),
            ("web[0", "web|0"),
            ("w1:22", "w1:22"),
            ("a:b,c", "a:b|c"),
            ("", ""),
        ] {
            assert_eq!(split(text).join("|"), parts, "{text}");
        }
    }

    #[test]
    fn matches_globs_and_expressions() {
        for (text, name, expected) in [
            ("w*", "web1", true),
            ("*1", "web1", true),
            ("*e*1", "web1", true),
            ("w?b1", "web1", true),
            ("[ab]*", "all", true),
            ("[!ab]*", "all", false),
            ("[a-c]x", "bx", true),
            ("[", "[", true),
            ("web", "web1", false),
            ("~w", "web1", true),
            ("~eb", "web1", false),
            ("~web|x", "xx", true),
        ] {
            assert_eq!(term(text).expect(text).matcher.matches(name), expected, "{text} {name}");
        }
        assert!(Pattern::parse("~(").is_err());
    }

    #[test]
    fn orders_terms() {
        let order = |text: &str| -> Vec<String> {
            Pattern::parse(text).expect(text).terms.into_iter().map(|term| term.text).collect()
        };
        assert_eq!(order("!a:&b:c"), ["c", "b", "a"]);
        assert_eq!(order("!a"), ["all", "a"]);
    }
}
