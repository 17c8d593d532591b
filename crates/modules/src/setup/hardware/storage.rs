//! Names of this host in storage networks.

use crate::setup::Machine;
use crate::setup::subset::Gathered;

/// The names of the ports of fibre channel adapters.
pub(in crate::setup) fn fibre_channel(machine: &Machine<'_>, gathered: &mut Gathered) {
    let names: Vec<String> = machine
        .list("/sys/class/fc_host")
        .into_iter()
        .filter_map(|host| machine.value(format!("/sys/class/fc_host/{host}/port_name")))
        .map(|name| name.trim_start_matches("0x").to_owned())
        .collect();
    gathered.insert("fibre_channel_wwn", names);
}

/// The name of the iSCSI initiator.
pub(in crate::setup) fn iscsi(machine: &Machine<'_>, gathered: &mut Gathered) {
    let text = machine.read("/etc/iscsi/initiatorname.iscsi").unwrap_or_default();
    let name = text.lines().find_map(|line| line.trim().strip_prefix("InitiatorName=")).unwrap_or_default();
    gathered.insert("iscsi_iqn", name.trim());
}

/// The NVMe qualified name of the host.
pub(in crate::setup) fn nvme(machine: &Machine<'_>, gathered: &mut Gathered) {
    let text = machine.read("/etc/nvme/hostnqn").unwrap_or_default();
    let name = text.lines().map(str::trim).find(|line| line.starts_with("nqn.")).unwrap_or_default();
    gathered.insert("hostnqn", name);
}
