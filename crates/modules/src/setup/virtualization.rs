//! What the host runs in, and what it could run.

use super::Machine;
use super::subset::Gathered;
use std::collections::BTreeSet;

#[derive(Default)]
struct Found {
    /// Type and role of the first technology that was recognised.
    first: Option<(&'static str, &'static str)>,
    guest: BTreeSet<&'static str>,
    host: BTreeSet<&'static str>,
}

impl Found {
    fn guest(&mut self, kind: &'static str) {
        self.guest.insert(kind);
        self.first.get_or_insert((kind, "guest"));
    }

    fn host(&mut self, kind: &'static str) {
        self.host.insert(kind);
        self.first.get_or_insert((kind, "host"));
    }
}

pub(super) fn collect(machine: &Machine<'_>, gathered: &mut Gathered) {
    let mut found = Found::default();
    containers(machine, &mut found);
    firmware(machine, &mut found);
    processor(machine, &mut found);
    hosts(machine, &mut found);
    let (kind, role) = found.first.unwrap_or(("NA", "NA"));
    gathered.insert("virtualization_type", kind);
    gathered.insert("virtualization_role", role);
    gathered.insert("virtualization_tech_guest", found.guest.into_iter().collect::<Vec<&str>>());
    gathered.insert("virtualization_tech_host", found.host.into_iter().collect::<Vec<&str>>());
}

fn containers(machine: &Machine<'_>, found: &mut Found) {
    let groups = machine.read("/proc/1/cgroup").unwrap_or_default();
    let docker =
        groups.lines().any(|line| line.contains("/docker/") || line.contains("/docker-") || line.ends_with("/docker"));
    if docker || machine.exists("/.dockerenv") || machine.exists("/.dockerinit") {
        found.guest("docker");
        found.guest("container");
    }
    if groups.lines().any(|line| line.contains("/lxc/") || line.contains("/machine.slice/machine-lxc")) {
        found.guest("lxc");
        found.guest("container");
    }
    if groups.contains("/system.slice/containerd.service") {
        found.guest("containerd");
        found.guest("container");
    }
    let environment = machine.read("/proc/1/environ").unwrap_or_default();
    for variable in environment.split('\0') {
        match variable.strip_prefix("container=") {
            Some("lxc") => found.guest("lxc"),
            Some("podman") => found.guest("podman"),
            Some("docker" | "oci") if found.guest.contains("docker") => {}
            Some("") | None => continue,
            Some(_) => {}
        }
        found.guest("container");
    }
    if machine.exists("/proc/vz") && !machine.exists("/proc/lve") {
        if machine.exists("/proc/bc") {
            found.host("openvz");
        } else {
            found.guest("openvz");
        }
    }
    let systemd = machine.value("/run/systemd/container").unwrap_or_default();
    match systemd.as_str() {
        "" => {}
        "systemd-nspawn" => {
            found.guest("container");
            found.guest.insert("systemd-nspawn");
        }
        _ => found.guest("container"),
    }
    let status = machine.read("/proc/self/status").unwrap_or_default();
    for line in status.lines() {
        if line.starts_with("VxID:") || line.starts_with("s_context:") {
            match line.split_whitespace().nth(1) {
                Some("0") => found.host("linux_vserver"),
                _ => found.guest("linux_vserver"),
            }
        }
    }
    if machine.exists("/proc/xen") {
        let control = machine.read("/proc/xen/capabilities").is_some_and(|text| text.contains("control_d"));
        if control {
            found.host("xen");
        } else {
            found.guest("xen");
        }
    } else if machine.read("/sys/hypervisor/type").is_some_and(|text| text.trim() == "xen") {
        found.guest("xen");
    }
}

/// What the firmware calls the machine.
fn firmware(machine: &Machine<'_>, found: &mut Found) {
    let read = |name: &str| machine.value(format!("/sys/devices/virtual/dmi/id/{name}")).unwrap_or_default();
    let (product, family, vendor) = (read("product_name"), read("product_family"), read("sys_vendor"));
    let (bios, board) = (read("bios_vendor"), read("board_vendor"));
    match product.as_str() {
        "KVM" | "KVM Server" | "Bochs" | "AHV" => found.guest("kvm"),
        "RHEV Hypervisor" => found.guest("RHEV"),
        "oVirt Node" | "oVirt" => found.guest("oVirt"),
        "VMware Virtual Platform" | "VMware7,1" | "VMware20,1" => found.guest("VMware"),
        "OpenStack Compute" | "OpenStack Nova" => found.guest("openstack"),
        "VirtualBox" => found.guest("virtualbox"),
        "Bhyve" | "BHYVE" => found.guest("bhyve"),
        "HVM domU" => found.guest("xen"),
        "Parallels Virtual Platform" | "Parallels ARM Virtual Machine" => found.guest("parallels"),
        _ => {}
    }
    if family == "RHV" {
        found.guest("RHEV");
    }
    match bios.as_str() {
        "Xen" => found.guest("xen"),
        "innotek GmbH" => found.guest("virtualbox"),
        "Amazon EC2" => found.guest("kvm"),
        "Hetzner" | "Scaleway" => found.guest("kvm"),
        _ => {}
    }
    match vendor.as_str() {
        "Microsoft Corporation" if product == "Virtual Machine" => found.guest("VirtualPC"),
        "Parallels Software International Inc." | "Parallels International GmbH." => found.guest("parallels"),
        "OpenStack Foundation" => found.guest("openstack"),
        "Red Hat" if product.contains("RHEL") || product.contains("KubeVirt") => found.guest("kvm"),
        "QEMU" | "Amazon EC2" | "DigitalOcean" | "Hetzner" | "Google" | "Scaleway" | "Nutanix" | "KubeVirt" => {
            found.guest("kvm");
        }
        _ => {}
    }
    if board == "Amazon EC2" {
        found.guest("kvm");
    }
}

fn processor(machine: &Machine<'_>, found: &mut Found) {
    let text = machine.read("/proc/cpuinfo").unwrap_or_default();
    for line in text.lines() {
        let Some((name, value)) = line.split_once(':') else { continue };
        match (name.trim(), value.trim()) {
            ("model name", value) if value.contains("QEMU Virtual CPU") => found.guest("kvm"),
            ("vendor_id", value) if value.contains("User Mode Linux") => found.guest("uml"),
            ("vendor_id", value) if value.contains("PowerVM Lx86") => found.guest("powervm_lx86"),
            ("vendor_id", value) if value.contains("IBM/S390") => found.guest("PR/SM"),
            ("machine", value) if value.contains("CHRP IBM pSeries (emulated by qemu)") => found.guest("kvm"),
            _ => {}
        }
        // All processors are alike.
        if name.trim() == "power management" {
            break;
        }
    }
}

/// What the kernel could run, or was made for.
fn hosts(machine: &Machine<'_>, found: &mut Found) {
    let text = machine.read("/proc/modules").unwrap_or_default();
    let modules: Vec<&str> = text.lines().filter_map(|line| line.split_whitespace().next()).collect();
    if modules.contains(&"kvm") {
        found.host("kvm");
    }
    if modules.contains(&"vboxdrv") {
        found.host("virtualbox");
    }
    if modules.contains(&"virtio") {
        found.guest("kvm");
    }
    if machine.exists("/dev/kvm") {
        found.host("kvm");
    }
}
