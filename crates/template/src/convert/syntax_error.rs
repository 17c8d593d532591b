//! The parser's errors in Jinja2's words.

use super::converter::Syntax;
use super::repair::is_expression_statement;
use super::tokens::{Piece, tokens};
use crate::fault::Fault;

/// Jinja2's text for a parse failure. The token stream is read again to guess what Jinja2 would have seen.
pub(super) fn map(source: &str, error: &minijinja::Error, is_expression: bool, syntax: &Syntax) -> Fault {
    let detail = error.detail().map_or_else(|| error.to_string(), str::to_owned);
    let line = u32::try_from(error.line().unwrap_or(1)).unwrap_or(u32::MAX);
    let range = error.range().unwrap_or(0..0);
    let (pieces, _) = tokens(source, is_expression, syntax.config.clone());
    // A lexer error at the first token is raised before Jinja2's parser could take its line out of the text.
    let at_first = |at: usize| is_expression && source.get(..at).is_some_and(|before| before.trim().is_empty());
    if let Some((message, at)) = unbalanced(&pieces, range.start) {
        let suffix = if at_first(at) { format!("\n  line {line}") } else { String::new() };
        return Fault::syntax(message + &suffix, line);
    }
    if let Some((name, at)) = unknown_before(&pieces, range.start, syntax) {
        return unknown_tag(source, name, at, syntax);
    }
    if detail.ends_with(" must be placed inside a loop") {
        let name = detail.split('\'').nth(1).unwrap_or("");
        let behind = pieces.iter().position(|piece| piece.start() >= range.start && piece.name() == Some(name));
        return match behind.and_then(|at| pieces.get(at + 1)) {
            Some(piece) if piece.kind != "%}" => {
                let found = source.get(piece.start()..piece.end()).unwrap_or("");
                Fault::syntax(format!("expected token 'end of statement block', got '{found}'"), line)
            }
            _ => outside_of_loops(name),
        };
    }
    let text = source.get(range.clone()).unwrap_or("");
    let failure = Failure { source, pieces: &pieces, start: range.start, text, is_expression };
    let mut message = failure.message(&detail);
    if message.starts_with("unexpected char ") && pieces.is_empty() && at_first(failure.after_last_token()) {
        message += &format!("\n  line {line}");
    }
    Fault::syntax(message, line)
}

/// True for what the parser refuses behind `do`, and Jinja2 does not.
pub(super) fn is_repaired(error: &minijinja::Error) -> bool {
    error.detail().is_some_and(|detail| detail.starts_with("expected call expression in call block"))
}

/// The error for a `break` or `continue` that has no loop, in the words of Python, which compiles what Jinja2 makes of
/// a template.
pub(super) fn outside_of_loops(name: &str) -> Fault {
    Fault::python(match name {
        "continue" => "'continue' not properly in loop",
        _ => "'break' outside loop",
    })
}

/// The error for a tag that the parser knows and no extension brings, whose name stands at `at`.
pub(super) fn unknown_tag(source: &str, name: &str, at: usize, syntax: &Syntax) -> Fault {
    let (pieces, _) = tokens(source, false, syntax.config.clone());
    let failure = Failure { source, pieces: &pieces, start: at, text: name, is_expression: false };
    let line = source.get(..at).unwrap_or("").matches('\n').count() + 1;
    Fault::syntax(failure.message(&format!("unknown statement {name}")), u32::try_from(line).unwrap_or(u32::MAX))
}

/// The first tag up to `until` that the parser knows and no extension brings, and where its name stands.
fn unknown_before<'p>(pieces: &'p [Piece], until: usize, syntax: &Syntax) -> Option<(&'p str, usize)> {
    pieces.windows(2).take_while(|pair| pair[1].start() <= until).find_map(|pair| {
        let name = pair[1].name().filter(|_| pair[0].kind == "{%")?;
        let is_known = match name {
            "do" => syntax.extensions.expressions,
            "break" | "continue" => syntax.extensions.loop_controls,
            _ => true,
        };
        (!is_known).then(|| (name, pair[1].start()))
    })
}

/// Jinja2's lexer checks the balance of brackets before the parser sees a token.
fn unbalanced(pieces: &[Piece], until: usize) -> Option<(String, usize)> {
    let mut open = Vec::new();
    for piece in pieces.iter().take_while(|piece| piece.start() <= until) {
        match piece.kind.as_str() {
            "(" => open.push(')'),
            "[" => open.push(']'),
            "{" => open.push('}'),
            kind @ (")" | "]" | "}" | "}}") => {
                let found = kind.chars().next().unwrap_or('}');
                let ends_print = kind == "}}";
                match open.pop() {
                    None if !ends_print => return Some((format!("unexpected '{found}'"), piece.start())),
                    Some(expected) if expected != found => {
                        return Some((format!("unexpected '{found}', expected '{expected}'"), piece.start()));
                    }
                    Some(_) if ends_print && open.is_empty() => return Some(("unexpected '}'".into(), piece.start())),
                    _ => {}
                }
            }
            _ => {}
        }
    }
    None
}

struct Failure<'a> {
    source: &'a str,
    pieces: &'a [Piece],
    start: usize,
    text: &'a str,
    is_expression: bool,
}

impl Failure<'_> {
    fn message(&self, detail: &str) -> String {
        if let Some(name) = detail.strip_prefix("unknown statement ") {
            return format!("Encountered unknown tag '{name}'.{}", self.looking_for(self.start).unwrap_or_default());
        }
        match detail {
            "unexpected end of comment" => return "Missing end of comment tag".into(),
            "unexpected end of raw block" => return "Missing end of raw directive".into(),
            "unexpected input after expression" => return "chunk after expression".into(),
            "non-keyword arg after keyword arg" => return "invalid syntax for function call expression".into(),
            "expected a filter" => return "expected token 'name', got 'end of statement block'".into(),
            "unexpected character" => return self.unexpected_character(self.start),
            "unexpected end of string" => return self.unexpected_character(self.after_last_token()),
            _ => {}
        }
        if detail.starts_with("unknown ") && detail.ends_with("expected statement") {
            return "tag name expected".into();
        }
        if detail.starts_with("cannot assign to reserved") {
            return "can't assign to 'const'".into();
        }
        if let Some((got, expected)) =
            detail.strip_prefix("unexpected ").and_then(|rest| rest.split_once(", expected "))
        {
            return self.expected(got, expected);
        }
        match detail.strip_prefix("unexpected ") {
            Some(got @ ("end of variable block" | "end of block")) if self.starts_expression() => {
                format!("Expected an expression, got '{}'", self.got(got))
            }
            Some(got) => format!("unexpected '{}'", self.got(got)),
            None => detail.to_owned(),
        }
    }

    /// The name of the tag that the failing token stands in.
    fn tag(&self) -> Option<&str> {
        let open = self.pieces.iter().rposition(|piece| piece.start() <= self.start && piece.kind == "{%")?;
        let closed = self.pieces[open..].iter().any(|piece| piece.kind == "%}" && piece.end() <= self.start);
        if closed { None } else { self.pieces.get(open + 1)?.name() }
    }

    /// The token before the failing one.
    fn previous(&self) -> Option<&Piece> {
        self.pieces.iter().rev().find(|piece| piece.end() <= self.start && piece.start() != self.start)
    }

    /// Where the text that the lexer refused begins.
    fn after_last_token(&self) -> usize {
        let end = self.pieces.last().map_or(0, Piece::end);
        let rest = self.source.get(end..).unwrap_or("");
        end + rest.len() - rest.trim_start().len()
    }

    fn unexpected_character(&self, start: usize) -> String {
        let rest = self.source.get(start..).unwrap_or("");
        let character = rest.chars().next().unwrap_or(' ');
        if character == ';' && self.is_expression {
            return "chunk after expression".into();
        }
        if character == ';' {
            let end = if self.tag().is_some() { "end of statement block" } else { "end of print statement" };
            return format!("expected token '{end}', got ';'");
        }
        let quoted = churten_value::str_repr(character.encode_utf8(&mut [0; 4]));
        let at = self.source.get(..start).map_or(0, |before| before.chars().count());
        format!("unexpected char {quoted} at {at}")
    }

    fn expected(&self, got: &str, expected: &str) -> String {
        if expected == "identifier or integer" {
            return "expected name or number".into();
        }
        let previous = self.previous().and_then(Piece::name);
        if got == "end of block" && matches!(previous, Some("for" | "set")) {
            return "Expected an expression, got 'end of statement block'".into();
        }
        if matches!(got, "integer" | "string" | "float") && matches!(previous, Some("for" | "set")) {
            return "can't assign to 'const'".into();
        }
        if expected.trim_matches('`') == "in" && previous == Some("not") {
            let end = if self.tag().is_some() { "end of statement block" } else { "end of print statement" };
            return format!("expected token '{end}', got 'not'");
        }
        if got != "end of input" {
            return format!("expected token '{}', got '{}'", jinja_name(self.separator(expected)), self.got(got));
        }
        match expected {
            "expression" => "unexpected 'end of template'".into(),
            "end of block" => match self.looking_for(self.source.len()) {
                Some(looking) if self.pieces.last().is_some_and(|last| matches!(last.kind.as_str(), "%}" | "DATA")) => {
                    format!("Unexpected end of template.{looking}")
                }
                _ => "unexpected end of template, expected 'end of statement block'.".into(),
            },
            _ => format!("unexpected end of template, expected '{}'.", jinja_name(expected)),
        }
    }

    /// What Jinja2 expects inside brackets: a comma, except in parentheses that are no call.
    fn separator<'e>(&self, expected: &'e str) -> &'e str {
        match expected {
            "`]`" | "]" => ",",
            "`)`" | ")" | "`,`" | "," if self.in_expression_statement() => "end of block",
            "`)`" | ")" | "`,`" | "," if self.in_plain_parentheses() => ")",
            "`)`" | ")" => ",",
            _ => expected,
        }
    }

    /// True when the innermost open bracket is what a repair put behind `do`.
    fn in_expression_statement(&self) -> bool {
        let before = self.innermost_bracket().and_then(|open| open.checked_sub(1)).and_then(|at| self.pieces.get(at));
        before.and_then(Piece::name).is_some_and(is_expression_statement)
    }

    /// True when the innermost open bracket is a parenthesis that groups, and calls nothing.
    fn in_plain_parentheses(&self) -> bool {
        let Some(index) = self.innermost_bracket() else { return false };
        let before = index.checked_sub(1).and_then(|before| self.pieces.get(before));
        self.pieces[index].kind == "("
            && before.is_none_or(|before| match before.name() {
                Some(name) => matches!(name, "in" | "and" | "or" | "not" | "if" | "else" | "elif" | "set" | "is"),
                None => !matches!(before.kind.as_str(), ")" | "]" | "}" | "string"),
            })
    }

    /// The bracket that is open where the failing token stands.
    fn innermost_bracket(&self) -> Option<usize> {
        let mut open = Vec::new();
        for (index, piece) in self.pieces.iter().enumerate().take_while(|(_, piece)| piece.start() < self.start) {
            match piece.kind.as_str() {
                "(" | "[" | "{" => open.push(index),
                ")" | "]" | "}" => {
                    open.pop();
                }
                _ => {}
            }
        }
        open.pop()
    }

    /// True when the failing token stands where an expression begins.
    fn starts_expression(&self) -> bool {
        let Some(before) = self.previous() else { return false };
        match before.name() {
            Some("in") => self.tag() == Some("for"),
            Some("elif") => true,
            Some("do") => self.tag() == Some("do"),
            Some("if") => {
                let head = self.source.get(..self.start).unwrap_or("").trim_end();
                head.trim_end_matches("if").trim_end().ends_with("{%")
            }
            Some(_) => false,
            None => matches!(before.kind.as_str(), "{{" | "="),
        }
    }

    fn got(&self, token: &str) -> String {
        if token == "identifier" { self.text.to_owned() } else { jinja_name(token) }
    }

    /// The tags that would close the innermost open block before `until`.
    fn looking_for(&self, until: usize) -> Option<String> {
        let mut open: Vec<(&str, bool)> = Vec::new();
        for (index, pair) in self.pieces.windows(2).enumerate() {
            if pair[0].kind != "{%" || pair[1].start() >= until {
                continue;
            }
            let Some(name) = pair[1].name() else { continue };
            match name {
                "for" | "if" | "with" | "filter" | "block" | "macro" | "call" | "autoescape" => {
                    open.push((name, false));
                }
                "set" => {
                    let mut tag = self.pieces[index..].iter().take_while(|piece| piece.kind != "%}");
                    if !tag.any(|piece| piece.kind == "=") {
                        open.push((name, false));
                    }
                }
                "else" => {
                    if let Some(last) = open.last_mut() {
                        last.1 = true;
                    }
                }
                _ => {
                    if name.strip_prefix("end").is_some_and(|end| open.last().is_some_and(|last| last.0 == end)) {
                        open.pop();
                    }
                }
            }
        }
        let (name, has_else) = *open.last()?;
        let tags = match (name, has_else) {
            ("if", false) => "'elif' or 'else' or 'endif'".to_owned(),
            ("for", false) => "'endfor' or 'else'".to_owned(),
            _ => format!("'end{name}'"),
        };
        Some(format!(
            " Jinja was looking for the following tags: {tags}. \
             The innermost block that needs to be closed is '{name}'."
        ))
    }
}

fn jinja_name(token: &str) -> String {
    match token {
        "end of variable block" => "end of print statement".into(),
        "end of block" => "end of statement block".into(),
        "identifier" => "name".into(),
        "end of input" => "end of template".into(),
        other => other.trim_matches('`').to_owned(),
    }
}
