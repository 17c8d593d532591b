//! Mounted file systems that are on a device.

use super::devices::Links;
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
            facts.insert("size_total", size.fragment_size.saturating_mul(size.blocks));
            facts.insert("size_available", size.fragment_size.saturating_mul(size.blocks_available));
            facts.insert("block_size", size.block_size);
            facts.insert("block_total", size.blocks);
            facts.insert("block_available", size.blocks_available);
            facts.insert("block_used", size.blocks.saturating_sub(size.blocks_available));
            facts.insert("inode_total", size.inodes);
            facts.insert("inode_available", size.inodes_available);
            facts.insert("inode_used", size.inodes.saturating_sub(size.inodes_available));
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

/// `\040` is a blank.
fn unescape(text: &str) -> String {
    let mut parts = text.split('\\');
    let mut result = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        match part.split_at_checked(3).map(|(digits, rest)| (u8::from_str_radix(digits, 8), rest)) {
            Some((Ok(byte), rest)) => {
                result.push(byte);
                result.extend_from_slice(rest.as_bytes());
            }
            _ => {
                result.push(b'\\');
                result.extend_from_slice(part.as_bytes());
            }
        }
    }
    String::from_utf8_lossy(&result).into_owned()
}

#[cfg(test)]
mod tests {
    #[test]
    fn blanks_are_escaped() {
        assert_eq!(super::unescape(r"/a\040b\134c\9"), r"/a b\c\9");
    }
}
