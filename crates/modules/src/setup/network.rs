//! Interfaces, addresses, routes, name servers.

use super::Machine;
use super::interface;
use super::subset::Gathered;
use churten_module::InterfaceAddress;
use churten_module::prelude::*;
use churten_value::sort;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What `resolv.conf` says.
pub(super) fn dns(machine: &Machine<'_>, gathered: &mut Gathered) {
    let mut facts = Dict::new();
    let mut servers: Vec<String> = Vec::new();
    for line in machine.read("/etc/resolv.conf").unwrap_or_default().lines() {
        if line.starts_with(['#', ';']) {
            continue;
        }
        let mut words = line.split_whitespace();
        let Some(keyword) = words.next() else { continue };
        match keyword {
            "nameserver" => {
                servers.extend(words.map(str::to_owned));
                facts.insert("nameservers", servers.clone());
            }
            "domain" => {
                if let Some(domain) = words.next() {
                    facts.insert("domain", domain);
                }
            }
            "search" | "sortlist" => drop(facts.insert(keyword, words.collect::<Vec<&str>>())),
            "options" => {
                let options: Dict = words
                    .map(|word| match word.split_once(':') {
                        Some((name, value)) => (name, Value::from(value)),
                        None => (word, true.into()),
                    })
                    .collect();
                facts.insert("options", options);
            }
            _ => {}
        }
    }
    gathered.insert("dns", facts);
}

/// The destinations whose routes are the default ones.
const FAR_IPV4: Ipv4Addr = Ipv4Addr::new(8, 8, 8, 8);
const FAR_IPV6: Ipv6Addr = Ipv6Addr::new(0x2404, 0x6800, 0x400a, 0x800, 0, 0, 0, 0x1012);

pub(super) fn collect(machine: &Machine<'_>, gathered: &mut Gathered) {
    let addresses = machine.host.interface_addresses();
    let scopes = scopes(machine);
    let mut names = Vec::new();
    let (mut all_ipv4, mut all_ipv6) = (Vec::new(), Vec::new());
    let mut interfaces: Vec<(String, Dict)> = Vec::new();
    for name in machine.list("/sys/class/net") {
        let directory = format!("/sys/class/net/{name}");
        // Beside the interfaces there are files of the bonding driver.
        if !machine.is_directory(&directory) {
            continue;
        }
        let mut facts = device(machine, &name, &directory);
        interface::describe(machine, &name, &mut facts);
        let own = |address: &&InterfaceAddress| {
            address.interface == name || address.interface.split(':').next() == Some(name.as_str())
        };
        let mut secondaries = Vec::new();
        let mut ipv6 = Vec::new();
        for address in addresses.iter().filter(own) {
            match address.address {
                IpAddr::V4(ipv4) => {
                    let entry = ipv4_facts(ipv4, address);
                    if address.interface != name {
                        let alias = Dict::from([("ipv4", Value::from(entry.clone()))]);
                        interfaces.push((address.interface.clone(), alias));
                        names.push(address.interface.clone());
                        secondaries.push(Value::from(entry));
                    } else if facts.contains("ipv4") {
                        secondaries.push(entry.into());
                    } else {
                        facts.insert("ipv4", entry);
                    }
                    if !ipv4.is_loopback() {
                        all_ipv4.push(ipv4.to_string());
                    }
                }
                IpAddr::V6(ipv6_address) => {
                    let scope = scopes.iter().find(|(other, _)| *other == ipv6_address).map(|(_, scope)| *scope);
                    let mut entry = Dict::from([
                        ("address", ipv6_address.to_string()),
                        ("prefix", address.prefix.to_string()),
                        ("scope", scope.unwrap_or("global").to_owned()),
                    ]);
                    if scope.is_none() {
                        entry.remove("scope");
                    }
                    ipv6.push(Value::from(entry));
                    if ipv6_address != Ipv6Addr::LOCALHOST {
                        all_ipv6.push(ipv6_address.to_string());
                    }
                }
            }
        }
        if !secondaries.is_empty() {
            facts.insert("ipv4_secondaries", Value::list(secondaries));
        }
        if !ipv6.is_empty() {
            facts.insert("ipv6", Value::list(ipv6));
        }
        names.push(name.clone());
        interfaces.push((name, facts));
    }
    gathered.insert("interfaces", names);
    gathered.insert("default_ipv4", default_ipv4(machine, &addresses, &interfaces));
    gathered.insert("default_ipv6", default_ipv6(machine, &addresses, &interfaces));
    gathered.insert("all_ipv4_addresses", all_ipv4);
    gathered.insert("all_ipv6_addresses", all_ipv6);
    gathered.insert("locally_reachable_ips", locally_reachable(machine));
    for (name, facts) in interfaces {
        gathered.insert(&name.replace(['-', ':'], "_"), facts);
    }
}

/// What `/sys` says about an interface.
fn device(machine: &Machine<'_>, name: &str, directory: &str) -> Dict {
    let file = |path: &str| machine.value(format!("{directory}/{path}"));
    let mut facts = Dict::from([("device", name)]);
    if let Some(address) = file("address").filter(|address| !address.is_empty() && address != "00:00:00:00:00:00") {
        facts.insert("macaddress", address);
    }
    if let Some(mtu) = file("mtu").and_then(|text| text.parse::<i64>().ok()) {
        facts.insert("mtu", mtu);
    }
    if let Some(state) = file("operstate") {
        facts.insert("active", state != "down");
    }
    if machine.exists(format!("{directory}/device/driver/module")) {
        facts.insert("module", machine.link_name(format!("{directory}/device/driver/module")));
    }
    let kind = file("type").and_then(|kind| {
        Some(match kind.as_str() {
            "1" => "ether",
            "32" => "infiniband",
            "512" => "ppp",
            "772" => "loopback",
            "65534" => "tunnel",
            _ => return None,
        })
    });
    if let Some(kind) = kind {
        facts.insert("type", kind);
    }
    if machine.is_directory(format!("{directory}/bridge")) {
        facts.insert("type", "bridge");
        facts.insert("interfaces", machine.list(format!("{directory}/brif")));
        if let Some(id) = file("bridge/bridge_id") {
            facts.insert("id", id);
        }
        if let Some(state) = file("bridge/stp_state") {
            facts.insert("stp", state == "1");
        }
    }
    if machine.is_directory(format!("{directory}/bonding")) {
        facts.insert("type", "bonding");
        facts.insert("slaves", file("bonding/slaves").unwrap_or_default().split_whitespace().collect::<Vec<&str>>());
        let first = |path: &str| file(path).and_then(|text| text.split_whitespace().next().map(str::to_owned));
        facts.insert("mode", first("bonding/mode").unwrap_or_default());
        facts.insert("miimon", first("bonding/miimon").unwrap_or_default());
        facts.insert("lacp_rate", first("bonding/lacp_rate").unwrap_or_default());
        if let Some(primary) = file("bonding/primary").filter(|primary| !primary.is_empty()) {
            facts.insert("primary", primary);
            let all_active = file("bonding/all_slaves_active");
            facts.insert("all_slaves_active", all_active.as_deref() == Some("1"));
        }
    }
    if machine.is_directory(format!("{directory}/bonding_slave")) {
        facts.insert("perm_macaddress", file("bonding_slave/perm_hwaddr").unwrap_or_default());
    }
    if machine.exists(format!("{directory}/device")) {
        facts.insert("pciid", machine.link_name(format!("{directory}/device")));
    }
    if let Some(speed) = file("speed").and_then(|text| text.parse::<i64>().ok()) {
        facts.insert("speed", speed);
    }
    let flags = file("flags").and_then(|text| i64::from_str_radix(text.trim_start_matches("0x"), 16).ok());
    if let Some(flags) = flags {
        // IFF_PROMISC.
        facts.insert("promisc", flags & 0x100 != 0);
    }
    facts
}

fn ipv4_facts(address: Ipv4Addr, entry: &InterfaceAddress) -> Dict {
    let mask = u32::MAX.checked_shl(32 - u32::from(entry.prefix.min(32))).unwrap_or(0);
    Dict::from([
        ("address", address.to_string()),
        ("broadcast", entry.broadcast.filter(|at| !at.is_unspecified()).map(|at| at.to_string()).unwrap_or_default()),
        ("netmask", Ipv4Addr::from(mask).to_string()),
        ("network", Ipv4Addr::from(address.to_bits() & mask).to_string()),
        ("prefix", entry.prefix.to_string()),
    ])
}

/// The facts that a default route shares with its interface.
fn of_interface(interfaces: &[(String, Dict)], name: &str, facts: &mut Dict) {
    let Some((_, interface)) = interfaces.iter().find(|(other, _)| other == name) else { return };
    for key in ["macaddress", "mtu", "type"] {
        if let Some(value) = interface.get(key) {
            facts.insert(key, value.clone());
        }
    }
}

fn default_ipv4(machine: &Machine<'_>, addresses: &[InterfaceAddress], interfaces: &[(String, Dict)]) -> Dict {
    let routes = machine.read("/proc/net/route").unwrap_or_default();
    let parse = |text: &str| u32::from_str_radix(text, 16).ok().map(|number| Ipv4Addr::from(number.to_le_bytes()));
    let mut best: Option<(u32, u32, String, Ipv4Addr)> = None;
    for line in routes.lines().skip(1) {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [interface, destination, gateway, flags, _, _, metric, mask, ..] = fields.as_slice() else { continue };
        let (Some(destination), Some(gateway), Some(mask)) = (parse(destination), parse(gateway), parse(mask)) else {
            continue;
        };
        let flags = u32::from_str_radix(flags, 16).unwrap_or(0);
        // RTF_UP and not RTF_REJECT.
        if flags & 1 == 0 || flags & 0x200 != 0 || FAR_IPV4.to_bits() & mask.to_bits() != destination.to_bits() {
            continue;
        }
        let (length, metric) = (mask.to_bits().count_ones(), metric.parse().unwrap_or(u32::MAX));
        if best.as_ref().is_none_or(|(other, cost, ..)| (length, *cost) > (*other, metric)) {
            best = Some((length, metric, (*interface).to_owned(), gateway));
        }
    }
    let Some((_, _, interface, gateway)) = best else { return Dict::new() };
    let source = machine.host.source_address(FAR_IPV4.into());
    let address = source.or_else(|| {
        addresses
            .iter()
            .find(|entry| entry.interface == interface && entry.address.is_ipv4())
            .map(|entry| entry.address)
    });
    let mut facts = Dict::new();
    if !gateway.is_unspecified() {
        facts.insert("gateway", gateway.to_string());
    }
    facts.insert("interface", interface.as_str());
    if let Some(IpAddr::V4(address)) = address {
        facts.insert("address", address.to_string());
        if let Some(entry) = addresses.iter().find(|entry| entry.address == IpAddr::V4(address)) {
            facts.extend_from(&ipv4_facts(address, entry));
            facts.insert("alias", entry.interface.as_str());
            let device = entry.interface.split(':').next().unwrap_or_default();
            of_interface(interfaces, device, &mut facts);
        }
    }
    facts
}

fn default_ipv6(machine: &Machine<'_>, addresses: &[InterfaceAddress], interfaces: &[(String, Dict)]) -> Dict {
    let routes = machine.read("/proc/net/ipv6_route").unwrap_or_default();
    let parse = |text: &str| u128::from_str_radix(text, 16).ok();
    let mut best: Option<(u32, u32, String, Ipv6Addr)> = None;
    for line in routes.lines() {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [destination, length, _, _, gateway, metric, _, _, flags, interface] = fields.as_slice() else { continue };
        let (Some(destination), Some(gateway)) = (parse(destination), parse(gateway)) else { continue };
        let number = |text: &str| u32::from_str_radix(text, 16).unwrap_or(0);
        let (length, metric, flags) = (number(length), number(metric), number(flags));
        let mask = u128::MAX.checked_shl(128_u32.saturating_sub(length)).unwrap_or(0);
        if flags & 1 == 0 || flags & 0x200 != 0 || FAR_IPV6.to_bits() & mask != destination || *interface == "lo" {
            continue;
        }
        if best.as_ref().is_none_or(|(other, cost, ..)| (length, *cost) > (*other, metric)) {
            best = Some((length, metric, (*interface).to_owned(), gateway.into()));
        }
    }
    let Some((_, _, interface, gateway)) = best else { return Dict::new() };
    let mut facts = Dict::new();
    if !gateway.is_unspecified() {
        facts.insert("gateway", gateway.to_string());
    }
    facts.insert("interface", interface.as_str());
    if let Some(IpAddr::V6(address)) = machine.host.source_address(FAR_IPV6.into()) {
        facts.insert("address", address.to_string());
        if let Some(entry) = addresses.iter().find(|entry| entry.address == IpAddr::V6(address)) {
            facts.insert("prefix", entry.prefix.to_string());
            if let Some((_, scope)) = scopes(machine).into_iter().find(|(other, _)| *other == address) {
                facts.insert("scope", scope);
            }
            of_interface(interfaces, &entry.interface, &mut facts);
        }
    }
    facts
}

/// The scope of each IPv6 address, from `/proc/net/if_inet6`.
fn scopes(machine: &Machine<'_>) -> Vec<(Ipv6Addr, &'static str)> {
    let text = machine.read("/proc/net/if_inet6").unwrap_or_default();
    text.lines()
        .filter_map(|line| {
            let mut fields = line.split_whitespace();
            let address = u128::from_str_radix(fields.next()?, 16).ok()?;
            let scope = match fields.nth(2)? {
                "10" => "host",
                "20" => "link",
                "40" => "site",
                _ => "global",
            };
            Some((Ipv6Addr::from(address), scope))
        })
        .collect()
}

/// The destinations that are this host itself, as in the kernel's table of local routes.
fn locally_reachable(machine: &Machine<'_>) -> Dict {
    let trie = machine.read("/proc/net/fib_trie").unwrap_or_default();
    let mut ipv4: Vec<(u32, String)> = Vec::new();
    let mut at: Option<Ipv4Addr> = None;
    // The tables are printed twice where they are one.
    for line in trie.lines().skip_while(|line| *line != "Local:") {
        let line = line.trim_start();
        if let Some(address) = line.strip_prefix("|-- ") {
            at = address.trim().parse().ok();
        } else if let (Some(address), Some(length)) =
            (at, line.strip_prefix('/').and_then(|rest| rest.strip_suffix(" host LOCAL")))
        {
            let text = if length == "32" { address.to_string() } else { format!("{address}/{length}") };
            ipv4.push((address.to_bits(), text));
        }
    }
    sort(&mut ipv4);
    ipv4.dedup();
    let routes = machine.read("/proc/net/ipv6_route").unwrap_or_default();
    let mut ipv6: Vec<Ipv6Addr> = routes
        .lines()
        .filter_map(|line| {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let flags = u32::from_str_radix(fields.get(8)?, 16).ok()?;
            // RTF_LOCAL.
            (flags & 0x8000_0000 != 0 && fields.get(1) == Some(&"80"))
                .then(|| u128::from_str_radix(fields.first()?, 16).ok().map(Ipv6Addr::from))?
        })
        .collect();
    sort(&mut ipv6);
    ipv6.dedup();
    let ipv4: Vec<String> = ipv4.into_iter().map(|(_, text)| text).collect();
    let ipv6: Vec<String> = ipv6.into_iter().map(|address| address.to_string()).collect();
    Dict::from([("ipv4", ipv4), ("ipv6", ipv6)])
}
