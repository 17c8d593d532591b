//! Regular expressions in arguments, and the replacements that go with them.

use churten_module::ArgumentType;
use churten_module::prelude::*;
use churten_module::regex::{Captures, Flags, Regex};

/// A regular expression, compiled when the arguments are read.
#[derive(Clone, Debug)]
pub(crate) struct PythonRegex(Regex);

impl FromArgument for PythonRegex {
    const KIND: ArgumentType = ArgumentType::Str;

    fn from_argument(value: &Value) -> Result<Self, String> {
        Self::new(&value.to_text(), "")
    }
}

impl PythonRegex {
    /// Compile a pattern with inline flags such as `m`.
    pub(crate) fn new(pattern: &str, flags: &str) -> Result<Self, String> {
        Self::compiled(pattern, flags, false)
    }

    /// Compile a pattern for bytes, which match as [`latin1`] shows them: `.` is one byte, and `\w` is of ASCII.
    pub(crate) fn of_bytes(pattern: &str, flags: &str) -> Result<Self, String> {
        Self::compiled(&latin1(pattern.as_bytes()), flags, true)
    }

    fn compiled(pattern: &str, flags: &str, ascii: bool) -> Result<Self, String> {
        let has = |flag| flags.contains(flag);
        let flags = Flags { multi_line: has('m'), dot_all: has('s'), ascii, ..Flags::default() };
        Regex::new(pattern, flags).map(Self).map_err(|error| format!("invalid regular expression: {error}"))
    }

    /// True for a pattern that begins with flags such as `(?im)`, among them `m`.
    pub(crate) fn is_multiline(pattern: &str) -> bool {
        let flags = pattern.strip_prefix("(?").and_then(|rest| rest.split_once(')')).map(|(flags, _)| flags);
        flags.is_some_and(|flags| flags.chars().all(|c| c.is_ascii_alphabetic()) && flags.contains('m'))
    }

    /// `re.search`.
    pub(crate) fn is_match(&self, text: &str) -> bool {
        self.find(text).is_some()
    }

    /// `re.match`: a match that begins where the text does.
    pub(crate) fn is_match_at_start(&self, text: &str) -> bool {
        self.find(text).is_some_and(|(start, _)| start == 0)
    }

    /// Where the first match begins and ends.
    pub(crate) fn find(&self, text: &str) -> Option<(usize, usize)> {
        let found = self.0.captures(text, 0).ok()??.range(0)?;
        Some((found.start, found.end))
    }

    /// Where a named group of the first match begins and ends.
    pub(crate) fn group(&self, text: &str, name: &str) -> Option<(usize, usize)> {
        let captures = self.0.captures(text, 0).ok()??;
        let range = captures.range(self.0.group(name)?)?;
        Some((range.start, range.end))
    }

    /// `re.subn`: the text with every match replaced, and how many there were. As in Python, an empty match may follow
    /// right behind another match.
    pub(crate) fn replace_all(&self, text: &str, template: &Template) -> Result<(String, usize), String> {
        let (mut out, mut at, mut copied, mut count) = (String::with_capacity(text.len()), 0, 0, 0);
        while at <= text.len() {
            let captures = self.0.captures(text, at).map_err(|error| error.to_string())?;
            let Some((captures, found)) = captures.and_then(|captures| captures.range(0).map(|all| (captures, all)))
            else {
                break;
            };
            out.push_str(text.get(copied..found.start).unwrap_or_default());
            out.push_str(&template.expand(&self.0, &captures)?);
            copied = found.end;
            count += 1;
            let next = text.get(found.end..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
            at = if found.is_empty() { found.end + next } else { found.end };
        }
        out.push_str(text.get(copied..).unwrap_or_default());
        Ok((out, count))
    }

    /// The template with the groups of the first match filled in (`match.expand`).
    pub(crate) fn expand(&self, text: &str, template: &Template) -> Result<Option<String>, String> {
        match self.0.captures(text, 0).map_err(|error| error.to_string())? {
            Some(captures) => template.expand(&self.0, &captures).map(Some),
            None => Ok(None),
        }
    }
}

/// Bytes as text, one character for each byte.
pub(crate) fn latin1(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

/// A replacement: text, `\1`, `\g<name>`, and Python's escapes.
#[derive(Clone, Debug)]
pub(crate) struct Template(Vec<Part>);

#[derive(Clone, Debug)]
enum Part {
    Text(String),
    Group(usize),
    Named(String),
}

impl Template {
    /// Read a template, in the words of Python's errors.
    pub(crate) fn new(template: &str) -> Result<Self, String> {
        let (mut parts, mut text) = (Vec::new(), String::new());
        let mut chars = template.chars().peekable();
        while let Some(c) = chars.next() {
            if c != '\\' {
                text.push(c);
                continue;
            }
            let part = match chars.next() {
                None => return Err("bad escape (end of pattern)".to_owned()),
                Some('g') => {
                    if chars.next() != Some('<') {
                        return Err("missing <".to_owned());
                    }
                    let mut name = String::new();
                    loop {
                        match chars.next() {
                            Some('>') => break,
                            Some(c) => name.push(c),
                            None => return Err("missing >, unterminated name".to_owned()),
                        }
                    }
                    match name.parse() {
                        Ok(number) => Part::Group(number),
                        Err(_) => Part::Named(name),
                    }
                }
                Some('0') => {
                    let mut code = 0;
                    for _ in 0..2 {
                        match chars.peek().and_then(|c| c.to_digit(8)) {
                            Some(digit) => {
                                code = code * 8 + digit;
                                chars.next();
                            }
                            None => break,
                        }
                    }
                    Part::Text(char::from_u32(code).map(String::from).unwrap_or_default())
                }
                Some(digit @ '1'..='9') => {
                    let mut number = digit.to_digit(10).unwrap_or(0) as usize;
                    if let Some(second) = chars.peek().and_then(|c| c.to_digit(10)) {
                        number = number * 10 + second as usize;
                        chars.next();
                    }
                    Part::Group(number)
                }
                Some(c) => match escape(c) {
                    Some(c) => Part::Text(c.to_string()),
                    None if c.is_ascii_alphabetic() => return Err(format!("bad escape \\{c}")),
                    None => Part::Text(format!("\\{c}")),
                },
            };
            match part {
                Part::Text(more) => text.push_str(&more),
                part => {
                    parts.push(Part::Text(std::mem::take(&mut text)));
                    parts.push(part);
                }
            }
        }
        parts.push(Part::Text(text));
        Ok(Self(parts))
    }

    fn expand(&self, regex: &Regex, captures: &Captures<'_>) -> Result<String, String> {
        let mut out = String::new();
        for part in &self.0 {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Group(number) if *number >= captures.len() => {
                    return Err(format!("invalid group reference {number}"));
                }
                Part::Group(number) => out.push_str(captures.get(*number).unwrap_or_default()),
                Part::Named(name) => {
                    out.push_str(regex.group(name).and_then(|group| captures.get(group)).unwrap_or_default())
                }
            }
        }
        Ok(out)
    }
}

fn escape(c: char) -> Option<char> {
    Some(match c {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'a' => '\u{7}',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'v' => '\u{b}',
        '\\' => '\\',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replacements_as_python() {
        for (pattern, template, text, expected, count) in [
            ("b*", "-", "abc", "-a--c-", 4),
            ("^foo$", "bar", "foo\nfoox\nfoo\n", "bar\nfoox\nbar\n", 2),
            (r"(\w)(\w)", r"\2\1", "abcde", "badce", 2),
            ("$", "!", "a\nb\n", "a!\nb!\n!", 3),
            ("x", "y", "aé", "aé", 0),
            ("", "-", "é", "-é-", 2),
        ] {
            let template = Template::new(template).unwrap();
            let replaced = PythonRegex::new(pattern, "m").unwrap().replace_all(text, &template).unwrap();
            assert_eq!(replaced, (expected.to_owned(), count), "{pattern}");
        }
    }

    #[test]
    fn templates_as_python() {
        let regex = PythonRegex::new(r"(?P<name>\w+)=(\d+)", "").unwrap();
        for (template, expected) in [
            (r"\2=\1", Ok("5=x")),
            (r"\g<name>\t\g<2>0", Ok("x\t50")),
            (r"\\1 \.", Ok(r"\1 \.")),
            (r"\3", Err("invalid group reference 3")),
            (r"\q", Err("bad escape \\q")),
        ] {
            let found = Template::new(template).and_then(|template| regex.expand("x=5", &template));
            assert_eq!(
                found.as_ref().map(|text| text.as_deref().unwrap()).map_err(String::as_str),
                expected,
                "{template}"
            );
        }
        assert!(PythonRegex::new(r"[]a]\Z", "").unwrap().is_match("]"));
        for (pattern, text, expected) in [
            ("a$", "a\n", true),
            ("a$", "a\nb", false),
            ("(?im)A$", "a\nb", true),
            ("[$]", "a\n", false),
            (r"a\$", "a\n", false),
        ] {
            assert_eq!(PythonRegex::new(pattern, "").unwrap().is_match(text), expected, "{pattern}");
        }
    }

    #[test]
    fn bytes() {
        for (pattern, text, expected) in [
            ("^.$", "é", false),
            ("^..$", "é", true),
            (r"\w", "é", false),
            (r"[^\W]é\s", "xé ", true),
            ("é", "é", true),
        ] {
            let regex = PythonRegex::of_bytes(pattern, "s").unwrap();
            assert_eq!(regex.is_match(&latin1(text.as_bytes())), expected, "{pattern}");
        }
    }
}
