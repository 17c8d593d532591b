//! Block devices, from `/sys/block`.

use crate::setup::Machine;
use crate::setup::subset::Gathered;
use churten_module::prelude::*;
use std::collections::BTreeMap;

/// The links in `/dev/disk`, by kind and by the device they lead to.
pub(super) struct Links {
    by: BTreeMap<(&'static str, String), Vec<String>>,
}

impl Links {
    pub(super) fn read(machine: &Machine<'_>) -> Self {
        let mut by: BTreeMap<(&'static str, String), Vec<String>> = BTreeMap::new();
        for kind in ["by-id", "by-uuid", "by-label"] {
            let directory = Path::new("/dev/disk").join(kind);
            for name in machine.list(&directory) {
                let Ok(target) = machine.host.read_link(&directory.join(&name)) else { continue };
                let Some(device) = target.file_name().map(|device| device.to_string_lossy().into_owned()) else {
                    continue;
                };
                by.entry((kind, device)).or_default().push(unescape(&name));
            }
        }
        Self { by }
    }

    pub(super) fn first(&self, kind: &'static str, device: &str) -> Option<String> {
        self.by.get(&(kind, device.to_owned()))?.first().cloned()
    }

    fn all(&self, kind: &'static str, device: &str) -> Vec<String> {
        self.by.get(&(kind, device.to_owned())).cloned().unwrap_or_default()
    }

    fn kind(&self, kind: &'static str) -> Dict {
        let entries = self.by.iter().filter(|((other, _), _)| *other == kind);
        entries.map(|((_, device), names)| (device.as_str(), names.clone())).collect()
    }
}

/// `\x20` is a blank in names that udev makes.
fn unescape(name: &str) -> String {
    name.replace("\\x20", " ")
}

pub(super) fn collect(machine: &Machine<'_>, gathered: &mut Gathered) {
    let links = Links::read(machine);
    let masters = masters(machine);
    let bus = machine.said("lspci", &["-D"]).map(|output| output.stdout_text()).unwrap_or_default();
    gathered.insert(
        "device_links",
        Dict::from([
            ("ids", links.kind("by-id")),
            ("uuids", links.kind("by-uuid")),
            ("labels", links.kind("by-label")),
            ("masters", masters.iter().map(|(device, names)| (device.as_str(), names.clone())).collect()),
        ]),
    );
    let devices: Dict = machine
        .list("/sys/block")
        .into_iter()
        .map(|name| {
            let mut facts = device(machine, &name, &links, &masters);
            facts.insert("host", bridge(machine, &name, &bus));
            (name, facts)
        })
        .collect();
    gathered.insert("devices", devices);
}

/// The devices that are made of each device.
fn masters(machine: &Machine<'_>) -> BTreeMap<String, Vec<String>> {
    let mut masters: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for block in machine.list("/sys/block") {
        for slave in machine.list(format!("/sys/block/{block}/slaves")) {
            masters.entry(slave).or_default().push(block.clone());
        }
    }
    masters
}

fn links_of(name: &str, links: &Links, masters: &BTreeMap<String, Vec<String>>) -> Dict {
    Dict::from([
        ("ids", links.all("by-id", name)),
        ("uuids", links.all("by-uuid", name)),
        ("labels", links.all("by-label", name)),
        ("masters", masters.get(name).cloned().unwrap_or_default()),
    ])
}

fn device(machine: &Machine<'_>, name: &str, links: &Links, masters: &BTreeMap<String, Vec<String>>) -> Dict {
    let directory = format!("/sys/block/{name}");
    let file = |path: &str| machine.value(format!("{directory}/{path}")).filter(|text| !text.is_empty());
    let virtual_device = machine.host.real_path(Path::new(&directory)).starts_with("/sys/devices/virtual")
        || !machine.exists(format!("{directory}/device/scsi_device"));
    let mut facts = Dict::from([("virtual", i64::from(virtual_device))]);
    facts.insert("links", links_of(name, links, masters));
    for (fact, path) in [
        ("vendor", "device/vendor"),
        ("model", "device/model"),
        ("sas_address", "device/sas_address"),
        ("sas_device_handle", "device/sas_device_handle"),
    ] {
        facts.insert(fact, file(path));
    }
    facts.insert("removable", file("removable"));
    facts.insert("support_discard", file("queue/discard_granularity"));
    facts.insert("rotational", file("queue/rotational"));
    if let Some(wwn) = file("wwid")
        .or_else(|| file("device/wwid"))
        .and_then(|text| text.strip_prefix("naa.").map(|number| format!("0x{number}")))
    {
        facts.insert("wwn", wwn);
    }
    if let Some(serial) = file("device/serial") {
        facts.insert("serial", serial);
    }
    let mut partitions = Dict::new();
    for part in machine.list(&directory) {
        if part.starts_with(name) && machine.exists(format!("{directory}/{part}/partition")) {
            partitions.insert(part.as_str(), partition(machine, &directory, &part, links, masters));
        }
    }
    facts.insert("partitions", partitions);
    let scheduler = file("queue/scheduler").unwrap_or_default();
    let mode = scheduler.split_once('[').and_then(|(_, rest)| rest.split_once(']')).map(|(mode, _)| mode);
    facts.insert("scheduler_mode", mode.unwrap_or(if scheduler == "none" { "none" } else { "" }));
    let sectors = file("size").and_then(|text| text.parse::<i64>().ok()).unwrap_or(0);
    facts.insert("sectors", sectors);
    let sector_size = file("queue/logical_block_size").or_else(|| file("queue/hw_sector_size"));
    facts.insert("sectorsize", sector_size.unwrap_or_else(|| "512".to_owned()));
    // The kernel counts in 512 bytes, whatever a sector is.
    facts.insert("size", human(sectors.saturating_mul(512)));
    facts.insert("holders", holders(machine, &directory));
    facts
}

fn partition(
    machine: &Machine<'_>,
    directory: &str,
    name: &str,
    links: &Links,
    masters: &BTreeMap<String, Vec<String>>,
) -> Dict {
    let file = |path: &str| machine.value(format!("{directory}/{name}/{path}"));
    let sectors = file("size").and_then(|text| text.parse::<i64>().ok()).unwrap_or(0);
    let sector_size = machine.value(format!("{directory}/queue/logical_block_size"));
    Dict::from([
        ("links", Value::from(links_of(name, links, masters))),
        ("start", file("start").into()),
        ("sectors", sectors.to_string().into()),
        ("sectorsize", sector_size.and_then(|text| text.parse::<i64>().ok()).unwrap_or(512).into()),
        ("size", human(sectors.saturating_mul(512)).into()),
        ("uuid", links.first("by-uuid", name).into()),
        ("holders", holders(machine, &format!("{directory}/{name}")).into()),
    ])
}

/// What `lspci` calls the device of the bus that a disk is at.
fn bridge(machine: &Machine<'_>, name: &str, bus: &str) -> String {
    let path = machine.host.real_path(&Path::new("/sys/block").join(name)).display().to_string();
    let is_address = |part: &&str| {
        let parts: Vec<&str> = part.split([':', '.']).collect();
        let is_hexadecimal = |part: &&str| part.bytes().all(|byte| byte.is_ascii_hexdigit());
        matches!(parts.as_slice(), [domain, bus, device, function]
            if [domain.len(), bus.len(), device.len(), function.len()] == [4, 2, 2, 1])
            && parts.iter().all(is_hexadecimal)
    };
    let Some(address) = path.rsplit('/').find(is_address) else { return String::new() };
    let told = |line: &str| line.split_once(' ').filter(|(at, _)| *at == address).map(|(_, name)| name.to_owned());
    bus.lines().find_map(told).unwrap_or_default()
}

/// What is made of a device; the device mapper's names are told, too.
fn holders(machine: &Machine<'_>, directory: &str) -> Vec<String> {
    machine
        .list(format!("{directory}/holders"))
        .into_iter()
        .map(|holder| match machine.value(format!("/sys/block/{holder}/dm/name")) {
            Some(name) if holder.starts_with("dm-") => name,
            _ => holder,
        })
        .collect()
}

/// `256.00 GB`.
fn human(bytes: i64) -> String {
    let units =
        [(1_i64 << 60, "EB"), (1 << 50, "PB"), (1 << 40, "TB"), (1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "KB")];
    match units.iter().find(|(size, _)| bytes >= *size) {
        Some((size, unit)) => format!("{:.2} {unit}", bytes as f64 / *size as f64),
        None => format!("{:.2} Bytes", bytes as f64),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn sizes_are_readable() {
        assert_eq!(super::human(0), "0.00 Bytes");
        assert_eq!(super::human(536_870_912 * 512), "256.00 GB");
        assert_eq!(super::human(1536), "1.50 KB");
    }
}
