//! Tests of what a value is.

use super::Check;
use crate::eval::Call;
use crate::fault::Outcome;
use crate::tree::Operator;
use crate::val::{Object, Val, number};

pub(super) const TABLE: &[Check] = &[
    Check::new("boolean", boolean),
    Check::new("callable", callable),
    Check::lenient("defined", defined),
    Check::new("divisibleby", divisible_by),
    Check::new("escaped", escaped),
    Check::new("even", even),
    Check::new("false", is_false),
    Check::new("falsy", falsy),
    Check::new("filter", filter),
    Check::new("float", float),
    Check::new("integer", integer),
    Check::new("isnan", nan),
    Check::new("iterable", iterable),
    Check::new("lower", lower),
    Check::new("mapping", mapping),
    Check::new("nan", nan),
    Check::new("none", none),
    Check::new("number", is_number),
    Check::new("odd", odd),
    Check::new("sequence", sequence),
    Check::new("string", string),
    Check::new("test", test),
    Check::new("true", is_true),
    Check::new("truthy", truthy),
    Check::lenient("undefined", undefined),
    Check::new("upper", upper),
];

fn subject(call: &mut Call<'_, '_>, function: &str) -> Outcome<Val> {
    let [value] = call.bind(function, ["value"], 1)?;
    Ok(value.unwrap_or(Val::None))
}

fn defined(call: &mut Call<'_, '_>) -> Outcome<bool> {
    Ok(!subject(call, "test_defined")?.is_missing())
}

fn undefined(call: &mut Call<'_, '_>) -> Outcome<bool> {
    Ok(subject(call, "test_undefined")?.is_missing())
}

fn none(call: &mut Call<'_, '_>) -> Outcome<bool> {
    Ok(subject(call, "test_none")?.is_none())
}

fn boolean(call: &mut Call<'_, '_>) -> Outcome<bool> {
    Ok(matches!(subject(call, "test_boolean")?, Val::Bool(_)))
}

fn is_true(call: &mut Call<'_, '_>) -> Outcome<bool> {
    Ok(matches!(subject(call, "test_true")?, Val::Bool(true)))
}

fn is_false(call: &mut Call<'_, '_>) -> Outcome<bool> {
    Ok(matches!(subject(call, "test_false")?, Val::Bool(false)))
}

fn integer(call: &mut Call<'_, '_>) -> Outcome<bool> {
    Ok(matches!(subject(call, "test_integer")?, Val::Int(_) | Val::Big(_)))
}

fn float(call: &mut Call<'_, '_>) -> Outcome<bool> {
    Ok(matches!(subject(call, "test_float")?, Val::Float(_)))
}

fn is_number(call: &mut Call<'_, '_>) -> Outcome<bool> {
    Ok(number(&subject(call, "test_number")?).is_some())
}

fn string(call: &mut Call<'_, '_>) -> Outcome<bool> {
    Ok(matches!(subject(call, "test_string")?, Val::Str(_)))
}

fn mapping(call: &mut Call<'_, '_>) -> Outcome<bool> {
    Ok(matches!(subject(call, "test_mapping")?, Val::Dict(_) | Val::Hosts(_) | Val::Variables(_)))
}

fn sequence(call: &mut Call<'_, '_>) -> Outcome<bool> {
    Ok(has_items(&subject(call, "test_sequence")?))
}

fn iterable(call: &mut Call<'_, '_>) -> Outcome<bool> {
    Ok(has_items(&subject(call, "test_iterable")?))
}

fn has_items(value: &Val) -> bool {
    matches!(
        value,
        Val::Str(_)
            | Val::Bytes(_)
            | Val::List(_)
            | Val::Tuple(_)
            | Val::Dict(_)
            | Val::Range(_)
            | Val::Hosts(_)
            | Val::Variables(_)
    )
}

fn callable(call: &mut Call<'_, '_>) -> Outcome<bool> {
    Ok(match subject(call, "callable")? {
        Val::Object(object) => object.is_callable() && !matches!(&*object, Object::Loop(_)),
        _ => false,
    })
}

fn escaped(call: &mut Call<'_, '_>) -> Outcome<bool> {
    subject(call, "test_escaped").map(|_| false)
}

fn upper(call: &mut Call<'_, '_>) -> Outcome<bool> {
    let value = subject(call, "test_upper")?;
    let text = call.text(&value)?;
    Ok(text.chars().any(char::is_uppercase) && !text.chars().any(char::is_lowercase))
}

fn lower(call: &mut Call<'_, '_>) -> Outcome<bool> {
    let value = subject(call, "test_lower")?;
    let text = call.text(&value)?;
    Ok(text.chars().any(char::is_lowercase) && !text.chars().any(char::is_uppercase))
}

fn remainder(call: &Call<'_, '_>, value: &Val, divisor: &Val) -> Outcome<Val> {
    crate::eval::binary(Operator::Modulo, value, divisor, call.session)
}

fn is_zero(value: &Val) -> bool {
    number(value).is_some_and(|number| number.to_float() == 0.0)
}

fn odd(call: &mut Call<'_, '_>) -> Outcome<bool> {
    let value = subject(call, "test_odd")?;
    let rest = remainder(call, &value, &Val::Int(2))?;
    Ok(number(&rest).is_some_and(|number| number.to_float() == 1.0))
}

fn even(call: &mut Call<'_, '_>) -> Outcome<bool> {
    let value = subject(call, "test_even")?;
    Ok(is_zero(&remainder(call, &value, &Val::Int(2))?))
}

fn divisible_by(call: &mut Call<'_, '_>) -> Outcome<bool> {
    let [value, divisor] = call.bind("test_divisibleby", ["value", "num"], 2)?;
    let rest = remainder(call, &value.unwrap_or(Val::None), &divisor.unwrap_or(Val::None))?;
    Ok(is_zero(&rest))
}

/// Words that count as true or false when `convert_bool` is set.
fn converted(value: &Val) -> Option<bool> {
    match value {
        Val::Str(text) => match text.to_lowercase().as_str() {
            "y" | "yes" | "on" | "1" | "true" | "t" | "1.0" => Some(true),
            "n" | "no" | "off" | "0" | "false" | "f" | "0.0" => Some(false),
            _ => None,
        },
        Val::Int(1) => Some(true),
        Val::Int(0) => Some(false),
        _ => None,
    }
}

fn truthiness(call: &mut Call<'_, '_>, function: &str) -> Outcome<bool> {
    let [value, convert] = call.bind(function, ["value", "convert_bool"], 1)?;
    let value = value.unwrap_or(Val::None);
    if call.flag(convert.as_ref(), false)?
        && let Some(flag) = converted(&value)
    {
        return Ok(flag);
    }
    value.truth()
}

fn truthy(call: &mut Call<'_, '_>) -> Outcome<bool> {
    truthiness(call, "truthy")
}

fn falsy(call: &mut Call<'_, '_>) -> Outcome<bool> {
    Ok(!truthiness(call, "falsy")?)
}

fn nan(call: &mut Call<'_, '_>) -> Outcome<bool> {
    // What is no number is not `nan` either.
    let value = subject(call, "isnotanumber")?;
    Ok(matches!(value, Val::Float(number) if number.is_nan()))
}

fn filter(call: &mut Call<'_, '_>) -> Outcome<bool> {
    Ok(subject(call, "test_filter")?.as_str().is_some_and(|name| crate::filters::find(name).is_some()))
}

fn test(call: &mut Call<'_, '_>) -> Outcome<bool> {
    Ok(subject(call, "test_test")?.as_str().is_some_and(|name| super::find(name).is_some()))
}
