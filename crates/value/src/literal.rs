//! Python literals, as `ast.literal_eval` reads them.

use crate::{BigInt, Dict, Tags, Value, python_escape};

/// Deeper nesting is not a literal but an attack.
const MAX_DEPTH: usize = 64;

/// The value of a Python literal; `None` when the text is none and stays text.
///
/// Tuples and sets become lists. Strings inside carry `tags`.
pub fn python_literal(text: &str, tags: Tags) -> Option<Value> {
    let mut reader = Reader { text: text.trim_start_matches([' ', '\t']), tags, depth: 0 };
    let first = reader.expression()?;
    let value = if reader.take(",") { Value::list(reader.rest_of_tuple(first)?) } else { first };
    reader.skip();
    reader.text.is_empty().then_some(value)
}

struct Reader<'a> {
    text: &'a str,
    tags: Tags,
    depth: usize,
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

    fn rest_of_tuple(&mut self, first: Value) -> Option<Vec<Value>> {
        let mut items = vec![first];
        loop {
            self.skip();
            if self.text.is_empty() {
                return Some(items);
            }
            items.push(self.expression()?);
            if !self.take(",") {
                return Some(items);
            }
        }
    }

    fn expression(&mut self) -> Option<Value> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        self.skip();
        let value = match self.text.chars().next()? {
            '[' => {
                self.take("[");
                self.items("]").map(|(items, _)| Value::list(items))
            }
            '(' => {
                self.take("(");
                let (mut items, had_comma) = self.items(")")?;
                if items.len() == 1 && !had_comma { items.pop() } else { Some(Value::list(items)) }
            }
            '{' => {
                self.take("{");
                self.braces()
            }
            '+' | '-' => {
                let negative = self.text.starts_with('-');
                self.text = self.text[1..].trim_start();
                self.number(negative)
            }
            c if c.is_ascii_digit() || c == '.' => self.number(false),
            _ => self.word(),
        };
        self.depth -= 1;
        value
    }

    fn items(&mut self, end: &str) -> Option<(Vec<Value>, bool)> {
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

    fn braces(&mut self) -> Option<Value> {
        if self.take("}") {
            return Some(Value::dict(Dict::new()));
        }
        let first = self.expression()?;
        if !self.take(":") {
            let mut items: Vec<Value> = vec![first];
            if self.take(",") {
                items.extend(self.items("}")?.0);
            } else if !self.take("}") {
                return None;
            }
            let mut unique: Vec<Value> = Vec::new();
            for item in items {
                if !unique.contains(&item) {
                    unique.push(item);
                }
            }
            return Some(Value::list(unique));
        }
        let mut entries = Dict::new();
        let mut key = first;
        loop {
            if key.as_list().is_some() || key.as_dict().is_some() {
                return None;
            }
            let value = self.expression()?;
            entries.insert(key, value);
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
        Some(Value::dict(entries))
    }

    fn number(&mut self, negative: bool) -> Option<Value> {
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
            return Some(Value::int(if negative { -number } else { number }));
        }
        if digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.is_empty() {
            if digits.len() > 1 && digits.starts_with('0') && digits.bytes().any(|byte| byte != b'0') {
                return None;
            }
            let number: BigInt = digits.parse().ok()?;
            return Some(Value::int(if negative { -number } else { number }));
        }
        let is_float = digits.bytes().any(|byte| byte.is_ascii_digit())
            && digits.bytes().all(|byte| byte.is_ascii_digit() || b".eE+-".contains(&byte));
        let number: f64 = digits.parse().ok().filter(|_| is_float)?;
        Some(if negative { -number } else { number }.into())
    }

    fn word(&mut self) -> Option<Value> {
        for (word, value) in [("None", Value::NONE), ("True", true.into()), ("False", false.into())] {
            if let Some(rest) = self.text.strip_prefix(word)
                && !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '\'' || c == '"')
            {
                self.text = rest;
                return Some(value);
            }
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
        Some(if is_bytes {
            Value::bytes(text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect::<Option<Vec<u8>>>()?)
        } else {
            Value::str(text).with_tags(self.tags)
        })
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

#[cfg(test)]
mod tests {
    use super::python_literal;
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
        ] {
            let value = python_literal(text, Tags::NONE).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(Repr(&value).to_string(), shown, "{text}");
        }
        for text in
            ["yes", "true", "01", "1+1", "--4", "a b", "", "[1", "{'a'}x", "1__0", "f'x'", "{[]: 1}", "Nonesuch"]
        {
            assert!(python_literal(text, Tags::NONE).is_none(), "{text}");
        }
        assert!(python_literal(&"[".repeat(100_000), Tags::NONE).is_none());
    }
}
