//! Filters of `ansible.netcommon`: passwords of network devices and ranges of VLANs.

use super::options::{Kind, required_options};
use crate::address::python_integer;
use crate::crypt;
use crate::eval::Call;
use crate::fault::{Fault, Outcome};
use crate::filters::Filter;
use crate::twister::Random;
use crate::val::{Val, number};
use churten_value::str_repr;
use num_traits::ToPrimitive;

pub(super) const TABLE: &[Filter] = &[
    Filter::new("ansible.netcommon.comp_type5", compare_type5),
    Filter::new("ansible.netcommon.hash_salt", hash_salt),
    Filter::new("ansible.netcommon.type5_pw", type5_password),
    Filter::new("ansible.netcommon.vlan_expander", vlan_expander),
    Filter::new("ansible.netcommon.vlan_parser", vlan_parser),
];

const SALT_CHARACTERS: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./";

fn text(call: &Call<'_, '_>, value: Option<Val>) -> Outcome<String> {
    value.map_or(Ok(String::new()), |value| call.text(&value))
}

/// The salt of `$1$SALT$HASH`.
fn salt_of(password: &str) -> Outcome<&str> {
    match password.split('$').collect::<Vec<_>>().as_slice() {
        [_, _, salt, _] => Ok(salt),
        _ => Err(Fault::python(format!("Could not parse salt out password correctly from {password}"))),
    }
}

fn hashed(password: &str, salt: &str) -> Outcome<String> {
    if salt.contains(|character| !SALT_CHARACTERS.contains(character)) {
        return Err(Fault::python(format!("type5_pw salt used inproper characters, must be one of {SALT_CHARACTERS}")));
    }
    if salt.len() > 8 {
        let reason = "salt too large (md5_crypt requires <= 8 chars)";
        return Err(Fault::python(format!("Could not hash the secret: {reason}")));
    }
    Ok(crypt::md5(password.as_bytes(), salt))
}

fn compare_type5(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [plain, encrypted, original] = required_options(
        call,
        &["unencrypted_password", "encrypted_password"],
        [("unencrypted_password", Kind::Text), ("encrypted_password", Kind::Text), ("return_original", Kind::Bool)],
    )?;
    let encrypted = text(call, encrypted)?;
    let same = hashed(&text(call, plain)?, salt_of(&encrypted)?)? == encrypted;
    Ok(if same && call.flag(original.as_ref(), false)? { encrypted.into() } else { Val::Bool(same) })
}

fn hash_salt(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [password] = required_options(call, &["password"], [("password", Kind::Text)])?;
    let password = text(call, password)?;
    salt_of(&password).map(Val::from)
}

fn type5_password(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [password, salt] = required_options(call, &["password"], [("password", Kind::Text), ("salt", Kind::Text)])?;
    let password = text(call, password)?;
    let mut salt = text(call, salt)?;
    if salt.is_empty() {
        let mut random = Random::System;
        salt = (0..4).filter_map(|_| SALT_CHARACTERS.chars().nth(random.index(SALT_CHARACTERS.len() - 2))).collect();
    }
    hashed(&password, &salt).map(Val::from)
}

/// More VLANs than this are refused.
const MAX_VLANS: i64 = 1_000_000;

fn integer(text: &str) -> Outcome<i64> {
    let number = python_integer(text).and_then(|number| number.to_i64());
    number.ok_or_else(|| Fault::python(format!("invalid literal for int() with base 10: {}", str_repr(text))))
}

/// `1,10-12` as numbers.
fn vlan_expander(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [data] = required_options(call, &["data"], [("data", Kind::Text)])?;
    let mut found = Vec::new();
    for part in text(call, data)?.split(',') {
        let Some((first, last)) = part.split_once('-') else {
            found.push(integer(part)?);
            continue;
        };
        if last.contains('-') {
            return Err(Fault::python("too many values to unpack (expected 2)"));
        }
        let (first, last) = (integer(first)?, integer(last)?);
        if last.saturating_sub(first) > MAX_VLANS {
            return Err(Fault::python(format!("a range of more than {MAX_VLANS} VLANs is refused")));
        }
        found.extend(first..=last);
    }
    found.sort_unstable();
    Ok(Val::list(found.into_iter().map(Val::Int).collect()))
}

/// Numbers as lines of `1-3,5`; a range has three or more.
fn vlan_parser(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [data, first, other] = required_options(
        call,
        &["data"],
        [("data", Kind::Items), ("first_line_len", Kind::Integer), ("other_line_len", Kind::Integer)],
    )?;
    let limit = |value: Option<Val>, default: usize| {
        value.as_ref().and_then(number).map_or(default, |number| number.to_float() as usize)
    };
    let (first_limit, other_limit) = (limit(first, 48), limit(other, 44));
    let mut numbers = Vec::new();
    let items = call.items(&data.unwrap_or(Val::None))?;
    for item in &items {
        match number(item).and_then(|number| number.to_integer()).and_then(|number| number.to_i64()) {
            Some(number) => numbers.push(number),
            None => {
                let class = item.plugin_class();
                return Err(Fault::python(format!("'<' not supported between instances of '{class}' and 'int'")));
            }
        }
    }
    numbers.sort_unstable();
    numbers.dedup();
    match (numbers.first(), numbers.last()) {
        (None, _) | (_, None) => return Err(Fault::python("list index out of range")),
        (Some(first), Some(last)) if *first < 1 || *last > 4094 => {
            return Err(Fault::python("Valid VLAN range is 1-4094"));
        }
        _ => {}
    }
    let mut groups: Vec<String> = Vec::new();
    let mut rest = numbers.as_slice();
    while let Some(start) = rest.first() {
        let count = rest.iter().zip(*start..).take_while(|(number, expected)| *number == expected).count();
        let (run, after) = rest.split_at(count);
        match run {
            [first, _, .., last] => groups.push(format!("{first}-{last}")),
            _ => groups.extend(run.iter().map(ToString::to_string)),
        }
        rest = after;
    }
    let mut lines: Vec<String> = Vec::new();
    for group in groups {
        let limit = if lines.len() <= 1 { first_limit } else { other_limit };
        match lines.last_mut() {
            Some(line) if line.len() + 1 + group.len() <= limit => {
                line.push(',');
                line.push_str(&group);
            }
            _ => lines.push(group),
        }
    }
    Ok(Val::list(lines.into_iter().map(Val::from).collect()))
}
