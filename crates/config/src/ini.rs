//! `ansible.cfg` as Python's `configparser` reads it: `=` and `:` separate, whole-line comments with `#` and `;`,
//! inline comments with ` ;`, continuation lines by indentation, no interpolation, no duplicates.

use churten_value::str_repr;
use std::collections::BTreeMap;

/// The sections of a file; names of options are in lower case.
#[derive(Clone, Debug, std::default::Default, PartialEq, Eq)]
pub struct IniFile {
    sections: BTreeMap<String, BTreeMap<String, String>>,
}

const DEFAULTS: &str = "DEFAULT";

impl IniFile {
    /// The value of a key; the section `DEFAULT` answers for every section that exists.
    pub fn get(&self, section: &str, key: &str) -> Option<&str> {
        let key = key.to_lowercase();
        let own = self.sections.get(section)?;
        own.get(&key).or_else(|| self.sections.get(DEFAULTS)?.get(&key)).map(String::as_str)
    }

    /// The names of the sections and their own options.
    pub fn sections(&self) -> impl Iterator<Item = (&str, &BTreeMap<String, String>)> {
        self.sections.iter().map(|(name, options)| (name.as_str(), options))
    }
}

/// Reads a file's text.
///
/// # Errors
/// The message of `configparser`, which calls the text `<string>`.
pub fn parse_ini(text: &str) -> Result<IniFile, String> {
    let mut sections: BTreeMap<String, BTreeMap<String, Vec<String>>> = BTreeMap::new();
    let mut section: Option<String> = None;
    let mut option: Option<String> = None;
    let mut indent = 0;
    let mut problems = String::new();
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        let comment = comment_start(line);
        let value = line[..comment.unwrap_or(line.len())].trim();
        let current = section.as_ref().and_then(|name| sections.get_mut(name));
        if value.is_empty() {
            if let (None, Some(options), Some(name)) = (comment, current, &option)
                && let Some(lines) = options.get_mut(name)
            {
                lines.push(String::new());
            }
            continue;
        }
        let line_indent = line.len() - line.trim_start().len();
        if let (Some(options), Some(name)) = (current, &option)
            && line_indent > indent
            && let Some(lines) = options.get_mut(name)
        {
            lines.push(value.to_owned());
            continue;
        }
        indent = line_indent;
        if let Some(name) = section_header(value) {
            if name != DEFAULTS && sections.contains_key(name) {
                let name = str_repr(name);
                return Err(format!("While reading from '<string>' [line {number:>2}]: section {name} already exists"));
            }
            sections.entry(name.to_owned()).or_default();
            section = Some(name.to_owned());
            option = None;
            continue;
        }
        let Some(name) = &section else {
            let line = str_repr(line);
            return Err(format!("File contains no section headers.\nfile: '<string>', line: {number}\n{line}"));
        };
        let Some((key, text)) = value.split_once(['=', ':']).filter(|(key, _)| !key.trim().is_empty()) else {
            problems += &format!("\n\t[line {number:>2}]: {}", str_repr(line));
            continue;
        };
        let key = key.trim_end().to_lowercase();
        let options = sections.entry(name.clone()).or_default();
        if options.insert(key.clone(), vec![text.trim().to_owned()]).is_some() {
            let (key, name) = (str_repr(&key), str_repr(name));
            return Err(format!(
                "While reading from '<string>' [line {number:>2}]: option {key} in section {name} already exists"
            ));
        }
        option = Some(key);
    }
    if !problems.is_empty() {
        return Err(format!("Source contains parsing errors: '<string>'{problems}"));
    }
    let join = |options: BTreeMap<String, Vec<String>>| {
        options.into_iter().map(|(key, lines)| (key, lines.join("\n").trim_end().to_owned())).collect()
    };
    Ok(IniFile { sections: sections.into_iter().map(|(name, options)| (name, join(options))).collect() })
}

/// Where a comment starts: the line itself with `#` or `;`, or a `;` after white space.
fn comment_start(line: &str) -> Option<usize> {
    if line.trim_start().starts_with(['#', ';']) {
        return Some(0);
    }
    line.char_indices()
        .zip(line.chars().skip(1))
        .find_map(|((index, before), c)| (c == ';' && before.is_whitespace()).then_some(index + before.len_utf8()))
}

/// `[name]`, with anything after the last bracket.
fn section_header(value: &str) -> Option<&str> {
    let inner = value.strip_prefix('[')?;
    inner.rfind(']').filter(|end| *end > 0).map(|end| &inner[..end])
}

#[cfg(test)]
mod tests {
    use super::parse_ini;

    #[test]
    fn reads_what_configparser_reads() {
        let file = parse_ini(
            "# c\n[a]\nKey = 1 ; c\nother: a;b # no\nlist = x,\n  y\n\n  z\n\n; c\nempty =\n[DEFAULT]\nd = 5\n[b]\n",
        )
        .expect("parses");
        for (section, key, value) in [
            ("a", "key", Some("1")),
            ("a", "KEY", Some("1")),
            ("a", "other", Some("a;b # no")),
            ("a", "list", Some("x,\ny\n\nz")),
            ("a", "empty", Some("")),
            ("a", "d", Some("5")),
            ("b", "d", Some("5")),
            ("c", "d", None),
        ] {
            assert_eq!(file.get(section, key), value, "{section} {key}");
        }
    }

    #[test]
    fn explains_like_configparser() {
        for (text, message) in [
            ("a = 1\n", "File contains no section headers.\nfile: '<string>', line: 1\n'a = 1\\n'"),
            ("[a]\nb=1\nb=2\n", "While reading from '<string>' [line  3]: option 'b' in section 'a' already exists"),
            ("[a]\n[a]\n", "While reading from '<string>' [line  2]: section 'a' already exists"),
            (
                "[a]\nnovalue\n =3\n",
                "Source contains parsing errors: '<string>'\n\t[line  2]: 'novalue\\n'\n\t[line  3]: ' =3\\n'",
            ),
        ] {
            assert_eq!(parse_ini(text).expect_err(text), message);
        }
    }
}
