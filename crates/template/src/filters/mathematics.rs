//! Logarithms, powers and roots.

use super::Filter;
use crate::eval::Call;
use crate::fault::{Fault, Outcome};
use crate::val::{Val, number};

pub(super) const TABLE: &[Filter] = &[Filter::new("log", log), Filter::new("pow", pow), Filter::new("root", root)];

fn real(value: Option<Val>, default: f64, function: &str) -> Outcome<f64> {
    let Some(value) = value else { return Ok(default) };
    number(&value).map(|number| number.to_float()).ok_or_else(|| {
        Fault::python(format!(
            "{function}() can only be used on numbers: must be real number, not {}",
            value.python_class()
        ))
    })
}

fn log(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, base] = call.bind("logarithm", ["x", "base"], 1)?;
    let (value, base) = (real(value, 0.0, "log")?, real(base, std::f64::consts::E, "log")?);
    if value <= 0.0 || base <= 0.0 {
        return Err(Fault::python("math domain error"));
    }
    if base == 1.0 {
        return Err(Fault::python("float division by zero"));
    }
    Ok(Val::Float(if base == 10.0 { value.log10() } else { value.ln() / base.ln() }))
}

/// C's `pow` with Python's errors.
fn power(base: f64, exponent: f64) -> Result<f64, &'static str> {
    let result = base.powf(exponent);
    match (result.is_nan(), result.is_infinite()) {
        (true, _) if !base.is_nan() && !exponent.is_nan() => Err("math domain error"),
        (_, true) if base == 0.0 => Err("math domain error"),
        (_, true) if base.is_finite() && exponent.is_finite() => Err("math range error"),
        _ => Ok(result),
    }
}

fn pow(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, exponent] = call.bind("power", ["x", "y"], 2)?;
    let (value, exponent) = (real(value, 0.0, "pow")?, real(exponent, 0.0, "pow")?);
    power(value, exponent).map(Val::Float).map_err(|problem| {
        Fault::python(if problem.starts_with("math domain") {
            format!("pow() can only be used on numbers: {problem}")
        } else {
            problem.to_owned()
        })
    })
}

fn root(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, base] = call.bind("inversepower", ["x", "base"], 1)?;
    let (value, base) = (real(value, 0.0, "root")?, real(base, 2.0, "root")?);
    if base == 0.0 {
        return Err(Fault::python("float division by zero"));
    }
    let result = if base != 2.0 {
        power(value, 1.0 / base)
    } else if value < 0.0 {
        Err("math domain error")
    } else {
        Ok(value.sqrt())
    };
    result.map(Val::Float).map_err(|problem| Fault::python(format!("root() can only be used on numbers: {problem}")))
}
