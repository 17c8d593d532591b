//! The words of a query.

use super::Failure;
use crate::val::Val;
use churten_value::from_json;

/// What a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Unquoted,
    Quoted,
    Literal,
    Number,
    Dot,
    Star,
    RightBracket,
    Comma,
    Colon,
    Current,
    LeftParenthesis,
    RightParenthesis,
    LeftBrace,
    RightBrace,
    LeftBracket,
    Flatten,
    Filter,
    Pipe,
    Or,
    And,
    Reference,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
    Not,
    End,
}

impl Kind {
    /// The name in error messages.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Unquoted => "unquoted_identifier",
            Self::Quoted => "quoted_identifier",
            Self::Literal => "literal",
            Self::Number => "number",
            Self::Dot => "dot",
            Self::Star => "star",
            Self::RightBracket => "rbracket",
            Self::Comma => "comma",
            Self::Colon => "colon",
            Self::Current => "current",
            Self::LeftParenthesis => "lparen",
            Self::RightParenthesis => "rparen",
            Self::LeftBrace => "lbrace",
            Self::RightBrace => "rbrace",
            Self::LeftBracket => "lbracket",
            Self::Flatten => "flatten",
            Self::Filter => "filter",
            Self::Pipe => "pipe",
            Self::Or => "or",
            Self::And => "and",
            Self::Reference => "expref",
            Self::Less => "lt",
            Self::LessOrEqual => "lte",
            Self::Greater => "gt",
            Self::GreaterOrEqual => "gte",
            Self::Equal => "eq",
            Self::NotEqual => "ne",
            Self::Not => "not",
            Self::End => "eof",
        }
    }

    /// How strongly the word binds to what stands before it.
    pub(super) fn power(self) -> u8 {
        match self {
            Self::Pipe => 1,
            Self::Or => 2,
            Self::And => 3,
            Self::Equal | Self::NotEqual | Self::Less | Self::LessOrEqual | Self::Greater | Self::GreaterOrEqual => 5,
            Self::Flatten => 9,
            Self::Star => 20,
            Self::Filter => 21,
            Self::Dot => 40,
            Self::Not => 45,
            Self::LeftBrace => 50,
            Self::LeftBracket => 55,
            Self::LeftParenthesis => 60,
            _ => 0,
        }
    }
}

/// A word.
#[derive(Clone)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// Its text, as errors show it; of identifiers the name.
    pub(super) text: String,
    /// The value of a literal.
    pub(super) value: Option<Val>,
    /// Where it starts, in characters.
    pub(super) start: usize,
}

struct Lexer<'q> {
    query: &'q str,
    characters: Vec<char>,
    at: usize,
}

/// All words of a query, with an end.
pub(super) fn tokens(query: &str) -> Result<Vec<Token>, Failure> {
    let mut lexer = Lexer { query, characters: query.chars().collect(), at: 0 };
    let mut tokens = Vec::new();
    while let Some(&character) = lexer.characters.get(lexer.at) {
        if matches!(character, ' ' | '\t' | '\n' | '\r') {
            lexer.at += 1;
            continue;
        }
        tokens.push(lexer.token(character)?);
    }
    tokens.push(Token { kind: Kind::End, text: String::new(), value: None, start: lexer.characters.len() });
    Ok(tokens)
}

impl Lexer<'_> {
    fn error(&self, message: &str, at: usize) -> Failure {
        let indent = " ".repeat(at);
        Failure::Query(format!("Bad jmespath expression: {message}:\n{}\n{indent}^", self.query))
    }

    fn token(&mut self, first: char) -> Result<Token, Failure> {
        let start = self.at;
        let token = |kind, text: String, value| Token { kind, text, value, start };
        if first.is_ascii_alphabetic() || first == '_' {
            let name = self.take_while(|character| character.is_ascii_alphanumeric() || character == '_');
            return Ok(token(Kind::Unquoted, name, None));
        }
        if first.is_ascii_digit() || first == '-' {
            self.at += 1;
            let digits = self.take_while(|character| character.is_ascii_digit());
            if first == '-' && digits.is_empty() {
                return Err(self.error("Unknown token '-'", start));
            }
            return Ok(token(Kind::Number, format!("{first}{digits}"), None));
        }
        match first {
            '\'' => {
                let text = self.until('\'')?.replace("\\'", "'");
                return Ok(token(Kind::Literal, text.clone(), Some(Val::from(text))));
            }
            '`' => {
                let text = self.until('`')?.replace("\\`", "`");
                let Some(value) = literal(text.trim_start()) else {
                    return Err(self.error(&format!("Bad token {}", text.trim_start()), start));
                };
                return Ok(token(Kind::Literal, text, Some(value)));
            }
            '"' => {
                let text = self.until('"')?;
                return match from_json(&format!("\"{text}\"")) {
                    Ok(name) => Ok(token(Kind::Quoted, name.to_text(), None)),
                    Err(error) => {
                        let text = error.to_string();
                        Err(self.error(text.split(':').next().unwrap_or(&text), start))
                    }
                };
            }
            _ => {}
        }
        let second = self.characters.get(start + 1).copied();
        let (kind, length) = match (first, second) {
            ('[', Some(']')) => (Kind::Flatten, 2),
            ('[', Some('?')) => (Kind::Filter, 2),
            ('[', _) => (Kind::LeftBracket, 1),
            ('|', Some('|')) => (Kind::Or, 2),
            ('|', _) => (Kind::Pipe, 1),
            ('&', Some('&')) => (Kind::And, 2),
            ('&', _) => (Kind::Reference, 1),
            ('<', Some('=')) => (Kind::LessOrEqual, 2),
            ('<', _) => (Kind::Less, 1),
            ('>', Some('=')) => (Kind::GreaterOrEqual, 2),
            ('>', _) => (Kind::Greater, 1),
            ('!', Some('=')) => (Kind::NotEqual, 2),
            ('!', _) => (Kind::Not, 1),
            ('=', Some('=')) => (Kind::Equal, 2),
            ('.', _) => (Kind::Dot, 1),
            ('*', _) => (Kind::Star, 1),
            (']', _) => (Kind::RightBracket, 1),
            (',', _) => (Kind::Comma, 1),
            (':', _) => (Kind::Colon, 1),
            ('@', _) => (Kind::Current, 1),
            ('(', _) => (Kind::LeftParenthesis, 1),
            (')', _) => (Kind::RightParenthesis, 1),
            ('{', _) => (Kind::LeftBrace, 1),
            ('}', _) => (Kind::RightBrace, 1),
            ('=', _) => return Err(self.error("Unknown token '='", start)),
            _ => return Err(self.error(&format!("Unknown token {first}"), start)),
        };
        self.at += length;
        Ok(token(kind, self.characters.iter().skip(start).take(length).collect(), None))
    }

    fn take_while(&mut self, holds: impl Fn(char) -> bool) -> String {
        let taken: String = self.characters.iter().skip(self.at).copied().take_while(|&one| holds(one)).collect();
        self.at += taken.chars().count();
        taken
    }

    /// The text up to a delimiter that no backslash stands before.
    fn until(&mut self, delimiter: char) -> Result<String, Failure> {
        let start = self.at;
        let mut text = String::new();
        self.at += 1;
        loop {
            match self.characters.get(self.at) {
                Some(&one) if one == delimiter => break,
                Some('\\') => {
                    text.push('\\');
                    self.at += 1;
                    text.extend(self.characters.get(self.at));
                }
                Some(&one) => text.push(one),
                None => return Err(self.error(&format!("Unclosed {delimiter} delimiter"), start)),
            }
            self.at += 1;
        }
        self.at += 1;
        Ok(text)
    }
}

/// JSON, or text that lacks its quotation marks.
fn literal(text: &str) -> Option<Val> {
    let value = from_json(text).or_else(|_| from_json(&format!("\"{text}\""))).ok()?;
    Some(Val::from_plain(&value))
}
