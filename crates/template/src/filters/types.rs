//! Filters that change a value's type, or replace it.

use super::Filter;
use crate::eval::Call;
use crate::fault::{Fault, Outcome};
use crate::val::{MAX_DIGITS, Number, Val, big, number, python_str};
use churten_value::BigInt;
use num_traits::{FromPrimitive, Num};

pub(super) const TABLE: &[Filter] = &[
    Filter::new("bool", bool),
    Filter::lenient("d", default),
    Filter::lenient("default", default),
    Filter::new("float", float),
    Filter::new("int", int),
    Filter::lenient("mandatory", mandatory),
    Filter::new("string", string),
    Filter::lenient("ternary", ternary),
    Filter::lenient("type_debug", type_debug),
];

/// The value, unless it stands for another error than a missing variable.
fn unbroken(value: Val) -> Outcome<Val> {
    match &value {
        Val::Undefined(undefined) if undefined.is_broken() => Err(undefined.fault()),
        _ => Ok(value),
    }
}

fn default(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, default, boolean] = call.bind("do_default", ["value", "default_value", "boolean"], 1)?;
    let value = unbroken(value.unwrap_or(Val::None))?;
    let boolean = call.flag(boolean.as_ref(), false)?;
    if value.is_undefined() || (boolean && !value.truth()?) {
        return Ok(default.unwrap_or_else(|| Val::str("")));
    }
    Ok(value)
}

fn mandatory(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, message] = call.bind("mandatory", ["a", "msg"], 1)?;
    let value = unbroken(value.unwrap_or(Val::None))?;
    if !value.is_undefined() {
        return Ok(value);
    }
    match message {
        Some(message) if !message.is_none() => Err(Fault::ansible(call.text(&message)?)),
        _ => {
            let Val::Undefined(undefined) = &value else { return Ok(value) };
            let message = undefined.message();
            // The name is what stands in quotes: `'x' is undefined`, `... has no attribute 'x'`.
            let name = message
                .rsplit_once(" has no attribute ")
                .map_or(message.strip_suffix(" is undefined").unwrap_or(""), |(_, name)| name);
            let space = if name.is_empty() { "" } else { " " };
            Err(Fault::ansible(format!("Mandatory variable{space}{name} not defined.")))
        }
    }
}

fn string(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value] = call.bind("soft_str", ["s"], 1)?;
    match value.unwrap_or(Val::None) {
        value @ Val::Str(_) => Ok(value),
        value => call.text(&value).map(Val::from),
    }
}

fn bool(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value] = call.bind("to_bool", ["value"], 1)?;
    let value = value.unwrap_or(Val::None);
    if matches!(value, Val::Tuple(_)) {
        call.items(&value)?;
    }
    Ok(Val::Bool(to_bool(&value)))
}

/// ansible-core's words and numbers for true; anything else is false.
fn to_bool(value: &Val) -> bool {
    match value {
        Val::Bool(flag) => *flag,
        Val::Str(text) => matches!(text.to_lowercase().as_str(), "yes" | "on" | "1" | "true"),
        Val::Int(number) => *number == 1,
        Val::Float(number) => *number == 1.0,
        _ => false,
    }
}

fn int(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, default, base] = call.bind("do_int", ["value", "default", "base"], 1)?;
    let default = default.unwrap_or(Val::Int(0));
    let base = match base {
        None => 10,
        Some(Val::Int(base)) if base == 0 || (2..=36).contains(&base) => u32::try_from(base).unwrap_or(10),
        Some(_) => return Err(Fault::python("int() base must be >= 2 and <= 36, or 0")),
    };
    let value = value.unwrap_or(Val::None);
    Ok(match &value {
        Val::Str(text) => match parse_int(text, base) {
            Some(number) => big(number),
            None => match parse_float(text).and_then(|number| BigInt::from_f64(number.trunc())) {
                Some(number) => big(number),
                None => default,
            },
        },
        other => match number(other) {
            Some(Number::Float(number)) => BigInt::from_f64(number.trunc()).map_or(default, big),
            Some(number) => number.to_integer().map_or(default, big),
            None => default,
        },
    })
}

/// Python's `int(text, base)`.
pub(super) fn parse_int(text: &str, base: u32) -> Option<BigInt> {
    let text = text.trim();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let prefixed = |prefix: &str| digits.strip_prefix(prefix).or_else(|| digits.strip_prefix(&*prefix.to_uppercase()));
    let (base, digits) = match base {
        0 => [("0x", 16), ("0o", 8), ("0b", 2)]
            .into_iter()
            .find_map(|(prefix, base)| prefixed(prefix).map(|rest| (base, rest)))
            .unwrap_or((10, digits)),
        16 => (16, prefixed("0x").unwrap_or(digits)),
        8 => (8, prefixed("0o").unwrap_or(digits)),
        2 => (2, prefixed("0b").unwrap_or(digits)),
        base => (base, digits),
    };
    if digits.is_empty() || digits.starts_with('_') || digits.ends_with('_') || digits.contains("__") {
        return None;
    }
    if digits.starts_with(['+', '-']) {
        return None;
    }
    let digits = digits.replace('_', "");
    // Python, too: the time grows with the square of the length.
    if !base.is_power_of_two() && digits.len() > MAX_DIGITS {
        return None;
    }
    let number = BigInt::from_str_radix(&digits, base).ok()?;
    Some(if negative { -number } else { number })
}

/// Python's `float(text)`.
pub(super) fn parse_float(text: &str) -> Option<f64> {
    let text = text.trim();
    let lower = text.to_lowercase();
    let unsigned = lower.trim_start_matches(['+', '-']);
    if !unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && !matches!(unsigned, "inf" | "infinity" | "nan")
    {
        return None;
    }
    text.replace('_', "").parse().ok()
}

fn float(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, default] = call.bind("do_float", ["value", "default"], 1)?;
    let default = default.unwrap_or(Val::Float(0.0));
    let value = value.unwrap_or(Val::None);
    Ok(match &value {
        Val::Str(text) => parse_float(text).map_or(default, Val::Float),
        other => number(other).map_or(default, |number| Val::Float(number.to_float())),
    })
}

fn ternary(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, yes, no, none] = call.bind("ternary", ["value", "true_val", "false_val", "none_val"], 3)?;
    let value = value.unwrap_or(Val::None);
    if value.is_none()
        && let Some(none) = none.filter(|none| !none.is_none())
    {
        return Ok(none);
    }
    Ok(if value.truth()? { yes } else { no }.unwrap_or(Val::None))
}

fn type_debug(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value] = call.bind("type_debug", ["obj"], 1)?;
    Ok(value.unwrap_or(Val::None).python_type().into())
}

/// The text of a value that a text filter works on.
pub(super) fn soft_text(value: Option<Val>, call: &Call<'_, '_>) -> Outcome<String> {
    python_str(&value.unwrap_or(Val::None), call.session)
}
