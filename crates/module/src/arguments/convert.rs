//! ansible-core's lenient conversions, with its words for what cannot be converted.

use super::ArgumentType;
use super::key_values::key_values;
use crate::Observe;
use churten_value::{BigInt, Data, JsonStyle, Repr, Tags, Value, from_json, python_literal};

/// A converted value, or why it cannot be converted.
pub(super) type Conversion = Result<Value, String>;

/// Convert a value to a type. The host is asked for `~` and `$VARIABLE`.
pub(super) fn convert(kind: ArgumentType, value: &Value, host: &dyn Observe) -> Conversion {
    match kind {
        ArgumentType::Path => Ok(crate::expand::expand(&text(value).to_text(), host).into()),
        _ => convert_value(kind, value),
    }
}

/// Convert a value to a type; paths stay as they are written.
///
/// # Errors
/// Why it cannot be converted, in ansible-core's words.
pub fn convert_value(kind: ArgumentType, value: &Value) -> Result<Value, String> {
    match kind {
        ArgumentType::Raw => Ok(value.clone()),
        ArgumentType::Str | ArgumentType::Path => Ok(text(value)),
        ArgumentType::Bool => boolean(value),
        ArgumentType::Int => integer(value),
        ArgumentType::Float => float(value),
        ArgumentType::List => list(value),
        ArgumentType::Dict => dictionary(value),
        ArgumentType::JsonArgument | ArgumentType::Json => match &value.data {
            Data::Str(text) => Ok(text.trim().into()),
            Data::Bytes(bytes) => Ok(String::from_utf8_lossy(bytes).trim().into()),
            Data::Dict(_) | Data::List(_) => {
                Ok(value.to_json(JsonStyle { ensure_ascii: false, ..JsonStyle::PLAIN }).into())
            }
            _ => Err(cannot(value, "json string")),
        },
        ArgumentType::Bytes => size(value, 'B').ok_or_else(|| cannot(value, "Byte value")),
        ArgumentType::Bits => size(value, 'b').ok_or_else(|| cannot(value, "Bit value")),
    }
}

fn cannot(value: &Value, wanted: &str) -> String {
    format!("<class '{}'> cannot be converted to a {wanted}", value.type_name())
}

fn text(value: &Value) -> Value {
    match &value.data {
        Data::None => "".into(),
        Data::Str(_) => value.clone(),
        Data::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned().into(),
        _ => value.to_text().into(),
    }
}

/// Ansible's spellings of truth, lower case.
pub(crate) fn boolean_word(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "y" | "yes" | "on" | "1" | "true" | "t" => Some(true),
        "n" | "no" | "off" | "0" | "false" | "f" => Some(false),
        _ => None,
    }
}

fn boolean(value: &Value) -> Conversion {
    let found = match &value.data {
        Data::Bool(flag) => Some(*flag),
        Data::Str(text) => boolean_word(text),
        Data::Int(0) => Some(false),
        Data::Int(1) => Some(true),
        Data::Float(number) if *number == 0.0 => Some(false),
        Data::Float(number) if *number == 1.0 => Some(true),
        Data::Int(_) | Data::BigInt(_) | Data::Float(_) => None,
        _ => return Err(cannot(value, "bool")),
    };
    found.map(Value::from).ok_or_else(|| {
        // ansible-core prints a set here, so its order changes from run to run.
        let words = "'f', '1', 'off', 'y', 'n', 0, 1, 'on', 'yes', 'no', 't', '0', 'false', 'true'";
        let value = value.to_text();
        format!("The value '{value}' is not a valid boolean. Valid booleans include: {words}")
    })
}

fn integer(value: &Value) -> Conversion {
    let failed = || format!("\"{}\" cannot be converted to an int", Repr(value));
    let whole = |number: f64| -> Option<Value> {
        (number.fract() == 0.0 && number.is_finite())
            .then(|| format!("{number:.0}").parse::<BigInt>().ok().map(Value::int))
            .flatten()
    };
    match &value.data {
        Data::Int(_) | Data::BigInt(_) | Data::Bool(_) => Ok(value.clone()),
        Data::Float(number) => whole(*number).ok_or_else(failed),
        Data::Str(text) => {
            let digits = digits(text);
            if let Ok(number) = digits.strip_prefix('+').unwrap_or(&digits).parse::<BigInt>() {
                return Ok(Value::int(number));
            }
            digits.parse::<f64>().ok().and_then(whole).ok_or_else(failed)
        }
        _ => Err(failed()),
    }
}

/// Python allows single underscores between digits.
fn digits(text: &str) -> String {
    let text = text.trim();
    let bytes = text.as_bytes();
    let fine = bytes.iter().enumerate().all(|(at, &byte)| {
        let digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
        byte != b'_' || (digit(at.checked_sub(1)) && digit(at.checked_add(1)))
    });
    if fine { text.replace('_', "") } else { text.to_owned() }
}

fn float(value: &Value) -> Conversion {
    let number = match &value.data {
        Data::Float(number) => Some(*number),
        Data::Int(number) => Some(*number as f64),
        Data::Bool(flag) => Some(f64::from(u8::from(*flag))),
        Data::BigInt(number) => number.to_string().parse().ok(),
        Data::Str(text) => digits(text).parse().ok(),
        _ => None,
    };
    number.map(Value::from).ok_or_else(|| cannot(value, "float"))
}

fn list(value: &Value) -> Conversion {
    match &value.data {
        Data::List(_) => Ok(value.clone()),
        Data::Str(text) => Ok(text.split(',').collect()),
        Data::Int(_) | Data::BigInt(_) | Data::Float(_) | Data::Bool(_) => Ok([value.to_text()].into_iter().collect()),
        _ => Err(cannot(value, "list")),
    }
}

fn dictionary(value: &Value) -> Conversion {
    let text = match &value.data {
        Data::Dict(_) => return Ok(value.clone()),
        Data::Str(text) => text.trim(),
        _ => return Err(cannot(value, "dict")),
    };
    if text.starts_with('{') {
        let parsed = from_json(text).ok().or_else(|| python_literal(text, Tags::NONE));
        return parsed
            .filter(|value| value.as_dict().is_some())
            .ok_or_else(|| "unable to evaluate string as dictionary".to_owned());
    }
    if text.contains('=') {
        return key_values(text)
            .map(Value::dict)
            .ok_or_else(|| "unable to evaluate string in the \"key=value\" format as dictionary".to_owned());
    }
    Err("dictionary requested, could not parse JSON or key=value".to_owned())
}

/// `10M`, `1.5 GB`, `512`: a size with a binary unit; `unit` is `B` for bytes and `b` for bits.
fn size(value: &Value, unit: char) -> Option<Value> {
    let text = value.to_text();
    let number_length = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, suffix) = text.split_at(number_length);
    let number: f64 = number.parse().ok()?;
    let word = suffix.trim();
    let mut letters = word.chars();
    let (Some(first), rest) = (letters.next(), letters.as_str()) else {
        return Some(Value::from(number.round_ties_even() as i64));
    };
    let shift = match first.to_ascii_uppercase() {
        'B' => 0,
        'K' => 10,
        'M' => 20,
        'G' => 30,
        'T' => 40,
        'P' => 50,
        'E' => 60,
        'Z' => 70,
        'Y' => 80,
        _ => return None,
    };
    // `MB` is bytes and `Mb` bits; a unit of the other kind is refused. Units may be written out, in the singular.
    const WHOLE: [&str; 9] = ["", "kilo", "mega", "giga", "tera", "peta", "exa", "zetta", "yotta"];
    let kind = if unit == 'B' { "byte" } else { "bit" };
    let allowed = match rest {
        "" => true,
        short if shift > 0 && short.eq_ignore_ascii_case("b") => short.starts_with(unit),
        _ => {
            let lower = word.to_lowercase();
            lower.strip_suffix(kind).is_some_and(|prefix| WHOLE.contains(&prefix))
        }
    };
    let bytes = number * 2f64.powi(shift);
    allowed.then(|| Value::from(bytes.round_ties_even() as i64))
}
