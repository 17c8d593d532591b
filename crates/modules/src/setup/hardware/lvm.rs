//! Volume groups, logical and physical volumes, as LVM's programs tell them.

use crate::setup::Machine;
use churten_module::prelude::*;

/// How the programs are asked for a table of sizes in gibibytes.
const AS_TABLE: [&str; 6] = ["--noheadings", "--nosuffix", "--units", "g", "--separator", ","];

/// The facts; `N/A` for others than root, who may not ask, and where LVM is not installed.
pub(super) fn facts(machine: &Machine<'_>) -> Value {
    if machine.host.identity().uid != 0 || machine.host.find_program("vgs", &[]).is_none() {
        return "N/A".into();
    }
    // Name, physical volumes, logical volumes, snapshots, attributes, size, free.
    let groups = rows(machine, "vgs", |row| {
        let [.., size, free] = row else { return None };
        let [name, physical, logical, ..] = row else { return None };
        Some((name, vec![("size_g", size), ("free_g", free), ("num_lvs", logical), ("num_pvs", physical)]))
    });
    // Name, group, attributes, size, and what is not told of here.
    let logical = rows(machine, "lvs", |row| {
        let [name, group, _, size, ..] = row else { return None };
        Some((name, vec![("size_g", size), ("vg", group)]))
    });
    // Name, group, format, attributes, size, free.
    let physical = rows(machine, "pvs", |row| {
        let [name, group, _, _, size, free, ..] = row else { return None };
        Some((name, vec![("size_g", size), ("free_g", free), ("vg", group)]))
    });
    let physical: Dict = physical.into_iter().map(|(name, facts)| (mapped(machine, &name), facts)).collect();
    Value::from(Dict::from([
        ("lvs", logical.into_iter().collect::<Dict>()),
        ("vgs", groups.into_iter().collect()),
        ("pvs", physical),
    ]))
}

type Facts<'r> = Vec<(&'static str, &'r String)>;

/// The name of each row of a table, and its facts. Rows with too few columns are no rows.
fn rows(
    machine: &Machine<'_>,
    program: &str,
    facts: impl Fn(&[String]) -> Option<(&String, Facts<'_>)>,
) -> Vec<(String, Value)> {
    let said = machine.said(program, &AS_TABLE).map(|output| output.stdout_text()).unwrap_or_default();
    said.lines()
        .filter_map(|line| {
            let row: Vec<String> = line.trim().split(',').map(str::to_owned).collect();
            let (name, facts) = facts(&row)?;
            let facts: Dict = facts.into_iter().map(|(key, value)| (key, value.as_str())).collect();
            Some((name.clone(), facts.into()))
        })
        .collect()
}

/// The name that the device mapper has for a device of its own.
fn mapped(machine: &Machine<'_>, device: &str) -> String {
    if !device.starts_with("/dev/dm-") {
        return device.to_owned();
    }
    let name = machine.output("dmsetup", &["info", "-C", "--noheadings", "-o", "name", device]);
    name.map_or_else(|| device.to_owned(), |name| format!("/dev/mapper/{}", name.trim_end()))
}
