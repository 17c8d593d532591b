//! YAML problems in ansible-core's words.

use crate::libyaml::{Mark, Problem, ProblemKind};
use churten_diagnostics::Report;
use churten_value::{Origin, Source};

/// The place of a mark; marks count from 0, origins from 1.
pub(crate) fn origin(source: Source, mark: Mark) -> Origin {
    Origin::new(source, mark.line + 1, mark.column + 1)
}

/// An error whose text is shown as it is, at the whole source: what Python raises outside of YAML's own errors.
pub(crate) fn plain(source: Source, text: impl std::fmt::Display) -> Report {
    Report::parser(format!("YAML parsing failed: {text}")).at(Some(Origin::whole(source)))
}

/// An error of YAML's own kind: context and problem make one sentence.
pub(crate) fn marked(source: Source, context: Option<&str>, problem: &str, mark: Mark) -> Report {
    let text = match context {
        Some(context) => format!("{context} {problem}"),
        None => problem.to_owned(),
    };
    Report::parser(format!("YAML parsing failed: {}.", capitalised(&text))).at(Some(origin(source, mark)))
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

/// The report for a problem found by libyaml.
pub(crate) fn from_library(source: Source, problem: &Problem) -> Report {
    if problem.kind == ProblemKind::Reader {
        return plain(
            source,
            format!(
                "unacceptable character #x{:04x}: {} in \"<unicode string>\", position {}",
                problem.value, problem.problem, problem.offset
            ),
        );
    }
    let text = problem.problem.replace("hexadecimal", "hexdecimal");
    marked(source, problem.context.as_deref(), &text, problem.problem_mark)
}

const COLON_HELP: &str =
    "\nFor example:\n\n    raw: echo 'name: ansible'\n\nShould be:\n\n    raw: \"echo 'name: ansible'\"\n";
const TEMPLATE_HELP: &str = "\nFor example:\n\n    raw: {{ some_var }}\n\nShould be:\n\n    raw: \"{{ some_var }}\"\n";
const QUOTE_HELP: &str = "\nFor example:\n\n    raw: \"foo\" in bar\n\nShould be:\n\n    raw: '\"foo\" in bar'\n";
const INNER_QUOTE_HELP: &str =
    "\nFor example:\n\n    raw: \"foo\" in \"bar\"\n\nShould be:\n\n    raw: '\"foo\" in \"bar\"'\n";

/// What people usually did wrong on the line a problem points at, in place of the parser's view of it.
///
/// Only for files: as in ansible-core, the line is read from the source.
pub(crate) fn improve(report: Report, text: &[u8]) -> Report {
    let Some(place) = report.origin.filter(|place| place.line > 0 && place.source.is_file()) else { return report };
    let Ok(text) = std::str::from_utf8(text) else { return report };
    let Some(line) = text.lines().nth(place.line as usize - 1) else { return report };
    let Some((at, message, help)) = mistake(line) else { return report };
    let column = line[..at].chars().count() as u32 + 1;
    let better = Report::parser(format!("YAML parsing failed: {message}")).at(Some(Origin::new(
        place.source,
        place.line,
        column,
    )));
    if help.is_empty() { better } else { better.help(help) }
}

/// Byte position, message and help of the first usual mistake on a line.
fn mistake(line: &str) -> Option<(usize, &'static str, &'static str)> {
    if let Some(at) = line.find('\t') {
        return Some((at, "Tabs are usually invalid in YAML.", ""));
    }
    let start = value_start(line);
    let value = line.get(start..)?.trim_end();
    if value.starts_with("{{") {
        let message = "This may be an issue with missing quotes around a template block.";
        return Some((start, message, TEMPLATE_HELP));
    }
    let colon = line[start..]
        .char_indices()
        .find(|(at, c)| *c == ':' && line[start + at + 1..].chars().next().is_none_or(char::is_whitespace));
    if let Some((at, _)) = colon {
        let message = "Colons in unquoted values must be followed by a non-space character.";
        return Some((start + at, message, COLON_HELP));
    }
    let quote = value.chars().next().filter(|first| matches!(first, '"' | '\''))?;
    match value[1..].strip_suffix(quote) {
        None => Some((start, "Values starting with a quote must end with the same quote.", QUOTE_HELP)),
        Some(inner) if inner.contains(quote) => {
            let message = "Values starting with a quote must end with the same quote, and not contain that quote.";
            Some((start, message, INNER_QUOTE_HELP))
        }
        Some(_) => None,
    }
}

/// Where a line's value starts: behind list dashes and one simple key of letters, digits, `_` and spaces.
fn value_start(line: &str) -> usize {
    let skip_space = |at: usize| line.len() - line[at..].trim_start().len();
    let mut at = skip_space(0);
    while line[at..].starts_with('-') && line[at + 1..].starts_with(char::is_whitespace) {
        at = skip_space(at + 1);
    }
    let word = |c: char| c.is_alphanumeric() || c == '_' || c.is_whitespace();
    let key = line[at..].len() - line[at..].trim_start_matches(word).len();
    let behind = &line[at + key..];
    if behind.starts_with(':') && behind[1..].chars().next().is_none_or(char::is_whitespace) {
        at = skip_space(at + key + 1);
    }
    at
}
