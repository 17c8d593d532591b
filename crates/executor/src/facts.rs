//! Facts as variables.

/// May a fact become a variable of its own? Names that decide how a host is reached, or that the engine itself sets,
/// may not come from a host.
pub(crate) fn may_be_injected(name: &str) -> bool {
    const REFUSED: [&str; 9] = [
        "ansible_connection",
        "ansible_host",
        "ansible_port",
        "ansible_user",
        "ansible_password",
        "ansible_private_key_file",
        "ansible_pipelining",
        "ansible_timeout",
        "ansible_shell_type",
    ];
    const PREFIXES: [&str; 4] = ["ansible_become", "ansible_ssh_", "ansible_paramiko_", "ansible_winrm_"];
    if name.starts_with("ansible_ssh_host_key_") {
        return true;
    }
    if name.starts_with("_ansible_") {
        return false;
    }
    let interpreter = name.ends_with("_interpreter") && !name.starts_with("ansible_discovered_interpreter_");
    !interpreter
        && !REFUSED.contains(&name)
        && !PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        && !matches!(
            name,
            "groups" | "group_names" | "hostvars" | "inventory_hostname" | "omit" | "vars" | "playbook_dir"
        )
}

#[cfg(test)]
mod tests {
    use super::may_be_injected;

    #[test]
    fn connection_names_are_refused() {
        for name in ["ansible_distribution", "ansible_ssh_host_key_ed25519_public", "custom"] {
            assert!(may_be_injected(name), "{name}");
        }
        for name in
            ["ansible_python_interpreter", "ansible_become_password", "ansible_ssh_host", "hostvars", "ansible_host"]
        {
            assert!(!may_be_injected(name), "{name}");
        }
    }
}
