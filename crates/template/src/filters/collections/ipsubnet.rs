//! `ansible.utils.ipsubnet`: subnets of a network, and the place of a subnet in another.

use super::arithmetic::{network, text};
use super::options::{Kind, options};
use crate::address::{Address, Family, Network, python_integer};
use crate::eval::Call;
use crate::fault::{Fault, Outcome};
use crate::filters::Filter;
use crate::val::{Val, number};
use num_bigint::{BigInt, Sign};
use num_traits::ToPrimitive;

pub(super) const TABLE: &[Filter] = &[Filter::new("ansible.utils.ipsubnet", ipsubnet)];

fn ipsubnet(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let names = [("value", Kind::Text), ("query", Kind::Text), ("index", Kind::Integer)];
    let [value, query, index] = options(call, names)?;
    let Some(network) = network(value.as_ref())? else { return Ok(Val::Bool(false)) };
    let index = index.as_ref().and_then(|index| number(index)?.to_integer());
    let query = text(query.as_ref());
    if query.is_empty() {
        return Ok(Val::from(network.cidr().to_string()));
    }
    let length = python_integer(query).filter(|length| length.sign() != Sign::Minus);
    match length {
        Some(length) => {
            let length = length.to_u8().filter(|length| *length <= network.family().width());
            match (length, index) {
                (None, _) => Ok(Val::Bool(false)),
                (Some(length), index) if network.small_size() == 1 => around(network, length, index),
                (Some(length), None) => count(network, length, query),
                (Some(length), Some(index)) => subnet(network, length, &index),
            }
        }
        None => rank(network, query),
    }
}

/// A network of that length, or so much longer, that has the address.
fn around(address: Network, length: u8, index: Option<BigInt>) -> Outcome<Val> {
    let lengths = BigInt::from(address.prefix - length);
    let index = index.unwrap_or_default();
    // Steps of more than half the width are refused in another way.
    if index > BigInt::from(address.family().width() / 2) {
        return Ok(Val::Bool(false));
    }
    let index = if index.sign() == Sign::Minus { lengths.clone() + index } else { index };
    match index.to_u8() {
        None if index.sign() == Sign::Minus => Ok(Val::Bool(false)),
        Some(step) if index < lengths => Ok(Val::from(Network { prefix: length + step, ..address }.cidr().to_string())),
        _ => Err(Fault::python("list index out of range")),
    }
}

/// How many subnets of a length there are.
fn count(network: Network, length: u8, query: &str) -> Outcome<Val> {
    match length.checked_sub(network.prefix) {
        Some(bits) => Ok(Val::from((BigInt::from(1) << bits).to_string())),
        None => Err(Fault::python(format!("Requested subnet size of {query} is invalid"))),
    }
}

/// The subnet of an index; a length that is too small only changes the prefix.
fn subnet(network: Network, length: u8, index: &BigInt) -> Outcome<Val> {
    let Some(bits) = length.checked_sub(network.prefix) else {
        let changed = Network { address: network.first(), prefix: length };
        return match index.sign() {
            Sign::NoSign => written(changed),
            _ => Ok(Val::Bool(false)),
        };
    };
    let count = BigInt::from(1) << bits;
    let index = if index.sign() == Sign::Minus { &count + index } else { index.clone() };
    if index.sign() == Sign::Minus || index >= count {
        return Ok(Val::Bool(false));
    }
    let host = network.family().width() - length;
    match network.first().plus(&(index << host)) {
        Some(address) => written(Network { address, prefix: length }),
        None => Ok(Val::Bool(false)),
    }
}

/// The network as netaddr makes it of a number and a length: low numbers are IPv4 addresses.
fn written(network: Network) -> Outcome<Val> {
    let bits = network.address.bits;
    if bits > Family::V4.ones() {
        return Ok(Val::from(network.to_string()));
    }
    let network = Network { address: Address { family: Family::V4, bits }, ..network };
    if network.prefix > 32 {
        return Err(Fault::python(format!("invalid IPNetwork {network}")));
    }
    Ok(Val::from(network.to_string()))
}

/// The place of the network among the subnets of its size, from 1.
fn rank(network: Network, query: &str) -> Outcome<Val> {
    let Some(outer) = Network::parse(query) else {
        return Err(Fault::python(format!("You must pass a valid subnet or IP address; {query} is invalid")));
    };
    if !outer.contains(network) {
        let text = format!("{} is not in the subnet {}", network.cidr(), outer.cidr());
        return Err(Fault::python(text));
    }
    let offset = network.first().bits - outer.first().bits;
    let host = u32::from(network.family().width() - network.prefix);
    let place: BigInt = BigInt::from(offset.checked_shr(host).unwrap_or(0)) + 1;
    Ok(Val::from(place.to_string()))
}
