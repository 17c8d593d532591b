//! Jinja2's tests, `value is name(arguments)`, by name. Each file here ends with its table.
//!
//! To add a test: write `fn name(call: &mut Call<'_, '_>) -> Outcome<bool>` and add a row to the file's `TABLE`.

mod addresses;
mod compare;
mod files;
mod general;
mod pattern;
mod provenance;
mod results;
mod types;
mod version;

use crate::eval::Call;
use crate::fault::Outcome;
use crate::filters::{in_plugin, short_name};
use std::collections::HashMap;
use std::sync::OnceLock;

pub(crate) use version::loose as compare_loose_versions;

/// What a test does.
pub(crate) type CheckFunction = fn(&mut Call<'_, '_>) -> Outcome<bool>;

/// A test.
#[derive(Debug)]
pub(crate) struct Check {
    /// The name without `ansible.builtin.`; with its collection when it comes from another.
    pub(crate) name: &'static str,
    pub(crate) run: CheckFunction,
    /// Undefined arguments reach the test; otherwise they are an error.
    pub(crate) accepts_undefined: bool,
}

impl Check {
    /// A test that never sees an undefined argument.
    pub(crate) const fn new(name: &'static str, run: CheckFunction) -> Self {
        Self { name, run, accepts_undefined: false }
    }

    /// A test that takes undefined arguments.
    pub(crate) const fn lenient(name: &'static str, run: CheckFunction) -> Self {
        Self { name, run, accepts_undefined: true }
    }
}

const TABLES: &[&[Check]] = &[
    addresses::TABLE,
    compare::TABLE,
    files::TABLE,
    general::TABLE,
    pattern::TABLE,
    provenance::TABLE,
    results::TABLE,
    types::TABLE,
    version::TABLE,
];

/// The test of a name, with or without its collection.
pub(crate) fn find(name: &str) -> Option<&'static Check> {
    static TABLE: OnceLock<HashMap<&'static str, &'static Check>> = OnceLock::new();
    let table = TABLE.get_or_init(|| TABLES.iter().flat_map(|table| table.iter()).map(|row| (row.name, row)).collect());
    table.get(short_name(name)).copied()
}

/// Apply a test; the value is the first positional argument.
pub(crate) fn apply(check: &'static Check, mut call: Call<'_, '_>) -> Outcome<bool> {
    call.broken()?;
    if !check.accepts_undefined
        && let Some(undefined) = call.undefined()
    {
        undefined.check()?;
    }
    (check.run)(&mut call).map_err(|fault| in_plugin(fault, "test", check.name))
}
