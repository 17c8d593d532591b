//! Python's arithmetic.

use super::Session;
use crate::fault::{Fault, Outcome};
use crate::methods::printf;
use crate::tree::Operator;
use crate::val::{Number, Val, big, number, write_str};
use churten_value::BigInt;
use num_traits::{Pow, Signed, ToPrimitive, Zero};

/// Longer results are refused; Python would try, and exhaust the memory.
pub(super) const MAX_REPEATED: usize = 100_000_000;
/// Powers with larger exponents are refused.
const MAX_EXPONENT: u32 = 100_000;
/// Integers of more bits are refused, where Python would go on until the memory or the patience ends.
pub(crate) const MAX_BITS: u64 = 1 << 20;

fn symbol(operator: Operator) -> &'static str {
    match operator {
        Operator::Add => "+",
        Operator::Subtract => "-",
        Operator::Multiply => "*",
        Operator::Divide => "/",
        Operator::FloorDivide => "//",
        Operator::Modulo => "%",
        Operator::Power => "** or pow()",
        Operator::Concatenate => "~",
    }
}

/// `left operator right`.
pub(crate) fn binary(operator: Operator, left: &Val, right: &Val, session: &Session<'_>) -> Outcome<Val> {
    left.check()?;
    right.check()?;
    if operator == Operator::Concatenate {
        return concatenate(left, right, session);
    }
    if let (Val::Int(left), Val::Int(right)) = (left, right) {
        let result = match operator {
            Operator::Add => left.checked_add(*right),
            Operator::Subtract => left.checked_sub(*right),
            Operator::Multiply => left.checked_mul(*right),
            _ => None,
        };
        if let Some(result) = result {
            return Ok(Val::Int(result));
        }
    }
    for operand in [left, right] {
        if let Val::Undefined(undefined) = operand {
            return Err(undefined.fault());
        }
    }
    if let (Some(a), Some(b)) = (number(left), number(right)) {
        return arithmetic(operator, a, b).unwrap_or_else(|| Err(unsupported(operator, left, right)));
    }
    match operator {
        Operator::Add => add(left, right, session),
        Operator::Multiply => repeat(left, right, session),
        Operator::Modulo => match left {
            Val::Str(format) => printf::format(format, right, session).map(Val::from),
            _ => Err(unsupported(operator, left, right)),
        },
        Operator::Subtract => match (left, right) {
            (Val::Timestamp(a), Val::Timestamp(b)) => Ok(Val::Duration(
                crate::methods::timestamp::microseconds(a) - crate::methods::timestamp::microseconds(b),
            )),
            _ => Err(unsupported(operator, left, right)),
        },
        _ => Err(unsupported(operator, left, right)),
    }
}

fn unsupported(operator: Operator, left: &Val, right: &Val) -> Fault {
    let (a, b) = (left.python_class(), right.python_class());
    Fault::python(match (operator, left) {
        (Operator::Add, Val::Str(_)) => format!("can only concatenate str (not \"{b}\") to str"),
        (Operator::Add, Val::List(_)) => format!("can only concatenate list (not \"{b}\") to list"),
        (Operator::Add, Val::Tuple(_)) => format!("can only concatenate tuple (not \"{b}\") to tuple"),
        _ => format!("unsupported operand type(s) for {}: '{a}' and '{b}'", symbol(operator)),
    })
}

fn concatenate(left: &Val, right: &Val, session: &Session<'_>) -> Outcome<Val> {
    let mut text = String::new();
    write_str(left, session, &mut text)?;
    write_str(right, session, &mut text)?;
    Ok(text.into())
}

fn add(left: &Val, right: &Val, session: &Session<'_>) -> Outcome<Val> {
    match (left, right) {
        (Val::Str(a), Val::Str(b)) => {
            session.spend_text(a.len() + b.len())?;
            let mut text = String::with_capacity(a.len() + b.len());
            text.push_str(a);
            text.push_str(b);
            Ok(text.into())
        }
        (Val::List(a), Val::List(b)) => {
            session.spend(a.len() + b.len())?;
            let list = crate::val::List::new(Vec::new());
            list.change(|slots| {
                slots.extend(a.slots());
                slots.extend(b.slots());
            });
            Ok(Val::List(list))
        }
        (Val::Tuple(a), Val::Tuple(b)) => {
            session.spend(a.len() + b.len())?;
            Ok(Val::tuple(a.iter().chain(b.iter()).cloned().collect()))
        }
        (Val::Bytes(a), Val::Bytes(b)) => Ok(Val::Bytes([&**a, &**b].concat().into())),
        (Val::Duration(a), Val::Duration(b)) => a.checked_add(*b).map(Val::Duration).ok_or_else(too_long),
        _ => Err(unsupported(Operator::Add, left, right)),
    }
}

fn repeat(left: &Val, right: &Val, session: &Session<'_>) -> Outcome<Val> {
    let (sequence, times) = if number(right).is_some() { (left, right) } else { (right, left) };
    let is_sequence = matches!(sequence, Val::Str(_) | Val::List(_) | Val::Tuple(_));
    let times = match number(times) {
        Some(Number::Small(times)) => usize::try_from(times.max(0)).unwrap_or(0),
        Some(Number::Float(_)) if is_sequence => {
            return Err(Fault::python("can't multiply sequence by non-int of type 'float'"));
        }
        None if is_sequence && matches!(left, Val::Str(_) | Val::List(_) | Val::Tuple(_)) => {
            return Err(Fault::python(format!(
                "can't multiply sequence by non-int of type '{}'",
                right.python_class()
            )));
        }
        _ => return Err(unsupported(Operator::Multiply, left, right)),
    };
    let too_long = |length: usize| length.saturating_mul(times) > MAX_REPEATED;
    match sequence {
        Val::Str(text) if too_long(text.len()) => Err(Fault::python("repeated string is too long")),
        Val::Str(text) => {
            session.spend_text(text.len() * times)?;
            Ok(text.repeat(times).into())
        }
        Val::List(_) | Val::Tuple(_) => {
            let items = session.items(sequence)?;
            if too_long(items.len().saturating_mul(64)) {
                return Err(Fault::python("cannot fit 'int' into an index-sized integer"));
            }
            session.spend(items.len() * times)?;
            let mut repeated = Vec::with_capacity(items.len() * times);
            for _ in 0..times {
                repeated.extend(items.iter().cloned());
            }
            Ok(if matches!(sequence, Val::List(_)) { Val::list(repeated) } else { Val::tuple(repeated) })
        }
        _ => Err(unsupported(Operator::Multiply, left, right)),
    }
}

/// `None` when the operation is refused.
fn arithmetic(operator: Operator, a: Number, b: Number) -> Option<Outcome<Val>> {
    let is_float = a.is_float() || b.is_float();
    if operator == Operator::Divide {
        return Some(if b.to_float() == 0.0 {
            Err(Fault::python(if is_float { "float division by zero" } else { "division by zero" }))
        } else {
            Ok(Val::Float(a.to_float() / b.to_float()))
        });
    }
    if is_float {
        return Some(floats(operator, a.to_float(), b.to_float()));
    }
    let (a, b) = (a.to_integer()?, b.to_integer()?);
    integers(operator, a, b)
}

fn floats(operator: Operator, a: f64, b: f64) -> Outcome<Val> {
    Ok(Val::Float(match operator {
        Operator::Add => a + b,
        Operator::Subtract => a - b,
        Operator::Multiply => a * b,
        Operator::Power => {
            if a == 0.0 && b < 0.0 {
                return Err(Fault::python("0.0 cannot be raised to a negative power"));
            }
            a.powf(b)
        }
        Operator::FloorDivide if b == 0.0 => return Err(Fault::python("float floor division by zero")),
        Operator::FloorDivide => (a / b).floor(),
        _ if b == 0.0 => return Err(Fault::python("float modulo")),
        _ => {
            let rest = a % b;
            if rest != 0.0 && (rest < 0.0) != (b < 0.0) { rest + b } else { rest }
        }
    }))
}

fn integers(operator: Operator, a: BigInt, b: BigInt) -> Option<Outcome<Val>> {
    Some(Ok(match operator {
        Operator::Add => big(a + b),
        Operator::Subtract => big(a - b),
        Operator::Multiply if a.bits() + b.bits() > MAX_BITS => return Some(Err(too_large())),
        Operator::Multiply => big(a * b),
        Operator::Power if b.is_negative() => {
            if a.is_zero() {
                return Some(Err(Fault::python("0.0 cannot be raised to a negative power")));
            }
            Val::Float(a.to_f64()?.powf(b.to_f64()?))
        }
        Operator::Power => {
            let exponent = b.to_u32().filter(|exponent| *exponent <= MAX_EXPONENT)?;
            if a.bits().saturating_mul(exponent.into()) > MAX_BITS {
                return Some(Err(too_large()));
            }
            big(a.pow(exponent))
        }
        _ if b.is_zero() => {
            let modulo = operator == Operator::Modulo;
            let text = if modulo { "integer modulo by zero" } else { "integer division or modulo by zero" };
            return Some(Err(Fault::python(text)));
        }
        _ => {
            let (mut quotient, mut rest) = (&a / &b, &a % &b);
            if !rest.is_zero() && rest.is_negative() != b.is_negative() {
                quotient -= 1;
                rest += &b;
            }
            big(if operator == Operator::Modulo { rest } else { quotient })
        }
    }))
}

/// The error about a duration that does not fit.
fn too_long() -> Fault {
    Fault::python("must have magnitude <= 999999999")
}

/// The error about an integer of more than [`MAX_BITS`].
pub(crate) fn too_large() -> Fault {
    Fault::python(format!("an integer of more than {MAX_BITS} bits is refused"))
}

/// `-value`.
pub(crate) fn negate(value: &Val) -> Outcome<Val> {
    value.check()?;
    match number(value) {
        Some(Number::Small(number)) => Ok(big(-BigInt::from(number))),
        Some(Number::Big(number)) => Ok(big(-number)),
        Some(Number::Float(number)) => Ok(Val::Float(-number)),
        None => match value {
            Val::Duration(number) => number.checked_neg().map(Val::Duration).ok_or_else(too_long),
            _ => Err(Fault::python(format!("bad operand type for unary -: '{}'", value.python_class()))),
        },
    }
}
