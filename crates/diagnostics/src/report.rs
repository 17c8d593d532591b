//! The error every room returns.

use churten_value::Origin;
use std::fmt;

/// What class of failure a report is; the exit code follows from it in one place, in `src/`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ErrorKind {
    /// Anything else that stops a run (ansible-core's `AnsibleError`): exit code 1.
    #[default]
    General,
    /// Content that does not parse or breaks the structure (`AnsibleParserError`): exit code 4.
    Parser,
    /// A wrong option or value on the command line (`AnsibleOptionsError`): exit code 5.
    Options,
    /// An undefined variable; `default` and `ignore` rules look for it.
    Undefined,
    /// Something ansible-core can do and churten cannot yet: exit code 1.
    NotYet,
    /// The user pressed Ctrl-C: exit code 99.
    Interrupted,
    /// What ansible-core calls an unexpected exception: exit code 250.
    Unexpected,
}

/// One error: message, place, help, and the error that caused it.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The class of failure.
    pub kind: ErrorKind,
    /// What happened, in ansible-core's words where it has any. Without the cause's text.
    pub message: String,
    /// The place in the user's content.
    pub origin: Option<Origin>,
    /// The text the error is about, shown in place of an excerpt when the origin has no line.
    pub text: Option<String>,
    /// The way out, printed after the excerpt.
    pub help: Option<String>,
    /// True when this is told in a paragraph of its own even at the place of the error that it caused.
    pub apart: bool,
    /// The error behind this one.
    pub cause: Option<Box<Report>>,
}

impl Report {
    /// A general error.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            kind: ErrorKind::General,
            message: message.into(),
            origin: None,
            text: None,
            help: None,
            apart: false,
            cause: None,
        }
    }

    /// A structure or syntax error.
    pub fn parser(message: impl Into<String>) -> Self {
        Self::new(message).kind(ErrorKind::Parser)
    }

    /// An undefined variable.
    pub fn undefined(message: impl Into<String>) -> Self {
        Self::new(message).kind(ErrorKind::Undefined)
    }

    /// A feature of ansible-core that churten refuses for now: `not yet: FEATURE`.
    pub fn not_yet(feature: impl fmt::Display) -> Self {
        Self::new(format!("not yet supported by churten: {feature}")).kind(ErrorKind::NotYet)
    }

    /// This error with a class.
    #[must_use]
    pub fn kind(mut self, kind: ErrorKind) -> Self {
        self.kind = kind;
        self
    }

    /// This error in a paragraph of its own, even at the place of the error that it caused: a value of the wrong type,
    /// a wrong name.
    #[must_use]
    pub fn apart(mut self) -> Self {
        self.apart = true;
        self
    }

    /// This error at a place, unless it already has one.
    #[must_use]
    pub fn or_at(mut self, origin: Option<Origin>) -> Self {
        self.origin = self.origin.or(origin);
        self
    }

    /// This error at a place.
    #[must_use]
    pub fn at(mut self, origin: Option<Origin>) -> Self {
        self.origin = origin;
        self
    }

    /// This error about a text, which is shown when its origin has no line.
    #[must_use]
    pub fn about(mut self, text: impl Into<String>) -> Self {
        self.text = Some(text.into());
        self
    }

    /// This error with advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// This error with what caused it.
    #[must_use]
    pub fn caused_by(mut self, cause: Self) -> Self {
        self.cause = Some(Box::new(cause));
        self
    }

    /// `self` as the cause of a new error with `message`; the class is kept.
    #[must_use]
    pub fn context(self, message: impl Into<String>) -> Self {
        let kind = self.kind;
        Self::new(message).kind(kind).caused_by(self)
    }

    /// This error and everything behind it, outermost first.
    pub fn chain(&self) -> impl Iterator<Item = &Self> {
        std::iter::successors(Some(self), |report| report.cause.as_deref())
    }

    /// True when this error or one behind it is an undefined variable.
    pub fn is_undefined(&self) -> bool {
        self.chain().any(|report| report.kind == ErrorKind::Undefined)
    }

    /// The messages of the chain on one line, as ansible-core joins them: a message's final period gives way to
    /// `: ` before the next, and a message that already ends with its cause's text is not repeated.
    pub fn headline(&self) -> String {
        join(self.chain())
    }
}

/// The headline; [`Report::render`] gives the whole text.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.headline())
    }
}

impl std::error::Error for Report {}

/// Messages on one line.
pub(crate) fn join<'a>(reports: impl Iterator<Item = &'a Report>) -> String {
    let mut line = String::new();
    for Report { message, .. } in reports {
        if line.is_empty() {
            line.push_str(message);
        } else if !message.is_empty() && !line.ends_with(message.as_str()) {
            if line.ends_with('.') {
                line.pop();
            }
            line.push_str(": ");
            line.push_str(message);
        }
    }
    line
}
