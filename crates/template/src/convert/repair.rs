//! Changes to sources that Jinja2 reads and the parser does not: tried only after a parse failure.

use super::converter::Syntax;
use super::literal::KEPT_BACKSLASH;
use super::tokens::{Piece, tokens};

/// Names that stand for integers beyond 128 bits.
pub(super) const BIG_PREFIX: &str = "__big_integer_";

/// The call that what stands behind `do` becomes the arguments of: the parser knows only calls there.
const EXPRESSION_STATEMENT: &str = "__expression_statement(";

/// True for the name of that call.
pub(super) fn is_expression_statement(name: &str) -> bool {
    EXPRESSION_STATEMENT.strip_suffix('(') == Some(name)
}

/// The source with bare tuples in parentheses, without unary plus, with stand-ins for big integers and for
/// backslashes that are no escapes, and with a call of everything behind `do`; `None` when there is nothing to change.
pub(super) fn repair(source: &str, is_expression: bool, syntax: &Syntax, big: &mut Vec<String>) -> Option<String> {
    let mut text = source.to_owned();
    if syntax.literal_backslashes {
        keep_backslashes(&mut text, is_expression, syntax);
    }
    replace_big_integers(&mut text, is_expression, syntax, big)?;
    let (pieces, _) = tokens(&text, is_expression, syntax.config.clone());
    let mut blanks = Vec::new();
    let mut inserted = Vec::new();
    for index in 0..pieces.len() {
        if is_unary_plus(&pieces, index) {
            blanks.push(pieces[index].start());
        }
        if let Some((first, last)) = bare_tuple(&pieces, index) {
            inserted.push((pieces[first].start(), "("));
            inserted.push((pieces[last].end(), ")"));
        }
        if syntax.extensions.expressions
            && let Some((first, last)) = expression_statement(&pieces, index)
        {
            inserted.push((pieces[first].start(), EXPRESSION_STATEMENT));
            inserted.push((pieces[last].end(), ")"));
        }
    }
    for at in blanks {
        text.replace_range(at..=at, " ");
    }
    inserted.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    for (at, stands_there) in inserted {
        text.insert_str(at, stands_there);
    }
    (text != source).then_some(text)
}

fn is_unary_plus(pieces: &[Piece], index: usize) -> bool {
    if pieces[index].kind != "+" {
        return false;
    }
    let Some(before) = index.checked_sub(1).map(|before| &pieces[before]) else { return true };
    match before.name() {
        Some(name) => matches!(name, "in" | "and" | "or" | "not" | "if" | "else" | "elif"),
        None => !matches!(before.kind.as_str(), "string" | "integer" | "float" | ")" | "]" | "}" | "|" | "."),
    }
}

/// The first and last token behind a `do` at `index`.
fn expression_statement(pieces: &[Piece], index: usize) -> Option<(usize, usize)> {
    let before = &pieces[index.checked_sub(1)?];
    if pieces[index].name() != Some("do") || before.kind != "{%" {
        return None;
    }
    let end = pieces[index..].iter().position(|piece| piece.kind == "%}").map_or(pieces.len(), |end| index + end);
    (end > index + 1).then(|| (index + 1, end - 1))
}

/// The first and last token of a tuple without parentheses that starts after `index`.
fn bare_tuple(pieces: &[Piece], index: usize) -> Option<(usize, usize)> {
    let start = index + 1;
    let stops: &[&str] = if pieces[index].kind == "{{" {
        &["}}"]
    } else if matches!(pieces[index].name(), Some("if" | "elif")) && index > 0 && pieces[index - 1].kind == "{%" {
        &["%}"]
    } else if pieces[index].name() == Some("in") && is_for_in(pieces, index) {
        &["%}", "name:if", "name:recursive"]
    } else {
        return None;
    };
    let (mut depth, mut comma, mut end) = (0_i32, false, start);
    while end < pieces.len() && !(depth == 0 && stops.contains(&pieces[end].kind.as_str())) {
        match pieces[end].kind.as_str() {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            "," if depth == 0 => comma = true,
            _ => {}
        }
        end += 1;
    }
    (comma && end > start).then(|| (start, end - 1))
}

/// True for the first `in` of a `{% for %}`.
fn is_for_in(pieces: &[Piece], index: usize) -> bool {
    let Some(open) = pieces[..index].iter().rposition(|piece| piece.kind == "{%") else { return false };
    pieces.get(open + 1).and_then(Piece::name) == Some("for")
        && !pieces[open + 2..index].iter().any(|piece| piece.name() == Some("in"))
}

fn replace_big_integers(text: &mut String, is_expression: bool, syntax: &Syntax, big: &mut Vec<String>) -> Option<()> {
    loop {
        let (pieces, error) = tokens(text, is_expression, syntax.config.clone());
        let too_large = error.is_some_and(|error| error.detail().is_some_and(|detail| detail.contains("too large")));
        if !too_large {
            return Some(());
        }
        let from = pieces.last().map_or(0, Piece::end);
        let start = text.get(from..)?.find(|c: char| c.is_ascii_digit())? + from;
        let rest = &text[start..];
        let length = rest.find(|c: char| !c.is_ascii_digit() && c != '_').unwrap_or(rest.len());
        let name = format!("{BIG_PREFIX}{}", big.len());
        big.push(rest[..length].replace('_', ""));
        text.replace_range(start..start + length, &name);
    }
}

/// Inside `{{ }}` a backslash is a backslash, whatever follows; the lexer refuses some.
fn keep_backslashes(text: &mut String, is_expression: bool, syntax: &Syntax) {
    let (_, error) = tokens(text, is_expression, syntax.config.clone());
    let is_escape = error.is_some_and(|error| {
        error.kind() == minijinja::ErrorKind::BadEscape || error.detail().is_some_and(|d| d.contains("escape"))
    });
    if !is_escape {
        return;
    }
    let mut fixed = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let next = characters.peek().copied();
        if character == '\\' && matches!(next, Some('u' | 'U' | 'x' | 'N' | '0'..='7')) {
            fixed.push(KEPT_BACKSLASH);
        } else {
            fixed.push(character);
            if character == '\\'
                && let Some(next) = characters.next()
            {
                fixed.push(next);
            }
        }
    }
    *text = fixed;
}
