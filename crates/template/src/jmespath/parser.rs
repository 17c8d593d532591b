//! From words to a tree, by operator precedence (a Pratt parser).

use super::lexer::{Kind, Token, tokens};
use super::{Comparison, Failure, Node};
use crate::eval::Session;

/// Words that bind less end a projection.
const PROJECTION_STOP: u8 = 10;

struct Parser<'q, 's, 'a> {
    query: &'q str,
    tokens: Vec<Token>,
    at: usize,
    session: &'s Session<'a>,
}

type Parsed<T> = Result<T, Failure>;

/// The tree of a query.
pub(super) fn parse(query: &str, session: &Session<'_>) -> Parsed<Node> {
    let mut parser = Parser { query, tokens: tokens(query)?, at: 0, session };
    let tree = parser.expression(0)?;
    if parser.kind() != Kind::End {
        let reason = format!("Unexpected token: {}", parser.token().text);
        return Err(parser.error_here(&reason));
    }
    Ok(tree)
}

fn boxed(node: Node) -> Box<Node> {
    Box::new(node)
}

impl Parser<'_, '_, '_> {
    fn ahead(&self, offset: usize) -> Token {
        let index = (self.at + offset).min(self.tokens.len().saturating_sub(1));
        let end = Token { kind: Kind::End, text: String::new(), value: None, start: 0 };
        self.tokens.get(index).cloned().unwrap_or(end)
    }

    fn token(&self) -> Token {
        self.ahead(0)
    }

    fn kind(&self) -> Kind {
        self.tokens.get(self.at).map_or(Kind::End, |token| token.kind)
    }

    fn error(&self, token: &Token, reason: &str) -> Failure {
        let indent = " ".repeat(token.start + 1);
        if token.kind == Kind::End && reason.is_empty() {
            let query = self.query;
            return Failure::Query(format!(
                "Invalid jmespath expression: Incomplete expression:\n\"{query}\"\n{indent}^"
            ));
        }
        Failure::Query(format!(
            "{reason}: Parse error at column {}, token \"{}\" ({}), for expression:\n\"{}\"\n{indent}^",
            token.start,
            token.text,
            token.kind.name().to_uppercase(),
            self.query
        ))
    }

    fn error_here(&self, reason: &str) -> Failure {
        self.error(&self.token(), reason)
    }

    /// The error of a word that is none of those that may stand here.
    fn expected(&self, wanted: &str) -> Failure {
        match self.kind() {
            Kind::End => self.error_here(""),
            kind => self.error_here(&format!("Expecting: {wanted}, got: {}", kind.name())),
        }
    }

    fn expect(&mut self, kind: Kind) -> Parsed<()> {
        if self.kind() != kind {
            return Err(self.expected(kind.name()));
        }
        self.at += 1;
        Ok(())
    }

    fn expression(&mut self, power: u8) -> Parsed<Node> {
        self.session.enter()?;
        let token = self.token();
        self.at += 1;
        let mut left = self.start(&token)?;
        while power < self.kind().power() {
            let token = self.token();
            self.at += 1;
            left = self.continued(left, &token)?;
        }
        Ok(left)
    }

    /// What a word starts.
    fn start(&mut self, token: &Token) -> Parsed<Node> {
        Ok(match token.kind {
            Kind::Literal => Node::Literal(token.value.clone().unwrap_or(crate::val::Val::None)),
            Kind::Unquoted => Node::Field(token.text.clone()),
            Kind::Quoted => {
                if self.kind() == Kind::LeftParenthesis {
                    let token = Token { start: token.start, ..self.token() };
                    return Err(self.error(&token, "Quoted identifier not allowed for function names."));
                }
                Node::Field(token.text.clone())
            }
            Kind::Star => {
                let right = if self.kind() == Kind::RightBracket { Node::Current } else { self.projected(Kind::Star)? };
                Node::ValueProjection(boxed(Node::Current), boxed(right))
            }
            Kind::Filter => self.filter(Node::Current)?,
            Kind::LeftBrace => self.dict()?,
            Kind::LeftParenthesis => {
                let inner = self.expression(0)?;
                self.expect(Kind::RightParenthesis)?;
                inner
            }
            Kind::Flatten => {
                let right = self.projected(Kind::Flatten)?;
                Node::Projection(boxed(Node::Flatten(boxed(Node::Current))), boxed(right))
            }
            Kind::Not => Node::Not(boxed(self.expression(Kind::Not.power())?)),
            Kind::LeftBracket => match self.kind() {
                Kind::Number | Kind::Colon => {
                    let index = self.index()?;
                    self.after_index(Node::Current, index)?
                }
                Kind::Star if self.ahead(1).kind == Kind::RightBracket => {
                    self.at += 2;
                    Node::Projection(boxed(Node::Current), boxed(self.projected(Kind::Star)?))
                }
                _ => self.list()?,
            },
            Kind::Current => Node::Current,
            Kind::Reference => Node::Reference(boxed(self.expression(0)?)),
            Kind::End => return Err(self.error(token, "")),
            _ => return Err(self.error(token, "invalid token")),
        })
    }

    /// What a word makes of the part before it.
    fn continued(&mut self, left: Node, token: &Token) -> Parsed<Node> {
        let comparison = match token.kind {
            Kind::Dot if self.kind() == Kind::Star => {
                self.at += 1;
                return Ok(Node::ValueProjection(boxed(left), boxed(self.projected(Kind::Dot)?)));
            }
            Kind::Dot => return Ok(Node::Then(boxed(left), boxed(self.after_dot(Kind::Dot.power())?))),
            Kind::Pipe => return Ok(Node::Then(boxed(left), boxed(self.expression(token.kind.power())?))),
            Kind::Or => return Ok(Node::Or(boxed(left), boxed(self.expression(token.kind.power())?))),
            Kind::And => return Ok(Node::And(boxed(left), boxed(self.expression(token.kind.power())?))),
            Kind::LeftParenthesis => return self.function(left),
            Kind::Filter => return self.filter(left),
            Kind::Flatten => {
                let right = self.projected(Kind::Flatten)?;
                return Ok(Node::Projection(boxed(Node::Flatten(boxed(left))), boxed(right)));
            }
            Kind::LeftBracket => {
                if matches!(self.kind(), Kind::Number | Kind::Colon) {
                    let index = self.index()?;
                    return self.after_index(left, index);
                }
                self.expect(Kind::Star)?;
                self.expect(Kind::RightBracket)?;
                return Ok(Node::Projection(boxed(left), boxed(self.projected(Kind::Star)?)));
            }
            Kind::Equal => Comparison::Equal,
            Kind::NotEqual => Comparison::NotEqual,
            Kind::Less => Comparison::Less,
            Kind::LessOrEqual => Comparison::LessOrEqual,
            Kind::Greater => Comparison::Greater,
            Kind::GreaterOrEqual => Comparison::GreaterOrEqual,
            _ => return Err(self.error(token, "invalid token")),
        };
        Ok(Node::Compare(comparison, boxed(left), boxed(self.expression(token.kind.power())?)))
    }

    fn function(&mut self, left: Node) -> Parsed<Node> {
        let Node::Field(name) = left else {
            let before = self.at.checked_sub(2).and_then(|index| self.tokens.get(index)).cloned();
            let before = before.unwrap_or_else(|| self.token());
            return Err(self.error(&before, &format!("Invalid function name '{}'", before.text)));
        };
        let mut arguments = Vec::new();
        while self.kind() != Kind::RightParenthesis {
            arguments.push(self.expression(0)?);
            if self.kind() == Kind::Comma {
                self.at += 1;
            }
        }
        self.at += 1;
        Ok(Node::Function(name, arguments))
    }

    fn filter(&mut self, left: Node) -> Parsed<Node> {
        let condition = self.expression(0)?;
        self.expect(Kind::RightBracket)?;
        let right = if self.kind() == Kind::Flatten { Node::Current } else { self.projected(Kind::Filter)? };
        Ok(Node::FilterProjection(boxed(left), boxed(right), boxed(condition)))
    }

    fn index(&mut self) -> Parsed<Node> {
        if self.kind() != Kind::Colon && self.ahead(1).kind != Kind::Colon {
            let index = number(&self.token().text);
            self.at += 1;
            self.expect(Kind::RightBracket)?;
            return Ok(Node::Index(index));
        }
        let mut parts = [None; 3];
        let mut part = 0;
        while self.kind() != Kind::RightBracket && part < 3 {
            match self.kind() {
                Kind::Colon => {
                    part += 1;
                    if part == 3 {
                        return Err(self.error_here("syntax error"));
                    }
                }
                Kind::Number => parts[part] = Some(number(&self.token().text)),
                _ => return Err(self.error_here("syntax error")),
            }
            self.at += 1;
        }
        self.expect(Kind::RightBracket)?;
        Ok(Node::Slice(parts))
    }

    fn after_index(&mut self, left: Node, index: Node) -> Parsed<Node> {
        let is_slice = matches!(index, Node::Slice(_));
        let indexed = Node::Then(boxed(left), boxed(index));
        if !is_slice {
            return Ok(indexed);
        }
        Ok(Node::Projection(boxed(indexed), boxed(self.projected(Kind::Star)?)))
    }

    /// What is done with each element of a projection.
    fn projected(&mut self, kind: Kind) -> Parsed<Node> {
        match self.kind() {
            next if next.power() < PROJECTION_STOP => Ok(Node::Current),
            Kind::LeftBracket | Kind::Filter => self.expression(kind.power()),
            Kind::Dot => {
                self.at += 1;
                self.after_dot(kind.power())
            }
            _ => Err(self.error_here("syntax error")),
        }
    }

    fn after_dot(&mut self, power: u8) -> Parsed<Node> {
        match self.kind() {
            Kind::Quoted | Kind::Unquoted | Kind::Star => self.expression(power),
            Kind::LeftBracket => {
                self.at += 1;
                self.list()
            }
            Kind::LeftBrace => {
                self.at += 1;
                self.dict()
            }
            kind => {
                let wanted = "['quoted_identifier', 'unquoted_identifier', 'lbracket', 'lbrace']";
                Err(self.error_here(&format!("Expecting: {wanted}, got: {}", kind.name())))
            }
        }
    }

    fn list(&mut self) -> Parsed<Node> {
        let mut parts = Vec::new();
        loop {
            parts.push(self.expression(0)?);
            if self.kind() == Kind::RightBracket {
                break;
            }
            self.expect(Kind::Comma)?;
        }
        self.at += 1;
        Ok(Node::List(parts))
    }

    fn dict(&mut self) -> Parsed<Node> {
        let mut pairs = Vec::new();
        loop {
            let key = self.token();
            if !matches!(key.kind, Kind::Quoted | Kind::Unquoted) {
                return Err(self.expected("['quoted_identifier', 'unquoted_identifier']"));
            }
            self.at += 1;
            self.expect(Kind::Colon)?;
            pairs.push((key.text, self.expression(0)?));
            if self.kind() == Kind::RightBrace {
                break;
            }
            if self.kind() == Kind::Comma {
                self.at += 1;
            }
        }
        self.at += 1;
        Ok(Node::Dict(pairs))
    }
}

/// Numbers beyond 64 bits are as far away as any.
fn number(text: &str) -> i64 {
    text.parse().unwrap_or(if text.starts_with('-') { i64::MIN } else { i64::MAX })
}
