//! The token stream, for repairs and error texts.

use minijinja::machinery::{Span, Token, Tokenizer};
use minijinja::syntax::SyntaxConfig;

/// A token's kind in short words, and where it is.
pub(super) struct Piece {
    pub(super) kind: String,
    pub(super) span: Span,
}

impl Piece {
    pub(super) fn start(&self) -> usize {
        self.span.start_offset as usize
    }

    pub(super) fn end(&self) -> usize {
        self.span.end_offset as usize
    }

    /// The identifier, when this is one.
    pub(super) fn name(&self) -> Option<&str> {
        self.kind.strip_prefix("name:")
    }
}

/// All tokens up to the first lexer error, and that error.
pub(super) fn tokens(
    source: &str,
    is_expression: bool,
    syntax: SyntaxConfig,
) -> (Vec<Piece>, Option<minijinja::Error>) {
    let mut tokenizer = Tokenizer::new(source, "template", is_expression, syntax);
    let mut pieces = Vec::new();
    loop {
        match tokenizer.next_token() {
            Ok(Some((token, span))) => pieces.push(Piece { kind: kind(&token), span }),
            Ok(None) => return (pieces, None),
            Err(error) => return (pieces, Some(error)),
        }
    }
}

fn kind(token: &Token<'_>) -> String {
    match token {
        Token::TemplateData(_) => "DATA".into(),
        Token::VariableStart => "{{".into(),
        Token::VariableEnd => "}}".into(),
        Token::BlockStart => "{%".into(),
        Token::BlockEnd => "%}".into(),
        Token::Ident(name) => format!("name:{name}"),
        Token::Str(_) | Token::String(_) => "string".into(),
        Token::Int(_) | Token::Int128(_) => "integer".into(),
        Token::Float(_) => "float".into(),
        other => other.to_string().trim_matches('`').to_owned(),
    }
}
