//! `random` and `shuffle`.

use super::Filter;
use crate::eval::Call;
use crate::fault::{Fault, Outcome};
use crate::twister::Random;
use crate::val::{Number, Val, big, number, python_str};
use churten_value::BigInt;
use num_bigint::BigUint;
use num_traits::Signed;

pub(super) const TABLE: &[Filter] = &[Filter::new("random", random), Filter::new("shuffle", shuffle)];

/// The generator of a seed; `None` seeds from the system.
pub(super) fn generator(seed: Option<Val>, call: &Call<'_, '_>) -> Outcome<Random> {
    Ok(match seed {
        None | Some(Val::None) => Random::System,
        Some(Val::Str(text)) => Random::from_text(&text),
        Some(Val::Float(seed)) => Random::from_integer(&float_hash(seed).into()),
        Some(other) => match number(&other).and_then(|number| number.to_integer()) {
            Some(seed) => Random::from_integer(seed.magnitude()),
            None => {
                let text = python_str(&other, call.session)?;
                return Err(Fault::python(format!(
                    "The only supported seed types are: None,\nint, float, str, bytes, and bytearray. ({text})"
                )));
            }
        },
    })
}

/// CPython's `hash(float)`, as the unsigned number that seeds a generator.
fn float_hash(value: f64) -> u64 {
    const MODULUS: u64 = (1 << 61) - 1;
    if !value.is_finite() {
        return if value.is_nan() { 0 } else { 314_159 };
    }
    let (mut mantissa, mut exponent) = (value.abs(), 0_i32);
    while mantissa >= 1.0 {
        mantissa /= 2.0;
        exponent += 1;
    }
    while mantissa > 0.0 && mantissa < 0.5 {
        mantissa *= 2.0;
        exponent -= 1;
    }
    let mut hash = 0_u64;
    while mantissa > 0.0 {
        hash = ((hash << 28) & MODULUS) | (hash >> 33);
        mantissa *= 268_435_456.0;
        exponent -= 28;
        let digit = mantissa.trunc();
        mantissa -= digit;
        hash += digit as u64;
        if hash >= MODULUS {
            hash -= MODULUS;
        }
    }
    let turn = exponent.rem_euclid(61);
    hash = ((hash << turn) & MODULUS) | (hash >> (61 - turn));
    if value < 0.0 { hash.wrapping_neg() } else { hash }
}

fn random(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [end, start, step, seed] = call.bind("rand", ["end", "start", "step", "seed"], 1)?;
    let end = end.unwrap_or(Val::None);
    let mut random = generator(seed, call)?;
    if let Some(end) = number(&end).and_then(|number| number.to_integer()) {
        return from_range(&mut random, end, start, step);
    }
    if matches!(end, Val::Float(_))
        || !matches!(end, Val::List(_) | Val::Tuple(_) | Val::Str(_) | Val::Range(_) | Val::Bytes(_))
    {
        return Err(Fault::python("random can only be used on sequences and integers"));
    }
    if [&start, &step].into_iter().flatten().any(|value| value.truth().unwrap_or(true)) {
        return Err(Fault::python("start and step can only be used with integer values"));
    }
    let items = call.session.items(&end)?;
    if items.is_empty() {
        return Err(Fault::python("Cannot choose from an empty sequence"));
    }
    let index = random.index(items.len());
    Ok(items.into_iter().nth(index).unwrap_or(Val::None))
}

/// `randrange(start, end, step)`.
fn from_range(random: &mut Random, end: BigInt, start: Option<Val>, step: Option<Val>) -> Outcome<Val> {
    let integer = |value: Option<Val>, default: i64| match value.map(|value| number(&value)) {
        None => Ok(BigInt::from(default)),
        Some(Some(Number::Float(_)) | None) => Ok(BigInt::from(default)),
        Some(Some(number)) => {
            let number = number.to_integer().unwrap_or_default();
            Ok::<BigInt, Fault>(if number == BigInt::ZERO { BigInt::from(default) } else { number })
        }
    };
    let (start, step) = (integer(start, 0)?, integer(step, 1)?);
    let width = &end - &start;
    if step == BigInt::from(1) {
        if !width.is_positive() {
            return Err(Fault::python(format!("empty range for randrange() ({start}, {end}, {width})")));
        }
        return Ok(big(start + BigInt::from(random.below(width.magnitude()))));
    }
    let one = BigInt::from(1);
    let count = if step.is_positive() { (&width + &step - one) / &step } else { (&width + &step + one) / &step };
    if !count.is_positive() {
        return Err(Fault::python("empty range for randrange()"));
    }
    let chosen: BigUint = random.below(count.magnitude());
    Ok(big(start + step * BigInt::from(chosen)))
}

fn shuffle(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, seed] = call.bind("randomize_list", ["mylist", "seed"], 1)?;
    let value = value.unwrap_or(Val::None);
    // What cannot be listed is returned as it is.
    let Ok(mut items) = call.items(&value) else { return Ok(value) };
    let seed = match seed {
        Some(seed) if seed.truth()? => Some(seed),
        _ => None,
    };
    generator(seed, call)?.shuffle(&mut items);
    Ok(Val::list(items))
}
