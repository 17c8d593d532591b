//! Numbers across `bool`, `int` and `float`.

use super::Val;
use churten_value::BigInt;
use num_traits::ToPrimitive;
use std::sync::Arc;

/// A number, whatever its Python type.
#[derive(Clone, Debug)]
pub(crate) enum Number {
    Small(i64),
    Big(BigInt),
    Float(f64),
}

/// The number a value is; text is none.
pub(crate) fn number(value: &Val) -> Option<Number> {
    Some(match value {
        Val::Int(number) => Number::Small(*number),
        Val::Bool(flag) => Number::Small((*flag).into()),
        Val::Big(number) => Number::Big((**number).clone()),
        Val::Float(number) => Number::Float(*number),
        _ => return None,
    })
}

/// An integer in its canonical variant.
pub(crate) fn big(number: BigInt) -> Val {
    match number.to_i64() {
        Some(small) => Val::Int(small),
        None => Val::Big(Arc::new(number)),
    }
}

impl Number {
    /// The nearest double.
    pub(crate) fn to_float(&self) -> f64 {
        match self {
            Self::Small(number) => *number as f64,
            Self::Big(number) => number.to_f64().unwrap_or(f64::INFINITY),
            Self::Float(number) => *number,
        }
    }

    /// The integer; `None` for a double.
    pub(crate) fn to_integer(&self) -> Option<BigInt> {
        match self {
            Self::Small(number) => Some((*number).into()),
            Self::Big(number) => Some(number.clone()),
            Self::Float(_) => None,
        }
    }

    pub(crate) fn is_float(&self) -> bool {
        matches!(self, Self::Float(_))
    }
}
