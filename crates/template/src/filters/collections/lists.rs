//! `community.general.lists_*`: lists as sets that keep their order.

use crate::eval::Call;
use crate::fault::{Fault, Outcome};
use crate::filters::Filter;
use crate::filters::sets::{Seen, distinct};
use crate::val::Val;

pub(super) const TABLE: &[Filter] = &[
    Filter::new("community.general.lists_difference", lists_difference),
    Filter::new("community.general.lists_intersect", lists_intersect),
    Filter::new("community.general.lists_symmetric_difference", lists_symmetric_difference),
    Filter::new("community.general.lists_union", lists_union),
];

type Step = fn(&Val, &Val, &Call<'_, '_>) -> Outcome<Vec<Val>>;

fn lists_union(call: &mut Call<'_, '_>) -> Outcome<Val> {
    combined(call, "lists_union", union)
}

fn union(a: &Val, b: &Val, call: &Call<'_, '_>) -> Outcome<Vec<Val>> {
    let (left, right) = (a.python_type(), b.python_type());
    match (a, b) {
        (Val::List(_), Val::List(_)) => {
            let mut items = call.items(a)?;
            items.extend(call.items(b)?);
            distinct(items, call.session)
        }
        (Val::List(_), _) => Err(Fault::python(format!("can only concatenate {left} (not \"{right}\") to {left}"))),
        (Val::Str(_) | Val::Tuple(_), _) => {
            let right = b.plugin_class();
            Err(Fault::python(format!("can only concatenate {left} (not \"{right}\") to {left}")))
        }
        _ => {
            let right = b.plugin_class();
            Err(Fault::python(format!("unsupported operand type(s) for +: '{left}' and '{right}'")))
        }
    }
}

fn lists_intersect(call: &mut Call<'_, '_>) -> Outcome<Val> {
    combined(call, "lists_intersect", |a, b, call| kept(a, b, true, call))
}

fn lists_difference(call: &mut Call<'_, '_>) -> Outcome<Val> {
    combined(call, "lists_difference", |a, b, call| kept(a, b, false, call))
}

fn lists_symmetric_difference(call: &mut Call<'_, '_>) -> Outcome<Val> {
    combined(call, "lists_symmetric_difference", |a, b, call| {
        let all = Val::list(union(a, b, call)?);
        kept(&all, &Val::list(kept(a, b, true, call)?), false, call)
    })
}

/// The items of `a` that are, or are not, in `b`, each once.
fn kept(a: &Val, b: &Val, wanted: bool, call: &Call<'_, '_>) -> Outcome<Vec<Val>> {
    let known = Seen::of(&call.items(b)?, call.session)?;
    let mut items = Vec::new();
    for item in distinct(call.items(a)?, call.session)? {
        if known.contains(&item, call.session)? == wanted {
            items.push(item);
        }
    }
    Ok(items)
}

/// One list after the other; a single list is returned as it is.
fn combined(call: &mut Call<'_, '_>, name: &str, step: Step) -> Outcome<Val> {
    let flatten = call.take_keyword("flatten");
    if !call.keyword.is_empty() {
        let unknown: Vec<&str> = call.keyword.iter().map(|(name, _)| &**name).collect();
        return Err(Fault::python(format!("{name}() got unexpected keywords arguments: {}", unknown.join(", "))));
    }
    let mut lists = std::mem::take(&mut call.positional);
    if call.flag(flatten.as_ref(), false)? {
        let mut flat = Vec::new();
        for list in lists {
            match call.items(&list)? {
                items if items.iter().all(|item| matches!(item, Val::List(_))) => flat.extend(items),
                _ => flat.push(list),
            }
        }
        lists = flat;
    }
    let mut lists = lists.into_iter();
    let Some(mut result) = lists.next() else { return Ok(Val::list(Vec::new())) };
    for list in lists {
        result = Val::list(step(&result, &list, call)?);
    }
    Ok(result)
}
