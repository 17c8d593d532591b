//! Jinja2 as Ansible speaks it: expressions, filters, tests, lookups, native results, lazy variables.
//!
//! The door is [`Templar`]; names come from a [`Scope`]. Only trusted strings are templates.
//!
//! Inside: `convert` turns the parser's tree into our `tree`, `eval` walks it over `val` values, and `filters`,
//! `checks` (Jinja2's tests), `globals`, `methods` and `lookups` are tables of functions by name.

mod address;
mod checks;
mod codec;
mod conditional;
mod convert;
mod crypt;
mod csv;
mod environment;
mod eval;
mod fault;
mod file_variables;
mod filters;
mod globals;
mod header;
mod jmespath;
mod lookups;
mod methods;
mod regex;
mod replacement;
mod scope;
mod stack;
mod templar;
mod tree;
mod twister;
mod val;
mod web;
mod xml;
mod zone;

pub use codec::{decode_file, encode_text};
pub use environment::{Environment, Extensions, TemplateOptions};
pub use file_variables::{file_variables, user_name};
pub use lookups::has_lookup;
pub use scope::{Entry, HostVars, Scope};
pub use templar::Templar;
pub use web::{WebClient, WebFailure, WebRequest};
