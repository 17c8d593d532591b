//! Python literals, as `ast.literal_eval` reads them.

use crate::{BigInt, Data, Dict, Tags, Value, float_repr, python_escape};

/// Deeper nesting is not a literal but an attack.
const MAX_DEPTH: usize = 64;

/// What a Python literal can be that Ansible has no value for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LiteralFault {
    /// A key of a dictionary, or a member of a set, that Python cannot hash; the name of its class.
    Unhashable(&'static str),
    /// A key that is neither text nor number; the name of its class.
    Untaggable(&'static str),
}

impl std::fmt::Display for LiteralFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unhashable(class) => write!(f, "unhashable type: '{class}'"),
            Self::Untaggable(class) => write!(f, "<class '{class}'> is not taggable"),
        }
    }
}

/// The value of a Python literal; `None` when the text is none and stays text.
///
/// Tuples and sets become lists, complex numbers and the ellipsis text. Strings inside carry `tags`.
pub fn python_literal(text: &str, tags: Tags) -> Option<Value> {
    read_literal(text, tags).ok().flatten()
}

/// The same, with the reason why a literal has no value.
///
/// # Errors
/// Keys that cannot be hashed, or that Ansible cannot hold.
pub fn read_literal(text: &str, tags: Tags) -> Result<Option<Value>, LiteralFault> {
    let mut reader = Reader { text: text.trim_start_matches([' ', '\t']), tags, depth: 0, fault: None };
    let value = reader.whole();
    match reader.fault {
        Some(fault) if value.is_some() => Err(fault),
        _ => Ok(value),
    }
}

struct Reader<'a> {
    text: &'a str,
    tags: Tags,
    depth: usize,
    /// The first fault; it only counts when the text is a literal to its end.
    fault: Option<LiteralFault>,
}

/// A value and what else Python would know of it.
struct Item {
    value: Value,
    kind: Kind,
}

#[derive(Clone, Copy)]
enum Kind {
    Plain,
    /// An int or float; `signed` when it is no constant any more.
    Number {
        signed: bool,
    },
    Complex {
        imaginary: f64,
        constant: bool,
    },
    Ellipsis,
    /// A list, dict or set, or a tuple with one in it.
    Unhashable(&'static str),
}

impl Item {
    fn plain(value: Value) -> Self {
        Self { value, kind: Kind::Plain }
    }

    fn complex(real: f64, imaginary: f64, constant: bool) -> Self {
        Self { value: Value::str(complex_repr(real, imaginary)), kind: Kind::Complex { imaginary, constant } }
    }
}

/// A complex number as Python shows it.
fn complex_repr(real: f64, imaginary: f64) -> String {
    let shown = |number: f64| {
        let text = float_repr(number);
        text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
    };
    if real == 0.0 && real.is_sign_positive() {
        return format!("{}j", shown(imaginary));
    }
    let sign = if imaginary.is_sign_negative() { "" } else { "+" };
    format!("({}{sign}{}j)", shown(real), shown(imaginary))
}

/// The class of the first item that cannot be hashed makes a tuple unhashable.
fn tuple(items: Vec<Item>) -> Item {
    let kind = items.iter().map(|item| item.kind).find(|kind| matches!(kind, Kind::Unhashable(_)));
    Item {
        value: Value::list(items.into_iter().map(|item| item.value).collect::<Vec<_>>()),
        kind: kind.unwrap_or(Kind::Plain),
    }
}

impl Reader<'_> {
    /// White space, and a comment at the end of the line.
    fn skip(&mut self) {
        self.text = self.text.trim_start();
        if self.text.starts_with('#') {
            let end = self.text.find('\n').unwrap_or(self.text.len());
            self.text = self.text[end..].trim_start();
        }
    }

    fn take(&mut self, token: &str) -> bool {
        self.skip();
        match self.text.strip_prefix(token) {
            Some(rest) => {
                self.text = rest;
                true
            }
            None => false,
        }
    }

    fn whole(&mut self) -> Option<Value> {
        let first = self.expression()?;
        let item = if self.take(",") { self.rest_of_tuple(first)? } else { first };
        self.skip();
        self.text.is_empty().then_some(item.value)
    }

    fn rest_of_tuple(&mut self, first: Item) -> Option<Item> {
        let mut items = vec![first];
        loop {
            self.skip();
            if self.text.is_empty() {
                return Some(tuple(items));
            }
            items.push(self.expression()?);
            if !self.take(",") {
                return Some(tuple(items));
            }
        }
    }

    /// An operand, or the sum of a real and an imaginary number.
    fn expression(&mut self) -> Option<Item> {
        let left = self.operand()?;
        self.skip();
        let negative = self.text.starts_with('-');
        if !(negative || self.text.starts_with('+')) {
            return Some(left);
        }
        self.text = self.text.get(1..)?;
        let Kind::Number { .. } = left.kind else { return None };
        let right = self.operand()?;
        let Kind::Complex { imaginary, constant: true } = right.kind else { return None };
        let real = real_number(&left.value)?;
        Some(if negative {
            Item::complex(real - 0.0, 0.0 - imaginary, false)
        } else {
            Item::complex(real + 0.0, 0.0 + imaginary, false)
        })
    }

    fn operand(&mut self) -> Option<Item> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        self.skip();
        let item = match self.text.chars().next()? {
            '[' => {
                self.take("[");
                self.items("]").map(|(items, _)| Item { value: tuple(items).value, kind: Kind::Unhashable("list") })
            }
            '(' => {
                self.take("(");
                let (mut items, had_comma) = self.items(")")?;
                if items.len() == 1 && !had_comma { items.pop() } else { Some(tuple(items)) }
            }
            '{' => {
                self.take("{");
                self.braces()
            }
            '+' | '-' => {
                let negative = self.text.starts_with('-');
                self.text = self.text.get(1..)?;
                let operand = self.operand()?;
                signed(operand, negative)
            }
            c if c.is_ascii_digit() || c == '.' => self.number(),
            _ => self.word(),
        };
        self.depth -= 1;
        item
    }

    fn items(&mut self, end: &str) -> Option<(Vec<Item>, bool)> {
        let mut items = Vec::new();
        let mut had_comma = false;
        while !self.take(end) {
            items.push(self.expression()?);
            if self.take(",") {
                had_comma = true;
            } else if !self.take(end) {
                return None;
            } else {
                break;
            }
        }
        Some((items, had_comma))
    }

    fn braces(&mut self) -> Option<Item> {
        if self.take("}") {
            return Some(Item { value: Value::dict(Dict::new()), kind: Kind::Unhashable("dict") });
        }
        let first = self.expression()?;
        if !self.take(":") {
            let mut items: Vec<Item> = vec![first];
            if self.take(",") {
                items.extend(self.items("}")?.0);
            } else if !self.take("}") {
                return None;
            }
            let mut unique: Vec<Value> = Vec::new();
            for item in items {
                self.must_be_hashable(&item);
                if !unique.contains(&item.value) {
                    unique.push(item.value);
                }
            }
            return Some(Item { value: Value::list(unique), kind: Kind::Unhashable("set") });
        }
        let mut entries = Dict::new();
        let mut key = first;
        loop {
            self.must_be_hashable(&key);
            self.must_be_taggable(&key);
            let value = self.expression()?.value;
            entries.insert(key.value, value);
            if self.take("}") {
                break;
            }
            if !self.take(",") {
                return None;
            }
            if self.take("}") {
                break;
            }
            key = self.expression()?;
            if !self.take(":") {
                return None;
            }
        }
        Some(Item { value: Value::dict(entries), kind: Kind::Unhashable("dict") })
    }

    fn must_be_hashable(&mut self, item: &Item) {
        if let Kind::Unhashable(class) = item.kind {
            self.fault.get_or_insert(LiteralFault::Unhashable(class));
        }
    }

    fn must_be_taggable(&mut self, key: &Item) {
        let class = match key.kind {
            Kind::Complex { .. } => "complex",
            Kind::Ellipsis => "ellipsis",
            _ => return,
        };
        self.fault.get_or_insert(LiteralFault::Untaggable(class));
    }

    fn number(&mut self) -> Option<Item> {
        if let Some(rest) = self.text.strip_prefix("...") {
            self.text = rest;
            return Some(Item { value: Value::str("..."), kind: Kind::Ellipsis });
        }
        let text = self.text;
        let mut end = 0;
        let bytes = text.as_bytes();
        let radix = match bytes.get(..2).map(<[u8]>::to_ascii_lowercase).as_deref() {
            Some(b"0x") => 16,
            Some(b"0o") => 8,
            Some(b"0b") => 2,
            _ => 10,
        };
        while let Some(byte) = bytes.get(end) {
            let is_sign =
                radix == 10 && matches!(byte, b'+' | b'-') && end > 0 && matches!(bytes[end - 1], b'e' | b'E');
            if !(byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_') || is_sign) {
                break;
            }
            end += 1;
        }
        let token = &text[..end];
        self.text = &text[end..];
        if token.ends_with('_') || token.contains("__") || token.contains("_.") || token.contains("._") {
            return None;
        }
        let digits = token.replace('_', "");
        if radix != 10 {
            let number = BigInt::parse_bytes(digits.get(2..)?.as_bytes(), radix)?;
            return Some(Item { value: Value::int(number), kind: Kind::Number { signed: false } });
        }
        if let Some(imaginary) = digits.strip_suffix(['j', 'J']) {
            return Some(Item::complex(0.0, decimal(imaginary)?, true));
        }
        if digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.is_empty() {
            if digits.len() > 1 && digits.starts_with('0') && digits.bytes().any(|byte| byte != b'0') {
                return None;
            }
            let number: BigInt = digits.parse().ok()?;
            return Some(Item { value: Value::int(number), kind: Kind::Number { signed: false } });
        }
        Some(Item { value: decimal(&digits)?.into(), kind: Kind::Number { signed: false } })
    }

    fn word(&mut self) -> Option<Item> {
        for (word, value) in [("None", Value::NONE), ("True", true.into()), ("False", false.into())] {
            if let Some(rest) = self.text.strip_prefix(word)
                && !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '\'' || c == '"')
            {
                self.text = rest;
                return Some(Item::plain(value));
            }
        }
        if let Some(rest) = self.text.strip_prefix("set")
            && rest.trim_start().starts_with('(')
        {
            self.text = rest;
            let is_empty = self.take("(") && self.take(")");
            return is_empty.then(|| Item { value: Value::list(Vec::<Value>::new()), kind: Kind::Unhashable("set") });
        }
        let (first, is_bytes) = self.string()?;
        let mut text = first;
        loop {
            self.skip();
            let is_string = self.text.trim_start_matches(['r', 'R', 'b', 'B', 'u', 'U']).starts_with(['\'', '"']);
            if !is_string {
                break;
            }
            let (more, more_is_bytes) = self.string()?;
            if more_is_bytes != is_bytes {
                return None;
            }
            text += &more;
        }
        Some(Item::plain(if is_bytes {
            Value::bytes(text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect::<Option<Vec<u8>>>()?)
        } else {
            Value::str(text).with_tags(self.tags)
        }))
    }

    /// One string with its prefix and quotes, and whether it is bytes.
    fn string(&mut self) -> Option<(String, bool)> {
        let quote_at = self.text.find(['\'', '"'])?;
        let prefix = self.text[..quote_at].to_ascii_lowercase();
        let (raw, is_bytes) = match prefix.as_str() {
            "" | "u" => (false, false),
            "r" => (true, false),
            "b" => (false, true),
            "br" | "rb" => (true, true),
            _ => return None,
        };
        let quoted = &self.text[quote_at..];
        let quote = &quoted[..1];
        let triple = quote.repeat(3);
        let end: &str = if quoted.starts_with(&triple) { &triple } else { quote };
        let mut rest = &quoted[end.len()..];
        let mut out = String::new();
        loop {
            if let Some(after) = rest.strip_prefix(end) {
                self.text = after;
                return Some((out, is_bytes));
            }
            let mut characters = rest.chars();
            let c = characters.next()?;
            if c == '\n' && end.len() == 1 || is_bytes && !c.is_ascii() {
                return None;
            }
            if c != '\\' {
                out.push(c);
                rest = characters.as_str();
                continue;
            }
            if raw {
                out.push('\\');
                out.push(characters.next()?);
                rest = characters.as_str();
                continue;
            }
            rest = python_escape(characters.as_str(), is_bytes, &mut out)?;
        }
    }
}

/// A float without sign and without underscores.
fn decimal(digits: &str) -> Option<f64> {
    let is_float = digits.bytes().any(|byte| byte.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_digit() || b".eE+-".contains(&byte));
    digits.parse().ok().filter(|_| is_float)
}

fn real_number(value: &Value) -> Option<f64> {
    match &value.data {
        Data::Int(_) | Data::BigInt(_) => value.to_text().parse().ok(),
        Data::Float(number) => Some(*number),
        _ => None,
    }
}

/// A sign belongs to a constant; a number that has one already is an expression.
fn signed(item: Item, negative: bool) -> Option<Item> {
    let value = match item.kind {
        Kind::Complex { imaginary, constant: true } => {
            return Some(if negative {
                Item::complex(-0.0, -imaginary, false)
            } else {
                Item::complex(0.0, imaginary, false)
            });
        }
        Kind::Number { signed: false } if !negative => item.value,
        Kind::Number { signed: false } => match &item.value.data {
            Data::Float(number) => (-number).into(),
            Data::Int(number) => Value::int(-BigInt::from(*number)),
            Data::BigInt(number) => Value::int(-(**number).clone()),
            _ => return None,
        },
        _ => return None,
    };
    Some(Item { value, kind: Kind::Number { signed: true } })
}

#[cfg(test)]
mod tests {
    use super::{python_literal, read_literal};
    use crate::{Repr, Tags};

    #[test]
    fn reads_literals() {
        for (text, shown) in [
            ("1", "1"),
            ("-5", "-5"),
            ("1_000", "1000"),
            ("0x1f", "31"),
            ("0o17", "15"),
            ("00", "0"),
            ("1e3", "1000.0"),
            (".5", "0.5"),
            ("1.", "1.0"),
            ("123456789012345678901", "123456789012345678901"),
            ("'a' \"b\"", "'ab'"),
            ("'\\x41\\n\\d'", "'A\\n\\\\d'"),
            ("r'\\n'", "'\\\\n'"),
            ("[1, 'a', None, True,]", "[1, 'a', None, True]"),
            ("{'a': {'b': (1, 2)}, 3: []}", "{'a': {'b': [1, 2]}, 3: []}"),
            ("(1)", "1"),
            ("(1,)", "[1]"),
            ("1, 2", "[1, 2]"),
            ("1 # comment", "1"),
            ("{1, 2, 1}", "[1, 2]"),
            ("b'x'", "b'x'"),
            ("...", "'...'"),
            ("1J", "'1j'"),
            ("+1j", "'1j'"),
            ("-1j", "'(-0-1j)'"),
            ("1-2j", "'(1-2j)'"),
            ("(1.0)+1_0.5e3j", "'(1+10500j)'"),
            ("1e16j", "'1e+16j'"),
            ("[..., set(), {1, 'a'}, 1e-7j]", "['...', [], [1, 'a'], '1e-07j']"),
            ("-(1)", "-1"),
        ] {
            let value = python_literal(text, Tags::NONE).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(Repr(&value).to_string(), shown, "{text}");
        }
        for text in
            ["yes", "true", "01", "1+1", "--4", "a b", "", "[1", "{'a'}x", "1__0", "f'x'", "{[]: 1}", "Nonesuch"]
        {
            assert!(python_literal(text, Tags::NONE).is_none(), "{text}");
        }
        for text in ["1+2", "1+-2j", "-(-1)", "--1j", "1j+1", "set([])", "set", "frozenset()", "-True", "[*[1]]"] {
            assert!(python_literal(text, Tags::NONE).is_none(), "{text}");
        }
        for (text, fault) in [
            ("{...: 1}", "<class 'ellipsis'> is not taggable"),
            ("{1j: 2}", "<class 'complex'> is not taggable"),
            ("{(1, [2])}", "unhashable type: 'list'"),
            ("[{{}}]", "unhashable type: 'dict'"),
            ("{set(): 1}", "unhashable type: 'set'"),
        ] {
            let found = read_literal(text, Tags::NONE).unwrap_err();
            assert_eq!(found.to_string(), fault, "{text}");
        }
        assert!(python_literal(&"[".repeat(100_000), Tags::NONE).is_none());
    }
}
