//! `str.format()`.

use super::printf::float_text;
use crate::eval::{Arguments, Session, attribute, item};
use crate::fault::{Fault, Outcome};
use crate::val::{Number, Val, number, python_repr, python_str};
use num_traits::Signed;

/// Replacement fields may nest this deep.
const MAX_NESTING: usize = 2;
/// Wider fields are refused.
const MAX_WIDTH: usize = 10_000_000;

struct Formatter<'f, 'a> {
    arguments: &'f Arguments,
    session: &'f Session<'a>,
    automatic: usize,
    manual: bool,
}

pub(super) fn format(text: &str, arguments: &Arguments, session: &Session<'_>) -> Outcome<String> {
    Formatter { arguments, session, automatic: 0, manual: false }.format(text, MAX_NESTING)
}

impl Formatter<'_, '_> {
    fn format(&mut self, text: &str, nesting: usize) -> Outcome<String> {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            out.push_str(&rest[..at]);
            let brace = &rest[at..=at];
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix(brace) {
                out.push_str(brace);
                rest = after;
                continue;
            }
            if brace == "}" {
                return Err(Fault::python("Single '}' encountered in format string"));
            }
            if nesting == 0 {
                return Err(Fault::python("Max string recursion exceeded"));
            }
            let Some(end) = closing(rest) else {
                return Err(Fault::python(if rest.is_empty() {
                    "Single '{' encountered in format string"
                } else {
                    "expected '}' before end of string"
                }));
            };
            out.push_str(&self.field(&rest[..end], nesting)?);
            rest = &rest[end + 1..];
        }
        out.push_str(rest);
        Ok(out)
    }

    fn field(&mut self, field: &str, nesting: usize) -> Outcome<String> {
        let (field, specification) = field.split_once(':').unwrap_or((field, ""));
        let (name, conversion) = match field.rsplit_once('!') {
            Some((name, conversion)) => (name, Some(conversion)),
            None => (field, None),
        };
        let value = self.value(name)?;
        let value = match conversion {
            None => value,
            Some("s") => Val::from(python_str(&value, self.session)?),
            Some("r" | "a") => Val::from(python_repr(&value, self.session)?),
            Some(other) => {
                return Err(Fault::python(format!("Unknown conversion specifier {other}")));
            }
        };
        let specification = self.format(specification, nesting - 1)?;
        apply(&value, &specification, self.session)
    }

    /// `0.name[key]`.
    fn value(&mut self, name: &str) -> Outcome<Val> {
        let end = name.find(['.', '[']).unwrap_or(name.len());
        let (first, mut path) = name.split_at(end);
        let position = if first.is_empty() {
            if self.manual {
                return Err(Fault::python(
                    "cannot switch from manual field specification to automatic field numbering",
                ));
            }
            self.automatic += 1;
            Some(self.automatic - 1)
        } else {
            first.parse::<usize>().ok()
        };
        if !first.is_empty() && position.is_some() {
            if self.automatic > 0 {
                return Err(Fault::python(
                    "cannot switch from automatic field numbering to manual field specification",
                ));
            }
            self.manual = true;
        }
        let mut value = match position {
            Some(index) => self.arguments.positional.get(index).cloned().ok_or_else(|| {
                Fault::python(format!("Replacement index {index} out of range for positional args tuple"))
            })?,
            None => {
                let found = self.arguments.keyword.iter().find(|(known, _)| &**known == first);
                found.map(|(_, value)| value.clone()).ok_or_else(|| Fault::python(churten_value::str_repr(first)))?
            }
        };
        while !path.is_empty() {
            if let Some(rest) = path.strip_prefix('.') {
                let end = rest.find(['.', '[']).unwrap_or(rest.len());
                // Python's own attributes count here, not keys.
                if matches!(value, Val::Dict(_)) {
                    let class = value.python_class();
                    return Err(Fault::python(format!("'{class}' object has no attribute '{}'", &rest[..end])));
                }
                value = attribute(&value, &rest[..end].into(), self.session).defined()?;
                path = &rest[end..];
            } else {
                let rest = &path[1..];
                let Some(end) = rest.find(']') else {
                    return Err(Fault::python("Missing ']' in format string"));
                };
                let key = match rest[..end].parse::<i64>() {
                    Ok(index) => Val::Int(index),
                    Err(_) => Val::str(&rest[..end]),
                };
                value = item(&value, &key, self.session)?.defined()?;
                path = &rest[end + 1..];
            }
        }
        Ok(value)
    }
}

fn closing(text: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, character) in text.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => return Some(at),
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

#[derive(Default)]
struct Specification {
    fill: Option<char>,
    align: Option<char>,
    sign: Option<char>,
    alternate: bool,
    width: usize,
    grouping: Option<char>,
    precision: Option<usize>,
    kind: Option<char>,
}

fn parse(text: &str, value: &Val) -> Outcome<Specification> {
    let mut specification = Specification::default();
    let characters: Vec<char> = text.chars().collect();
    let is_align = |c: &char| matches!(c, '<' | '>' | '=' | '^');
    let mut rest = &characters[..];
    if let [fill, align, after @ ..] = rest
        && is_align(align)
    {
        (specification.fill, specification.align) = (Some(*fill), Some(*align));
        rest = after;
    } else if let [align, after @ ..] = rest
        && is_align(align)
    {
        specification.align = Some(*align);
        rest = after;
    }
    if let [sign @ ('+' | '-' | ' '), after @ ..] = rest {
        specification.sign = Some(*sign);
        rest = after;
    }
    if let ['#', after @ ..] = rest {
        specification.alternate = true;
        rest = after;
    }
    if let ['0', after @ ..] = rest {
        specification.fill.get_or_insert('0');
        specification.align.get_or_insert('=');
        rest = after;
    }
    let mut number = || {
        let digits = rest.iter().take_while(|c| c.is_ascii_digit()).count();
        let text: String = rest[..digits].iter().collect();
        rest = &rest[digits..];
        text.parse::<usize>().ok().map(|number| number.min(MAX_WIDTH))
    };
    specification.width = number().unwrap_or(0);
    if let [grouping @ (',' | '_'), after @ ..] = rest {
        specification.grouping = Some(*grouping);
        rest = after;
    }
    if let ['.', after @ ..] = rest {
        let digits = after.iter().take_while(|c| c.is_ascii_digit()).count();
        let text: String = after[..digits].iter().collect();
        specification.precision = Some(
            text.parse::<usize>().map_err(|_| Fault::python("Format specifier missing precision"))?.min(MAX_WIDTH),
        );
        rest = &after[digits..];
    }
    match rest {
        [] => {}
        [kind] => specification.kind = Some(*kind),
        _ => {
            return Err(Fault::python(format!(
                "Invalid format specifier '{text}' for object of type '{}'",
                value.python_class()
            )));
        }
    }
    Ok(specification)
}

fn apply(value: &Val, text: &str, session: &Session<'_>) -> Outcome<String> {
    if text.is_empty() {
        return python_str(value, session);
    }
    if let Val::Time(time) = value {
        return Ok(super::clock_time::strftime(time, text));
    }
    if let Val::Timestamp(when) = value {
        return Ok(super::timestamp::strftime(when, text));
    }
    let specification = parse(text, value)?;
    let unknown = |kind: char| {
        Fault::python(format!("Unknown format code '{kind}' for object of type '{}'", value.python_class()))
    };
    if let Val::Str(text) = value {
        return match specification.kind {
            None | Some('s') => {
                let cut: String = text.chars().take(specification.precision.unwrap_or(usize::MAX)).collect();
                Ok(specification.pad("", &cut, '<'))
            }
            Some(kind) => Err(unknown(kind)),
        };
    }
    let Some(amount) = number(value) else {
        return Err(Fault::python(format!("unsupported format string passed to {}.__format__", value.python_class())));
    };
    let (negative, digits) = match (specification.kind, &amount) {
        (Some(kind @ ('f' | 'F' | 'e' | 'E' | 'g' | 'G' | '%')), _) => {
            let number = amount.to_float();
            let precision = specification.precision.unwrap_or(6);
            let digits = if kind == '%' {
                float_text(number.abs() * 100.0, 'f', precision, false) + "%"
            } else {
                float_text(number.abs(), kind, precision, specification.alternate)
            };
            (number.is_sign_negative(), digits)
        }
        (None | Some('n'), Number::Float(number)) => {
            let digits = match specification.precision {
                Some(precision) => float_text(number.abs(), 'g', precision, false),
                None => churten_value::float_repr(number.abs()),
            };
            (number.is_sign_negative(), digits)
        }
        (kind, amount) => {
            let Some(integer) = amount.to_integer() else { return Err(unknown(kind.unwrap_or('d'))) };
            let prefix = |prefix: &str| if specification.alternate { prefix.to_owned() } else { String::new() };
            let magnitude = integer.abs();
            let digits = match kind.unwrap_or('d') {
                'd' | 'n' => {
                    if kind.is_none() && specification.is_empty() && matches!(value, Val::Bool(_)) {
                        python_str(value, session)?
                    } else {
                        magnitude.to_string()
                    }
                }
                'x' => prefix("0x") + &magnitude.to_str_radix(16),
                'X' => prefix("0X") + &magnitude.to_str_radix(16).to_uppercase(),
                'o' => prefix("0o") + &magnitude.to_str_radix(8),
                'b' => prefix("0b") + &magnitude.to_str_radix(2),
                'c' => {
                    let character = u32::try_from(&integer).ok().and_then(char::from_u32);
                    character.map(String::from).ok_or_else(|| Fault::python("%c arg not in range(0x110000)"))?
                }
                kind => return Err(unknown(kind)),
            };
            (integer.is_negative(), digits)
        }
    };
    let digits = match specification.grouping {
        Some(separator) => group(&digits, separator),
        None => digits,
    };
    let sign = match (negative, specification.sign) {
        (true, _) => "-",
        (false, Some('+')) => "+",
        (false, Some(' ')) => " ",
        _ => "",
    };
    Ok(specification.pad(sign, &digits, '>'))
}

/// Thousands separators.
fn group(digits: &str, separator: char) -> String {
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    let (whole, rest) = digits.split_at(end);
    let mut out = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            out.push(separator);
        }
        out.push(digit);
    }
    out + rest
}

impl Specification {
    fn is_empty(&self) -> bool {
        self.align.is_none() && self.sign.is_none() && !self.alternate && self.width == 0 && self.grouping.is_none()
    }

    fn pad(&self, sign: &str, text: &str, default: char) -> String {
        let missing = self.width.saturating_sub(sign.chars().count() + text.chars().count());
        let fill = |count: usize| self.fill.unwrap_or(' ').to_string().repeat(count);
        match self.align.unwrap_or(default) {
            '<' => format!("{sign}{text}{}", fill(missing)),
            '^' => format!("{}{sign}{text}{}", fill(missing / 2), fill(missing - missing / 2)),
            '=' => format!("{sign}{}{text}", fill(missing)),
            _ => format!("{}{sign}{text}", fill(missing)),
        }
    }
}
