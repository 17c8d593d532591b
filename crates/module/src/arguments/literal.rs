//! Text that stands for a dictionary: `k=v` pairs and Python literals.

use churten_value::{BigInt, Dict, Value};

/// Nesting beyond this is refused.
const MAX_DEPTH: usize = 100;

/// `a=1, b="x y" c=z`: pairs separated by commas or blanks; quotes and backslashes protect.
pub(super) fn key_values(text: &str) -> Option<Dict> {
    let mut fields: Vec<String> = Vec::new();
    let mut field = String::new();
    let (mut quote, mut escape) = (None, false);
    for c in text.chars() {
        if escape {
            field.push(c);
            escape = false;
        } else if c == '\\' {
            escape = true;
        } else if quote.is_none() && (c == '"' || c == '\'') {
            quote = Some(c);
        } else if quote == Some(c) {
            quote = None;
        } else if quote.is_none() && (c == ',' || c == ' ') {
            if !field.is_empty() {
                fields.push(std::mem::take(&mut field));
            }
        } else {
            field.push(c);
        }
    }
    if !field.is_empty() {
        fields.push(field);
    }
    fields.iter().map(|field| field.split_once('=').map(|(key, value)| (key.to_owned(), value.to_owned()))).collect()
}

/// `ast.literal_eval` for the literals people write: text, numbers, `True`, `None`, lists, tuples, dictionaries.
pub(super) fn python_literal(text: &str) -> Option<Value> {
    let mut reader = Reader { rest: text };
    let value = reader.value(0)?;
    reader.blanks();
    reader.rest.is_empty().then_some(value)
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn blanks(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn take(&mut self, token: &str) -> bool {
        self.blanks();
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        if depth > MAX_DEPTH {
            return None;
        }
        self.blanks();
        match self.rest.chars().next()? {
            '{' => self.dictionary(depth),
            '[' => self.sequence("[", "]", depth),
            '(' => self.sequence("(", ")", depth),
            '"' | '\'' => self.text().map(Value::from),
            c if c.is_ascii_digit() || matches!(c, '-' | '+' | '.') => self.number(),
            _ if self.take("True") => Some(true.into()),
            _ if self.take("False") => Some(false.into()),
            _ if self.take("None") => Some(Value::NONE),
            _ => None,
        }
    }

    fn dictionary(&mut self, depth: usize) -> Option<Value> {
        let mut entries = Dict::new();
        self.take("{");
        while !self.take("}") {
            let key = self.value(depth + 1)?;
            if !self.take(":") {
                return None;
            }
            let value = self.value(depth + 1)?;
            entries.insert(key, value);
            if !self.take(",") && !self.rest.starts_with('}') {
                return None;
            }
        }
        Some(entries.into())
    }

    fn sequence(&mut self, open: &str, close: &str, depth: usize) -> Option<Value> {
        let mut items = Vec::new();
        self.take(open);
        while !self.take(close) {
            items.push(self.value(depth + 1)?);
            if !self.take(",") && !self.rest.starts_with(close) {
                return None;
            }
        }
        Some(Value::list(items))
    }

    fn number(&mut self) -> Option<Value> {
        let end = self
            .rest
            .find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '+' | '-' | '_'))
            .unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(end);
        self.rest = rest;
        let digits = digits.replace('_', "");
        digits.parse::<BigInt>().map(Value::int).ok().or_else(|| digits.parse::<f64>().ok().map(Value::from))
    }

    fn text(&mut self) -> Option<String> {
        let mut chars = self.rest.chars();
        let quote = chars.next()?;
        let mut text = String::new();
        loop {
            match chars.next()? {
                c if c == quote => break,
                '\\' => match chars.next()? {
                    'n' => text.push('\n'),
                    't' => text.push('\t'),
                    'r' => text.push('\r'),
                    '0' => text.push('\0'),
                    c @ ('\\' | '\'' | '"') => text.push(c),
                    c @ ('x' | 'u' | 'U') => {
                        let length = match c {
                            'x' => 2,
                            'u' => 4,
                            _ => 8,
                        };
                        let digits: String = chars.by_ref().take(length).collect();
                        text.push(u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32)?);
                    }
                    c => text.extend(['\\', c]),
                },
                c => text.push(c),
            }
        }
        self.rest = chars.as_str();
        Some(text)
    }
}
