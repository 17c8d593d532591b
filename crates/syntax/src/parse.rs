//! The door of the YAML reader.

use crate::construct::{Remarks, construct};
use crate::node::Composer;
use crate::problem;
use churten_diagnostics::Report;
use churten_value::{Source, Value};

/// Larger inputs are refused before anything is allocated for them: 256 MiB.
const MAX_SIZE: usize = 256 << 20;

/// What to do about a mapping key that occurs twice (setting `DUPLICATE_YAML_DICT_KEY`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DuplicateKeys {
    /// The last one wins, with a warning.
    #[default]
    Warn,
    /// The document is refused.
    Error,
    /// The last one wins, silently.
    Ignore,
}

/// How to read YAML.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ParseOptions {
    /// Strings may be rendered as templates (the user's own files), unless tagged `!unsafe`.
    pub trusted: bool,
    /// What to do about duplicate keys.
    pub duplicate_keys: DuplicateKeys,
}

impl ParseOptions {
    /// The options for the user's own files: strings are templates.
    pub const TRUSTED: Self = Self { trusted: true, duplicate_keys: DuplicateKeys::Warn };
    /// The options for data: no string is a template.
    pub const UNTRUSTED: Self = Self { trusted: false, duplicate_keys: DuplicateKeys::Warn };
}

/// What a text holds.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    /// One value a document; none for an empty text.
    pub documents: Vec<Value>,
    /// What to tell the user with `[WARNING]`: duplicate keys.
    pub warnings: Vec<Report>,
    /// What to tell the user with `[DEPRECATION WARNING]`.
    pub deprecations: Vec<Report>,
}

/// Read every document of a YAML text (PyYAML's `load_all` with ansible-core's constructor).
///
/// # Errors
/// A parser error in ansible-core's words, with the place.
pub fn parse_yaml(text: impl AsRef<[u8]>, source: Source, options: &ParseOptions) -> Result<Parsed, Report> {
    let text = text.as_ref();
    read(text, source, options, false).map_err(|report| problem::improve(report, text))
}

/// Read a text that must hold one document at most; `None` (Python's) for an empty one.
///
/// # Errors
/// As [`parse_yaml`], and for a second document.
pub fn parse_yaml_single(text: impl AsRef<[u8]>, source: Source, options: &ParseOptions) -> Result<Parsed, Report> {
    let text = text.as_ref();
    let mut parsed = read(text, source, options, true).map_err(|report| problem::improve(report, text))?;
    if parsed.documents.is_empty() {
        parsed.documents.push(Value::NONE);
    }
    Ok(parsed)
}

impl Parsed {
    /// The first document; Python's `None` when there is none.
    pub fn into_value(mut self) -> Value {
        if self.documents.is_empty() { Value::NONE } else { self.documents.swap_remove(0) }
    }
}

fn read(text: &[u8], source: Source, options: &ParseOptions, single: bool) -> Result<Parsed, Report> {
    if text.len() > MAX_SIZE {
        return Err(problem::plain(source, format!("the text is larger than {MAX_SIZE} bytes")));
    }
    let mut composer = Composer::new(text, source);
    let mut remarks = Remarks::default();
    let mut documents = Vec::new();
    while let Some(document) = composer.document()? {
        if single && let Some(second) = composer.document()? {
            let context = Some("expected a single document in the stream");
            return Err(problem::marked(source, context, "but found another document", second.start));
        }
        documents.push(construct(document, source, options, &mut remarks)?);
        if single {
            break;
        }
    }
    Ok(Parsed { documents, warnings: remarks.warnings, deprecations: remarks.deprecations })
}

#[cfg(test)]
mod tests {
    use super::*;
    use churten_value::Repr;

    fn shown(text: &str) -> String {
        match parse_yaml(text, Source::described("<test>"), &ParseOptions::TRUSTED) {
            Ok(parsed) => parsed.documents.iter().map(|value| Repr(value).to_string()).collect::<Vec<_>>().join("; "),
            Err(report) => {
                let place = report.origin.map(|origin| origin.to_string()).unwrap_or_default();
                format!("{} at {place}", report.headline())
            }
        }
    }

    #[test]
    fn reads_documents() {
        for (text, expected) in [
            ("", ""),
            ("a: [1, yes, 0644, 1:30, ~, 1.5, 0o17]", "{'a': [1, True, 420, 90, None, 1.5, '0o17']}"),
            ("--- a\n--- b\n", "'a'; 'b'"),
            ("<<: {a: 1, b: 2}\na: 3", "{'a': 3, 'b': 2}"),
            ("a: &x [1]\nb: *x", "{'a': [1], 'b': [1]}"),
            ("a: *x", "YAML parsing failed: Found undefined alias. at <test>:1:4"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn aliases_of_aliases_are_bounded() {
        let ten = |name: char| format!("[{}]", vec![format!("*{name}"); 10].join(", "));
        let text = |last: char| {
            let lines = ('b'..=last).map(|name| format!("{name}: &{name} {}\n", ten(char::from(name as u8 - 1))));
            format!("a: &a [x]\n{}", lines.collect::<String>())
        };
        assert!(!shown(&text('e')).contains("aliases"));
        assert!(shown(&text('m')).contains("the aliases stand for more than 1000000 nodes"));
    }

    #[test]
    fn depth_is_bounded() {
        for open in ["[", "{a: ", "- "] {
            assert!(shown(&open.repeat(5000)).contains("nesting deeper"), "{open}");
        }
    }
}
