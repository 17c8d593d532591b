//! Addresses and networks from text.

use super::{Address, Family, Network};
use num_bigint::BigInt;
use std::net::{Ipv4Addr, Ipv6Addr};

/// An address in its usual form.
pub(crate) fn parse_address(text: &str) -> Option<Address> {
    if let Ok(address) = text.parse::<Ipv4Addr>() {
        return Some(Address { family: Family::V4, bits: u32::from(address).into() });
    }
    let address = text.parse::<Ipv6Addr>().ok()?;
    Some(Address { family: Family::V6, bits: address.into() })
}

/// Python's `int(text)`.
pub(crate) fn python_integer(text: &str) -> Option<BigInt> {
    let text = text.trim_matches(|character: char| character.is_whitespace());
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let grouped = digits.split('_').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    if !grouped || digits.len() > 4300 {
        return None;
    }
    let number: BigInt = digits.replace('_', "").parse().ok()?;
    Some(if text.starts_with('-') { -number } else { number })
}

impl Network {
    /// `ADDRESS`, `ADDRESS/LENGTH`, `ADDRESS/NETMASK` or `ADDRESS/HOSTMASK`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text.split_once('/') {
            None => parse_address(text).map(Address::single),
            Some((address, prefix)) => {
                let address = parse_address(address)?;
                Some(Self { address, prefix: prefix_length(prefix, address.family)? })
            }
        }
    }

    /// A network as Python's `ipaddress` reads it: a zone is dropped, masks are for IPv4 only, and a length is digits.
    pub(crate) fn parse_strict(text: &str) -> Option<Self> {
        let (address, prefix) = text.split_once('/').map_or((text, None), |(address, prefix)| (address, Some(prefix)));
        let plain = address.split_once('%').map_or(address, |(plain, _)| plain);
        let parsed = parse_address(plain)?;
        if plain != address && parsed.family == Family::V4 {
            return None;
        }
        let Some(prefix) = prefix else { return Some(parsed.single()) };
        let is_length = !prefix.is_empty() && prefix.bytes().all(|byte| byte.is_ascii_digit());
        if !is_length && parsed.family == Family::V6 || prefix.contains(['+', '-', '_', ' ']) {
            return None;
        }
        Self::with_length(parsed, prefix)
    }

    /// An address with the length of a prefix that it may have.
    pub(crate) fn with_length(address: Address, prefix: &str) -> Option<Self> {
        Some(Self { address, prefix: prefix_length(prefix, address.family)? })
    }
}

fn prefix_length(text: &str, family: Family) -> Option<u8> {
    if let Some(length) = python_integer(text) {
        return u8::try_from(length).ok().filter(|length| *length <= family.width());
    }
    let mask = parse_address(text).filter(|mask| mask.family == family)?;
    let ones = u8::try_from(mask.bits.count_ones()).ok()?;
    if mask.is_netmask() {
        Some(ones)
    } else if mask.is_hostmask() {
        Some(family.width() - ones)
    } else {
        None
    }
}
