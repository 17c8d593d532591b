//! Filters that lay out text.

use super::Filter;
use super::types::soft_text;
use crate::eval::{Arguments, Call};
use crate::fault::{Fault, Outcome};
use crate::methods;
use crate::regex;
use crate::val::{Val, python_repr};

pub(super) const TABLE: &[Filter] = &[
    Filter::new("center", center),
    Filter::new("indent", indent),
    Filter::new("pprint", pprint),
    Filter::new("truncate", truncate),
    Filter::new("wordcount", wordcount),
    Filter::new("wordwrap", wordwrap),
];

/// Python's `splitlines()`.
pub(super) fn lines(text: &str) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut start = 0;
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let is_end = matches!(
            character,
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}'
        );
        if !is_end {
            continue;
        }
        lines.push(&text[start..at]);
        start = at + character.len_utf8();
        if character == '\r' && characters.next_if(|(_, next)| *next == '\n').is_some() {
            start += 1;
        }
    }
    if start < text.len() {
        lines.push(&text[start..]);
    }
    lines
}

fn number(value: Option<Val>, default: i64) -> Outcome<i64> {
    match value {
        None => Ok(default),
        Some(Val::Int(number)) => Ok(number),
        Some(Val::Bool(flag)) => Ok(flag.into()),
        Some(other) => {
            Err(Fault::python(format!("'{}' object cannot be interpreted as an integer", other.python_class())))
        }
    }
}

fn center(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, width] = call.bind("do_center", ["value", "width"], 1)?;
    let text = Val::from(soft_text(value, call)?);
    let arguments = Arguments { positional: vec![width.unwrap_or(Val::Int(80))], keyword: Vec::new() };
    methods::call(&text, "center", arguments, call.session)
}

fn indent(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, width, first, blank] = call.bind("do_indent", ["s", "width", "first", "blank"], 1)?;
    let indention = match width {
        Some(Val::Str(text)) => text.to_string(),
        width => " ".repeat(usize::try_from(number(width, 4)?).unwrap_or(0).min(100_000)),
    };
    let (first, blank) = (call.flag(first.as_ref(), false)?, call.flag(blank.as_ref(), false)?);
    let value = value.unwrap_or(Val::None);
    let Val::Str(text) = &value else {
        return Err(Fault::python(format!("unsupported operand type(s) for +=: '{}' and 'str'", value.python_class())));
    };
    // The newline that is added here is the one that splitting takes away again.
    let text = format!("{}\n", &**text);
    let indented = text.len().saturating_add(lines(&text).len().saturating_mul(indention.len()));
    call.session.make_text(indented)?;
    let mut out = String::with_capacity(text.len());
    for (index, line) in lines(&text).into_iter().enumerate() {
        if index > 0 {
            out.push('\n');
        }
        if if index == 0 { first } else { blank || !line.is_empty() } {
            out.push_str(&indention);
        }
        out.push_str(line);
    }
    Ok(out.into())
}

/// ansible-core's containers are subclasses, which Python's `pprint` does not break into lines.
fn pprint(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value] = call.bind("do_pprint", ["value"], 1)?;
    python_repr(&value.unwrap_or(Val::None), call.session).map(Val::from)
}

fn truncate(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, length, kill_words, end, leeway] =
        call.bind("do_truncate", ["s", "length", "killwords", "end", "leeway"], 1)?;
    if let Some(other @ (Val::None | Val::Int(_) | Val::Float(_) | Val::Bool(_))) = &value {
        return Err(Fault::python(format!("object of type '{}' has no len()", other.python_type())));
    }
    let text = soft_text(value, call)?;
    let length = number(length, 255)?;
    let end = end.map_or(Ok("...".to_owned()), |end| call.text(&end))?;
    let leeway = match leeway {
        Some(Val::None) => 5,
        leeway => number(leeway, 5)?,
    };
    let end_length = i64::try_from(end.chars().count()).unwrap_or(i64::MAX);
    if length < end_length {
        return Err(Fault::python(format!("expected length >= {end_length}, got {length}")));
    }
    if leeway < 0 {
        return Err(Fault::python(format!("expected leeway >= 0, got {leeway}")));
    }
    let size = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
    if size <= length.saturating_add(leeway) {
        return Ok(text.into());
    }
    let keep = usize::try_from(length - end_length).unwrap_or(0);
    let mut kept: String = text.chars().take(keep).collect();
    if !call.flag(kill_words.as_ref(), false)?
        && let Some(space) = kept.rfind(' ')
    {
        kept.truncate(space);
    }
    Ok((kept + &end).into())
}

fn wordcount(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value] = call.bind("do_wordcount", ["s"], 1)?;
    let text = soft_text(value, call)?;
    let words = regex::compile(r"\w+", regex::Flags::default())?;
    Ok(Val::from(regex::find_all(&words, &text, usize::MAX)?.len()))
}

/// How Python's `textwrap` cuts a line into pieces: white space, words, and the parts of hyphenated words.
const PIECES: &str = concat!(
    r#"[\t\n\x0b\x0c\r ]+|(?<=[\w!"'&.,?])-{2,}(?=\w)|[^\t\n\x0b\x0c\r ]+?"#,
    r"(?:-(?:(?<=[^\d\W][^\d\W]-)|(?<=[^\d\W]-[^\d\W]-))(?=[^\d\W]-?[^\d\W])",
    r#"|(?=[\t\n\x0b\x0c\r ]|\Z)|(?<=[\w!"'&.,?])(?=-{2,}\w))"#
);
const SIMPLE_PIECES: &str = r"[\t\n\x0b\x0c\r ]+|[^\t\n\x0b\x0c\r ]+";

struct Wrapping {
    width: usize,
    break_long_words: bool,
    break_on_hyphens: bool,
}

fn length(text: &str) -> usize {
    text.chars().count()
}

fn is_space(text: &str) -> bool {
    text.trim().is_empty()
}

impl Wrapping {
    fn wrap(&self, line: &str) -> Outcome<Vec<String>> {
        let pieces =
            regex::compile(if self.break_on_hyphens { PIECES } else { SIMPLE_PIECES }, regex::Flags::default())?;
        let found = regex::find_all(&pieces, line, usize::MAX)?;
        let found = found.iter().filter_map(|captures| captures.get(0)).map(|piece| piece.as_str().to_owned());
        let mut left: Vec<String> = found.filter(|piece| !piece.is_empty()).collect();
        left.reverse();
        let mut wrapped = Vec::new();
        while !left.is_empty() {
            let mut row: Vec<String> = Vec::new();
            let mut used = 0;
            if !wrapped.is_empty() && left.last().is_some_and(|piece| is_space(piece)) {
                left.pop();
            }
            while let Some(piece) = left.last() {
                if used + length(piece) > self.width {
                    break;
                }
                used += length(piece);
                row.extend(left.pop());
            }
            if let Some(piece) = left.last_mut()
                && length(piece) > self.width
            {
                if self.break_long_words {
                    row.push(self.cut(piece, used));
                } else if row.is_empty() {
                    row.extend(left.pop());
                }
            }
            if row.last().is_some_and(|piece| is_space(piece)) {
                row.pop();
            }
            if !row.is_empty() {
                wrapped.push(row.concat());
            }
        }
        Ok(wrapped)
    }

    /// Takes what fits from a piece that is longer than a line.
    fn cut(&self, piece: &mut String, used: usize) -> String {
        let room = if self.width < 1 { 1 } else { self.width - used };
        let mut end = room;
        if self.break_on_hyphens {
            let start: Vec<char> = piece.chars().take(room).collect();
            if let Some(hyphen) = start.iter().rposition(|character| *character == '-')
                && hyphen > 0
                && start[..hyphen].iter().any(|character| *character != '-')
            {
                end = hyphen + 1;
            }
        }
        let at = piece.char_indices().nth(end).map_or(piece.len(), |(at, _)| at);
        let rest = piece.split_off(at);
        std::mem::replace(piece, rest)
    }
}

fn wordwrap(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, width, break_long, wrap_string, break_hyphens] =
        call.bind("do_wordwrap", ["s", "width", "break_long_words", "wrapstring", "break_on_hyphens"], 1)?;
    let width = number(width, 79)?;
    if width <= 0 {
        return Err(Fault::python(format!("invalid width {width} (must be > 0)")));
    }
    let wrapping = Wrapping {
        width: usize::try_from(width).unwrap_or(usize::MAX),
        break_long_words: call.flag(break_long.as_ref(), true)?,
        break_on_hyphens: call.flag(break_hyphens.as_ref(), true)?,
    };
    let separator = match wrap_string {
        None | Some(Val::None) => "\n".to_owned(),
        Some(separator) => call.text(&separator)?,
    };
    if let Some(other) = value.as_ref().filter(|value| value.as_str().is_none()) {
        let class = other.plugin_class();
        return Err(Fault::python(format!("'{class}' object has no attribute 'splitlines'")));
    }
    let text = soft_text(value, call)?;
    let wrapped: Vec<String> =
        lines(&text).into_iter().map(|line| Ok(wrapping.wrap(line)?.join(&separator))).collect::<Outcome<_>>()?;
    Ok(wrapped.join(&separator).into())
}
