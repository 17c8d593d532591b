//! Functions and names that every template knows.

mod builders;
mod clock;

use crate::eval::Call;
use crate::fault::Outcome;
use crate::lookups;
use crate::val::Val;
use std::collections::HashMap;
use std::sync::OnceLock;

/// A function that templates call by name.
pub(crate) struct Function {
    pub(crate) name: &'static str,
    pub(crate) run: fn(&mut Call<'_, '_>) -> Outcome<Val>,
    /// Undefined arguments reach the function; otherwise its result is the first of them.
    pub(crate) accepts_undefined: bool,
}

const fn strict(name: &'static str, run: fn(&mut Call<'_, '_>) -> Outcome<Val>) -> Function {
    Function { name, run, accepts_undefined: false }
}

const fn lenient(name: &'static str, run: fn(&mut Call<'_, '_>) -> Outcome<Val>) -> Function {
    Function { name, run, accepts_undefined: true }
}

static TABLE: &[Function] = &[
    strict("cycler", builders::cycler),
    strict("dict", builders::dict),
    strict("joiner", builders::joiner),
    strict("lipsum", builders::lipsum),
    lenient("lookup", lookups::lookup),
    strict("namespace", builders::namespace),
    strict("now", clock::now),
    lenient("q", lookups::query),
    lenient("query", lookups::query),
    strict("range", builders::range),
    strict("undef", builders::undef),
];

/// The function of a name.
pub(crate) fn find(name: &str) -> Option<&'static Function> {
    static BY_NAME: OnceLock<HashMap<&'static str, &'static Function>> = OnceLock::new();
    BY_NAME.get_or_init(|| TABLE.iter().map(|row| (row.name, row)).collect()).get(name).copied()
}
