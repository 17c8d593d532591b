//! Lists as sets. Results keep the order of first appearance (ansible-core's order of text is random).

use super::Filter;
use crate::eval::{Call, Session, contains};
use crate::fault::{Fault, Outcome};
use crate::val::{Key, Val, equal};
use std::collections::HashSet;

pub(super) const TABLE: &[Filter] = &[
    Filter::new("difference", difference),
    Filter::new("intersect", intersect),
    Filter::new("symmetric_difference", symmetric_difference),
    Filter::new("union", union),
];

/// Values seen so far: hashed where Python could hash them, else compared one by one.
#[derive(Default)]
pub(super) struct Seen {
    hashed: HashSet<Key, foldhash::fast::RandomState>,
    others: Vec<Val>,
}

impl Seen {
    pub(super) fn of(items: &[Val], session: &Session<'_>) -> Outcome<Self> {
        let mut seen = Self::default();
        for item in items {
            seen.insert(item, session)?;
        }
        Ok(seen)
    }

    /// Could Python put the value into a set?
    pub(super) fn is_hashable(value: &Val) -> bool {
        Self::hashable(value).is_some()
    }

    fn hashable(value: &Val) -> Option<Key> {
        match value {
            Val::Tuple(items) if !items.iter().all(|item| Self::hashable(item).is_some()) => None,
            _ => Key::new(value.clone()).ok(),
        }
    }

    pub(super) fn contains(&self, value: &Val, session: &Session<'_>) -> Outcome<bool> {
        if let Some(key) = Self::hashable(value) {
            return Ok(self.hashed.contains(&key));
        }
        for known in &self.others {
            if equal(known, value, session)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// False when the value was known.
    pub(super) fn insert(&mut self, value: &Val, session: &Session<'_>) -> Outcome<bool> {
        value.check()?;
        if self.contains(value, session)? {
            return Ok(false);
        }
        match Self::hashable(value) {
            Some(key) => {
                self.hashed.insert(key);
            }
            None => self.others.push(value.clone()),
        }
        Ok(true)
    }
}

/// The items without repetitions, the first of equal ones kept.
pub(super) fn distinct(items: Vec<Val>, session: &Session<'_>) -> Outcome<Vec<Val>> {
    let mut seen = Seen::default();
    let mut kept = Vec::with_capacity(items.len());
    for item in items {
        if seen.insert(&item, session)? {
            kept.push(item);
        }
    }
    Ok(kept)
}

/// The items of `a` that are, or are not, in `b`. A `b` that is no list answers `in` in its own way.
fn filtered(a: &Val, b: &Val, keep: bool, call: &Call<'_, '_>) -> Outcome<Vec<Val>> {
    let items = distinct(call.items(a)?, call.session)?;
    if let Val::List(_) | Val::Tuple(_) = b {
        let known = Seen::of(&call.items(b)?, call.session)?;
        let mut kept = Vec::new();
        for item in items {
            if known.contains(&item, call.session)? == keep {
                kept.push(item);
            }
        }
        return Ok(kept);
    }
    let mut kept = Vec::new();
    for item in items {
        if contains(b, &item, call.session)? == keep {
            kept.push(item);
        }
    }
    Ok(kept)
}

fn pair(call: &mut Call<'_, '_>, name: &str) -> Outcome<(Val, Val)> {
    let [a, b] = call.bind(name, ["a", "b"], 2)?;
    Ok((a.unwrap_or(Val::None), b.unwrap_or(Val::None)))
}

fn joined(a: &Val, b: &Val, call: &Call<'_, '_>) -> Outcome<Vec<Val>> {
    let mut items = call.items(a)?;
    let hashable = |items: &[Val]| items.iter().all(Seen::is_hashable);
    // Python's sets take everything that can be gone through; lists are only joined with lists.
    if std::mem::discriminant(a) != std::mem::discriminant(b)
        && !(hashable(&items) && call.items(b).is_ok_and(|items| hashable(&items)))
    {
        let class = a.python_type();
        return Err(Fault::python(format!("can only concatenate {class} (not \"{}\") to {class}", b.plugin_class())));
    }
    items.extend(
        call.items(b)
            .map_err(|_| Fault::python(format!("can only concatenate list (not \"{}\") to list", b.python_class())))?,
    );
    distinct(items, call.session)
}

fn union(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let (a, b) = pair(call, "union")?;
    joined(&a, &b, call).map(Val::list)
}

fn intersect(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let (a, b) = pair(call, "intersect")?;
    filtered(&a, &b, true, call).map(Val::list)
}

fn difference(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let (a, b) = pair(call, "difference")?;
    filtered(&a, &b, false, call).map(Val::list)
}

fn symmetric_difference(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let (a, b) = pair(call, "symmetric_difference")?;
    let common = Val::list(filtered(&a, &b, true, call)?);
    filtered(&Val::list(joined(&a, &b, call)?), &common, false, call).map(Val::list)
}
