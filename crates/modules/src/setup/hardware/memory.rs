//! Memory and swap, in MiB.

use crate::setup::Machine;
use crate::setup::subset::Gathered;
use churten_module::prelude::*;
use std::collections::HashMap;

pub(super) fn collect(machine: &Machine<'_>, gathered: &mut Gathered) {
    let Some(text) = machine.read("/proc/meminfo") else { return };
    let sizes: HashMap<&str, i64> = text
        .lines()
        .filter_map(|line| {
            let (name, rest) = line.split_once(':')?;
            Some((name, rest.split_whitespace().next()?.parse::<i64>().ok()? / 1024))
        })
        .collect();
    let size = |name: &str| sizes.get(name).copied().unwrap_or(0);
    for (fact, name) in [
        ("memtotal_mb", "MemTotal"),
        ("memfree_mb", "MemFree"),
        ("swaptotal_mb", "SwapTotal"),
        ("swapfree_mb", "SwapFree"),
    ] {
        gathered.insert(fact, size(name));
    }
    let (total, free) = (size("MemTotal"), size("MemFree"));
    let without_cache = free + size("Cached") + size("Buffers");
    let swap = size("SwapTotal");
    gathered.insert(
        "memory_mb",
        Dict::from([
            ("real", Dict::from([("total", total), ("used", total - free), ("free", free)])),
            ("nocache", Dict::from([("free", without_cache), ("used", total - without_cache)])),
            (
                "swap",
                Dict::from([
                    ("total", swap),
                    ("free", size("SwapFree")),
                    ("used", swap - size("SwapFree")),
                    ("cached", size("SwapCached")),
                ]),
            ),
        ]),
    );
}
