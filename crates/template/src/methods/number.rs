//! Methods of `int`, `bool` and `float`.

use super::{no_method, take};
use crate::eval::{Arguments, MAX_BITS, too_large};
use crate::fault::{Fault, Outcome};
use crate::val::{Number, Val, big, number};
use churten_value::BigInt;
use num_traits::{Signed, ToPrimitive};

/// Shifts further than this are refused.
const MAX_SHIFT: u32 = 1_000_000;

pub(super) fn call(receiver: &Val, name: &str, arguments: Arguments) -> Outcome<Val> {
    let Some(value) = number(receiver) else { return Err(no_method(receiver, name)) };
    match (name, value.to_integer()) {
        ("is_integer", _) => Ok(Val::Bool(!value.is_float() || value.to_float().fract() == 0.0)),
        ("conjugate", _) => Ok(receiver.clone()),
        ("bit_length", Some(integer)) => Ok(Val::from(usize::try_from(integer.bits()).unwrap_or(usize::MAX))),
        ("bit_count", Some(integer)) => {
            let ones: u64 = integer.magnitude().iter_u64_digits().map(|digit| u64::from(digit.count_ones())).sum();
            Ok(Val::from(usize::try_from(ones).unwrap_or(usize::MAX)))
        }
        ("to_bytes", Some(integer)) => to_bytes(&integer, arguments),
        (operator, Some(integer)) => {
            let Some(argument) = arguments.positional.first() else {
                return Err(Fault::python("expected 1 argument, got 0"));
            };
            let Some(other) = number(argument).as_ref().and_then(Number::to_integer) else {
                return Err(Fault::python(format!(
                    "unsupported operand type(s): 'int' and '{}'",
                    argument.python_type()
                )));
            };
            let shift = || {
                other.to_u32().filter(|shift| *shift <= MAX_SHIFT).ok_or_else(|| Fault::python("negative shift count"))
            };
            Ok(big(match operator {
                "__and__" => integer & other,
                "__or__" => integer | other,
                "__xor__" => integer ^ other,
                "__lshift__" => match shift()? {
                    shift if integer.bits() + u64::from(shift) > MAX_BITS => return Err(too_large()),
                    shift => integer << shift,
                },
                "__rshift__" => integer >> shift()?,
                _ => return Err(no_method(receiver, name)),
            }))
        }
        _ => Err(no_method(receiver, name)),
    }
}

/// `int.to_bytes(length, byteorder)` of a number that is not negative.
fn to_bytes(integer: &BigInt, arguments: Arguments) -> Outcome<Val> {
    let [length, order, _] = take("int", "to_bytes", arguments, ["length", "byteorder", "signed"], 0)?;
    let length = match length {
        Some(Val::Int(length)) => usize::try_from(length).ok().filter(|length| *length <= 1 << 20),
        None => Some(1),
        _ => None,
    };
    let length = length.ok_or_else(|| Fault::python("length argument must be non-negative"))?;
    if integer.is_negative() {
        return Err(Fault::python("can't convert negative int to unsigned"));
    }
    let (_, mut bytes) = integer.to_bytes_le();
    while bytes.last() == Some(&0) {
        bytes.pop();
    }
    if bytes.len() > length {
        return Err(Fault::python("int too big to convert"));
    }
    bytes.resize(length, 0);
    if order.as_ref().and_then(Val::as_str).unwrap_or("big") == "big" {
        bytes.reverse();
    }
    Ok(Val::Bytes(bytes.into()))
}
