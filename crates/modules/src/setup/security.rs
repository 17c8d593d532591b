//! What restricts programs: AppArmor, SELinux, capabilities, FIPS.

use super::Machine;
use super::subset::Gathered;
use churten_module::prelude::*;
use churten_module::selinux;

pub(super) fn apparmor(machine: &Machine<'_>, gathered: &mut Gathered) {
    let enabled = machine.exists("/sys/kernel/security/apparmor");
    gathered.insert("apparmor", Dict::from([("status", if enabled { "enabled" } else { "disabled" })]));
}

pub(super) fn fips(machine: &Machine<'_>, gathered: &mut Gathered) {
    gathered.insert("fips", machine.value("/proc/sys/crypto/fips_enabled").as_deref() == Some("1"));
}

pub(super) fn selinux(machine: &Machine<'_>, gathered: &mut Gathered) {
    gathered.insert("selinux_python_present", true);
    let mut facts = Dict::new();
    if machine.host.labels().is_none() {
        facts.insert("status", "disabled");
    } else {
        facts.insert("status", "enabled");
        let number = |path: &str| machine.value(path).and_then(|text| text.parse::<i64>().ok());
        let version = number("/sys/fs/selinux/policyvers");
        facts.insert("policyvers", version.map_or("unknown".into(), Value::from));
        let configuration = machine.read("/etc/selinux/config").unwrap_or_default();
        facts.insert("config_mode", selinux::configured_mode(&configuration).unwrap_or("unknown"));
        let mode = number("/sys/fs/selinux/enforce");
        facts.insert("mode", mode.map_or("unknown", |mode| if mode == 0 { "permissive" } else { "enforcing" }));
        facts.insert("type", selinux::policy_type(&configuration));
    }
    gathered.insert("selinux", facts);
}

/// The capabilities as `capsh --print` writes them. It is not asked when the answer is clear: all, or none.
pub(super) fn capabilities(machine: &Machine<'_>, gathered: &mut Gathered) {
    if machine.host.find_program("capsh", &[]).is_none() {
        return;
    }
    let set = |status: &str, name: &str| {
        status.lines().find_map(|line| u64::from_str_radix(line.strip_prefix(name)?.trim(), 16).ok())
    };
    let status = machine.read("/proc/self/status").unwrap_or_default();
    let last: Option<u32> = machine.value("/proc/sys/kernel/cap_last_cap").and_then(|text| text.parse().ok());
    let all = last.and_then(|last| 1_u64.checked_shl(last + 1)).map(|bit| bit.wrapping_sub(1));
    let sets = ["CapInh:", "CapPrm:", "CapEff:"].map(|name| set(&status, name));
    let current = match sets {
        [Some(0), Some(0), Some(0)] => Some("=".to_owned()),
        [Some(0), permitted, effective] if all.is_some() && permitted == all && effective == all => {
            Some("=ep".to_owned())
        }
        _ => machine.output("capsh", &["--print"]).and_then(|text| {
            text.lines().find_map(|line| line.strip_prefix("Current:").map(|rest| rest.trim().to_owned()))
        }),
    };
    let Some(current) = current else { return };
    if current == "=ep" {
        gathered.insert("system_capabilities_enforced", "False");
        gathered.insert("system_capabilities", Value::list(Vec::new()));
        return;
    }
    let listed = current.split_once('=').map_or("", |(_, listed)| listed.split('=').next().unwrap_or_default());
    let names: Vec<&str> = listed.split(',').map(str::trim).collect();
    gathered.insert("system_capabilities_enforced", "True");
    gathered.insert("system_capabilities", names);
}
