//! The encodings of one byte.

use std::collections::HashMap;
use std::sync::OnceLock;

/// What the bytes from 128 on stand for; the others are ASCII.
pub(crate) struct Charmap {
    upper: Vec<Option<char>>,
    bytes: HashMap<char, u8>,
}

fn table() -> &'static HashMap<&'static str, Charmap> {
    static TABLE: OnceLock<HashMap<&'static str, Charmap>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let lines = include_str!("encodings.txt").lines().filter_map(|line| line.split_once('\t'));
        lines.filter_map(|(names, characters)| Some((names.split(' ').next()?, Charmap::read(characters)))).collect()
    })
}

/// The own name of an encoding.
fn own_name(name: &str) -> Option<&'static str> {
    let lines = include_str!("encodings.txt").lines().filter_map(|line| line.split_once('\t'));
    let mut found = lines.map(|(names, _)| names).filter(|names| names.split(' ').any(|other| other == name));
    found.next()?.split(' ').next()
}

impl Charmap {
    /// The encoding of a name in Python's plain form.
    pub(super) fn find(name: &str) -> Option<&'static Self> {
        table().get(own_name(name)?)
    }

    /// Characters, or `\u{...}` for those that are hard to see; U+FFFD for none.
    fn read(text: &str) -> Self {
        let mut upper = vec![];
        let mut rest = text;
        while let Some(character) = rest.chars().next() {
            let code = rest.strip_prefix("\\u{").and_then(|code| code.split_once('}'));
            let (found, after) = match code {
                Some((code, after)) => (u32::from_str_radix(code, 16).ok().and_then(char::from_u32), after),
                None => (Some(character), rest.get(character.len_utf8()..).unwrap_or_default()),
            };
            upper.push(found.filter(|character| *character != '\u{fffd}'));
            rest = after;
        }
        let byte = |(index, character): (usize, &Option<char>)| Some(((*character)?, u8::try_from(index + 128).ok()?));
        let bytes = upper.iter().enumerate().filter_map(byte).collect();
        Self { upper, bytes }
    }

    pub(super) fn byte(&self, character: char) -> Option<u8> {
        if character.is_ascii() { u8::try_from(character).ok() } else { self.bytes.get(&character).copied() }
    }

    pub(super) fn character(&self, byte: u8) -> Option<char> {
        match byte.checked_sub(128) {
            None => Some(char::from(byte)),
            Some(index) => self.upper.get(usize::from(index)).copied().flatten(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::table;

    #[test]
    fn every_table_has_an_upper_half() {
        assert_eq!(table().len(), 31);
        for (name, charmap) in table() {
            assert_eq!(charmap.upper.len(), 128, "{name}");
        }
    }
}
