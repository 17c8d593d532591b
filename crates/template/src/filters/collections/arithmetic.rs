//! Addresses that are so many away: `ipmath`, `nthhost`, `next_nth_usable` and `previous_nth_usable`.

use super::ipaddr::read;
use super::options::{Kind, options};
use crate::address::{Network, parse_address, python_integer};
use crate::eval::Call;
use crate::fault::{Fault, Outcome};
use crate::filters::Filter;
use crate::val::{Val, number};
use num_bigint::BigInt;

pub(super) const TABLE: &[Filter] = &[
    Filter::new("ansible.utils.ipmath", ipmath),
    Filter::new("ansible.utils.next_nth_usable", next_nth_usable),
    Filter::new("ansible.utils.nthhost", nthhost),
    Filter::new("ansible.utils.previous_nth_usable", previous_nth_usable),
];

/// The text of an option.
pub(super) fn text(value: Option<&Val>) -> &str {
    value.and_then(Val::as_str).unwrap_or("")
}

fn integer(value: Option<&Val>) -> Option<BigInt> {
    number(value?)?.to_integer()
}

fn ipmath(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, amount] = options(call, [("value", Kind::Text), ("amount", Kind::Integer)])?;
    let value = text(value.as_ref());
    let address =
        if value.contains('/') { Network::parse(value).map(|network| network.address) } else { parse_address(value) };
    let Some(address) = address else {
        return Err(Fault::python(format!("You must pass a valid IP address; {value} is invalid")));
    };
    let Some(amount) = integer(amount.as_ref()) else {
        return Err(Fault::python("You must pass an integer for arithmetic; None is not a valid integer"));
    };
    match address.plus(&amount) {
        Some(moved) => Ok(Val::from(moved.to_string())),
        None => Err(Fault::python("result outside valid IP address boundary!")),
    }
}

fn nthhost(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, query] = options(call, [("value", Kind::Text), ("query", Kind::Text)])?;
    let subject = read(&value.unwrap_or(Val::None), None)?;
    let (Some(subject), Some(index)) = (subject, python_integer(text(query.as_ref()))) else {
        return Ok(Val::Bool(false));
    };
    if -&index > subject.network.size() {
        return Err(Fault::python("index out range for address range size!"));
    }
    let host = subject.network.nth(&index).map(|address| address.to_string());
    Ok(host.map_or(Val::Bool(false), Val::from))
}

fn next_nth_usable(call: &mut Call<'_, '_>) -> Outcome<Val> {
    nth_usable(call, 1)
}

fn previous_nth_usable(call: &mut Call<'_, '_>) -> Outcome<Val> {
    nth_usable(call, -1)
}

fn nth_usable(call: &mut Call<'_, '_>, sign: i8) -> Outcome<Val> {
    let [value, offset] = options(call, [("value", Kind::Text), ("offset", Kind::Integer)])?;
    let subject = read(&value.unwrap_or(Val::None), None)?;
    let Some(subject) = subject else { return Ok(Val::Bool(false)) };
    let Some(offset) = integer(offset.as_ref()) else { return Err(Fault::python("Must pass in an integer")) };
    if !subject.is_network {
        return Ok(Val::None);
    }
    subject.step(offset * sign)
}

/// The network of a text, when it is one.
pub(super) fn network(value: Option<&Val>) -> Outcome<Option<Network>> {
    match value {
        Some(value) => Ok(read(value, None)?.map(|subject| subject.network)),
        None => Ok(None),
    }
}
