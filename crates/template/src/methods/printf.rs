//! `"text" % arguments`.

use crate::eval::Session;
use crate::fault::{Fault, Outcome};
use crate::val::{Key, Number, Val, number, python_repr, python_str};
use churten_value::BigInt;
use num_traits::{FromPrimitive, Signed};
use std::iter::Peekable;
use std::str::Chars;

/// Wider fields are refused.
const MAX_WIDTH: usize = 10_000_000;

/// One conversion: `%(name)-08.3f`.
#[derive(Default)]
struct Conversion {
    name: Option<String>,
    alternate: bool,
    zero: bool,
    left: bool,
    space: bool,
    plus: bool,
    width: Option<usize>,
    precision: Option<usize>,
}

struct Values<'a> {
    list: Vec<Val>,
    next: usize,
    whole: &'a Val,
}

impl Values<'_> {
    fn next(&mut self) -> Outcome<Val> {
        let value = self.list.get(self.next).cloned();
        self.next += 1;
        value.ok_or_else(|| Fault::python("not enough arguments for format string"))
    }
}

/// Format text with one value, a tuple of values, or a mapping.
pub(crate) fn format(text: &str, arguments: &Val, session: &Session<'_>) -> Outcome<String> {
    let list = match arguments {
        Val::Tuple(items) => items.to_vec(),
        single => vec![single.clone()],
    };
    let mut values = Values { list, next: 0, whole: arguments };
    let mut used_names = false;
    let mut out = String::with_capacity(text.len() + 16);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if character != '%' {
            out.push(character);
            continue;
        }
        if characters.peek() == Some(&'%') {
            characters.next();
            out.push('%');
            continue;
        }
        let (conversion, kind) = conversion(&mut characters, &mut values, session)?;
        if kind == '%' {
            out.push('%');
            continue;
        }
        let value = match &conversion.name {
            Some(name) => {
                used_names = true;
                named(values.whole, name, session)?
            }
            None => values.next()?,
        };
        value.check()?;
        if !"srcadiuxXofFeEgG".contains(kind) {
            let index = text.chars().count() - characters.clone().count() - 1;
            return Err(Fault::python(format!(
                "unsupported format character '{kind}' (0x{:x}) at index {index}",
                kind as u32
            )));
        }
        out.push_str(&convert(&conversion, kind, &value, session)?);
    }
    let is_mapping = matches!(arguments, Val::Dict(_) | Val::Variables(_));
    if values.next < values.list.len() && !is_mapping && !used_names {
        return Err(Fault::python("not all arguments converted during string formatting"));
    }
    Ok(out)
}

fn named(whole: &Val, name: &str, session: &Session<'_>) -> Outcome<Val> {
    let Some(dict) = session.mapping(whole) else { return Err(Fault::python("format requires a mapping")) };
    match dict.get(&Key::text(name)) {
        Some(slot) => Ok(session.slot(&slot)),
        None => Err(Fault::python(churten_value::str_repr(name))),
    }
}

fn conversion(
    characters: &mut Peekable<Chars<'_>>,
    values: &mut Values<'_>,
    session: &Session<'_>,
) -> Outcome<(Conversion, char)> {
    let _ = session;
    let mut conversion = Conversion::default();
    if characters.peek() == Some(&'(') {
        characters.next();
        let mut depth = 1;
        let mut name = String::new();
        for character in characters.by_ref() {
            match character {
                '(' => depth += 1,
                ')' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                break;
            }
            name.push(character);
        }
        if depth != 0 {
            return Err(Fault::python("incomplete format key"));
        }
        conversion.name = Some(name);
    }
    while let Some(flag) = characters.next_if(|flag| matches!(flag, '#' | '0' | '-' | ' ' | '+')) {
        match flag {
            '#' => conversion.alternate = true,
            '0' => conversion.zero = true,
            '-' => conversion.left = true,
            ' ' => conversion.space = true,
            _ => conversion.plus = true,
        }
    }
    conversion.width = amount(characters, values)?;
    if characters.next_if_eq(&'.').is_some() {
        conversion.precision = Some(amount(characters, values)?.unwrap_or(0));
    }
    while characters.next_if(|size| matches!(size, 'h' | 'l' | 'L')).is_some() {}
    match characters.next() {
        Some(kind) => Ok((conversion, kind)),
        None => Err(Fault::python("incomplete format")),
    }
}

fn amount(characters: &mut Peekable<Chars<'_>>, values: &mut Values<'_>) -> Outcome<Option<usize>> {
    if characters.next_if_eq(&'*').is_some() {
        return match values.next()? {
            Val::Int(amount) => Ok(Some(usize::try_from(amount).unwrap_or(0).min(MAX_WIDTH))),
            _ => Err(Fault::python("* wants int")),
        };
    }
    let mut digits = String::new();
    while let Some(digit) = characters.next_if(char::is_ascii_digit) {
        digits.push(digit);
    }
    if digits.is_empty() {
        return Ok(None);
    }
    match digits.parse::<usize>() {
        Ok(amount) if amount <= MAX_WIDTH => Ok(Some(amount)),
        _ => Err(Fault::python("width too big")),
    }
}

fn convert(conversion: &Conversion, kind: char, value: &Val, session: &Session<'_>) -> Outcome<String> {
    let cut = |text: String| match conversion.precision {
        Some(length) => text.chars().take(length).collect(),
        None => text,
    };
    match kind {
        's' => Ok(conversion.pad(cut(python_str(value, session)?))),
        'r' => Ok(conversion.pad(cut(python_repr(value, session)?))),
        'a' => {
            let shown = python_repr(value, session)?;
            Ok(conversion.pad(cut(shown.chars().flat_map(ascii).collect())))
        }
        'c' => match value {
            Val::Str(text) if text.chars().count() == 1 => Ok(conversion.pad(text.to_string())),
            Val::Int(code) => match u32::try_from(*code).ok().and_then(char::from_u32) {
                Some(character) => Ok(conversion.pad(character.to_string())),
                None => Err(Fault::python("%c arg not in range(0x110000)")),
            },
            _ => Err(Fault::python("%c requires int or char")),
        },
        'd' | 'i' | 'u' => {
            let integer = match number(value) {
                Some(Number::Float(number)) => match BigInt::from_f64(number.trunc()) {
                    Some(integer) => integer,
                    None if number.is_nan() => return Err(Fault::python("cannot convert float NaN to integer")),
                    None => return Err(Fault::python("cannot convert float infinity to integer")),
                },
                Some(number) => number.to_integer().unwrap_or_default(),
                None => {
                    return Err(Fault::python(format!(
                        "%{kind} format: a real number is required, not {}",
                        value.python_class()
                    )));
                }
            };
            Ok(conversion.integer(&integer, &integer.abs().to_string(), ""))
        }
        'x' | 'X' | 'o' => {
            let Some(integer) = number(value).as_ref().and_then(Number::to_integer) else {
                return Err(Fault::python(format!(
                    "%{kind} format: an integer is required, not {}",
                    value.python_class()
                )));
            };
            let (digits, prefix) = match kind {
                'o' => (integer.abs().to_str_radix(8), "0o"),
                'x' => (integer.abs().to_str_radix(16), "0x"),
                _ => (integer.abs().to_str_radix(16).to_uppercase(), "0X"),
            };
            Ok(conversion.integer(&integer, &digits, if conversion.alternate { prefix } else { "" }))
        }
        'f' | 'F' | 'e' | 'E' | 'g' | 'G' => {
            let Some(number) = number(value) else {
                return Err(Fault::python(format!("must be real number, not {}", value.python_class())));
            };
            let number = number.to_float();
            let digits = float_text(number.abs(), kind, conversion.precision.unwrap_or(6), conversion.alternate);
            Ok(conversion.signed(number.is_sign_negative() && !number.is_nan(), "", &digits, number.is_finite()))
        }
        other => Err(Fault::python(format!("unsupported format character '{other}' (0x{:x})", other as u32))),
    }
}

fn ascii(character: char) -> Vec<char> {
    let code = character as u32;
    match code {
        0..=0x7f => vec![character],
        0x80..=0xff => format!("\\x{code:02x}").chars().collect(),
        0x100..=0xffff => format!("\\u{code:04x}").chars().collect(),
        _ => format!("\\U{code:08x}").chars().collect(),
    }
}

/// The digits of a number that is not negative, in one of C's float formats.
pub(super) fn float_text(number: f64, kind: char, precision: usize, alternate: bool) -> String {
    let upper = kind.is_ascii_uppercase();
    let text = if !number.is_finite() {
        if number.is_nan() { "nan".to_owned() } else { "inf".to_owned() }
    } else {
        match kind.to_ascii_lowercase() {
            'f' => format!("{number:.precision$}"),
            'e' => exponent(number, precision),
            _ => general(number, precision, alternate),
        }
    };
    if upper { text.to_uppercase() } else { text }
}

/// Rust writes `1e2`, C writes `1e+02`.
fn exponent(number: f64, precision: usize) -> String {
    let text = format!("{number:.precision$e}");
    let Some((mantissa, exponent)) = text.split_once('e') else { return text };
    let exponent: i32 = exponent.parse().unwrap_or(0);
    format!("{mantissa}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
}

fn general(number: f64, precision: usize, alternate: bool) -> String {
    let precision = precision.max(1);
    let scientific = exponent(number, precision - 1);
    let power: i32 = scientific.split_once('e').and_then(|(_, power)| power.parse().ok()).unwrap_or(0);
    let limit = i32::try_from(precision).unwrap_or(i32::MAX);
    let text = if (-4..limit).contains(&power) {
        let decimals = usize::try_from(limit - 1 - power).unwrap_or(0);
        format!("{number:.decimals$}")
    } else {
        scientific
    };
    if alternate {
        return text;
    }
    let (mantissa, rest) = match text.find('e') {
        Some(at) => text.split_at(at),
        None => (text.as_str(), ""),
    };
    if !mantissa.contains('.') {
        return text;
    }
    format!("{}{rest}", mantissa.trim_end_matches('0').trim_end_matches('.'))
}

impl Conversion {
    fn pad(&self, text: String) -> String {
        let missing = self.width.unwrap_or(0).saturating_sub(text.chars().count());
        if self.left { text + &" ".repeat(missing) } else { " ".repeat(missing) + &text }
    }

    fn integer(&self, integer: &BigInt, digits: &str, prefix: &str) -> String {
        let missing = self.precision.unwrap_or(0).saturating_sub(digits.len());
        let digits = format!("{}{digits}", "0".repeat(missing));
        self.signed(integer.is_negative(), prefix, &digits, true)
    }

    fn signed(&self, negative: bool, prefix: &str, digits: &str, may_fill: bool) -> String {
        let sign = match (negative, self.plus, self.space) {
            (true, ..) => "-",
            (false, true, _) => "+",
            (false, false, true) => " ",
            _ => "",
        };
        let length = sign.len() + prefix.len() + digits.len();
        let missing = self.width.unwrap_or(0).saturating_sub(length);
        if self.left {
            format!("{sign}{prefix}{digits}{}", " ".repeat(missing))
        } else if self.zero && may_fill {
            format!("{sign}{prefix}{}{digits}", "0".repeat(missing))
        } else {
            format!("{}{sign}{prefix}{digits}", " ".repeat(missing))
        }
    }
}
