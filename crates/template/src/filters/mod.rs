//! Filters by name. A filter is a function over [`Call`]; each file here ends with its table.
//!
//! To add a filter: write `fn name(call: &mut Call<'_, '_>) -> Outcome<Val>` in a file of its subject, bind its
//! arguments with [`Call::bind`] (the piped value is the first), and add a row to the file's `TABLE`.

mod arrange;
mod chance;
mod collections;
mod comment;
mod dates;
mod dictionaries;
mod encode;
pub(crate) mod extract;
mod group;
mod layout;
mod links;
mod markup;
mod mathematics;
mod numbers;
pub(crate) mod password;
mod paths;
mod patterns;
pub(crate) mod provenance;
mod select;
mod sequences;
mod serialise;
mod sets;
mod sizes;
mod text;
mod types;
mod urls;
mod vault;
mod windows;
mod yaml;

use crate::eval::{Call, undefined_result};
use crate::fault::{Fault, Outcome};
use crate::val::Val;
use std::collections::HashMap;
use std::sync::OnceLock;

pub(crate) use collections::ansible_type::type_name as ansible_type_name;
pub(crate) use collections::index_of::index_of;
pub(crate) use collections::options::class_path;
pub(crate) use collections::paths::{get_path, to_paths};

/// What a filter does.
pub(crate) type FilterFunction = fn(&mut Call<'_, '_>) -> Outcome<Val>;

/// A filter.
#[derive(Debug)]
pub(crate) struct Filter {
    /// The name without `ansible.builtin.`; with its collection when it comes from another.
    pub(crate) name: &'static str,
    pub(crate) run: FilterFunction,
    /// Undefined arguments reach the filter; otherwise its result is the first of them.
    pub(crate) accepts_undefined: bool,
    /// A value that cannot be decrypted reaches the filter as its armour.
    takes_armour: bool,
}

impl Filter {
    /// A filter that never sees an undefined argument.
    pub(crate) const fn new(name: &'static str, run: FilterFunction) -> Self {
        Self { name, run, accepts_undefined: false, takes_armour: false }
    }

    /// A filter that takes undefined arguments.
    pub(crate) const fn lenient(name: &'static str, run: FilterFunction) -> Self {
        Self { name, run, accepts_undefined: true, takes_armour: false }
    }

    const fn taking_armour(self) -> Self {
        Self { takes_armour: true, ..self }
    }
}

const TABLES: &[&[Filter]] = &[
    arrange::TABLE,
    chance::TABLE,
    comment::TABLE,
    dates::TABLE,
    dictionaries::TABLE,
    encode::TABLE,
    extract::TABLE,
    group::TABLE,
    layout::TABLE,
    links::TABLE,
    markup::TABLE,
    mathematics::TABLE,
    numbers::TABLE,
    password::TABLE,
    paths::TABLE,
    patterns::TABLE,
    provenance::TABLE,
    select::TABLE,
    sequences::TABLE,
    serialise::TABLE,
    sets::TABLE,
    sizes::TABLE,
    text::TABLE,
    types::TABLE,
    urls::TABLE,
    vault::TABLE,
    windows::TABLE,
    yaml::TABLE,
];

fn rows() -> impl Iterator<Item = &'static Filter> {
    TABLES.iter().chain(collections::TABLES).flat_map(|table| table.iter())
}

fn table() -> &'static HashMap<&'static str, &'static Filter> {
    static TABLE: OnceLock<HashMap<&'static str, &'static Filter>> = OnceLock::new();
    TABLE.get_or_init(|| rows().map(|row| (row.name, row)).collect())
}

/// The name without the collections whose content is built in.
pub(crate) fn short_name(name: &str) -> &str {
    name.strip_prefix("ansible.builtin.").or_else(|| name.strip_prefix("ansible.legacy.")).unwrap_or(name)
}

/// The filter of a name, with or without its collection.
pub(crate) fn find(name: &str) -> Option<&'static Filter> {
    let name = short_name(name);
    match collections::redirected(name) {
        Some(name) => table().get(&*name).copied(),
        None => table().get(name).copied(),
    }
}

/// Apply a filter; the value is the first positional argument.
pub(crate) fn apply(filter: &'static Filter, mut call: Call<'_, '_>) -> Outcome<Val> {
    if filter.takes_armour
        && let Some(value) = call.positional.first_mut()
        && let Val::Undefined(undefined) = &*value
        && let Some(armour) = undefined.armour().cloned()
    {
        *value = Val::Str(armour);
    }
    if !filter.accepts_undefined {
        call.broken()?;
    }
    if !filter.accepts_undefined
        && let Some(undefined) = call.undefined()
    {
        return Ok(undefined);
    }
    undefined_result((filter.run)(&mut call).map_err(|fault| in_plugin(fault, "filter", filter.name)))
}

/// An error with the plugin's full name.
pub(crate) fn in_plugin(fault: Fault, kind: &str, name: &str) -> Fault {
    if name.contains('.') {
        fault.in_plugin(kind, name)
    } else {
        fault.in_plugin(kind, &format!("ansible.builtin.{name}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn names_are_unique() {
        let mut seen = HashSet::new();
        for row in rows() {
            assert!(seen.insert(row.name), "{} is listed twice", row.name);
        }
        assert!(find("ansible.builtin.upper").is_some());
        assert!(find("nope").is_none());
    }

    #[test]
    fn collections_are_found_by_full_name_only() {
        for name in ["ansible.utils.ipaddr", "ansible.netcommon.ipaddr"] {
            assert_eq!(find(name).map(|filter| filter.name), Some("ansible.utils.ipaddr"), "{name}");
        }
        for name in ["ipaddr", "ansible.builtin.ipaddr", "community.general.ipaddr", "ansible.netcommon.ipcut"] {
            assert!(find(name).is_none(), "{name}");
        }
    }
}
