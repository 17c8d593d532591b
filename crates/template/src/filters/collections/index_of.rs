//! `ansible.utils.index_of`: where in a list a test holds.

use super::options::{Kind, plugin_error, required_options};
use crate::checks;
use crate::eval::{Arguments, Call};
use crate::fault::Outcome;
use crate::filters::Filter;
use crate::val::{Key, Val};

pub(super) const TABLE: &[Filter] = &[Filter::new("ansible.utils.index_of", index_of)];

const NAME: &str = "index_of";

/// `a, b and c`; a single one stands behind an ` and `.
fn enumerated(parts: &[String]) -> String {
    match parts {
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
        [] => String::new(),
    }
}

pub(crate) fn index_of(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [data, test, value, key, fail_on_missing, want_list] = required_options(
        call,
        &["data", "test"],
        [
            ("data", Kind::Items),
            ("test", Kind::Text),
            ("value", Kind::Raw),
            ("key", Kind::Text),
            ("fail_on_missing", Kind::Bool),
            ("wantlist", Kind::Bool),
        ],
    )?;
    let items = call.items(&data.unwrap_or(Val::None))?;
    let test = call.text(&test.unwrap_or(Val::None))?;
    let key = key.filter(|key| key.truth().unwrap_or(false));
    let mut candidates = Vec::with_capacity(items.len());
    match key {
        None => candidates.extend(items.into_iter().enumerate()),
        Some(key) => {
            let key = call.text(&key)?;
            if items.iter().any(|item| !matches!(item, Val::Dict(_))) {
                let classes: Vec<String> = items.iter().map(|item| item.python_type().to_owned()).collect();
                let text = "When a key name is provided, all list entries are required to be dictionaries, got";
                return Err(plugin_error(NAME, &format!("{text} {}", enumerated(&classes))));
            }
            let mut missing = Vec::new();
            for (index, item) in items.iter().enumerate() {
                let found = call.session.mapping(item).and_then(|entries| entries.get(&Key::text(key.as_str())));
                match found {
                    Some(slot) => candidates.push((index, call.session.slot(&slot).defined()?)),
                    None => missing.push(format!("'{key}' was not found in '{}' at [{index}]", call.text(item)?)),
                }
            }
            if call.flag(fail_on_missing.as_ref(), false)? && !missing.is_empty() {
                return Err(plugin_error(NAME, &format!("{}. fail_on_missing=True", enumerated(&missing))));
            }
        }
    }
    let value = value.filter(|value| !value.is_none());
    let mut found = Vec::new();
    for (index, candidate) in candidates {
        let Some(check) = checks::find(&test) else {
            let shown = value.as_ref().map_or(Ok("None".to_owned()), |value| call.text(value))?;
            let class = candidate.python_type();
            let tried = call.text(&candidate)?;
            return Err(plugin_error(
                NAME,
                &format!(
                    "Error encountered when testing value '{tried}' (type={class}) against '{shown}' (type={class}) with \
                     '{test}'.  Error was: the test '{test}' was not found."
                ),
            ));
        };
        let positional = std::iter::once(candidate).chain(value.clone()).collect();
        let arguments = Arguments { positional, keyword: Vec::new() };
        if checks::apply(check, Call::new(call.session, call.root, arguments))? {
            found.push(Val::from(index));
        }
    }
    match found.as_slice() {
        [only] if !call.flag(want_list.as_ref(), false)? => Ok(only.clone()),
        _ => Ok(Val::list(found)),
    }
}
