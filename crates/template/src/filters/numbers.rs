//! Filters on numbers.

use super::Filter;
use crate::eval::{Call, negate};
use crate::fault::{Fault, Outcome};
use crate::val::{Number, Val, number};
use num_traits::Signed;

pub(super) const TABLE: &[Filter] = &[Filter::new("abs", abs), Filter::new("round", round)];

fn abs(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value] = call.bind("abs", ["x"], 1)?;
    let value = value.unwrap_or(Val::None);
    match number(&value) {
        Some(Number::Float(number)) => Ok(Val::Float(number.abs())),
        Some(Number::Small(number)) if number >= 0 => Ok(Val::Int(number)),
        Some(Number::Big(number)) if !number.is_negative() => Ok(value),
        Some(_) => negate(&value),
        None => Err(Fault::python(format!("bad operand type for abs(): '{}'", value.python_class()))),
    }
}

fn round(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, precision, method] = call.bind("do_round", ["value", "precision", "method"], 1)?;
    let method = match method {
        Some(method) => call.text(&method)?,
        None => "common".to_owned(),
    };
    let precision = match precision {
        None => 0,
        Some(Val::Int(precision)) => i32::try_from(precision.clamp(-400, 400)).unwrap_or(0),
        Some(other) => {
            return Err(Fault::python(format!(
                "'{}' object cannot be interpreted as an integer",
                other.python_class()
            )));
        }
    };
    let value = value.unwrap_or(Val::None);
    let is_integer = matches!(value, Val::Int(_) | Val::Bool(_) | Val::Big(_));
    if method == "common" && is_integer && precision >= 0 {
        return Ok(match value {
            Val::Bool(flag) => Val::Int(flag.into()),
            value => value,
        });
    }
    let Some(amount) = number(&value) else {
        return Err(Fault::python(format!("type {} doesn't define __round__ method", value.python_class())));
    };
    let amount = amount.to_float();
    let power = 10_f64.powi(precision);
    match method.as_str() {
        "common" if is_integer => Ok(Val::Int(((amount / power.recip()).round_ties_even() * power.recip()) as i64)),
        "common" => Ok(Val::Float(round_half_even(amount, precision))),
        "ceil" => Ok(Val::Float((amount * power).ceil() / power)),
        "floor" => Ok(Val::Float((amount * power).floor() / power)),
        _ => Err(Fault::python("method must be common, ceil or floor")),
    }
}

/// Python's `round(float, digits)`: correctly rounded from the exact binary value, ties to even.
fn round_half_even(number: f64, precision: i32) -> f64 {
    match usize::try_from(precision) {
        // Rust's formatting rounds the exact value to even, as CPython's does.
        Ok(digits) if digits <= 22 => format!("{number:.digits$}").parse().unwrap_or(number),
        Ok(_) => number,
        Err(_) => {
            let power = 10_f64.powi(-precision);
            (number / power).round_ties_even() * power
        }
    }
}
