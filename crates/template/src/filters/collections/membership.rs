//! Which addresses are in which networks: `network_in_network`, `network_in_usable`, `reduce_on_network`, `cidr_merge`
//! and `usable_range`.

use super::arithmetic::{network, text};
use super::options::{Kind, class_path, options};
use crate::address::{Address, Network};
use crate::eval::Call;
use crate::fault::{Fault, Outcome};
use crate::filters::Filter;
use crate::val::Val;
use churten_value::str_repr;

pub(super) const TABLE: &[Filter] = &[
    Filter::new("ansible.utils.cidr_merge", cidr_merge),
    Filter::new("ansible.utils.network_in_network", network_in_network),
    Filter::new("ansible.utils.network_in_usable", network_in_usable),
    Filter::new("ansible.utils.reduce_on_network", reduce_on_network),
    Filter::new("ansible.utils.usable_range", usable_range),
];

/// At most so many addresses are listed.
const MAX_ADDRESSES: u32 = 1 << 20;

/// The numbers of the first and the last address. What is no address counts as 0, and the family does not count.
type Span = (u128, u128);

fn span_of(value: Option<&Val>, ends: fn(Network) -> (Address, Address)) -> Outcome<Span> {
    Ok(network(value)?.map_or((0, 0), |network| {
        let (first, last) = ends(network);
        (first.bits, last.bits)
    }))
}

/// A network of two has no broadcast address, so it ends with the address it was written with.
fn ends(network: Network) -> (Address, Address) {
    let last = if network.small_size() == 2 { network.address } else { network.last() };
    (network.first(), last)
}

fn usable_ends(network: Network) -> (Address, Address) {
    network.usable().unwrap_or((network.first(), network.last()))
}

fn holds(outer: Span, inner: Span) -> Val {
    Val::Bool(outer.0 <= inner.0 && inner.1 <= outer.1)
}

fn network_in_network(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, test] = options(call, [("value", Kind::Text), ("test", Kind::Text)])?;
    Ok(holds(span_of(value.as_ref(), ends)?, span_of(test.as_ref(), ends)?))
}

fn network_in_usable(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, test] = options(call, [("value", Kind::Text), ("test", Kind::Text)])?;
    Ok(holds(span_of(value.as_ref(), usable_ends)?, span_of(test.as_ref(), ends)?))
}

fn reduce_on_network(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, outer] = options(call, [("value", Kind::List), ("network", Kind::Text)])?;
    let outer = span_of(outer.as_ref(), ends)?;
    let mut kept = Vec::new();
    for item in call.items(&value.unwrap_or(Val::None))? {
        if holds(outer, span_of(Some(&item), ends)?).truth()? {
            kept.push(item);
        }
    }
    Ok(Val::list(kept))
}

fn cidr_merge(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, action] = options(call, [("value", Kind::List), ("action", Kind::Text)])?;
    let action = action.as_ref().map_or("merge", |action| text(Some(action)));
    if !matches!(action, "merge" | "span") {
        return Err(Fault::python(format!("cidr_merge: invalid action '{action}'")));
    }
    let mut networks = Vec::new();
    for item in call.items(&value.unwrap_or(Val::None))? {
        let shown = text(Some(&item));
        match Network::parse(shown) {
            Some(network) => networks.push(network),
            None => return Err(Fault::python(format!("cidr_merge: error in netaddr:\ninvalid IPNetwork {shown}"))),
        }
    }
    if action == "span" {
        return spanned(networks);
    }
    Ok(Val::list(merged(networks).iter().map(|network| Val::from(network.to_string())).collect()))
}

/// The network of twice the size.
fn wider(network: Network) -> Network {
    Network { prefix: network.prefix.saturating_sub(1), ..network }.cidr()
}

/// The fewest networks that have the same addresses, in order.
fn merged(networks: Vec<Network>) -> Vec<Network> {
    let mut networks: Vec<Network> = networks.into_iter().map(Network::cidr).collect();
    networks.sort_by_key(|network| (network.address, network.prefix));
    let mut kept: Vec<Network> = Vec::with_capacity(networks.len());
    for network in networks {
        if kept.last().is_some_and(|last| last.contains(network)) {
            continue;
        }
        kept.push(network);
        while let [.., left, right] = kept[..]
            && left.prefix == right.prefix
            && left.prefix > 0
            && wider(left).contains(right)
        {
            kept.truncate(kept.len() - 2);
            kept.push(wider(left));
        }
    }
    kept
}

/// The network from the first one to the start of the last one, in order.
fn spanned(mut networks: Vec<Network>) -> Outcome<Val> {
    networks.sort_by_key(|network| (network.first(), network.prefix, network.address));
    let (Some(lowest), Some(highest)) = (networks.first(), networks.last()) else { return Ok(Val::None) };
    if lowest.family() != highest.family() {
        let text = "cidr_merge: error in netaddr:\nIP sequence cannot contain both IPv4 and IPv6!";
        return Err(Fault::python(text));
    }
    let mut span = highest.cidr();
    while span.prefix > 0 && span.first() > lowest.first() {
        span = wider(span);
    }
    Ok(Val::from(span.to_string()))
}

/// All addresses of a network, as Python's `ipaddress` reads it: bits behind the prefix are an error.
fn usable_range(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value] = call.bind("_usable_range", ["ip"], 1)?;
    let value = value.unwrap_or(Val::None);
    let failed = |text: String| Fault::python(format!("Error while using plugin 'usable_range': {text}"));
    let Some(shown) = value.as_str() else {
        return Err(failed(format!("not expecting type '<class '{}'>'", class_path(&value))));
    };
    let Some(network) = Network::parse_strict(shown) else {
        return Err(failed(format!("{} does not appear to be an IPv4 or IPv6 network", str_repr(shown))));
    };
    if network.address != network.first() {
        return Err(failed(format!("{shown} has host bits set")));
    }
    if network.size() > MAX_ADDRESSES.into() {
        return Err(Fault::not_yet("usable_range of more than 1048576 addresses"));
    }
    let (first, last) = (network.first(), network.last());
    let addresses = (first.bits..=last.bits).map(|bits| Address { bits, ..first });
    let addresses: Vec<Val> = addresses.map(|address| Val::from(address.hexadecimal())).collect();
    let count = Val::from(addresses.len());
    Ok(Val::dict([("usable_ips", Val::list(addresses)), ("number_of_ips", count)]))
}
