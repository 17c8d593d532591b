//! `community.general.hashids_encode` and `hashids_decode`: short text for integers, as hashids.org describes it.

use crate::eval::Call;
use crate::fault::{Fault, Outcome};
use crate::filters::Filter;
use crate::val::{Val, big, number};
use churten_value::BigInt;
use num_traits::{Signed, ToPrimitive, Zero};

pub(super) const TABLE: &[Filter] =
    &[Filter::new("community.general.hashids_decode", decode), Filter::new("community.general.hashids_encode", encode)];

const ALPHABET: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890";
const SEPARATORS: &str = "cfhistuCFHISTU";

/// The characters of a salt, put in their places.
struct Hasher {
    salt: Vec<char>,
    alphabet: Vec<char>,
    separators: Vec<char>,
    guards: Vec<char>,
    least: usize,
}

/// The characters in an order that depends on the salt.
fn reorder(characters: &mut [char], salt: &[char]) {
    if salt.is_empty() {
        return;
    }
    let (mut index, mut sum) = (0, 0);
    for last in (1..characters.len()).rev() {
        index %= salt.len();
        let code = salt.get(index).map_or(0, |character| *character as usize);
        sum += code;
        characters.swap(last, (code + index + sum) % last);
        index += 1;
    }
}

impl Hasher {
    fn of(call: &mut Call<'_, '_>, function: &str, value: &str) -> Outcome<(Val, Self)> {
        let [data, salt, alphabet, least] = call.bind(function, [value, "salt", "alphabet", "min_length"], 1)?;
        let salt = text(salt, "salt")?.unwrap_or_default();
        let alphabet = text(alphabet, "alphabet")?.unwrap_or_else(|| ALPHABET.to_owned());
        let least = match least {
            None | Some(Val::None) => 0,
            Some(Val::Str(text)) => text.trim().parse::<i64>().map_err(|_| {
                let shown = churten_value::str_repr(&text);
                Fault::python(format!("invalid literal for int() with base 10: {shown}"))
            })?,
            Some(other) => number(&other).map_or(0, |number| number.to_float() as i64),
        };
        let salt: Vec<char> = salt.chars().collect();
        let mut separators: Vec<char> = SEPARATORS.chars().filter(|character| alphabet.contains(*character)).collect();
        let mut letters: Vec<char> = Vec::new();
        for character in alphabet.chars() {
            if !letters.contains(&character) && !separators.contains(&character) {
                letters.push(character);
            }
        }
        if letters.len() + separators.len() < 16 {
            return Err(Fault::python("Alphabet must contain at least 16 unique characters."));
        }
        reorder(&mut separators, &salt);
        // One separator for 3.5 letters, one guard for 12.
        let wanted = (letters.len() * 2).div_ceil(7);
        if let Some(missing) = wanted.checked_sub(separators.len()) {
            separators.extend(letters.drain(..missing));
        }
        reorder(&mut letters, &salt);
        let count = letters.len().div_ceil(12);
        let guards = if letters.len() < 3 {
            separators.drain(..count.min(separators.len())).collect()
        } else {
            letters.drain(..count).collect()
        };
        // A longer hash than this is nobody's wish.
        let least = usize::try_from(least).unwrap_or(0).min(100_000);
        Ok((data.unwrap_or(Val::None), Self { salt, alphabet: letters, separators, guards, least }))
    }

    /// The alphabet for the next number.
    fn shuffled(&self, alphabet: &[char], lottery: char) -> Vec<char> {
        let salt: Vec<char> =
            std::iter::once(lottery).chain(self.salt.iter().copied()).chain(alphabet.iter().copied()).collect();
        let mut next = alphabet.to_vec();
        reorder(&mut next, salt.get(..alphabet.len()).unwrap_or(&salt));
        next
    }

    fn encode(&self, numbers: &[BigInt]) -> String {
        if numbers.is_empty() || numbers.iter().any(Signed::is_negative) {
            return String::new();
        }
        let remainder = |number: &BigInt, by: usize| (number % BigInt::from(by.max(1))).to_usize().unwrap_or(0);
        let hash: usize = numbers.iter().zip(100..).map(|(number, by)| remainder(number, by)).sum();
        let mut alphabet = self.alphabet.clone();
        let pick = |from: &[char], index: usize| from.get(index % from.len().max(1)).copied().unwrap_or_default();
        let lottery = pick(&alphabet, hash);
        let mut out = vec![lottery];
        for (place, value) in numbers.iter().enumerate() {
            alphabet = self.shuffled(&alphabet, lottery);
            let digits = digits(value, &alphabet);
            let first = digits.first().map_or(0, |character| *character as usize);
            out.extend(digits);
            if place + 1 < numbers.len() {
                out.push(pick(&self.separators, remainder(value, first + place)));
            }
        }
        if out.len() < self.least {
            let first = out.first().map_or(0, |character| *character as usize);
            out.insert(0, pick(&self.guards, hash + first));
            if out.len() < self.least {
                let third = out.get(2).map_or(0, |character| *character as usize);
                out.push(pick(&self.guards, hash + third));
            }
        }
        let middle = alphabet.len() / 2;
        while out.len() < self.least {
            let salt = alphabet.clone();
            reorder(&mut alphabet, &salt);
            let (front, back) = alphabet.split_at(middle);
            out = back.iter().chain(&out).chain(front).copied().collect();
            if let Some(excess) = out.len().checked_sub(self.least)
                && excess > 0
            {
                out = out.into_iter().skip(excess / 2).take(self.least).collect();
            }
        }
        out.into_iter().collect()
    }

    fn decode(&self, hash: &str) -> Vec<BigInt> {
        let parts: Vec<&str> = hash.split(|character| self.guards.contains(&character)).collect();
        let inner = match parts.as_slice() {
            [_, inner] | [_, inner, _] => inner,
            [inner, ..] => inner,
            [] => "",
        };
        let mut rest = inner.chars();
        let Some(lottery) = rest.next() else { return Vec::new() };
        let mut alphabet = self.alphabet.clone();
        let mut numbers = Vec::new();
        for part in rest.as_str().split(|character| self.separators.contains(&character)) {
            alphabet = self.shuffled(&alphabet, lottery);
            let mut value = BigInt::zero();
            for character in part.chars() {
                let Some(digit) = alphabet.iter().position(|known| *known == character) else { return Vec::new() };
                value = value * alphabet.len() + digit;
            }
            numbers.push(value);
        }
        if self.encode(&numbers) == hash { numbers } else { Vec::new() }
    }
}

/// A number in the base of the alphabet.
fn digits(value: &BigInt, alphabet: &[char]) -> Vec<char> {
    let base = BigInt::from(alphabet.len().max(2));
    let mut value = value.clone();
    let mut digits = Vec::new();
    loop {
        let digit = (&value % &base).to_usize().unwrap_or(0);
        digits.push(alphabet.get(digit).copied().unwrap_or_default());
        value /= &base;
        if value.is_zero() {
            break;
        }
    }
    digits.reverse();
    digits
}

fn text(value: Option<Val>, name: &str) -> Outcome<Option<String>> {
    match value {
        None | Some(Val::None) => Ok(None),
        Some(Val::Str(text)) => Ok(Some(text.to_string())),
        Some(other) => {
            let class = other.plugin_class();
            let shown = match &other {
                Val::Int(number) => number.to_string(),
                _ => class.to_owned(),
            };
            let text =
                format!("The provided parameters {name}={shown} are invalid: object of type '{class}' has no len()");
            Err(Fault::python(text))
        }
    }
}

fn encode(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let (data, hasher) = Hasher::of(call, "hashids_encode", "nums")?;
    let items = match &data {
        Val::List(_) | Val::Tuple(_) | Val::Str(_) => call.items(&data)?,
        Val::None => {
            return Err(Fault::python(
                "Data to encode must by a tuple or list of ints: int() argument must be a string, a bytes-like object or a \
                 real number, not 'NoneType'",
            ));
        }
        other => vec![other.clone()],
    };
    let numbers: Option<Vec<BigInt>> = items.iter().map(|item| number(item)?.to_integer()).collect();
    Ok(numbers.map(|numbers| hasher.encode(&numbers)).unwrap_or_default().into())
}

fn decode(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let (data, hasher) = Hasher::of(call, "hashids_decode", "data")?;
    let hash = data.as_str().unwrap_or_default();
    Ok(Val::list(hasher.decode(hash).into_iter().map(big).collect()))
}
