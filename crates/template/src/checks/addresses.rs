//! Tests of `ansible.utils` on addresses and networks, as Python's `ipaddress` sees them: a network has no bits behind
//! its prefix, numbers are no addresses.

use super::Check;
use crate::address::{Address, Family, Network};
use crate::eval::Call;
use crate::fault::{Fault, Outcome};
use crate::regex::{Flags, matches_at_start};
use crate::val::Val;

pub(super) const TABLE: &[Check] = &[
    Check::new("ansible.utils.in_any_network", |call| Ok(in_networks(call, "_in_any_network")? > 0)),
    Check::new("ansible.utils.in_network", in_network),
    Check::new("ansible.utils.in_one_network", |call| Ok(in_networks(call, "_in_one_network")? == 1)),
    Check::new("ansible.utils.ip", |call| is_network(call, "_ip", |_| true)),
    Check::new("ansible.utils.ip_address", |call| is_address(call, "_ip_address", |_| true)),
    Check::new("ansible.utils.ipv4", |call| is_network(call, "_ipv4", |network| network.family() == Family::V4)),
    Check::new("ansible.utils.ipv4_address", |call| is_address(call, "_ipv4_address", |one| one.family == Family::V4)),
    Check::new("ansible.utils.ipv4_hostmask", |call| is_address(call, "_ipv4_hostmask", is_v4_hostmask)),
    Check::new("ansible.utils.ipv4_netmask", |call| is_address(call, "_ipv4_netmask", is_v4_netmask)),
    Check::new("ansible.utils.ipv6", |call| is_network(call, "_ipv6", |network| network.family() == Family::V6)),
    Check::new("ansible.utils.ipv6_address", |call| is_address(call, "_ipv6_address", |one| one.family == Family::V6)),
    Check::new("ansible.utils.ipv6_ipv4_mapped", |call| is_address(call, "_ipv6_ipv4_mapped", Address::is_mapped)),
    Check::new("ansible.utils.ipv6_sixtofour", |call| {
        is_address(call, "_ipv6_sixtofour", |one| one.family == Family::V6 && one.groups()[0] == 0x2002)
    }),
    Check::new("ansible.utils.ipv6_teredo", |call| {
        is_address(call, "_ipv6_teredo", |one| one.family == Family::V6 && one.bits >> 96 == 0x2001_0000)
    }),
    Check::new("ansible.utils.loopback", |call| is_address(call, "_loopback", Address::is_loopback)),
    Check::new("ansible.utils.mac", mac),
    Check::new("ansible.utils.multicast", |call| is_address(call, "_multicast", Address::is_multicast)),
    Check::new("ansible.utils.private", |call| is_address(call, "_private", Address::is_private_in_python)),
    Check::new("ansible.utils.public", |call| is_address(call, "_public", Address::is_global_in_python)),
    Check::new("ansible.utils.reserved", |call| is_address(call, "_reserved", Address::is_reserved)),
    Check::new("ansible.utils.subnet_of", |call| holds(call, "_subnet_of", |inner, outer| outer.contains(inner))),
    Check::new("ansible.utils.supernet_of", |call| holds(call, "_supernet_of", Network::contains)),
    Check::new("ansible.utils.unspecified", |call| is_address(call, "_unspecified", |one| one.bits == 0)),
];

fn network(value: &Val) -> Option<Network> {
    Network::parse_strict(value.as_str()?).filter(|network| network.address == network.first())
}

fn address(value: &Val) -> Option<Address> {
    let text = value.as_str()?;
    if text.contains('/') {
        return None;
    }
    Network::parse_strict(text).map(|network| network.address)
}

/// Masks of prefixes that are shorter than seven are not taken for masks.
fn is_v4_netmask(mask: Address) -> bool {
    mask.family == Family::V4 && mask.is_netmask() && mask.octets()[0] >= 254
}

fn is_v4_hostmask(mask: Address) -> bool {
    mask.family == Family::V4 && mask.is_hostmask() && mask.bits > 0 && mask.octets()[0] <= 1
}

fn is_network(call: &mut Call<'_, '_>, function: &str, holds: fn(Network) -> bool) -> Outcome<bool> {
    let [value] = call.bind(function, ["ip"], 1)?;
    Ok(network(&value.unwrap_or(Val::None)).is_some_and(holds))
}

fn is_address(call: &mut Call<'_, '_>, function: &str, holds: fn(Address) -> bool) -> Outcome<bool> {
    let [value] = call.bind(function, ["ip"], 1)?;
    Ok(address(&value.unwrap_or(Val::None)).is_some_and(holds))
}

fn in_network(call: &mut Call<'_, '_>) -> Outcome<bool> {
    let [ip, outer] = call.bind("_in_network", ["ip", "network"], 2)?;
    let inner = network(&ip.unwrap_or(Val::None));
    Ok(network(&outer.unwrap_or(Val::None)).zip(inner).is_some_and(|(outer, inner)| outer.contains(inner)))
}

/// How many of the networks have the address.
fn in_networks(call: &mut Call<'_, '_>, function: &str) -> Outcome<usize> {
    let [ip, networks] = call.bind(function, ["ip", "networks"], 2)?;
    let inner = network(&ip.unwrap_or(Val::None));
    let networks = networks.unwrap_or(Val::None);
    if networks.is_none() {
        let name = function.trim_start_matches('_');
        return Err(Fault::python(format!(
            "argspec validation failed for {name} test plugin with errors: [\"argument 'networks' is of type NoneType and \
             we were unable to convert to list: <class 'NoneType'> cannot be converted to a list\"]"
        )));
    }
    let networks = call.items(&networks)?;
    let holds = |outer: &&Val| network(outer).zip(inner).is_some_and(|(outer, inner)| outer.contains(inner));
    Ok(networks.iter().filter(holds).count())
}

fn holds(call: &mut Call<'_, '_>, function: &str, holds: fn(Network, Network) -> bool) -> Outcome<bool> {
    let [first, second] = call.bind(function, ["network_a", "network_b"], 2)?;
    let first = network(&first.unwrap_or(Val::None));
    let second = network(&second.unwrap_or(Val::None));
    Ok(first.zip(second).is_some_and(|(first, second)| holds(first, second)))
}

fn mac(call: &mut Call<'_, '_>) -> Outcome<bool> {
    let [value] = call.bind("_mac", ["mac"], 1)?;
    let value = value.unwrap_or(Val::None);
    let Some(text) = value.as_str() else {
        let class = value.plugin_class();
        return Err(Fault::python(format!("expected string or bytes-like object, got '{class}'")));
    };
    matches_at_start(MAC, Flags::default(), text)
}

/// Six pairs, three groups of four, or twelve hexadecimal digits.
const MAC: &str = "(?i)(?:(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}|(?:[0-9a-f]{4}\\.){2}[0-9a-f]{4}|[0-9a-f]{12})$";
