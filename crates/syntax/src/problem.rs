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
