//! The queries of `ansible.utils.ipaddr`.

use crate::address::{Address, Family, Network, python_integer};
use crate::fault::{Fault, Outcome};
use crate::val::{Val, big};
use num_bigint::BigInt;

/// A value that is an address or a network.
#[derive(Clone)]
pub(super) struct Subject {
    pub(super) network: Network,
    /// Written with a prefix.
    pub(super) is_network: bool,
    /// The value as it was given; numbers as addresses.
    pub(super) shown: Val,
}

/// What is asked about a value.
#[derive(Clone)]
pub(super) enum Query {
    Plain,
    Address,
    Bool,
    Broadcast,
    Cidr,
    CidrLookup,
    FirstUsable,
    Gateway,
    Host,
    HostMask,
    Integer,
    AddressPrefix,
    AddressNetmask,
    ToV4,
    ToV6,
    LastUsable,
    LinkLocal,
    Loopback,
    Multicast,
    Net,
    Network,
    NetworkPrefix,
    NetworkNetmask,
    NetworkWildcard,
    NextUsable,
    Netmask,
    Peer,
    Prefix,
    PreviousUsable,
    Private,
    Public,
    RangeUsable,
    ReverseName,
    Size,
    SizeUsable,
    Type,
    Unicast,
    Version,
    Wrap,
    SixToFour,
    /// A query that ansible.utils lists but cannot run: the name of its function.
    Broken(&'static str),
    Index(BigInt),
    /// A number that is no index.
    NoIndex,
    In(Network),
}

impl Query {
    /// The query of a name, an index or a network; `None` for anything else.
    pub(super) fn find(text: &str) -> Option<Self> {
        Some(match text {
            "" => Self::Plain,
            "address" | "ip" => Self::Address,
            "bool" => Self::Bool,
            "broadcast" => Self::Broadcast,
            "cidr" => Self::Cidr,
            "cidr_lookup" => Self::CidrLookup,
            "first_usable" => Self::FirstUsable,
            "gateway" | "gw" | "host/prefix" | "hostnet" | "router" => Self::Gateway,
            "host" => Self::Host,
            "hostmask" | "wildcard" => Self::HostMask,
            "int" => Self::Integer,
            "ip/prefix" => Self::AddressPrefix,
            "ip_netmask" => Self::AddressNetmask,
            "ipv4" => Self::ToV4,
            "ipv6" => Self::ToV6,
            "last_usable" => Self::LastUsable,
            "link-local" => Self::LinkLocal,
            "lo" | "loopback" => Self::Loopback,
            "multicast" => Self::Multicast,
            "net" => Self::Net,
            "network" | "network_id" => Self::Network,
            "network/prefix" | "subnet" => Self::NetworkPrefix,
            "network_netmask" => Self::NetworkNetmask,
            "network_wildcard" => Self::NetworkWildcard,
            "next_usable" => Self::NextUsable,
            "netmask" => Self::Netmask,
            "peer" => Self::Peer,
            "prefix" => Self::Prefix,
            "previous_usable" => Self::PreviousUsable,
            "private" => Self::Private,
            "public" => Self::Public,
            "range_usable" => Self::RangeUsable,
            "revdns" => Self::ReverseName,
            "size" => Self::Size,
            "size_usable" => Self::SizeUsable,
            "type" => Self::Type,
            "unicast" => Self::Unicast,
            "version" => Self::Version,
            "wrap" => Self::Wrap,
            "6to4" => Self::SixToFour,
            "v4" => Self::Broken("_ipv4_query"),
            "v6" => Self::Broken("_ipv6_query"),
            _ => match python_integer(text) {
                Some(index) => Self::Index(index),
                None => match Network::parse(text) {
                    Some(network) => Self::In(network),
                    None if text.trim().parse::<f64>().is_ok() => Self::NoIndex,
                    None => return None,
                },
            },
        })
    }

    /// The answer; `none` or false where there is none.
    pub(super) fn answer(&self, subject: &Subject) -> Outcome<Val> {
        let network = subject.network;
        let address = network.address;
        let text = |text: &dyn std::fmt::Display| Val::from(text.to_string());
        let value_if = |holds: bool| if holds { subject.shown.clone() } else { Val::None };
        Ok(match self {
            Self::Plain => subject.plain(),
            Self::Address if subject.is_host(Family::V6) => text(&address),
            Self::Address => Val::None,
            Self::Bool => Val::Bool(true),
            Self::Broadcast if network.small_size() > 2 => text(&network.last()),
            Self::Broadcast => Val::None,
            Self::Cidr => text(&network),
            Self::CidrLookup => return Err(Fault::python("'iplist'")),
            Self::FirstUsable => subject.usable()?.map_or(Val::None, |(first, _)| Val::from(Subject::end(first))),
            Self::LastUsable => subject.usable()?.map_or(Val::None, |(_, last)| Val::from(Subject::end(last))),
            Self::RangeUsable => {
                let join = |(first, last)| text(&format!("{}-{}", Subject::end(first), Subject::end(last)));
                subject.usable()?.map_or(Val::None, join)
            }
            Self::NextUsable => subject.step(1)?,
            Self::PreviousUsable => subject.step(-1)?,
            Self::Gateway if network.small_size() > 2 && address == network.first() => Val::Bool(false),
            Self::Gateway if network.small_size() > 2 && address == network.last() => Val::Bool(false),
            Self::Gateway => text(&network),
            Self::Host if network.small_size() < 3 || address != network.first() => text(&network),
            Self::Host => Val::None,
            Self::HostMask => text(&network.hostmask()),
            Self::Integer if subject.is_network => text(&format!("{}/{}", address.bits, network.prefix)),
            Self::Integer => big(address.bits.into()),
            Self::AddressPrefix | Self::AddressNetmask if !subject.is_host_in_network() => Val::None,
            Self::AddressPrefix => text(&network),
            Self::AddressNetmask => text(&format!("{address} {}", network.netmask())),
            Self::ToV4 if network.family() == Family::V4 => subject.shown.clone(),
            Self::ToV4 => network.to_v4().map_or(Val::Bool(false), |network| text(&network)),
            Self::ToV6 if network.family() == Family::V6 => subject.shown.clone(),
            Self::ToV6 => text(&network.to_v6()),
            Self::LinkLocal => value_if(address.is_link_local()),
            Self::Loopback => value_if(address.is_loopback()),
            Self::Multicast => value_if(address.is_multicast()),
            Self::Net if network.small_size() > 1 && address == network.first() => text(&network),
            Self::Net => Val::None,
            Self::Network => text(&network.first()),
            Self::NetworkPrefix => text(&network.cidr()),
            Self::NetworkNetmask => text(&format!("{} {}", network.first(), network.netmask())),
            Self::NetworkWildcard => text(&format!("{} {}", network.first(), network.hostmask())),
            Self::Netmask => text(&network.netmask()),
            Self::Peer => Val::from(Subject::end(subject.peer()?)),
            Self::Prefix => Val::Int(network.prefix.into()),
            Self::Private => value_if(is_private(address)),
            Self::Public => value_if(is_public(address)),
            Self::ReverseName => text(&address.reverse_name()),
            Self::Size => big(network.size()),
            Self::SizeUsable => match network.small_size() {
                1 => Val::Int(0),
                2 => Val::Int(2),
                _ => big(network.size() - 2),
            },
            Self::Type if network.small_size() > 1 && address == network.first() => Val::str("network"),
            Self::Type => Val::str("address"),
            Self::Unicast => value_if(!address.is_multicast()),
            Self::Version => Val::Int(network.family().number()),
            Self::Wrap => subject.wrapped(),
            Self::SixToFour => subject.six_to_four(),
            Self::Broken(function) => {
                let text = format!("{function}() missing 1 required positional argument: 'value'");
                return Err(Fault::python(text));
            }
            Self::Index(_) | Self::NoIndex if network.small_size() == 1 => subject.plain(),
            Self::Index(index) => match network.nth(index) {
                Some(address) => text(&format!("{address}/{}", network.prefix)),
                None => Val::Bool(false),
            },
            Self::NoIndex => Val::Bool(false),
            Self::In(outer) => value_if(outer.contains(network)),
        })
    }
}

fn is_private(address: Address) -> bool {
    !address.is_global() && !address.is_multicast()
}

/// Addresses that look like masks are none.
fn is_public(address: Address) -> bool {
    address.is_global() && !address.is_multicast() && !address.is_netmask() && !address.is_hostmask()
}

impl Subject {
    fn plain(&self) -> Val {
        Val::from(if self.is_network { self.network.to_string() } else { self.network.address.to_string() })
    }

    /// The address is that of a host: networks of `everywhere`'s family have one at their start too.
    fn is_host(&self, everywhere: Family) -> bool {
        let network = self.network;
        network.small_size() < 3 || network.address != network.first() || network.family() == everywhere
    }

    fn is_host_in_network(&self) -> bool {
        let network = self.network;
        network.small_size() == 2 || (network.small_size() > 2 && network.address != network.first())
    }

    fn is_inside(&self) -> bool {
        self.network.small_size() == 1 || self.network.address != self.network.first()
    }

    fn usable(&self) -> Outcome<Option<(Address, Address)>> {
        if !self.is_network {
            return Err(Fault::python("Not a network address"));
        }
        Ok(self.network.usable())
    }

    /// The address that netaddr makes of the number of an end: low ones are of IPv4.
    fn end(address: Address) -> String {
        Address::from_integer(&address.bits.into(), None).unwrap_or(address).to_string()
    }

    /// The usable address so many further.
    pub(super) fn step(&self, amount: impl Into<BigInt>) -> Outcome<Val> {
        let Some((first, last)) = self.usable()? else { return Ok(Val::None) };
        let moved = BigInt::from(self.network.address.bits) + amount.into();
        match Address::from_integer(&moved, None) {
            None => Err(Fault::python(format!("failed to detect a valid IP address from {moved}"))),
            Some(next) if next.bits >= first.bits && next.bits <= last.bits => Ok(Val::from(next.to_string())),
            Some(_) => Ok(Val::None),
        }
    }

    /// The other end of a network of two hosts.
    fn peer(&self) -> Outcome<Address> {
        if !self.is_network {
            return Err(Fault::python("Not a network address"));
        }
        let network = self.network;
        let host = network.address.bits - network.first().bits;
        let other = match (network.family().width() - network.prefix, host) {
            (1, _) => 1 - host,
            (2, 0) => return Err(Fault::python("Network address of /30 has no peer")),
            (2, 3) => return Err(Fault::python("Broadcast address of /30 has no peer")),
            (2, _) => 3 - host,
            _ => return Err(Fault::python("Not a point-to-point network")),
        };
        Ok(Address { bits: network.first().bits + other, ..network.address })
    }

    fn wrapped(&self) -> Val {
        let network = self.network;
        match (network.family(), self.is_network) {
            (Family::V4, _) => self.shown.clone(),
            (Family::V6, true) => Val::from(format!("[{}]/{}", network.address, network.prefix)),
            (Family::V6, false) => Val::from(format!("[{}]", network.address)),
        }
    }

    fn six_to_four(&self) -> Val {
        let address = self.network.address;
        match address.family {
            Family::V4 => {
                if !self.is_inside() || !(is_private(address) || is_public(address)) {
                    return Val::Bool(false);
                }
                let [a, b, c, d] = address.octets();
                Val::from(format!("2002:{a:02x}{b:02x}:{c:02x}{d:02x}::1/48"))
            }
            Family::V6 if address.groups()[0] == 0x2002 && (!self.is_network || self.is_inside()) => self.shown.clone(),
            Family::V6 => Val::Bool(false),
        }
    }
}
