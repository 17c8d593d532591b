//! The kernel's name, the machine's name.

use super::Machine;
use super::python::Python;
use super::subset::Gathered;
use churten_module::prelude::*;

pub(super) fn collect(machine: &Machine<'_>, gathered: &mut Gathered) {
    let name = machine.host.system_name();
    let node = machine.host.hostname();
    let fqdn = qualified(machine, &node);
    gathered.insert("system", name.system);
    gathered.insert("kernel", name.release);
    gathered.insert("kernel_version", name.version);
    gathered.insert("machine", name.machine.as_str());
    if let Some(python) = Python::find(machine) {
        gathered.insert("python_version", python.version_text());
    }
    gathered.insert("fqdn", fqdn.as_str());
    gathered.insert("hostname", node.split('.').next().unwrap_or_default());
    gathered.insert("nodename", node.as_str());
    gathered.insert("domain", fqdn.split_once('.').map_or("", |(_, domain)| domain));
    let bits = userspace_bits(machine);
    gathered.insert("userspace_bits", bits);
    let userspace = if bits == "64" { "x86_64" } else { "i386" };
    match name.machine.as_str() {
        "x86_64" => {
            gathered.insert("architecture", "x86_64");
            gathered.insert("userspace_architecture", userspace);
        }
        "i386" | "i486" | "i586" | "i686" | "i86pc" => {
            gathered.insert("architecture", "i386");
            gathered.insert("userspace_architecture", userspace);
        }
        other => gathered.insert("architecture", other),
    }
    let identity = ["/var/lib/dbus/machine-id", "/etc/machine-id"].iter().find_map(|path| machine.value(path));
    if let Some(identity) = identity {
        gathered.insert("machine_id", identity);
    }
}

/// 32 where the programs of the host are 32-bit programs, whatever the kernel is.
fn userspace_bits(machine: &Machine<'_>) -> &'static str {
    let shell = machine.host.read_bounded(Path::new("/bin/sh"), 8 << 20).unwrap_or_default();
    match shell.get(..5) {
        Some(b"\x7fELF\x01") => "32",
        Some(b"\x7fELF\x02") => "64",
        _ if cfg!(target_pointer_width = "32") => "32",
        _ => "64",
    }
}

/// The host's name with its domain, as name resolution knows it: `/etc/hosts` first, then what `getent` says, if
/// there are other sources.
fn qualified(machine: &Machine<'_>, node: &str) -> String {
    let hosts = machine.read("/etc/hosts").unwrap_or_default();
    let lines = || {
        hosts.lines().filter_map(|line| {
            let mut words = line.split('#').next()?.split_whitespace();
            Some((words.next()?, words.map(str::to_owned).collect::<Vec<String>>()))
        })
    };
    let address = lines().find(|(_, names)| names.iter().any(|name| name.eq_ignore_ascii_case(node)));
    let names = match address {
        Some((address, _)) => lines().find(|(other, _)| *other == address).map(|(_, names)| names),
        None if uses_other_sources(machine) => resolve(machine, node),
        None => None,
    };
    let Some(names) = names else { return node.to_owned() };
    names.iter().find(|name| name.contains('.')).or(names.first()).cloned().unwrap_or_else(|| node.to_owned())
}

fn uses_other_sources(machine: &Machine<'_>) -> bool {
    let switch = machine.read("/etc/nsswitch.conf").unwrap_or_default();
    let hosts = switch.lines().find_map(|line| line.trim().strip_prefix("hosts:"));
    hosts.is_some_and(|sources| {
        sources.split_whitespace().any(|source| !matches!(source, "files" | "mymachines") && !source.starts_with('['))
    })
}

fn resolve(machine: &Machine<'_>, node: &str) -> Option<Vec<String>> {
    if node.starts_with('-') {
        return None;
    }
    let first = |text: String| text.lines().next().map(str::to_owned);
    let forward = machine.output("getent", &["ahosts", node]).and_then(first)?;
    let address = forward.split_whitespace().next()?;
    let reverse = machine.output("getent", &["hosts", address]).and_then(first)?;
    Some(reverse.split_whitespace().skip(1).map(str::to_owned).collect())
}
