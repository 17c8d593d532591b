//! Lookup plugins by name. Each file here ends with its table.
//!
//! To add a lookup: write `fn name(lookup: &mut Lookup<'_, '_>) -> Outcome<Vec<Val>>` and add a row to the file's
//! `TABLE`. Terms and options are finished values; [`Lookup::find_file`] searches files as ansible-core does.

mod config;
mod dispatch;
mod encoding;
mod files;
mod found;
mod inventory;
mod lists;
mod merged;
mod nested;
mod options;
mod password;
mod programs;
mod random_string;
mod search;
mod sequence;
mod tables;
mod template;
mod tree;
mod url;
mod variables;

use crate::eval::Session;
use crate::fault::Outcome;
use crate::filters::short_name;
use crate::tree::Symbol;
use crate::val::{Root, Val};
use std::collections::HashMap;
use std::sync::OnceLock;

pub(crate) use dispatch::{lookup, query, run_named, warn_embedded};
pub(crate) use found::matches as matches_shell_pattern;
pub(crate) use tables::parse_ini;

/// What a lookup does: the list of its results.
pub(crate) type LookupFunction = fn(&mut Lookup<'_, '_>) -> Outcome<Vec<Val>>;

/// A row of the table.
pub(crate) struct Plugin {
    /// The name without `ansible.builtin.`; with its collection when it comes from another.
    pub(crate) name: &'static str,
    pub(crate) run: LookupFunction,
    /// Options that may be undefined; any other undefined argument is the result.
    pub(crate) takes_undefined: &'static [&'static str],
}

impl Plugin {
    pub(crate) const fn new(name: &'static str, run: LookupFunction) -> Self {
        Self { name, run, takes_undefined: &[] }
    }

    const fn taking_undefined(self, options: &'static [&'static str]) -> Self {
        Self { takes_undefined: options, ..self }
    }
}

/// One call of a lookup plugin.
pub(crate) struct Lookup<'l, 'a> {
    pub(crate) session: &'l Session<'a>,
    /// Whose variables the lookup sees.
    pub(crate) root: Root,
    pub(crate) terms: Vec<Val>,
    /// The keyword arguments, without `wantlist`, `errors` and `allow_unsafe`.
    pub(crate) options: Vec<(Symbol, Val)>,
}

impl Lookup<'_, '_> {
    /// An option, taken out.
    pub(crate) fn option(&mut self, name: &str) -> Option<Val> {
        let index = self.options.iter().position(|(known, _)| &**known == name)?;
        Some(self.options.remove(index).1)
    }

    /// An option's truth.
    pub(crate) fn flag(&mut self, name: &str, default: bool) -> Outcome<bool> {
        self.option(name).map_or(Ok(default), |value| value.truth())
    }

    /// `str(value)`.
    pub(crate) fn text(&self, value: &Val) -> Outcome<String> {
        crate::val::python_str(value, self.session)
    }

    /// The terms as text.
    pub(crate) fn texts(&self) -> Outcome<Vec<String>> {
        self.terms.iter().map(|term| self.text(term)).collect()
    }
}

const TABLES: &[&[Plugin]] = &[
    config::TABLE,
    files::TABLE,
    found::TABLE,
    inventory::TABLE,
    lists::TABLE,
    merged::TABLE,
    nested::TABLE,
    password::TABLE,
    programs::TABLE,
    random_string::TABLE,
    sequence::TABLE,
    tables::TABLE,
    template::TABLE,
    tree::TABLE,
    url::TABLE,
    variables::TABLE,
];

/// The lookup of a name, with or without its collection.
pub(crate) fn find(name: &str) -> Option<&'static Plugin> {
    static TABLE: OnceLock<HashMap<&'static str, &'static Plugin>> = OnceLock::new();
    let table = TABLE.get_or_init(|| TABLES.iter().flat_map(|table| table.iter()).map(|row| (row.name, row)).collect());
    table.get(short_name(name)).copied()
}

/// True when there is a lookup of this name, with or without its collection.
pub fn has_lookup(name: &str) -> bool {
    find(name).is_some()
}
