//! What stands for a value that is not there.

use super::Text;
use crate::fault::Fault;
use crate::tree::Symbol;
use churten_value::Origin;

/// A marker: harmless while it is passed on, tested with `is defined` or replaced by `default`; an error when used.
pub(crate) struct Undefined {
    pub(crate) reason: Reason,
    /// The template in which it arose.
    pub(crate) origin: Option<Origin>,
}

/// Why a value is not there.
pub(crate) enum Reason {
    /// No variable has this name.
    Name(Symbol),
    /// Another reason, in words.
    Message(Box<str>),
    /// A filter, method or variable failed with this error.
    Failed(Fault),
    /// Vaulted text that no password opens.
    Undecryptable(Fault, Text),
    /// An inline `if` without `else`: prints nothing.
    NoElse,
}

/// What `undef()` without a hint says when it is used.
pub(crate) const MANDATORY: &str = "Mandatory variable has not been overridden";

impl Undefined {
    /// True for `undef()` without a hint.
    pub(crate) fn is_mandatory(&self) -> bool {
        matches!(&self.reason, Reason::Message(message) if &**message == MANDATORY)
    }

    /// The armour of vaulted text that could not be decrypted.
    pub(crate) fn armour(&self) -> Option<&Text> {
        match &self.reason {
            Reason::Undecryptable(_, armour) => Some(armour),
            _ => None,
        }
    }

    /// True for the silent undefined of an inline `if` without `else`.
    pub(crate) fn is_silent(&self) -> bool {
        matches!(self.reason, Reason::NoElse)
    }

    /// True when an error other than an undefined variable is behind it: then even `default` fails.
    pub(crate) fn is_broken(&self) -> bool {
        matches!(&self.reason, Reason::Failed(fault) | Reason::Undecryptable(fault, _) if !fault.is_undefined())
    }

    /// The error when it is used.
    pub(crate) fn fault(&self) -> Fault {
        match &self.reason {
            Reason::Failed(fault) | Reason::Undecryptable(fault, _) => fault.clone(),
            _ => Fault::undefined(self.message()).or_at(self.origin),
        }
    }

    /// The error's text.
    pub(crate) fn message(&self) -> String {
        match &self.reason {
            Reason::Name(name) => format!("'{name}' is undefined"),
            Reason::Message(message) => message.to_string(),
            Reason::Failed(fault) | Reason::Undecryptable(fault, _) => fault.headline(),
            Reason::NoElse => "the inline if-expression evaluated to false and no else section was defined.".to_owned(),
        }
    }
}
