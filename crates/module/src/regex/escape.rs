//! Reading sets and what follows a backslash.

use super::Flags;
use super::character::Class;
use super::flags::{case, class, literal};
use super::node::{Node, One, Place};
use super::parse::Parser;
use super::set::{Item, Set};

impl Parser {
    /// After a backslash outside of sets.
    pub(super) fn escape(&mut self, flags: Flags) -> Result<Node, String> {
        let at = self.at - 1;
        let Some(c) = self.next() else { return Err(self.error("bad escape (end of pattern)", at)) };
        if let Some((class, is_negated)) = class(c, flags) {
            return Ok(Node::One(One::Class(class, is_negated)));
        }
        let place = match c {
            'A' => Some(Place::Start),
            'Z' => Some(Place::End),
            'b' | 'B' => Some(Place::Word { is_ascii: flags.ascii, is_negated: c == 'B' }),
            _ => None,
        };
        if let Some(place) = place {
            return Ok(Node::Place(place));
        }
        if let '1'..='9' = c {
            let mut digits = c.to_string();
            digits += &self.run(1, |c| c.is_ascii_digit());
            let octal = |c: char| matches!(c, '0'..='7');
            if digits.len() == 2 && digits.chars().all(octal) && self.peek().is_some_and(octal) {
                digits += &self.run(1, octal);
                return Ok(literal(self.octal(&digits, at)?, flags));
            }
            return self.reference(digits.parse().unwrap_or(0), flags, at);
        }
        if c == '0' {
            let digits = self.run(2, |c| matches!(c, '0'..='7'));
            return Ok(literal(self.octal(&format!("0{digits}"), at)?, flags));
        }
        Ok(literal(self.escaped(c, at)?, flags))
    }

    /// The character an escape stands for, in and outside of sets.
    fn escaped(&mut self, c: char, at: usize) -> Result<char, String> {
        let length = match c {
            'a' => return Ok('\x07'),
            'f' => return Ok('\x0c'),
            'n' => return Ok('\n'),
            'r' => return Ok('\r'),
            't' => return Ok('\t'),
            'v' => return Ok('\x0b'),
            'x' => 2,
            'u' => 4,
            'U' => 8,
            c if c.is_ascii_alphabetic() => return Err(self.error(&format!("bad escape \\{c}"), at)),
            c => return Ok(c),
        };
        let digits = self.run(length, |c| c.is_ascii_hexdigit());
        if digits.len() < length {
            return Err(self.error(&format!("incomplete escape \\{c}{digits}"), at));
        }
        let code = u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32);
        code.ok_or_else(|| self.error(&format!("bad escape \\{c}{digits}"), at))
    }

    fn octal(&self, digits: &str, at: usize) -> Result<char, String> {
        match u32::from_str_radix(digits, 8).ok().filter(|code| *code <= 0o377).and_then(char::from_u32) {
            Some(c) => Ok(c),
            None => Err(self.error(&format!("octal escape value \\{digits} outside of range 0-0o377"), at)),
        }
    }

    /// A set, after its first bracket.
    pub(super) fn set(&mut self, flags: Flags) -> Result<Node, String> {
        let begin = self.at - 1;
        let is_negated = self.take('^');
        let mut items = Vec::new();
        let first = self.at;
        loop {
            let at = self.at;
            match self.peek() {
                None => return Err(self.error("unterminated character set", begin)),
                Some(']') if at != first => {
                    self.at += 1;
                    break;
                }
                Some(_) => {}
            }
            let low = self.item(flags, begin)?;
            if self.peek() != Some('-') {
                items.push(low);
                continue;
            }
            self.at += 1;
            match self.peek() {
                None => return Err(self.error("unterminated character set", begin)),
                // A dash at the end is one.
                Some(']') => {
                    items.extend([low, Item::Range('-', '-')]);
                    self.at += 1;
                    break;
                }
                Some(_) => {}
            }
            let high = self.item(flags, begin)?;
            match (low, high) {
                (Item::Range(low, _), Item::Range(high, _)) if low <= high => items.push(Item::Range(low, high)),
                _ => {
                    let range: String = self.slice(at);
                    return Err(self.error(&format!("bad character range {range}"), at));
                }
            }
        }
        let case = case(flags);
        Ok(Node::One(One::Set(Box::new(Set { items, is_negated, case }))))
    }

    /// One character of a set, or a class.
    fn item(&mut self, flags: Flags, begin: usize) -> Result<Item, String> {
        let at = self.at;
        let Some(c) = self.next() else { return Err(self.error("unterminated character set", begin)) };
        if c == '[' && flags.named_classes && self.take(':') {
            let name = self.run(usize::MAX, |c| c.is_ascii_lowercase());
            if let Some(class) = Class::named(&name)
                && self.take_all(":]")
            {
                return Ok(Item::Class(class, false));
            }
            self.at = at + 1;
        }
        if c != '\\' {
            return Ok(Item::Range(c, c));
        }
        let Some(c) = self.next() else { return Err(self.error("bad escape (end of pattern)", at)) };
        if let Some((class, is_negated)) = class(c, flags) {
            return Ok(Item::Class(class, is_negated));
        }
        let c = match c {
            'b' => '\x08',
            '0'..='7' => {
                let digits = self.run(2, |c| matches!(c, '0'..='7'));
                self.octal(&format!("{c}{digits}"), at)?
            }
            '8' | '9' => return Err(self.error(&format!("bad escape \\{c}"), at)),
            c => self.escaped(c, at)?,
        };
        Ok(Item::Range(c, c))
    }
}
