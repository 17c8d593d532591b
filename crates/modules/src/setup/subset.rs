//! Which facts are wanted.

use super::{
    Machine, distribution, hardware, identity, kernel, local, network, others, package_manager, platform, python,
    security, service_manager, time, virtualization,
};
use churten_module::prelude::*;
use churten_value::sort;

/// Facts that are gathered together.
pub(super) struct Collector {
    /// The names that ask for it.
    pub(super) names: &'static [&'static str],
    /// Gathered unless `!min` is given.
    pub(super) minimal: bool,
    /// Names of collectors whose facts come along.
    pub(super) needs: &'static [&'static str],
    /// Adds the facts, without prefix.
    pub(super) collect: fn(&Machine<'_>, &mut Gathered),
}

/// Facts and warnings, as they are found.
#[derive(Default)]
pub(super) struct Gathered {
    pub(super) facts: Dict,
    /// Facts under names that get no prefix.
    pub(super) foreign: Dict,
    pub(super) warnings: Vec<String>,
}

impl Gathered {
    pub(super) fn insert(&mut self, name: &str, value: impl Into<Value>) {
        self.facts.insert(name, value);
    }

    /// A fact found before, as text.
    pub(super) fn text(&self, name: &str) -> &str {
        self.facts.get(name).and_then(Value::as_str).unwrap_or_default()
    }
}

macro_rules! collectors {
    ($($kind:ident [$($name:literal),*] needs [$($need:literal),*] $collect:path;)*) => {
        &[$(Collector {
            names: &[$($name),*],
            minimal: collectors!($kind),
            needs: &[$($need),*],
            collect: $collect,
        }),*]
    };
    (minimal) => { true };
    (more) => { false };
}

/// Every collector, those needed by others first.
pub(super) const COLLECTORS: &[Collector] = collectors! {
    minimal ["distribution", "distribution_major_version", "distribution_release", "distribution_version",
        "os_family"] needs [] distribution::collect;
    minimal ["platform", "architecture", "kernel", "kernel_version", "machine", "machine_id", "python_version",
        "system"] needs [] platform::collect;
    minimal ["apparmor"] needs [] security::apparmor;
    minimal ["caps", "system_capabilities", "system_capabilities_enforced"] needs [] security::capabilities;
    minimal ["cmdline"] needs [] kernel::command_line;
    minimal ["date_time"] needs [] time::collect;
    minimal ["dns"] needs [] network::dns;
    minimal ["env"] needs [] identity::environment;
    minimal ["fips"] needs [] security::fips;
    minimal ["local"] needs [] local::collect;
    minimal ["lsb"] needs [] distribution::lsb;
    minimal ["pkg_mgr"] needs ["distribution"] package_manager::collect;
    minimal ["python"] needs [] python::collect;
    minimal ["selinux"] needs [] security::selinux;
    minimal ["service_mgr"] needs ["distribution", "platform"] service_manager::collect;
    minimal ["ssh_pub_keys", "ssh_host_pub_keys", "ssh_host_key_dsa_public", "ssh_host_key_ecdsa_public",
        "ssh_host_key_ed25519_public", "ssh_host_key_rsa_public"] needs [] identity::ssh_host_keys;
    minimal ["user", "effective_group_ids", "effective_user_id", "real_user_id", "user_dir", "user_gecos", "user_gid",
        "user_id", "user_shell", "user_uid"] needs [] identity::user;
    more ["chroot", "is_chroot"] needs [] kernel::is_chroot;
    more ["facter"] needs [] others::facter;
    more ["fibre_channel_wwn"] needs [] hardware::fibre_channel;
    more ["hardware", "devices", "mounts", "processor", "processor_cores", "processor_count"] needs ["platform"]
        hardware::collect;
    more ["iscsi"] needs [] hardware::iscsi;
    more ["loadavg"] needs [] kernel::load;
    more ["network", "all_ipv4_addresses", "all_ipv6_addresses", "default_ipv4", "default_ipv6", "interfaces"] needs
        ["distribution", "platform"] network::collect;
    more ["nvme"] needs [] hardware::nvme;
    more ["ohai"] needs [] others::ohai;
    more ["systemd"] needs [] service_manager::systemd;
    more ["virtual", "virtualization_role", "virtualization_tech_guest", "virtualization_tech_host",
        "virtualization_type"] needs [] virtualization::collect;
};

/// The collectors that a `gather_subset` asks for, in the order of the table.
pub(super) fn select(subsets: &[String]) -> Result<Vec<&'static Collector>> {
    let has = |word: &str| subsets.iter().any(|subset| subset == word);
    for subset in subsets {
        let known = subset.starts_with('!')
            || matches!(subset.as_str(), "all" | "min")
            || COLLECTORS.iter().any(|collector| collector.names.contains(&subset.as_str()));
        if !known {
            let mut names: Vec<&str> =
                COLLECTORS.iter().flat_map(|collector| collector.names).copied().chain(["all"]).collect();
            sort(&mut names);
            fail!("Bad subset '{subset}' given to Ansible. gather_subset options allowed: {}", names.join(", "));
        }
    }
    // A name that is asked for wins over any that is refused, even itself.
    let wanted = |collector: &Collector| {
        let named = collector.names.iter().any(|name| has(name));
        let refused = collector.names.iter().any(|name| has(&format!("!{name}")))
            // To ansible-core `!min` means the first names only, and `all` brings the others back.
            || (has("!min") && collector.minimal && (collector.names.len() == 1 || !has("all") || has("!all")))
            || (has("!all") && !collector.minimal);
        named || (!refused && (collector.minimal || has("all")))
    };
    let mut chosen: Vec<bool> = COLLECTORS.iter().map(wanted).collect();
    for (index, collector) in COLLECTORS.iter().enumerate() {
        if !chosen.get(index).is_some_and(|chosen| *chosen) {
            continue;
        }
        for (other, chosen) in COLLECTORS.iter().zip(&mut chosen) {
            *chosen |= other.names.iter().any(|name| collector.needs.contains(name));
        }
    }
    Ok(COLLECTORS.iter().zip(chosen).filter(|(_, chosen)| *chosen).map(|(collector, _)| collector).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subsets_select_as_the_original() {
        let first = |subsets: &[&str]| -> Vec<&str> {
            let subsets: Vec<String> = subsets.iter().map(|subset| (*subset).to_owned()).collect();
            select(&subsets).unwrap().iter().map(|collector| collector.names[0]).collect()
        };
        let minimal: Vec<&str> = COLLECTORS.iter().filter(|c| c.minimal).map(|c| c.names[0]).collect();
        assert_eq!(first(&["all"]).len(), COLLECTORS.len());
        assert_eq!(first(&["!all"]), minimal);
        assert_eq!(first(&["!hardware"]), minimal);
        assert!(first(&["!all", "!min"]).is_empty());
        assert!(first(&["!all", "min", "!min"]).is_empty());
        assert_eq!(first(&["!all", "!min", "service_mgr"]), ["distribution", "platform", "service_mgr"]);
        assert_eq!(first(&["network", "!network", "!min"]), ["distribution", "platform", "network"]);
        assert_eq!(first(&["!all", "mounts"]).len(), minimal.len() + 1);
        assert!(!first(&["all", "!processor"]).contains(&"hardware"));
        assert!(select(&["bogus".to_owned()]).err().unwrap().msg.starts_with("Bad subset 'bogus' given to Ansible."));
    }
}
