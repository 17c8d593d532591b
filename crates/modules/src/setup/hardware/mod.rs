//! Processors, memory, disks, firmware.

mod devices;
mod firmware;
mod lvm;
mod memory;
mod mounts;
mod processor;
mod storage;

use super::Machine;
use super::subset::Gathered;

pub(super) use storage::{fibre_channel, iscsi, nvme};

pub(super) fn collect(machine: &Machine<'_>, gathered: &mut Gathered) {
    processor::collect(machine, gathered);
    memory::collect(machine, gathered);
    firmware::collect(machine, gathered);
    devices::collect(machine, gathered);
    mounts::collect(machine, gathered);
    let uptime = machine.read("/proc/uptime").and_then(|text| text.split('.').next()?.trim().parse::<i64>().ok());
    if let Some(uptime) = uptime {
        gathered.insert("uptime_seconds", uptime);
    }
    gathered.insert("lvm", lvm::facts(machine));
}
