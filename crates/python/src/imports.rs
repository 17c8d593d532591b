//! The imports of a Python source, read from its text alone.
//!
//! Only statements count: what stands in strings and comments is left out, lines that go on in brackets or after a
//! backslash are one (the Python Language Reference, 2.1 and 7.11).

/// One import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Import {
    /// Number of leading dots; 0 is absolute.
    pub(crate) level: usize,
    /// The dotted name after `from` or `import`.
    pub(crate) module: String,
    /// The names after `import` of a `from`; `*` among them. Empty for a plain `import`.
    pub(crate) names: Vec<String>,
}

/// Every import, wherever it stands.
pub(crate) fn imports(source: &str) -> Vec<Import> {
    let mut found = Vec::new();
    for line in logical_lines(source) {
        for statement in line.split(';') {
            statement_imports(statement, &mut found);
        }
    }
    found
}

fn statement_imports(statement: &str, found: &mut Vec<Import>) {
    let mut statement = statement.trim();
    // `try: import x` on one line.
    for opener in ["try:", "else:", "finally:", "except ImportError:", "except:"] {
        if let Some(rest) = statement.strip_prefix(opener) {
            statement = rest.trim();
        }
    }
    let word = |text: &str| text.split_whitespace().next().unwrap_or_default().to_owned();
    if let Some(rest) = statement.strip_prefix("import ") {
        let modules = rest.split(',').map(|part| Import { level: 0, module: word(part), names: Vec::new() });
        found.extend(modules.filter(|import| !import.module.is_empty()));
    } else if let Some(rest) =
        statement.strip_prefix("from ").or_else(|| statement.strip_prefix("from.").map(|_| &statement[4..]))
    {
        let rest = rest.trim_start();
        let level = rest.len() - rest.trim_start_matches('.').len();
        let rest = rest.trim_start_matches('.');
        // The word, which may be part of a name before it.
        let is_word = |(module, names): &(&str, &str)| {
            (module.is_empty() || module.ends_with([' ', '\t']))
                && !names.starts_with(|c: char| c == '_' || c.is_alphanumeric())
        };
        let places =
            rest.match_indices("import").filter_map(|(at, word)| Some((rest.get(..at)?, rest.get(at + word.len()..)?)));
        let Some((module, names)) = places.into_iter().find(is_word) else { return };
        let names = names.trim().trim_matches(['(', ')']);
        let names = names.split(',').map(word).filter(|name| !name.is_empty()).collect();
        found.push(Import { level, module: module.trim().to_owned(), names });
    }
}

/// The lines of a source without strings' content and comments, those in brackets joined.
fn logical_lines(source: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut depth = 0_usize;
    let mut rest = source;
    while let Some(letter) = rest.chars().next() {
        let length = letter.len_utf8();
        match letter {
            '#' => {
                rest = rest.find('\n').map_or("", |end| rest.get(end..).unwrap_or_default());
                continue;
            }
            '\'' | '"' => {
                rest = after_string(rest, letter);
                line.push_str("''");
                continue;
            }
            '\\' if rest.starts_with("\\\n") => {
                rest = rest.get(2..).unwrap_or_default();
                line.push(' ');
                continue;
            }
            '\\' if rest.starts_with("\\\r\n") => {
                rest = rest.get(3..).unwrap_or_default();
                line.push(' ');
                continue;
            }
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            '\n' if depth == 0 => {
                lines.push(std::mem::take(&mut line));
                rest = rest.get(1..).unwrap_or_default();
                continue;
            }
            _ => {}
        }
        line.push(if letter == '\n' { ' ' } else { letter });
        rest = rest.get(length..).unwrap_or_default();
    }
    lines.push(line);
    lines
}

/// What follows the string that `rest` begins with.
pub(crate) fn after_string(rest: &str, quote: char) -> &str {
    let triple: String = [quote; 3].iter().collect();
    let mark = if rest.starts_with(&triple) { triple } else { quote.to_string() };
    let mut at = mark.len();
    while let Some(ahead) = rest.get(at..) {
        if ahead.starts_with(&mark) {
            return ahead.get(mark.len()..).unwrap_or_default();
        }
        let Some(letter) = ahead.chars().next() else { break };
        if mark.len() == 1 && letter == '\n' {
            // A string that does not end in its line is broken; the source goes on.
            return ahead;
        }
        at += letter.len_utf8();
        if letter == '\\' {
            at += ahead.chars().nth(1).map_or(0, char::len_utf8);
        }
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::imports;

    #[test]
    fn statements_of_every_form() {
        let source = "\"\"\"from ansible.module_utils.no import no\n\"\"\"\nimport os, sys as s\n\
             from ansible.module_utils.basic import AnsibleModule # from x import y\n\
             try: from ..module_utils.a import (\n    b,\n    c as d,  # comment)\n)\nexcept ImportError: pass\n\
             if True:\n    import ansible_collections.n.c.plugins.module_utils.m; x = 'import no'\n\
             from . import z\nfrom .q import *\nfrom a \\\n  import b\nx = 'it\\'s'; from e import f\nfrom .._import_helper import (g)\nfrom .import_h import i\nfromage = 1\nimportant = 2\n";
        let found: Vec<String> = imports(source)
            .iter()
            .map(|import| format!("{}{}:{}", ".".repeat(import.level), import.module, import.names.join(",")))
            .collect();
        assert_eq!(
            found,
            [
                "os:",
                "sys:",
                "ansible.module_utils.basic:AnsibleModule",
                "..module_utils.a:b,c",
                "ansible_collections.n.c.plugins.module_utils.m:",
                ".:z",
                ".q:*",
                "a:b",
                "e:f",
                ".._import_helper:g",
                ".import_h:i",
            ]
        );
    }
}
