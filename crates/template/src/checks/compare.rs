//! Tests that compare two values.

use super::Check;
use crate::eval::{Call, contains as is_in};
use crate::fault::{Fault, Outcome};
use crate::val::{Key, Val, compare, equal};
use std::cmp::Ordering;
use std::rc::Rc;

pub(super) const TABLE: &[Check] = &[
    Check::new("!=", not_equal),
    Check::new("<", less),
    Check::new("<=", less_equal),
    Check::new("==", equals),
    Check::new(">", greater),
    Check::new(">=", greater_equal),
    Check::new("all", all),
    Check::new("any", any),
    Check::new("contains", contains),
    Check::new("eq", equals),
    Check::new("equalto", equals),
    Check::new("ge", greater_equal),
    Check::new("greaterthan", greater),
    Check::new("gt", greater),
    Check::new("in", inside),
    Check::new("issubset", subset),
    Check::new("issuperset", superset),
    Check::new("le", less_equal),
    Check::new("lessthan", less),
    Check::new("lt", less),
    Check::new("ne", not_equal),
    Check::new("sameas", same),
    Check::new("subset", subset),
    Check::new("superset", superset),
];

fn operands(call: &mut Call<'_, '_>, function: &str) -> Outcome<(Val, Val)> {
    let given = call.positional.len();
    match <[Val; 2]>::try_from(std::mem::take(&mut call.positional)) {
        Ok([left, right]) => Ok((left, right)),
        Err(_) => Err(Fault::python(format!("{function} expected 2 arguments, got {given}"))),
    }
}

fn equals(call: &mut Call<'_, '_>) -> Outcome<bool> {
    let (left, right) = operands(call, "eq")?;
    equal(&left, &right, call.session)
}

fn not_equal(call: &mut Call<'_, '_>) -> Outcome<bool> {
    let (left, right) = operands(call, "ne")?;
    Ok(!equal(&left, &right, call.session)?)
}

fn ordered(call: &mut Call<'_, '_>, name: &str, symbol: &str, accept: fn(Ordering) -> bool) -> Outcome<bool> {
    let (left, right) = operands(call, name)?;
    Ok(compare(symbol, &left, &right, call.session)?.is_some_and(accept))
}

fn less(call: &mut Call<'_, '_>) -> Outcome<bool> {
    ordered(call, "lt", "<", Ordering::is_lt)
}

fn less_equal(call: &mut Call<'_, '_>) -> Outcome<bool> {
    ordered(call, "le", "<=", Ordering::is_le)
}

fn greater(call: &mut Call<'_, '_>) -> Outcome<bool> {
    ordered(call, "gt", ">", Ordering::is_gt)
}

fn greater_equal(call: &mut Call<'_, '_>) -> Outcome<bool> {
    ordered(call, "ge", ">=", Ordering::is_ge)
}

fn inside(call: &mut Call<'_, '_>) -> Outcome<bool> {
    let (value, container) = operands(call, "test_in")?;
    is_in(&container, &value, call.session)
}

fn contains(call: &mut Call<'_, '_>) -> Outcome<bool> {
    let (container, value) = operands(call, "contains")?;
    is_in(&container, &value, call.session)
}

/// Python's `is`: the same object. Small values are the same when they are equal and of one type.
fn same(call: &mut Call<'_, '_>) -> Outcome<bool> {
    let (left, right) = operands(call, "test_sameas")?;
    Ok(match (&left, &right) {
        (Val::List(a), Val::List(b)) => {
            Rc::ptr_eq(a, b)
                || matches!((a.shared(), b.shared()), (Some((a, _)), Some((b, _))) if std::sync::Arc::ptr_eq(&a, &b))
        }
        (Val::Dict(a), Val::Dict(b)) => {
            Rc::ptr_eq(a, b)
                || matches!((a.shared(), b.shared()), (Some((a, _)), Some((b, _))) if std::sync::Arc::ptr_eq(&a, &b))
        }
        (Val::Object(a), Val::Object(b)) => Rc::ptr_eq(a, b),
        _ => left.python_type() == right.python_type() && equal(&left, &right, call.session)?,
    })
}

fn subset(call: &mut Call<'_, '_>) -> Outcome<bool> {
    let (left, right) = operands(call, "issubset")?;
    every_in(&left, &right, call)
}

fn superset(call: &mut Call<'_, '_>) -> Outcome<bool> {
    let (left, right) = operands(call, "issuperset")?;
    every_in(&right, &left, call)
}

fn every_in(part: &Val, whole: &Val, call: &Call<'_, '_>) -> Outcome<bool> {
    let whole = Val::list(call.items(whole)?);
    for item in call.items(&whole)?.into_iter().chain(call.items(part)?) {
        // Python makes sets of both.
        let class = match item {
            Val::List(_) => "_AnsibleLazyTemplateList",
            Val::Dict(_) => "_AnsibleLazyTemplateDict",
            Val::Tuple(_) => {
                Key::new(item)?;
                continue;
            }
            _ => continue,
        };
        return Err(Fault::python(format!("unhashable type: '{class}'")));
    }
    for item in call.items(part)? {
        if !is_in(&whole, &item, call.session)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn all(call: &mut Call<'_, '_>) -> Outcome<bool> {
    let [value] = call.bind("all", ["iterable"], 1)?;
    for item in call.session.items(&value.unwrap_or(Val::None))? {
        if !item.truth()? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn any(call: &mut Call<'_, '_>) -> Outcome<bool> {
    let [value] = call.bind("any", ["iterable"], 1)?;
    for item in call.session.items(&value.unwrap_or(Val::None))? {
        if item.truth()? {
            return Ok(true);
        }
    }
    Ok(false)
}
