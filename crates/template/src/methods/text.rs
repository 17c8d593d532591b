//! Methods of `str`.

use super::{format, take, text_predicates};
use crate::eval::{Arguments, Session};
use crate::fault::{Fault, Outcome};
use crate::val::{Text, Val, python_str};

/// Wider results are refused.
const MAX_WIDTH: usize = 100_000_000;

pub(super) fn call(text: &Text, name: &str, arguments: Arguments, session: &Session<'_>) -> Outcome<Val> {
    if let Some(answer) = text_predicates::answer(text, name) {
        take("str", name, arguments, [], 0)?;
        return Ok(Val::Bool(answer));
    }
    match name {
        "upper" | "lower" | "title" | "capitalize" | "swapcase" | "casefold" => {
            take("str", name, arguments, [], 0)?;
            Ok(cased(text, name).into())
        }
        "strip" | "lstrip" | "rstrip" => {
            let [characters] = take("str", name, arguments, ["chars"], 0)?;
            strip(text, name, characters)
        }
        "split" | "rsplit" => {
            let [separator, most] = take("str", name, arguments, ["sep", "maxsplit"], 0)?;
            split(text, separator, most, name == "rsplit")
        }
        "splitlines" => {
            let [keep] = take("str", name, arguments, ["keepends"], 0)?;
            let keep = keep.map_or(Ok(false), |keep| keep.truth())?;
            Ok(Val::list(lines(text, keep).into_iter().map(Val::from).collect()))
        }
        "startswith" | "endswith" => affix(text, name, arguments, session),
        "replace" => {
            let [old, new, count] = take("str", name, arguments, ["old", "new", "count"], 2)?;
            let (old, new) = (argument(name, 1, old)?, argument(name, 2, new)?);
            let count = match count {
                Some(Val::Int(count)) if count >= 0 => usize::try_from(count).ok(),
                _ => None,
            };
            replaced(text, &old, &new, count, session).map(Val::from)
        }
        "find" | "rfind" | "index" | "rindex" | "count" => search(text, name, arguments),
        "join" => join(text, arguments, session),
        "format" => format::format(text, &arguments, session).map(Val::from),
        "format_map" => {
            let [mapping] = take("str", name, arguments, ["mapping"], 1)?;
            let entries = session.mapping(&mapping.unwrap_or(Val::None));
            let pairs = entries.map(|entries| session.pairs(&entries)).unwrap_or_default();
            let keyword = pairs.into_iter().filter_map(|(key, value)| match key.into_value() {
                Val::Str(name) => Some((name.text, value)),
                _ => None,
            });
            let arguments = Arguments { positional: Vec::new(), keyword: keyword.collect() };
            format::format(text, &arguments, session).map(Val::from)
        }
        "zfill" => {
            let [width] = take("str", name, arguments, ["width"], 1)?;
            let missing = width_of(width)?.saturating_sub(text.chars().count());
            let (sign, digits) = match text.strip_prefix(['+', '-']) {
                Some(digits) => text.split_at(text.len() - digits.len()),
                None => ("", &**text),
            };
            Ok(format!("{sign}{}{digits}", "0".repeat(missing)).into())
        }
        "ljust" | "rjust" | "center" => pad(text, name, arguments),
        "partition" | "rpartition" => {
            let [separator] = take("str", name, arguments, ["sep"], 1)?;
            let separator = argument(name, 1, separator)?;
            if separator.is_empty() {
                return Err(Fault::python("empty separator"));
            }
            let found = if name == "partition" { text.split_once(&*separator) } else { text.rsplit_once(&*separator) };
            let parts: [&str; 3] = match found {
                Some((before, after)) => [before, &separator, after],
                None if name == "partition" => [text, "", ""],
                None => ["", "", text],
            };
            Ok(Val::tuple(parts.into_iter().map(Val::from).collect()))
        }
        "removeprefix" | "removesuffix" => {
            let [affix] = take("str", name, arguments, ["affix"], 1)?;
            let affix = argument(name, 1, affix)?;
            let rest = if name == "removeprefix" { text.strip_prefix(&*affix) } else { text.strip_suffix(&*affix) };
            Ok(rest.unwrap_or(text).into())
        }
        "expandtabs" => {
            let [size] = take("str", name, arguments, ["tabsize"], 0)?;
            expand_tabs(text, size.map_or(Ok(8), |size| width_of(Some(size))).unwrap_or(8), session)
        }
        "encode" => {
            let [encoding, _] = take("str", name, arguments, ["encoding", "errors"], 0)?;
            encode(text, encoding.as_ref().and_then(Val::as_str).unwrap_or("utf-8"))
        }
        "translate" => {
            let [table] = take("str", name, arguments, ["table"], 1)?;
            translate(text, &table.unwrap_or(Val::None), session)
        }
        "maketrans" => maketrans(arguments, session),
        _ => Err(super::no_method(&Val::Str(text.clone()), name)),
    }
}

/// `text.replace(old, new, count)`.
pub(crate) fn replaced(
    text: &str,
    old: &str,
    new: &str,
    count: Option<usize>,
    session: &Session<'_>,
) -> Outcome<String> {
    let count = count.unwrap_or(usize::MAX);
    let places = text.matches(old).take(count).count();
    session.make_text(places.saturating_mul(new.len()).saturating_add(text.len()))?;
    Ok(text.replacen(old, new, count))
}

fn argument(name: &str, number: usize, value: Option<Val>) -> Outcome<Text> {
    match value {
        Some(Val::Str(text)) => Ok(text),
        Some(other) => {
            Err(Fault::python(format!("{name}() argument {number} must be str, not {}", other.python_class())))
        }
        None => Ok(Text::new("")),
    }
}

fn width_of(value: Option<Val>) -> Outcome<usize> {
    match value {
        Some(Val::Int(width)) => {
            let width = usize::try_from(width).unwrap_or(0);
            if width > MAX_WIDTH { Err(Fault::python("width too big")) } else { Ok(width) }
        }
        Some(Val::Bool(flag)) => Ok(flag.into()),
        other => Err(Fault::python(format!(
            "'{}' object cannot be interpreted as an integer",
            other.map_or("NoneType", |other| other.python_class())
        ))),
    }
}

fn cased(text: &str, name: &str) -> String {
    match name {
        "upper" => text.to_uppercase(),
        "lower" => text.to_lowercase(),
        "casefold" => text.to_lowercase().replace('ß', "ss"),
        "title" => title(text),
        "capitalize" => capitalize(text),
        _ => {
            text.chars()
                .flat_map(|c| {
                    if c.is_uppercase() { c.to_lowercase().collect::<Vec<_>>() } else { c.to_uppercase().collect() }
                })
                .collect()
        }
    }
}

fn capitalize(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters.as_str().to_lowercase().chars()).collect(),
        None => String::new(),
    }
}

/// Python's `title()`: every letter after a non-letter is upper case.
fn title(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut after_letter = false;
    for character in text.chars() {
        let is_letter = character.is_alphabetic();
        match (is_letter, after_letter) {
            (true, true) => out.extend(character.to_lowercase()),
            (true, false) => out.extend(character.to_uppercase()),
            _ => out.push(character),
        }
        after_letter = is_letter;
    }
    out
}

fn strip(text: &str, name: &str, characters: Option<Val>) -> Outcome<Val> {
    let set = match characters {
        None | Some(Val::None) => None,
        Some(Val::Str(set)) => Some(set),
        Some(_) => return Err(Fault::python(format!("{name} arg must be None or str"))),
    };
    let stripped = |character: char| match &set {
        Some(set) => set.contains(character),
        None => is_space(character),
    };
    Ok(match name {
        "strip" => text.trim_matches(stripped),
        "lstrip" => text.trim_start_matches(stripped),
        _ => text.trim_end_matches(stripped),
    }
    .into())
}

/// Python counts the file and group separators as white space too.
fn is_space(character: char) -> bool {
    character.is_whitespace() || ('\x1c'..='\x1f').contains(&character)
}

/// `split()` without a separator.
fn split_whitespace(text: &str) -> Vec<&str> {
    text.split(is_space).filter(|part| !part.is_empty()).collect()
}

fn split(text: &str, separator: Option<Val>, most: Option<Val>, from_right: bool) -> Outcome<Val> {
    let most = match most {
        Some(Val::Int(most)) => usize::try_from(most).ok(),
        Some(Val::Bool(flag)) => Some(flag.into()),
        None => None,
        Some(other) => {
            return Err(Fault::python(format!(
                "'{}' object cannot be interpreted as an integer",
                other.python_class()
            )));
        }
    };
    let parts: Vec<&str> = match separator {
        None | Some(Val::None) => match (most, from_right) {
            (None, _) => split_whitespace(text),
            (Some(most), false) => split_spaces(text, most),
            (Some(most), true) => split_spaces_right(text, most),
        },
        Some(Val::Str(separator)) => {
            if separator.is_empty() {
                return Err(Fault::python("empty separator"));
            }
            match (most, from_right) {
                (None, _) => text.split(&*separator).collect(),
                (Some(most), false) => text.splitn(most.saturating_add(1), &*separator).collect(),
                (Some(most), true) => {
                    let mut parts: Vec<&str> = text.rsplitn(most.saturating_add(1), &*separator).collect();
                    parts.reverse();
                    parts
                }
            }
        }
        Some(other) => return Err(Fault::python(format!("must be str or None, not {}", other.python_class()))),
    };
    Ok(Val::list(parts.into_iter().map(Val::from).collect()))
}

fn split_spaces(text: &str, most: usize) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text.trim_start_matches(is_space);
    while !rest.is_empty() {
        if parts.len() == most {
            parts.push(rest.trim_end_matches(is_space));
            break;
        }
        let end = rest.find(is_space).unwrap_or(rest.len());
        let (part, after) = rest.split_at(end);
        parts.push(part);
        rest = after.trim_start_matches(is_space);
    }
    parts
}

fn split_spaces_right(text: &str, most: usize) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text.trim_end_matches(is_space);
    while !rest.is_empty() {
        if parts.len() == most {
            parts.push(rest.trim_start_matches(is_space));
            break;
        }
        let start = rest.rfind(is_space).map_or(0, |at| at + rest[at..].chars().next().map_or(1, char::len_utf8));
        let (before, part) = rest.split_at(start);
        parts.push(part);
        rest = before.trim_end_matches(is_space);
    }
    parts.reverse();
    parts
}

/// `splitlines()`, with Python's line boundaries.
fn lines(text: &str, keep: bool) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let is_end =
            matches!(character, '\n' | '\r' | '\x0b' | '\x0c' | '\x1c'..='\x1e' | '\u{85}' | '\u{2028}' | '\u{2029}');
        if !is_end {
            line.push(character);
            continue;
        }
        let pair = character == '\r' && characters.next_if_eq(&'\n').is_some();
        if keep {
            line.push(character);
            if pair {
                line.push('\n');
            }
        }
        lines.push(std::mem::take(&mut line));
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

fn affix(text: &str, name: &str, arguments: Arguments, session: &Session<'_>) -> Outcome<Val> {
    let [affix, start, end] = take("str", name, arguments, ["prefix", "start", "end"], 1)?;
    let Some((_, part)) = range(text, start, end) else { return Ok(Val::Bool(false)) };
    let matches = |affix: &str| if name == "startswith" { part.starts_with(affix) } else { part.ends_with(affix) };
    match affix.unwrap_or(Val::None) {
        Val::Str(affix) => Ok(Val::Bool(matches(&affix))),
        affixes @ Val::Tuple(_) => {
            let affixes = session.items(&affixes)?;
            for affix in &affixes {
                let Some(text) = affix.as_str() else {
                    let class = affix.python_class();
                    return Err(Fault::python(format!("tuple for {name} must only contain str, not {class}")));
                };
                if matches(text) {
                    return Ok(Val::Bool(true));
                }
            }
            Ok(Val::Bool(false))
        }
        other => {
            Err(Fault::python(format!("{name} first arg must be str or a tuple of str, not {}", other.python_class())))
        }
    }
}

/// The part of the text between two character positions, and the characters before it.
fn range(text: &str, start: Option<Val>, end: Option<Val>) -> Option<(usize, &str)> {
    let length = text.chars().count();
    let position = |bound: Option<Val>, default: usize| match bound {
        Some(Val::Int(bound)) if bound < 0 => {
            length.saturating_sub(usize::try_from(bound.unsigned_abs()).unwrap_or(usize::MAX))
        }
        Some(Val::Int(bound)) => usize::try_from(bound).unwrap_or(usize::MAX),
        _ => default,
    };
    let (start, end) = (position(start, 0), position(end, length).min(length));
    if start > end {
        return None;
    }
    let offset = |characters: usize| text.char_indices().nth(characters).map_or(text.len(), |(at, _)| at);
    text.get(offset(start)..offset(end)).map(|part| (start, part))
}

fn search(text: &str, name: &str, arguments: Arguments) -> Outcome<Val> {
    let [needle, start, end] = take("str", name, arguments, ["sub", "start", "end"], 1)?;
    let needle = match needle {
        Some(Val::Str(needle)) => needle,
        other => {
            let name = other.map_or("NoneType", |other| other.python_class());
            return Err(Fault::python(format!("must be str, not {name}")));
        }
    };
    let found = range(text, start, end).map(|(before, part)| {
        if name == "count" {
            let count = part.matches(&*needle).count();
            return Some(if needle.is_empty() { part.chars().count() + 1 } else { count });
        }
        let at = if name.starts_with('r') { part.rfind(&*needle) } else { part.find(&*needle) };
        at.map(|at| before + part[..at].chars().count())
    });
    match (found.flatten(), name) {
        (Some(position), _) => Ok(Val::from(position)),
        (None, "count") => Ok(Val::Int(0)),
        (None, "index" | "rindex") => Err(Fault::python("substring not found")),
        (None, _) => Ok(Val::Int(-1)),
    }
}

fn join(separator: &str, arguments: Arguments, session: &Session<'_>) -> Outcome<Val> {
    let [items] = take("str", "join", arguments, ["iterable"], 1)?;
    let items = items.unwrap_or(Val::None);
    let items = match &items {
        Val::Undefined(undefined) => return Err(undefined.fault()),
        _ => session.items(&items).map_err(|_| Fault::python("can only join an iterable"))?,
    };
    let parts = items.iter().map(|item| item.as_str().map_or(0, str::len).saturating_add(separator.len()));
    session.make_text(parts.fold(0, usize::saturating_add))?;
    let mut text = String::new();
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            text.push_str(separator);
        }
        match item {
            Val::Str(part) => text.push_str(part),
            Val::Undefined(undefined) => return Err(undefined.fault()),
            other => {
                return Err(Fault::python(format!(
                    "sequence item {index}: expected str instance, {} found",
                    other.python_class()
                )));
            }
        }
    }
    Ok(text.into())
}

fn pad(text: &str, name: &str, arguments: Arguments) -> Outcome<Val> {
    let [width, fill] = take("str", name, arguments, ["width", "fillchar"], 1)?;
    let width = width_of(width)?;
    let fill = argument(name, 2, fill.or_else(|| Some(Val::str(" "))))?;
    if fill.chars().count() != 1 {
        return Err(Fault::python("The fill character must be exactly one character long"));
    }
    let missing = width.saturating_sub(text.chars().count());
    let (left, right) = match name {
        "ljust" => (0, missing),
        "rjust" => (missing, 0),
        // CPython puts the odd space on the left when the width is odd.
        _ => {
            let left = missing / 2 + (missing & width & 1);
            (left, missing - left)
        }
    };
    Ok(format!("{}{text}{}", fill.repeat(left), fill.repeat(right)).into())
}

fn expand_tabs(text: &str, size: usize, session: &Session<'_>) -> Outcome<Val> {
    session.make_text(text.matches('\t').count().saturating_mul(size).saturating_add(text.len()))?;
    let mut out = String::with_capacity(text.len());
    let mut column = 0;
    for character in text.chars() {
        match character {
            '\t' if size > 0 => {
                let spaces = size - column % size;
                out.push_str(&" ".repeat(spaces));
                column += spaces;
            }
            '\t' => {}
            '\n' | '\r' => {
                out.push(character);
                column = 0;
            }
            _ => {
                out.push(character);
                column += 1;
            }
        }
    }
    Ok(out.into())
}

fn encode(text: &str, encoding: &str) -> Outcome<Val> {
    let bytes = crate::codec::encode_text(text, encoding).map_err(Fault::python)?;
    Ok(Val::Bytes(bytes.into()))
}

fn translate(text: &str, table: &Val, session: &Session<'_>) -> Outcome<Val> {
    let Some(table) = session.mapping(table) else {
        return Err(Fault::python(format!("'{}' object is not subscriptable", table.python_class())));
    };
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        let key = crate::val::Key::new(Val::Int((character as u32).into()))?;
        match table.get(&key).map(|slot| session.slot(&slot)) {
            None => out.push(character),
            Some(Val::None) => {}
            Some(Val::Int(code)) => out.extend(u32::try_from(code).ok().and_then(char::from_u32)),
            Some(other) => out.push_str(&python_str(&other, session)?),
        }
    }
    Ok(out.into())
}

fn maketrans(arguments: Arguments, session: &Session<'_>) -> Outcome<Val> {
    let [from, to, delete] = take("str", "maketrans", arguments, ["x", "y", "z"], 1)?;
    let table = crate::val::Dictionary::empty();
    let code = |character: char| crate::val::Key::new(Val::Int((character as u32).into()));
    match (from, to) {
        (Some(Val::Str(from)), Some(Val::Str(to))) => {
            if from.chars().count() != to.chars().count() {
                return Err(Fault::python("the first two maketrans arguments must have equal length"));
            }
            for (from, to) in from.chars().zip(to.chars()) {
                table.insert(code(from)?, Val::Int((to as u32).into()));
            }
            if let Some(Val::Str(delete)) = delete {
                for character in delete.chars() {
                    table.insert(code(character)?, Val::None);
                }
            }
        }
        (Some(mapping), None) => {
            let Some(entries) = session.mapping(&mapping) else {
                return Err(Fault::python("if you give only one argument to maketrans it must be a dict"));
            };
            for (key, value) in session.pairs(&entries) {
                let key = match key.value() {
                    Val::Str(text) if text.chars().count() == 1 => code(text.chars().next().unwrap_or(' '))?,
                    _ => key,
                };
                table.insert(key, value);
            }
        }
        _ => return Err(Fault::python("maketrans() takes str arguments")),
    }
    Ok(Val::Dict(table))
}
