//! Small filters of `community.crypto`: serial numbers and PEM files.

use super::options::class_path;
use crate::eval::Call;
use crate::fault::{Fault, Outcome};
use crate::filters::Filter;
use crate::val::{Val, big, number};
use churten_value::{BigInt, str_repr};
use num_traits::Signed;

pub(super) const TABLE: &[Filter] = &[
    Filter::new("community.crypto.parse_serial", parse_serial),
    Filter::new("community.crypto.split_pem", split_pem),
    Filter::new("community.crypto.to_serial", to_serial),
];

/// `1st`, `2nd`, `3rd`, `4th`.
fn ordinal(number: usize) -> String {
    let suffix = match (number % 100, number % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{number}{suffix}")
}

/// Python's `int(text, 16)`.
fn hexadecimal(text: &str) -> Option<i64> {
    let trimmed = text.trim();
    let (negative, digits) = match trimmed.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, trimmed.strip_prefix('+').unwrap_or(trimmed)),
    };
    let digits = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")).unwrap_or(digits);
    if !digits.starts_with(|character: char| character.is_ascii_hexdigit()) {
        return None;
    }
    let value = i64::from_str_radix(digits, 16).ok()?;
    Some(if negative { -value } else { value })
}

/// `11:22:33` as a number.
fn parse_serial(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value] = call.bind("parse_serial_filter", ["serial_str"], 1)?;
    let value = value.unwrap_or(Val::None);
    let Some(text) = value.as_str() else {
        return Err(Fault::python(format!(
            "The input for the community.crypto.parse_serial filter must be a string; got <class '{}'> instead",
            class_path(&value)
        )));
    };
    let mut serial = BigInt::from(0);
    for (place, part) in (1..).zip(text.split(':')) {
        let wrong = |reason: &str| {
            let place = ordinal(place);
            Fault::python(format!(
                "The {place} part {} is not a hexadecimal number in range [0, 255]: {reason}",
                str_repr(part)
            ))
        };
        let byte = hexadecimal(part)
            .ok_or_else(|| wrong(&format!("invalid literal for int() with base 16: {}", str_repr(part))))?;
        let byte = u8::try_from(byte).map_err(|_| wrong("the value is not in range [0, 255]"))?;
        serial = serial * 256 + byte;
    }
    Ok(big(serial))
}

/// A number as `11:22:33`.
fn to_serial(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value] = call.bind("to_serial_filter", ["serial_int"], 1)?;
    let value = value.unwrap_or(Val::None);
    let Some(serial) = number(&value).and_then(|number| number.to_integer()) else {
        return Err(Fault::python(format!(
            "The input for the community.crypto.to_serial filter must be an integer; got <class '{}'> instead",
            class_path(&value)
        )));
    };
    if serial.is_negative() {
        return Err(Fault::python("The input for the community.crypto.to_serial filter must not be negative"));
    }
    let bytes: Vec<String> = serial.to_bytes_be().1.iter().map(|byte| format!("{byte:02X}")).collect();
    Ok(bytes.join(":").into())
}

/// The objects of a PEM file. Text around them is left out.
fn split_pem(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value] = call.bind("split_pem_filter", ["data"], 1)?;
    let value = value.unwrap_or(Val::None);
    let Some(text) = value.as_str() else {
        return Err(Fault::python(format!(
            "The community.crypto.split_pem input must be a text type, not <class '{}'>",
            class_path(&value)
        )));
    };
    let mut found = Vec::new();
    let mut current: Option<String> = None;
    for line in text.split_inclusive('\n') {
        if line.starts_with("-----BEGIN ") {
            current = Some(line.to_owned());
            continue;
        }
        let Some(object) = &mut current else { continue };
        object.push_str(line);
        if line.starts_with("-----END ") {
            found.extend(current.take().map(Val::from));
        }
    }
    Ok(Val::list(found))
}
