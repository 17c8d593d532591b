//! Methods of `int`, `bool` and `float`.

use super::no_method;
use crate::eval::Arguments;
use crate::fault::{Fault, Outcome};
use crate::val::{Number, Val, big, number};
use num_traits::ToPrimitive;

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
                "__lshift__" => integer << shift()?,
                "__rshift__" => integer >> shift()?,
                _ => return Err(no_method(receiver, name)),
            }))
        }
        _ => Err(no_method(receiver, name)),
    }
}
