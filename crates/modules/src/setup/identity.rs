//! The user, the environment, the keys of the ssh server.

use super::Machine;
use super::subset::Gathered;
use churten_module::prelude::*;

pub(super) fn environment(machine: &Machine<'_>, gathered: &mut Gathered) {
    let variables: Dict = machine.host.environment().into_iter().collect();
    gathered.insert("env", variables);
}

pub(super) fn user(machine: &Machine<'_>, gathered: &mut Gathered) {
    let identity = machine.host.identity();
    let status = machine.read("/proc/self/status").unwrap_or_default();
    let real = |name: &str| -> Option<u32> {
        status.lines().find_map(|line| line.strip_prefix(name)?.split_whitespace().next()?.parse().ok())
    };
    let real_uid = real("Uid:").unwrap_or(identity.uid);
    let named = ["LOGNAME", "USER", "LNAME", "USERNAME"]
        .iter()
        .find_map(|name| machine.host.variable(name).filter(|value| !value.is_empty()));
    let by_id = || machine.host.user_by_id(real_uid);
    let entry = named.as_deref().and_then(|name| machine.host.user_by_name(name)).or_else(by_id);
    let name = named.or_else(|| entry.as_ref().map(|entry| entry.name.clone()));
    gathered.insert("user_id", name);
    if let Some(entry) = entry {
        gathered.insert("user_uid", entry.uid);
        gathered.insert("user_gid", entry.gid);
        gathered.insert("user_gecos", entry.gecos);
        gathered.insert("user_dir", entry.home);
        gathered.insert("user_shell", entry.shell);
    }
    gathered.insert("real_user_id", real_uid);
    gathered.insert("effective_user_id", identity.uid);
    gathered.insert("real_group_id", real("Gid:").unwrap_or(identity.gid));
    gathered.insert("effective_group_id", identity.gid);
}

/// The public keys, from the first directory that has any.
pub(super) fn ssh_host_keys(machine: &Machine<'_>, gathered: &mut Gathered) {
    for directory in ["/etc/ssh", "/etc/openssh", "/etc"] {
        let mut found = false;
        for kind in ["dsa", "rsa", "ecdsa", "ed25519"] {
            let Some(line) = machine.read(format!("{directory}/ssh_host_{kind}_key.pub")) else { continue };
            let mut fields = line.split_whitespace();
            let (Some(key_type), Some(key)) = (fields.next(), fields.next()) else { continue };
            gathered.insert(&format!("ssh_host_key_{kind}_public"), key);
            gathered.insert(&format!("ssh_host_key_{kind}_public_keytype"), key_type);
            found = true;
        }
        if found {
            return;
        }
    }
}
