//! The result that a module prints, among whatever else it prints.

use crate::{Dict, JsonError, Value, from_json};
use std::fmt;

/// Why an output has no result, in ansible-core's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnreadableResult {
    /// No line begins a mapping.
    NoStart,
    /// No line behind that ends one.
    NoEnd,
    /// What is between them is no JSON.
    Json(JsonError),
}

impl fmt::Display for UnreadableResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoStart => f.write_str("No start of json char found"),
            Self::NoEnd => f.write_str("No end of json char found"),
            Self::Json(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for UnreadableResult {}

/// The JSON mapping from the first line that begins one to the last line that ends one. What is printed behind it is among
/// its `warnings`.
///
/// # Errors
/// There is none.
pub fn printed_result(text: &str) -> Result<Dict, UnreadableResult> {
    let start = begin(text).ok_or(UnreadableResult::NoStart)?;
    let rest = text.get(start..).unwrap_or_default();
    let (json, junk) = rest.split_at(end(rest).ok_or(UnreadableResult::NoEnd)?);
    // What begins and ends in braces is a mapping.
    let mut result = from_json(json).map_err(UnreadableResult::Json)?.as_dict().cloned().unwrap_or_default();
    let junk = junk.trim();
    if !junk.is_empty() {
        let mut warnings = result.get("warnings").and_then(Value::as_list).unwrap_or_default().to_vec();
        warnings.push(Value::from(format!("Module invocation had junk after the JSON data: {junk}")));
        result.insert("warnings", Value::list(warnings));
    }
    Ok(result)
}

/// Where the first line that begins a mapping is.
fn begin(text: &str) -> Option<usize> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if line.trim_start().starts_with('{') {
            return Some(start);
        }
        start += line.len();
    }
    None
}

/// Where the last line that ends in a brace ends.
fn end(text: &str) -> Option<usize> {
    let mut end = text.len();
    for line in text.split_inclusive('\n').rev() {
        if line.trim_end().ends_with('}') {
            return Some(end);
        }
        end -= line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{UnreadableResult, printed_result};
    use crate::{JsonStyle, Value};

    fn shown(output: &str) -> String {
        Value::dict(printed_result(output).unwrap()).to_json(JsonStyle::PLAIN)
    }

    #[test]
    fn json_is_found_among_other_lines() {
        assert_eq!(shown("\n{\"a\": 1}\n"), "{\"a\": 1}");
        assert_eq!(
            shown("before\n{\"a\":\n {}}\nafter\n"),
            "{\"a\": {}, \"warnings\": [\"Module invocation had junk after the JSON data: after\"]}"
        );
        assert_eq!(shown("[1]\n{\"a\": 1}\n"), "{\"a\": 1}");
    }

    #[test]
    fn what_is_no_json_is_told() {
        let error = |output: &str| printed_result(output).unwrap_err();
        assert_eq!(error("hello\n"), UnreadableResult::NoStart);
        assert_eq!(error("[1]\n"), UnreadableResult::NoStart);
        assert_eq!(error("{\"a\": \n"), UnreadableResult::NoEnd);
        assert_eq!(error("{\"a\": 1}\0\n"), UnreadableResult::NoEnd);
        assert_eq!(error("{\"a\": }\n").to_string(), "Expecting value: line 1 column 7 (char 6)");
        assert_eq!(
            error("a\n {x}").to_string(),
            "Expecting property name enclosed in double quotes: line 1 column 3 (char 2)"
        );
        assert_eq!(error("{}\n{}").to_string(), "Extra data: line 2 column 1 (char 3)");
    }
}
