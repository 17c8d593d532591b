//! The kernel's name, the machine's name.

use super::Machine;
use super::python::Python;
use super::subset::Gathered;
use churten_module::prelude::*;
use std::time::Duration;

pub(super) fn collect(machine: &Machine<'_>, gathered: &mut Gathered) {
    let name = machine.host.system_name();
    let node = machine.host.hostname();
    let fqdn = fully_qualified_name(machine.host.observe());
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
pub(crate) fn fully_qualified_name(host: &dyn Observe) -> String {
    let node = &*host.hostname();
    let hosts = text(host, "/etc/hosts");
    let lines = || {
        hosts.lines().filter_map(|line| {
            let mut words = line.split('#').next()?.split_whitespace();
            Some((words.next()?, words.map(str::to_owned).collect::<Vec<String>>()))
        })
    };
    let address = lines().find(|(_, names)| names.iter().any(|name| name.eq_ignore_ascii_case(node)));
    let names = match address {
        Some((address, _)) => lines().find(|(other, _)| *other == address).map(|(_, names)| names),
        None if uses_other_sources(host) => resolve(host, node),
        None => None,
    };
    let Some(names) = names else { return node.to_owned() };
    names.iter().find(|name| name.contains('.')).or(names.first()).cloned().unwrap_or_else(|| node.to_owned())
}

/// The text of a file of `/etc`; none when it cannot be read.
fn text(host: &dyn Observe, path: &str) -> String {
    let bytes = host.read_bounded(Path::new(path), 4 << 20).unwrap_or_default();
    churten_value::escape_bytes(&bytes).into_owned()
}

fn uses_other_sources(host: &dyn Observe) -> bool {
    let switch = text(host, "/etc/nsswitch.conf");
    let hosts = switch.lines().find_map(|line| line.trim().strip_prefix("hosts:"));
    hosts.is_some_and(|sources| {
        sources.split_whitespace().any(|source| !matches!(source, "files" | "mymachines") && !source.starts_with('['))
    })
}

/// How long name resolution may take.
const PATIENCE: Duration = Duration::from_secs(10);

fn resolve(host: &dyn Observe, node: &str) -> Option<Vec<String>> {
    if node.starts_with('-') {
        return None;
    }
    let program = host.find_program("getent", &[])?.display().to_string();
    let first = |words: [&str; 2]| {
        let command = Command::new([&program, words[0], words[1]]).plain_locale().timeout(PATIENCE);
        let output = host.query(&command).ok()?;
        let is_usable = output.success() && !output.timed_out;
        output.stdout_text().lines().next().filter(|_| is_usable).map(str::to_owned)
    };
    let forward = first(["ahosts", node])?;
    let address = forward.split_whitespace().next()?;
    let reverse = first(["hosts", address])?;
    Some(reverse.split_whitespace().skip(1).map(str::to_owned).collect())
}
