//! Scalars as PyYAML's safe constructor makes them. The errors are Python's texts.

use crate::timestamp;
use base64::Engine as _;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use churten_value::{BigInt, Data, Value, str_repr};
use num_traits::{Num as _, ToPrimitive as _};
use std::sync::Arc;

/// `!!bool`.
pub(crate) fn boolean(text: &str) -> Result<bool, String> {
    match text.to_lowercase().as_str() {
        "yes" | "true" | "on" => Ok(true),
        "no" | "false" | "off" => Ok(false),
        other => Err(str_repr(other)),
    }
}

/// Integers beyond this many digits are refused by Python's `int()`.
const MAX_DIGITS: usize = 4300;

fn whole(text: &str, base: u32) -> Result<BigInt, String> {
    let shown = str_repr(text);
    let trimmed = text.trim();
    let digits = trimmed.trim_start_matches(['-', '+']);
    if digits.len() > MAX_DIGITS && base == 10 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(format!(
            "Exceeds the limit ({MAX_DIGITS} digits) for integer string conversion: value has {} digits; use sys.set_int_max_str_digits() to increase the limit",
            digits.len()
        ));
    }
    let bad = || format!("invalid literal for int() with base {base}: {shown}");
    if digits.contains('_') || trimmed.len() > digits.len() + 1 {
        return Err(bad());
    }
    BigInt::from_str_radix(trimmed, base).map_err(|_| bad())
}

/// `!!int`: decimal, binary, octal with a leading zero, hexadecimal, base 60.
pub(crate) fn integer(text: &str) -> Result<Value, String> {
    let text = text.replace('_', "");
    let (negative, body) = match text.as_bytes().first() {
        None => return Err("string index out of range".into()),
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        Some(_) => (false, text.as_str()),
    };
    let number = if body == "0" {
        BigInt::ZERO
    } else if let Some(digits) = body.strip_prefix("0b") {
        whole(digits, 2)?
    } else if let Some(digits) = body.strip_prefix("0x") {
        whole(digits, 16)?
    } else if body.starts_with('0') {
        whole(body, 8)?
    } else if body.contains(':') {
        let mut sum = BigInt::ZERO;
        for part in body.split(':') {
            sum = sum * 60 + whole(part, 10)?;
        }
        sum
    } else if body.is_empty() {
        return Err("string index out of range".into());
    } else {
        whole(body, 10)?
    };
    Ok(Value::int(if negative { -number } else { number }))
}

fn python_float(text: &str) -> Result<f64, String> {
    let bad = || format!("could not convert string to float: {}", str_repr(text));
    let trimmed = text.trim();
    // Rust reads the same forms, "infinity" and "nan" included.
    trimmed.parse::<f64>().map_err(|_| bad())
}

/// `!!float`: decimal, base 60, `.inf`, `.nan`.
pub(crate) fn float(text: &str) -> Result<Value, String> {
    let text = text.replace('_', "").to_lowercase();
    let (sign, body) = match text.as_bytes().first() {
        None => return Err("string index out of range".into()),
        Some(b'-') => (-1.0, &text[1..]),
        Some(b'+') => (1.0, &text[1..]),
        Some(_) => (1.0, text.as_str()),
    };
    let number = match body {
        ".inf" => f64::INFINITY,
        ".nan" => f64::NAN,
        _ if body.contains(':') => {
            // Summed from the right with integer powers, as PyYAML does: the roundings must be the same.
            let mut sum = 0.0;
            let mut base = BigInt::from(1);
            for part in body.rsplit(':') {
                sum += python_float(part)? * base.to_f64().unwrap_or(f64::INFINITY);
                base *= 60;
            }
            sum
        }
        _ => python_float(body)?,
    };
    Ok((sign * number).into())
}

/// `!!timestamp`.
pub(crate) fn timestamp(text: &str) -> Result<Value, String> {
    let fields = timestamp::parse(text).ok_or("'NoneType' object has no attribute 'groupdict'")?;
    Ok(Data::Timestamp(Arc::new(fields.build()?)).into())
}

/// `!!binary`, as leniently as Python's `base64.decodebytes`: foreign characters are skipped.
pub(crate) fn binary(text: &str) -> Result<Vec<u8>, String> {
    if let Some((at, _)) = text.char_indices().find(|(_, c)| !c.is_ascii()) {
        let position = text[..at].chars().count();
        let code = text[at..].chars().next().map_or(0, u32::from);
        let shown = match code {
            0..=0xff => format!("\\x{code:02x}"),
            0x100..=0xffff => format!("\\u{code:04x}"),
            _ => format!("\\U{code:08x}"),
        };
        return Err(format!(
            "failed to convert base64 data into ascii: 'ascii' codec can't encode character '{shown}' in position {position}: ordinal not in range(128)"
        ));
    }
    let mut digits = String::new();
    let mut pads = 0;
    for c in text.chars() {
        match c {
            '=' => {
                pads += 1;
                // A complete group ends the data.
                if digits.len() % 4 >= 2 && digits.len() % 4 + pads >= 4 {
                    break;
                }
            }
            'A'..='Z' | 'a'..='z' | '0'..='9' | '+' | '/' => {
                digits.push(c);
                pads = 0;
            }
            _ => {}
        }
    }
    let left = digits.len() % 4;
    if left == 1 {
        return Err(format!(
            "failed to decode base64 data: Invalid base64-encoded string: number of data characters ({}) cannot be 1 more than a multiple of 4",
            digits.len()
        ));
    }
    if left != 0 && left + pads < 4 {
        return Err("failed to decode base64 data: Incorrect padding".into());
    }
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    GeneralPurpose::new(&base64::alphabet::STANDARD, config)
        .decode(&digits)
        .map_err(|error| format!("failed to decode base64 data: {error}"))
}
