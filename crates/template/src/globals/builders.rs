//! Functions that make a value.

use crate::eval::Call;
use crate::fault::{Fault, Outcome};
use crate::methods::containers::entries;
use crate::val::{Dictionary, Key, MANDATORY, Object, Range, Val, number};
use num_traits::ToPrimitive;
use std::cell::Cell;
use std::rc::Rc;

pub(super) fn range(call: &mut Call<'_, '_>) -> Outcome<Val> {
    if !call.keyword.is_empty() {
        return Err(Fault::python("range() takes no keyword arguments"));
    }
    let mut bounds = Vec::with_capacity(3);
    for value in &call.positional {
        let integer = number(value).as_ref().and_then(crate::val::Number::to_integer);
        let Some(integer) = integer else {
            return Err(Fault::python(format!("'{}' object cannot be interpreted as an integer", value.python_type())));
        };
        bounds.push(integer.to_i64().ok_or_else(|| Fault::python("Python int too large to convert to C ssize_t"))?);
    }
    let (start, stop, step) = match *bounds {
        [stop] => (0, stop, 1),
        [start, stop] => (start, stop, 1),
        [start, stop, step] => (start, stop, step),
        [] => return Err(Fault::python("range expected at least 1 argument, got 0")),
        _ => return Err(Fault::python(format!("range expected at most 3 arguments, got {}", bounds.len()))),
    };
    if step == 0 {
        return Err(Fault::python("range() arg 3 must not be zero"));
    }
    Ok(Val::Range(Range { start, stop, step }))
}

fn collect(call: &mut Call<'_, '_>, name: &str) -> Outcome<Rc<Dictionary>> {
    let made = Dictionary::empty();
    if call.positional.len() > 1 {
        return Err(Fault::python(format!("{name} expected at most 1 argument, got {}", call.positional.len())));
    }
    if let Some(first) = call.positional.first() {
        for (key, slot) in entries(first, call.session)? {
            call.session.slot(&slot).check()?;
            made.insert_slot(key, slot);
        }
    }
    for (key, value) in std::mem::take(&mut call.keyword) {
        made.insert(Key::text(key), value);
    }
    Ok(made)
}

pub(super) fn dict(call: &mut Call<'_, '_>) -> Outcome<Val> {
    collect(call, "dict").map(Val::Dict)
}

pub(super) fn namespace(call: &mut Call<'_, '_>) -> Outcome<Val> {
    Ok(Val::object(Object::Namespace(collect(call, "Namespace")?)))
}

pub(super) fn cycler(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let items = std::mem::take(&mut call.positional);
    if items.is_empty() {
        return Err(Fault::python("at least one item has to be provided"));
    }
    Ok(Val::object(Object::Cycler { items, at: Cell::new(0) }))
}

pub(super) fn joiner(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [separator] = call.bind("Joiner.__init__", ["sep"], 0)?;
    Ok(Val::object(Object::Joiner { separator: separator.unwrap_or_else(|| Val::str(", ")), used: Cell::new(false) }))
}

pub(super) fn lipsum(_: &mut Call<'_, '_>) -> Outcome<Val> {
    Err(Fault::not_yet("the lipsum function of templates"))
}

pub(super) fn undef(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [hint] = call.bind("undef", ["hint"], 0)?;
    let message = match hint {
        Some(hint) if !hint.is_none() => call.text(&hint)?,
        _ => MANDATORY.to_owned(),
    };
    Ok(call.session.undefined(message))
}
