//! Errors inside the room.

use churten_diagnostics::{ErrorKind, Report};
use churten_value::Origin;

/// An error on its way out: a report, and what the template around it still has to add.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fault(Box<Inner>);

#[derive(Clone, Debug, PartialEq)]
struct Inner {
    report: Report,
    stage: Stage,
    /// Line inside the template, from 1; 0 when unknown.
    line: u32,
}

/// What kind of failure it is to the template around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// A Python exception of an operator or a method: becomes the cause of `Error rendering template.`
    Python,
    /// A syntax error: becomes the cause of `Syntax error in template.`
    Syntax,
    /// An error with ansible-core's own text: only needs a place.
    Ansible,
    /// A plugin's failure: further plugins around it add nothing.
    Plugin,
    /// Complete.
    Done,
}

/// The result of evaluating something.
pub(crate) type Outcome<T> = Result<T, Fault>;

impl Fault {
    fn new(report: Report, stage: Stage, line: u32) -> Self {
        Self(Box::new(Inner { report, stage, line }))
    }

    /// What Python or Jinja2 itself would raise.
    pub(crate) fn python(message: impl Into<String>) -> Self {
        Self::new(Report::new(message), Stage::Python, 0)
    }

    /// A report that stands for a Python exception.
    pub(crate) fn python_report(report: Report) -> Self {
        Self::new(report, Stage::Python, 0)
    }

    /// A syntax error at a line of the template, from 1; 0 when unknown.
    pub(crate) fn syntax(message: impl Into<String>, line: u32) -> Self {
        Self::new(Report::new(message).kind(ErrorKind::Parser), Stage::Syntax, line)
    }

    /// An undefined value was used.
    pub(crate) fn undefined(message: impl Into<String>) -> Self {
        Self::new(Report::undefined(message), Stage::Ansible, 0)
    }

    /// An error in ansible-core's words.
    pub(crate) fn ansible(message: impl Into<String>) -> Self {
        Self::new(Report::new(message), Stage::Ansible, 0)
    }

    /// A finished report from elsewhere.
    pub(crate) fn report(report: Report) -> Self {
        Self::new(report, Stage::Ansible, 0)
    }

    /// Something ansible-core can do and churten cannot yet.
    pub(crate) fn not_yet(feature: impl std::fmt::Display) -> Self {
        Self::new(Report::not_yet(feature), Stage::Ansible, 0)
    }

    /// This error at a line, unless it already has one.
    #[must_use]
    pub(crate) fn or_line(mut self, line: u32) -> Self {
        if self.0.line == 0 {
            self.0.line = line;
        }
        self
    }

    /// This error at a place, unless it already has one.
    #[must_use]
    pub(crate) fn or_at(mut self, origin: Option<Origin>) -> Self {
        self.0.report.origin = self.0.report.origin.or(origin);
        self
    }

    /// What failed, without context.
    #[cfg(test)]
    pub(crate) fn message(&self) -> &str {
        &self.0.report.message
    }

    /// The message with everything behind it on one line.
    pub(crate) fn headline(&self) -> String {
        self.0.report.headline()
    }

    /// True for the use of an undefined value.
    pub(crate) fn is_undefined(&self) -> bool {
        self.0.report.kind == ErrorKind::Undefined
    }

    /// True for something that is not there yet.
    pub(crate) fn is_not_yet(&self) -> bool {
        self.0.report.kind == ErrorKind::NotYet
    }

    /// This error as what a plugin failed with: `The filter plugin 'NAME' failed.`
    #[must_use]
    pub(crate) fn in_plugin(mut self, kind: &str, name: &str) -> Self {
        if self.is_undefined()
            || matches!(self.0.stage, Stage::Done | Stage::Plugin)
            || self.0.report.kind == ErrorKind::NotYet
        {
            return self;
        }
        // ansible-core strips the exception's text.
        let message = &mut self.0.report.message;
        if message.trim().len() < message.len() {
            *message = message.trim().into();
        }
        let report = Report::new(format!("The {kind} plugin '{name}' failed.")).caused_by(self.0.report);
        Self::new(report, Stage::Plugin, self.0.line)
    }

    /// This error as the cause of `message`.
    #[must_use]
    pub(crate) fn behind(self, message: impl Into<String>) -> Self {
        let Inner { report, stage, line } = *self.0;
        Self::new(report.context(message), stage, line)
    }

    /// The error as the template at `origin` gives it. `what` is `template` or `expression`.
    #[must_use]
    pub(crate) fn finish(self, what: &str, origin: Option<Origin>) -> Self {
        let Inner { mut report, stage, line } = *self.0;
        // Strings keep the place of the whole string, as in ansible-core; a file's errors get the line inside it.
        let in_file = |origin: Origin| match (origin.source.is_file() && origin.line == 0, line) {
            (true, 1..) => Origin { line, ..origin },
            _ => origin,
        };
        report.origin = report.origin.map(in_file);
        let origin = origin.map(in_file);
        let report = match stage {
            Stage::Done => report,
            Stage::Ansible | Stage::Plugin => report.or_at(origin),
            Stage::Python => Report::new(format!("Error rendering {what}.")).at(origin).caused_by(report),
            Stage::Syntax => {
                let message = if report.help.is_some() {
                    format!("Syntax error in {what}. Template delimiters are not supported in expressions.")
                } else {
                    format!("Syntax error in {what}.")
                };
                let report = Report { help: None, ..report };
                Report::new(message).kind(ErrorKind::Parser).at(origin).caused_by(report)
            }
        };
        Self::new(report, Stage::Done, line)
    }

    /// Marks a syntax error of an expression that contains template delimiters.
    #[must_use]
    pub(crate) fn with_delimiters(mut self) -> Self {
        self.0.report.help = Some(String::new());
        self
    }

    /// The report that leaves the room.
    pub(crate) fn into_report(self) -> Report {
        self.0.report
    }
}
