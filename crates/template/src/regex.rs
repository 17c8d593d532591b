//! Regular expressions as Python's `re` reads them.

use crate::fault::{Fault, Outcome};
use fancy_regex::{Captures, Match, Regex, RegexBuilder};
use std::collections::HashMap;
use std::sync::{Arc, OnceLock, RwLock};

pub(crate) use crate::replacement::Replacement;

/// The flags that filters and tests offer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Flags {
    pub(crate) ignore_case: bool,
    pub(crate) multiline: bool,
}

/// Compiled expressions are dropped when there are more than this.
const MAX_CACHED: usize = 2_000;

type Cache = RwLock<HashMap<(String, Flags), Arc<Regex>>>;

/// A compiled expression. Python's syntax is translated where it differs.
pub(crate) fn compile(pattern: &str, flags: Flags) -> Outcome<Arc<Regex>> {
    let translated = if flags.multiline { translate_lines } else { translate };
    cached((pattern.to_owned(), flags), translated)
}

fn cached(key: (String, Flags), translated: fn(&str) -> String) -> Outcome<Arc<Regex>> {
    static CACHE: OnceLock<Cache> = OnceLock::new();
    let cache = CACHE.get_or_init(RwLock::default);
    let (pattern, flags) = (key.0.as_str(), key.1);
    let known = cache.read().unwrap_or_else(std::sync::PoisonError::into_inner).get(&key).cloned();
    if let Some(known) = known {
        return Ok(known);
    }
    let letters = match (flags.ignore_case, flags.multiline) {
        (false, false) => "",
        (true, false) => "(?i)",
        (false, true) => "(?m)",
        (true, true) => "(?im)",
    };
    let regex = RegexBuilder::new(&format!("{letters}{}", translated(pattern)))
        .backtrack_limit(10_000_000)
        .build()
        .map_err(|error| Fault::python(explain(pattern, &error)))?;
    let regex = Arc::new(regex);
    let mut cache = cache.write().unwrap_or_else(std::sync::PoisonError::into_inner);
    if cache.len() >= MAX_CACHED {
        cache.clear();
    }
    cache.insert(key, regex.clone());
    Ok(regex)
}

/// The first match.
pub(crate) fn find<'t>(regex: &Regex, text: &'t str) -> Outcome<Option<Match<'t>>> {
    regex.find(text).map_err(failed)
}

/// All matches from left to right, at most `limit`. As in Python, an empty match may follow a match directly, but not
/// another empty one at the same place.
pub(crate) fn find_all<'t>(regex: &Regex, text: &'t str, limit: usize) -> Outcome<Vec<Captures<'t>>> {
    let mut found = Vec::new();
    let mut from = 0;
    let mut must_advance = false;
    while from <= text.len() && found.len() < limit {
        let Some(mut captures) = regex.captures_from_pos(text, from).map_err(failed)? else { break };
        let empty_here = captures.get(0).is_some_and(|whole| whole.start() == from && whole.end() == from);
        if must_advance && empty_here {
            // Python looks for a match that is not empty here, or for any behind.
            let longer = advancing(regex)?;
            let Some(later) = longer.captures_from_pos(text, from).map_err(failed)? else { break };
            captures = later;
        }
        let Some(whole) = captures.get(0) else { break };
        from = whole.end();
        must_advance = whole.start() == whole.end();
        found.push(captures);
    }
    Ok(found)
}

/// The expression, without matches that end where the search starts. It is compiled already, so that Python's syntax is
/// no longer in it.
fn advancing(regex: &Regex) -> Outcome<Arc<Regex>> {
    let pattern = regex.as_str();
    // A comment would hide the closing parenthesis.
    let end = if pattern.contains("(?x") { "\n" } else { "" };
    cached((format!("(?:{pattern}{end})(?!\\G)"), Flags::default()), |pattern| pattern.to_owned())
}

/// The number of a group that is given by number or name.
pub(crate) fn group_number(regex: &Regex, group: &str) -> Option<usize> {
    if group.bytes().all(|byte| byte.is_ascii_digit()) {
        return group.parse().ok().filter(|number| *number < regex.captures_len());
    }
    regex.capture_names().position(|name| name == Some(group))
}

/// An error while matching: the expression backtracks too much.
pub(crate) fn failed(error: fancy_regex::Error) -> Fault {
    Fault::python(format!("regular expression failed: {error}"))
}

/// `re.match`: the expression matches at the start of the text.
pub(crate) fn matches_at_start(pattern: &str, flags: Flags, text: &str) -> Outcome<bool> {
    // A mistake is told by its place in the pattern alone.
    compile(pattern, flags)?;
    compile(&format!(r"\A(?:{pattern})"), flags)?.is_match(text).map_err(failed)
}

/// `re.fullmatch`: the expression matches the whole text.
pub(crate) fn matches_whole(pattern: &str, flags: Flags, text: &str) -> Outcome<bool> {
    compile(&format!(r"\A(?:{pattern})\Z"), flags)?.is_match(text).map_err(failed)
}

/// As [`translate`], where `$` is the end of every line.
fn translate_lines(pattern: &str) -> String {
    translate_with(pattern, true)
}

/// Python's syntax in ours: `\Z` is the very end, `$` also matches before a final newline, `(?P=name)`, and a `[` or
/// `&&` inside a class is itself.
fn translate(pattern: &str) -> String {
    translate_with(pattern, pattern.contains("(?m") || pattern.contains("(?s") || pattern.contains("(?i"))
}

fn translate_with(pattern: &str, multiline: bool) -> String {
    let mut out = String::with_capacity(pattern.len() + 8);
    let mut characters = pattern.chars().peekable();
    let mut in_class = false;
    let mut class_start = false;
    while let Some(character) = characters.next() {
        let at_start = std::mem::take(&mut class_start);
        match character {
            '\\' => match characters.next() {
                Some('Z') if !in_class => out.push_str(r"\z"),
                Some(other) => {
                    out.push('\\');
                    out.push(other);
                }
                None => out.push('\\'),
            },
            // `(?(name)...)`
            '(' if !in_class => {
                out.push('(');
                let rest: String = characters.clone().take(3).collect();
                if rest.starts_with("?(") && rest.ends_with(|c: char| c.is_alphabetic() || c == '_') {
                    characters.nth(1);
                    let name: String = characters.by_ref().take_while(|c| *c != ')').collect();
                    out.push_str(&format!("?(<{name}>)"));
                }
            }
            '[' if !in_class => {
                in_class = true;
                class_start = true;
                out.push('[');
                if characters.next_if_eq(&'^').is_some() {
                    out.push('^');
                }
            }
            ']' if in_class && at_start => out.push_str(r"\]"),
            ']' if in_class => {
                in_class = false;
                out.push(']');
            }
            '[' => out.push_str(r"\["),
            '&' if in_class => out.push_str(r"\&"),
            '~' if in_class => out.push_str(r"\~"),
            '-' if in_class && characters.peek() == Some(&'-') => out.push_str(r"\-"),
            '$' if !in_class && !multiline => out.push_str(r"(?=\n?\z)"),
            _ => out.push(character),
        }
    }
    out
}

/// Python's words for the commonest mistakes.
fn explain(pattern: &str, error: &fancy_regex::Error) -> String {
    let mut open = Vec::new();
    let mut escaped = false;
    let mut class = None;
    for (position, character) in pattern.chars().enumerate() {
        if std::mem::take(&mut escaped) {
            continue;
        }
        match character {
            '\\' => escaped = true,
            '[' if class.is_none() => class = Some(position),
            ']' if class.is_some_and(|start| start + 1 < position) => class = None,
            '(' if class.is_none() => open.push(position),
            ')' if class.is_none() && open.pop().is_none() => {
                return format!("unbalanced parenthesis at position {position}");
            }
            '*' | '+' | '?' if position == 0 => return "nothing to repeat at position 0".to_owned(),
            _ => {}
        }
    }
    if let Some(position) = class {
        return format!("unterminated character set at position {position}");
    }
    if let Some(position) = open.pop() {
        return format!("missing ), unterminated subpattern at position {position}");
    }
    error.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_where_python_ends_them() {
        let regex = compile("^.ar$", Flags { multiline: true, ..Flags::default() }).unwrap();
        assert_eq!(find_all(&regex, "car\ntar\nfoo\nbar\n", 9).unwrap().len(), 3);
        let regex = compile("^.ar$", Flags::default()).unwrap();
        assert_eq!(find_all(&regex, "car\ntar", 9).unwrap().len(), 0);
    }

    #[test]
    fn python_syntax() {
        for (pattern, text, expected) in [
            (r"^a$", "a\n", true),
            (r"a\Z", "a\n", false),
            (r"[[]x", "[x", true),
            (r"(?P<q>.)(?P=q)", "aa", true),
            (r"(?<=a)b", "ab", true),
            (r"[]]", "]", true),
        ] {
            let regex = compile(pattern, Flags::default()).unwrap();
            assert_eq!(regex.is_match(text).unwrap(), expected, "{pattern}");
        }
        let text = compile("(", Flags::default()).unwrap_err();
        assert_eq!(text.message(), "missing ), unterminated subpattern at position 0");
    }
}
