//! Mounted file systems that are on a device.

use super::devices::Links;
use crate::mount_table::{self, unescape};
use crate::setup::Machine;
use crate::setup::subset::Gathered;
use churten_module::prelude::*;
use std::collections::HashSet;

pub(super) fn collect(machine: &Machine<'_>, gathered: &mut Gathered) {
    let table = machine.read("/etc/mtab").or_else(|| machine.read("/proc/mounts")).unwrap_or_default();
    let links = Links::read(machine);
    let binds = binds(machine);
    // What is mounted last on a place is what is seen there; it takes the place of the first in the list.
    let mut mounts = Dict::new();
    for line in table.lines() {
        let fields: Vec<String> = line.split_whitespace().map(unescape).collect();
        let [device, mount, kind, options, rest @ ..] = fields.as_slice() else { continue };
        if (!device.starts_with(['/', '\\']) && !device.contains(":/")) || kind == "none" {
            continue;
        }
        let number = |index: usize| rest.get(index).and_then(|text| text.parse::<i64>().ok()).unwrap_or(0);
        let mut options = options.clone();
        if binds.contains(mount) && !options.split(',').any(|option| option == "bind") {
            options.push_str(",bind");
        }
        let mut facts = Dict::from([
            ("mount", Value::from(mount.as_str())),
            ("device", device.as_str().into()),
            ("fstype", kind.as_str().into()),
            ("options", options.into()),
            ("dump", number(0).into()),
            ("passno", number(1).into()),
        ]);
        if let Some(size) = machine.host.file_system_size(Path::new(mount)) {
            mount_table::insert_size(&mut facts, &size);
        }
        let name = device.strip_prefix("/dev/").map(|_| machine.link_name(device)).unwrap_or_default();
        let uuid = name.and_then(|name| links.first("by-uuid", &name));
        facts.insert("uuid", uuid.unwrap_or_else(|| "N/A".to_owned()));
        mounts.insert(mount.as_str(), facts);
    }
    gathered.insert("mounts", Value::list(mounts.values().cloned().collect()));
}

/// Mounts of which the root is not the root of their file system.
fn binds(machine: &Machine<'_>) -> HashSet<String> {
    let table = machine.read("/proc/self/mountinfo").unwrap_or_default();
    table
        .lines()
        .filter_map(|line| {
            let mut fields = line.split(' ').skip(3);
            let (root, mount) = (fields.next()?, fields.next()?);
            (root != "/").then(|| unescape(mount))
        })
        .collect()
}
