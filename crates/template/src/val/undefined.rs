//! What stands for a value that is not there.

use crate::fault::Fault;
use crate::tree::Symbol;
use churten_value::Origin;

/// A marker: harmless while it is passed on, tested with `is defined` or replaced by `default`; an error when used.
#[derive(Debug)]
pub(crate) struct Undefined {
    pub(crate) reason: Reason,
    /// The template in which it arose.
    pub(crate) origin: Option<Origin>,
}

/// Why a value is not there.
#[derive(Debug)]
pub(crate) enum Reason {
    /// No variable has this name.
    Name(Symbol),
    /// Another reason, in words.
    Message(Box<str>),
    /// A filter, method or variable failed with this error.
    Failed(Fault),
    /// An inline `if` without `else`: prints nothing.
    NoElse,
}

impl Undefined {
    /// True for the silent undefined of an inline `if` without `else`.
    pub(crate) fn is_silent(&self) -> bool {
        matches!(self.reason, Reason::NoElse)
    }

    /// True when an error other than an undefined variable is behind it: then even `default` fails.
    pub(crate) fn is_broken(&self) -> bool {
        matches!(&self.reason, Reason::Failed(fault) if !fault.is_undefined())
    }

    /// The error when it is used.
    pub(crate) fn fault(&self) -> Fault {
        match &self.reason {
            Reason::Failed(fault) => fault.clone(),
            _ => Fault::undefined(self.message()).or_at(self.origin),
        }
    }

    /// The error's text.
    pub(crate) fn message(&self) -> String {
        match &self.reason {
            Reason::Name(name) => format!("'{name}' is undefined"),
            Reason::Message(message) => message.to_string(),
            Reason::Failed(fault) => fault.headline(),
            Reason::NoElse => "the inline if-expression evaluated to false and no else section was defined.".to_owned(),
        }
    }
}
