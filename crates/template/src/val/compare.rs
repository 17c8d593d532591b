//! Equality, order and hashing as Python defines them.

use super::number::{Number, number};
use super::{Dictionary, Val};
use crate::eval::Session;
use crate::fault::{Fault, Outcome};
use churten_value::{Data, Value};
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

/// Python's `==`.
pub(crate) fn equal(a: &Val, b: &Val, session: &Session<'_>) -> Outcome<bool> {
    if let Some(equal) = equal_scalars(a, b) {
        return Ok(equal);
    }
    match (a, b) {
        (Val::List(x), Val::List(y)) => {
            if Rc::ptr_eq(x, y) {
                return Ok(true);
            }
            if x.len() != y.len() {
                return Ok(false);
            }
            equal_items(&session.items(a)?, &session.items(b)?, session)
        }
        (Val::Tuple(x), Val::Tuple(y)) => equal_items(x, y, session),
        (Val::Dict(x), Val::Dict(y)) => equal_dicts(x, y, session),
        (Val::Undefined(a), Val::Undefined(b)) if a.is_silent() && b.is_silent() => Ok(true),
        (Val::Undefined(undefined), _) | (_, Val::Undefined(undefined)) if !undefined.is_silent() => {
            Err(undefined.fault())
        }
        _ => Ok(false),
    }
}

fn equal_items(x: &[Val], y: &[Val], session: &Session<'_>) -> Outcome<bool> {
    session.enter()?;
    session.spend(x.len() + 1)?;
    if x.len() != y.len() {
        return Ok(false);
    }
    for (x, y) in x.iter().zip(y) {
        if !equal(x, y, session)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn equal_dicts(x: &Rc<Dictionary>, y: &Rc<Dictionary>, session: &Session<'_>) -> Outcome<bool> {
    session.enter()?;
    if Rc::ptr_eq(x, y) {
        return Ok(true);
    }
    if x.len() != y.len() {
        return Ok(false);
    }
    session.spend(x.len() + 1)?;
    for (key, value) in x.slots() {
        let Some(other) = y.get(&key) else { return Ok(false) };
        if !equal(&session.slot(&value), &session.slot(&other), session)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Equality where no element has to be resolved; `None` for containers and undefined values.
fn equal_scalars(a: &Val, b: &Val) -> Option<bool> {
    Some(match (a, b) {
        (Val::Str(a), Val::Str(b)) => a.text == b.text,
        (Val::Int(a), Val::Int(b)) => a == b,
        (Val::None, Val::None) | (Val::Omit, Val::Omit) => true,
        (Val::Bytes(a), Val::Bytes(b)) => a == b,
        (Val::Timestamp(a), Val::Timestamp(b)) => a == b,
        (Val::Time(a), Val::Time(b)) => a == b,
        (Val::Duration(a), Val::Duration(b)) => a == b,
        (Val::Range(a), Val::Range(b)) => {
            a.len() == b.len() && (a.len() == 0 || (a.start == b.start && (a.len() == 1 || a.step == b.step)))
        }
        (Val::Object(a), Val::Object(b)) => Rc::ptr_eq(a, b),
        (Val::Variables(a), Val::Variables(b)) => a == b,
        _ => match (number(a), number(b)) {
            (Some(a), Some(b)) => compare_numbers(&a, &b) == Some(Ordering::Equal),
            _ => return None,
        },
    })
}

/// Equality of dictionary keys.
pub(super) fn equal_keys(a: &Val, b: &Val) -> bool {
    match (a, b) {
        (Val::Tuple(a), Val::Tuple(b)) => a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| equal_keys(a, b)),
        _ => equal_scalars(a, b).unwrap_or(false),
    }
}

pub(super) fn hash_text<H: Hasher>(text: &str, state: &mut H) {
    state.write_u8(2);
    text.hash(state);
}

pub(super) fn hash_key<H: Hasher>(key: &Val, state: &mut H) {
    match key {
        Val::Str(text) => hash_text(text, state),
        Val::Tuple(items) => items.iter().for_each(|item| hash_key(item, state)),
        Val::Bytes(bytes) => bytes.hash(state),
        // Numbers of all types that are equal hash alike.
        Val::Bool(flag) => Value::from(*flag).hash(state),
        Val::Int(number) => Value::from(*number).hash(state),
        Val::Float(number) => Value::from(*number).hash(state),
        Val::Big(number) => Value::from(Data::BigInt(number.clone())).hash(state),
        Val::None => state.write_u8(5),
        _ => state.write_u8(6),
    }
}

/// Exact, as in Python: an integer is not rounded to be compared with a float.
fn compare_numbers(a: &Number, b: &Number) -> Option<Ordering> {
    match (a, b) {
        (Number::Small(a), Number::Small(b)) => Some(a.cmp(b)),
        (Number::Float(a), Number::Float(b)) => a.partial_cmp(b),
        _ => {
            let value = |number: &Number| match number {
                Number::Small(number) => Value::from(*number),
                Number::Big(number) => Value::int(number.clone()),
                Number::Float(number) => Value::from(*number),
            };
            churten_value::compare(&value(a), &value(b)).ok().flatten()
        }
    }
}

/// Python's order under `operator` (for the error's text); `None` is an unordered pair (`nan`).
pub(crate) fn compare(operator: &str, a: &Val, b: &Val, session: &Session<'_>) -> Outcome<Option<Ordering>> {
    match (a, b) {
        (Val::Int(a), Val::Int(b)) => return Ok(Some(a.cmp(b))),
        (Val::Str(a), Val::Str(b)) => return Ok(Some(a.text.cmp(&b.text))),
        (Val::Bytes(a), Val::Bytes(b)) => return Ok(Some(a.cmp(b))),
        (Val::Time(a), Val::Time(b)) => return Ok(Some(a.cmp(b))),
        (Val::Timestamp(a), Val::Timestamp(b)) if a.time.is_some() == b.time.is_some() => return Ok(Some(a.cmp(b))),
        (Val::Duration(a), Val::Duration(b)) => return Ok(Some(a.cmp(b))),
        (Val::List(_), Val::List(_)) | (Val::Tuple(_), Val::Tuple(_)) => {
            session.enter()?;
            let (a, b) = (session.items(a)?, session.items(b)?);
            for (a, b) in a.iter().zip(&b) {
                if !equal(a, b, session)? {
                    return compare(operator, a, b, session);
                }
            }
            return Ok(Some(a.len().cmp(&b.len())));
        }
        _ => {}
    }
    if let (Some(a), Some(b)) = (number(a), number(b)) {
        return Ok(compare_numbers(&a, &b));
    }
    a.check()?;
    b.check()?;
    Err(Fault::python(format!(
        "'{operator}' not supported between instances of '{}' and '{}'",
        a.python_class(),
        b.python_class()
    )))
}
