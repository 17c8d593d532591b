//! Jinja2 as Ansible speaks it: expressions, filters, tests, lookups, native results, lazy variables.
//!
//! The door is [`Templar`]; names come from a [`Scope`]. Only trusted strings are templates.

mod environment;
mod scope;
mod templar;

pub use environment::{Environment, TemplateOptions};
pub use scope::{Entry, HostVars, Scope};
pub use templar::Templar;
