//! Lookups of `ansible.utils` that are its filters by another way.

use super::{Lookup, Plugin};
use crate::eval::{Arguments, Call};
use crate::fault::Outcome;
use crate::filters::{get_path as path_value, index_of as indices, to_paths as flat_paths};
use crate::val::Val;

pub(super) const TABLE: &[Plugin] = &[
    Plugin::new("ansible.utils.get_path", get_path),
    Plugin::new("ansible.utils.index_of", index_of),
    Plugin::new("ansible.utils.to_paths", to_paths),
];

fn filtered(lookup: &mut Lookup<'_, '_>, filter: fn(&mut Call<'_, '_>) -> Outcome<Val>) -> Outcome<Val> {
    let positional = std::mem::take(&mut lookup.terms);
    let arguments = Arguments { positional, keyword: std::mem::take(&mut lookup.options) };
    filter(&mut Call::new(lookup.session, lookup.root, arguments))
}

fn get_path(lookup: &mut Lookup<'_, '_>) -> Outcome<Vec<Val>> {
    Ok(vec![filtered(lookup, path_value)?])
}

fn index_of(lookup: &mut Lookup<'_, '_>) -> Outcome<Vec<Val>> {
    lookup.options.push(("wantlist".into(), Val::Bool(true)));
    let found = filtered(lookup, indices)?;
    lookup.session.items(&found)
}

fn to_paths(lookup: &mut Lookup<'_, '_>) -> Outcome<Vec<Val>> {
    Ok(vec![filtered(lookup, flat_paths)?])
}
