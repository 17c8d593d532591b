//! Filters of collections beside `ansible.builtin`, under their full names.

mod arithmetic;
mod forms;
mod general;
mod hwaddr;
mod ipaddr;
mod ipsubnet;
mod json_query;
mod keys;
mod lists;
mod membership;
mod options;
mod queries;

use super::Filter;

/// All of them.
pub(super) const TABLES: &[&[Filter]] = &[
    arithmetic::TABLE,
    forms::TABLE,
    general::TABLE,
    hwaddr::TABLE,
    ipaddr::TABLE,
    ipsubnet::TABLE,
    json_query::TABLE,
    keys::TABLE,
    lists::TABLE,
    membership::TABLE,
];

/// The name that a name stands for: `ansible.netcommon` had the address filters before `ansible.utils`, and routed to
/// them until its release 8; ansible-core itself routes a few short names.
pub(super) fn redirected(name: &str) -> Option<String> {
    if SHORT.contains(&name) {
        return Some(format!("community.general.{name}"));
    }
    let rest = name.strip_prefix("ansible.netcommon.")?;
    MOVED.contains(&rest).then(|| format!("ansible.utils.{rest}"))
}

/// Names of `community.general` that need no collection.
const SHORT: &[&str] = &["json_query"];

const MOVED: &[&str] = &[
    "cidr_merge",
    "hwaddr",
    "ip4_hex",
    "ipaddr",
    "ipmath",
    "ipsubnet",
    "ipv4",
    "ipv6",
    "ipwrap",
    "macaddr",
    "network_in_network",
    "network_in_usable",
    "next_nth_usable",
    "nthhost",
    "previous_nth_usable",
    "reduce_on_network",
    "slaac",
];
