//! Facts as variables.

/// Names that decide how a host is reached.
const RESTRICTED: [&str; 15] = [
    "ansible_connection",
    "ansible_facts",
    "ansible_host",
    "ansible_module_compression",
    "ansible_network_os",
    "ansible_password",
    "ansible_pipelining",
    "ansible_playbook_python",
    "ansible_port",
    "ansible_private_key_file",
    "ansible_rsync_path",
    "ansible_shell_executable",
    "ansible_shell_type",
    "ansible_timeout",
    "ansible_user",
];

/// What the names of settings of privilege escalation and of ansible-core's own connections begin with.
const PREFIXES: [&str; 6] =
    ["ansible_become", "ansible_local_", "ansible_paramiko_ssh_", "ansible_psrp_", "ansible_ssh_", "ansible_winrm_"];

/// Names that the engine itself sets.
const OWN: [&str; 11] = [
    "ansible_async_path",
    "ansible_verbosity",
    "ansible_version",
    "group_names",
    "groups",
    "hostvars",
    "inventory_dir",
    "inventory_hostname",
    "omit",
    "playbook_dir",
    "vars",
];

/// Is it a name that no fact may have, which the user is told?
pub(crate) fn is_restricted(name: &str) -> bool {
    if name.starts_with("ansible_ssh_host_key_") {
        return false;
    }
    let interpreter = name.starts_with("ansible_") && name.ends_with("_interpreter");
    interpreter || RESTRICTED.contains(&name) || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

/// May a fact become a variable of its own? Names that decide how a host is reached, or that the engine itself sets,
/// may not come from a host.
pub(crate) fn may_be_injected(name: &str) -> bool {
    !is_restricted(name) && !OWN.contains(&name) && !name.starts_with("_ansible_")
}

#[cfg(test)]
mod tests {
    use super::{is_restricted, may_be_injected};

    #[test]
    fn connection_names_are_refused() {
        for name in [
            "ansible_distribution",
            "ansible_local",
            "ansible_ssh_host_key_ed25519_public",
            "ansible_discovered_interpreter_python",
            "my_interpreter",
            "custom",
        ] {
            assert!(may_be_injected(name), "{name}");
        }
        for name in ["ansible_python_interpreter", "ansible_become_password", "ansible_ssh_host", "ansible_host"] {
            assert!(is_restricted(name) && !may_be_injected(name), "{name}");
        }
        for name in ["hostvars", "_ansible_facts_gathered"] {
            assert!(!is_restricted(name) && !may_be_injected(name), "{name}");
        }
    }
}
