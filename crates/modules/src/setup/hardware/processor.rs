//! Processors, from `/proc/cpuinfo`.

use crate::setup::Machine;
use crate::setup::subset::Gathered;
use std::collections::BTreeMap;

/// The lines that say what a processor is; they make up the list.
const SHOWN: &[&str] =
    &["processor", "vendor_id", "model name", "Vendor", "cpu", "cpu model", "system type", "Processor"];

pub(super) fn collect(machine: &Machine<'_>, gathered: &mut Gathered) {
    let Some(text) = machine.read("/proc/cpuinfo") else { return };
    let mut shown = Vec::new();
    let (mut processors, mut vendors, mut models) = (0_i64, 0_i64, 0_i64);
    // By the number of the package: its cores, its threads.
    let mut packages: BTreeMap<i64, (i64, i64)> = BTreeMap::new();
    let mut package = 0;
    let mut flags: Option<Vec<String>> = None;
    for line in text.lines() {
        let Some((name, value)) = line.split_once(':') else { continue };
        let (name, value) = (name.trim(), value.trim());
        let number = || value.parse::<i64>().unwrap_or(0);
        if SHOWN.contains(&name) {
            shown.push(value.to_owned());
        }
        match name {
            "processor" => processors += 1,
            "vendor_id" => vendors += 1,
            "model name" | "Vendor" | "cpu" | "cpu model" | "system type" | "Processor" => models += 1,
            "physical id" => {
                package = number();
                packages.entry(package).or_insert((0, 0));
            }
            "cpu cores" => packages.entry(package).or_insert((0, 0)).0 = number(),
            "siblings" => packages.entry(package).or_insert((0, 0)).1 = number(),
            "flags" | "Features" => {
                flags = Some(value.split_whitespace().map(str::to_owned).collect());
            }
            _ => {}
        }
    }
    // Where the lines about models do not come once for every processor, the processors are counted.
    let architecture = gathered.text("architecture");
    let by_number = ["arm", "aarch64", "ppc"].iter().any(|prefix| architecture.starts_with(prefix));
    let counted = if by_number || models == 0 { processors } else { models };
    let counted = if vendors > 0 && vendors == models { vendors } else { counted };
    gathered.insert("processor", shown);
    let first = packages.values().next().copied();
    let count = if packages.is_empty() { counted } else { i64::try_from(packages.len()).unwrap_or(1) };
    let cores = first.map_or(1, |(cores, _)| cores.max(1));
    let threads = first.map_or(1, |(_, threads)| (threads / cores).max(1));
    gathered.insert("processor_count", count);
    gathered.insert("processor_cores", cores);
    gathered.insert("processor_threads_per_core", threads);
    gathered.insert("processor_vcpus", count * cores * threads);
    gathered.insert("processor_nproc", usable(machine).unwrap_or(processors));
    if let Some(flags) = flags {
        gathered.insert("flags", flags);
    }
}

/// How many processors this process may use.
fn usable(machine: &Machine<'_>) -> Option<i64> {
    let status = machine.read("/proc/self/status")?;
    let mask = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed:"))?;
    let bits: u32 = mask.chars().filter_map(|c| c.to_digit(16)).map(u32::count_ones).sum();
    Some(i64::from(bits))
}
