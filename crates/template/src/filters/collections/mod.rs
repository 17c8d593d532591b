//! Filters of collections beside `ansible.builtin`, under their full names.

pub(crate) mod ansible_type;
mod arithmetic;
mod certificates;
mod consolidate;
mod documents;
mod durations;
mod forms;
mod general;
mod hashids;
mod hwaddr;
pub(crate) mod index_of;
mod ipaddr;
mod ipsubnet;
mod json_query;
mod keys;
mod lists;
mod membership;
mod merge_by;
mod names;
mod nested_keys;
mod networks;
pub(crate) mod options;
pub(crate) mod paths;
mod pretty_table;
mod queries;
mod xml;

use super::Filter;

/// All of them.
pub(super) const TABLES: &[&[Filter]] = &[
    ansible_type::TABLE,
    arithmetic::TABLE,
    certificates::TABLE,
    consolidate::TABLE,
    documents::TABLE,
    durations::TABLE,
    forms::TABLE,
    general::TABLE,
    hashids::TABLE,
    hwaddr::TABLE,
    index_of::TABLE,
    ipaddr::TABLE,
    ipsubnet::TABLE,
    json_query::TABLE,
    keys::TABLE,
    lists::TABLE,
    membership::TABLE,
    merge_by::TABLE,
    names::TABLE,
    nested_keys::TABLE,
    networks::TABLE,
    paths::TABLE,
    pretty_table::TABLE,
    xml::TABLE,
];

/// The name that a name stands for: `ansible.netcommon` had the address filters before `ansible.utils`, and routed to
/// them until its release 8; ansible-core itself routes a few short names.
pub(super) fn redirected(name: &str) -> Option<String> {
    if let Some((_, full)) = ROUTED.iter().find(|(short, _)| *short == name) {
        return Some((*full).to_owned());
    }
    let rest = name.strip_prefix("ansible.netcommon.")?;
    MOVED.contains(&rest).then(|| format!("ansible.utils.{rest}"))
}

/// Names that ansible-core and `community.general` route to other collections, as far as those have them in ansible 12.3.0.
const ROUTED: &[(&str, &str)] = &[
    ("comp_type5", "ansible.netcommon.comp_type5"),
    ("community.general.path_join", "path_join"),
    ("hash_salt", "ansible.netcommon.hash_salt"),
    ("json_query", "community.general.json_query"),
    ("random_mac", "community.general.random_mac"),
    ("type5_pw", "ansible.netcommon.type5_pw"),
    ("vlan_parser", "ansible.netcommon.vlan_parser"),
];

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
