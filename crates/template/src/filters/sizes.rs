//! Filters on sizes.

use super::Filter;
use super::types::{parse_float, soft_text};
use crate::eval::Call;
use crate::fault::{Fault, Outcome};
use crate::val::{Val, number};

pub(super) const TABLE: &[Filter] = &[
    Filter::new("filesizeformat", filesizeformat),
    Filter::new("human_readable", human_readable),
    Filter::new("human_to_bytes", human_to_bytes),
];

/// The prefixes by size.
const PREFIXES: [(char, u32, &str); 9] = [
    ('Y', 80, "yotta"),
    ('Z', 70, "zetta"),
    ('E', 60, "exa"),
    ('P', 50, "peta"),
    ('T', 40, "tera"),
    ('G', 30, "giga"),
    ('M', 20, "mega"),
    ('K', 10, "kilo"),
    ('B', 0, ""),
];

fn limit(power: u32) -> f64 {
    2_f64.powi(i32::try_from(power).unwrap_or(0))
}

fn filesizeformat(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, binary] = call.bind("do_filesizeformat", ["value", "binary"], 1)?;
    let binary = call.flag(binary.as_ref(), false)?;
    let value = value.unwrap_or(Val::None);
    let bytes = match (&value, number(&value)) {
        (_, Some(number)) => number.to_float(),
        (Val::Str(text), _) => parse_float(text).ok_or_else(|| {
            Fault::python(format!("could not convert string to float: {}", churten_value::str_repr(text)))
        })?,
        (other, _) => {
            return Err(Fault::python(format!(
                "float() argument must be a string or a real number, not '{}'",
                other.python_class()
            )));
        }
    };
    let base: f64 = if binary { 1024.0 } else { 1000.0 };
    let names = if binary {
        ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"]
    } else {
        ["kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"]
    };
    if bytes == 1.0 {
        return Ok("1 Byte".into());
    }
    if bytes < base {
        return Ok(format!("{} Bytes", bytes.trunc()).into());
    }
    let mut unit = base;
    let mut text = String::new();
    for name in names {
        unit *= base;
        text = format!("{:.1} {name}", base * bytes / unit);
        if bytes < unit {
            break;
        }
    }
    Ok(text.into())
}

fn human_readable(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [size, is_bits, unit] = call.bind("human_readable", ["size", "isbits", "unit"], 1)?;
    let base = if call.flag(is_bits.as_ref(), false)? { "bits" } else { "Bytes" };
    let size = size.unwrap_or(Val::None);
    let unit = match unit {
        None | Some(Val::None) => None,
        Some(unit) => Some(call.text(&unit)?.to_uppercase()),
    };
    let Some(amount) = number(&size).map(|number| number.to_float()) else {
        return Err(Fault::python(format!(
            "human_readable() failed on bad input: '>=' not supported between instances of '{}' and 'int'",
            size.python_class()
        )));
    };
    let chosen = PREFIXES.iter().find(|(letter, power, _)| match &unit {
        None => amount >= limit(*power),
        Some(unit) => *unit == letter.to_string(),
    });
    let (letter, power, _) = chosen.or(PREFIXES.last()).copied().unwrap_or(('B', 0, ""));
    let suffix = if power == 0 { base.to_owned() } else { format!("{letter}{}", &base[..1]) };
    Ok(format!("{:.2} {suffix}", amount / limit(power)).into())
}

fn human_to_bytes(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [size, default_unit, is_bits] = call.bind("human_to_bytes", ["size", "default_unit", "isbits"], 1)?;
    let text = soft_text(size, call)?;
    let default_unit = match default_unit {
        None | Some(Val::None) => None,
        Some(unit) => Some(call.text(&unit)?),
    };
    let is_bits = call.flag(is_bits.as_ref(), false)?;
    to_bytes(&text, default_unit, is_bits)
        .map(Val::Int)
        .map_err(|problem| Fault::python(format!("human_to_bytes() can't interpret the input: {problem}")))
}

fn to_bytes(text: &str, default_unit: Option<String>, is_bits: bool) -> Result<i64, String> {
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (amount, rest) = text.split_at(digits);
    let unit = rest.trim();
    let valid = amount.ends_with(|c: char| c.is_ascii_digit())
        && amount.matches('.').count() <= 1
        && unit.chars().all(char::is_alphabetic);
    let amount: f64 = match amount.parse() {
        Ok(amount) if valid => amount,
        _ => return Err(format!("human_to_bytes() can't interpret following string: {text}")),
    };
    let unit = if unit.is_empty() { default_unit.unwrap_or_default() } else { unit.to_owned() };
    let Some(first) = unit.chars().next() else { return Ok(amount.round_ties_even() as i64) };
    let Some((letter, power, name)) = PREFIXES.iter().find(|(letter, ..)| first.to_ascii_uppercase() == *letter) else {
        return Err(format!(
            "human_to_bytes() failed to convert {text} (unit = {unit}). The suffix must be one of Y, Z, E, P, T, G, \
             M, K, B"
        ));
    };
    let (class, word) = if is_bits { ("b", "bit") } else { ("B", "byte") };
    if unit.len() > 1 {
        let (expected, full) = if *letter == 'B' {
            (format!("expect {class} or {word}"), word.to_owned())
        } else {
            (format!("expect {letter}{class} or {letter}"), format!("{name}{word}"))
        };
        let is_short = unit.len() == 2 && unit.ends_with(class) && *letter != 'B';
        if !is_short && unit.to_lowercase() != full {
            return Err(format!("human_to_bytes() failed to convert {text}. Value is not a valid string ({expected})"));
        }
    }
    Ok((amount * limit(*power)).round_ties_even() as i64)
}
