//! The programs that take on another identity: their names, what they take and what they say.
//!
//! The facts are those of the plugins of ansible-core 2.19.14 and of ansible 12.3.0's collections.

/// How another identity is taken on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BecomeMethod {
    /// `sudo`.
    #[default]
    Sudo,
    /// `su`.
    Su,
    /// `doas`.
    Doas,
    /// Centrify's `dzdo`.
    Dzdo,
    /// Kerberos' `ksu`.
    Ksu,
    /// `machinectl shell`.
    Machinectl,
    /// PowerBroker's `pbrun`.
    Pbrun,
    /// `pfexec` of Solaris.
    Pfexec,
    /// Privilege Manager's `pmrun`.
    Pmrun,
    /// systemd's `run0`.
    Run0,
    /// CA Privileged Access Manager's `sesu`.
    Sesu,
    /// `su` by way of `sudo`.
    SudoSu,
    /// `podman unshare`, as another user by way of `sudo`.
    PodmanUnshare,
}

use BecomeMethod::{Doas, Dzdo, Ksu, Machinectl, Pbrun, Pfexec, Pmrun, PodmanUnshare, Run0, Sesu, Su, Sudo, SudoSu};

/// What is known of a method.
struct Facts {
    method: BecomeMethod,
    /// Ansible's full name; messages have it, but for those of ansible-core itself.
    name: &'static str,
    /// The name without its collection leads to it, too.
    short: bool,
    program: &'static str,
    flags: &'static str,
    /// Said when the password was wrong.
    incorrect: &'static [&'static str],
    /// Said when a password is needed.
    missing: &'static [&'static str],
}

/// What `sudo` says.
const SUDO: (&[&str], &[&str]) = (
    &["Sorry, try again.", "incorrect password attempt"],
    &[
        "Sorry, a password is required to run sudo",
        "sudo: a password is required",
        "sudo: a terminal is required to read the password",
    ],
);

const FLAGS: &str = "-H -S -n";

const fn facts(method: BecomeMethod, name: &'static str, program: &'static str, flags: &'static str) -> Facts {
    Facts { method, name, short: true, program, flags, incorrect: &[], missing: &[] }
}

static METHODS: [Facts; 13] = [
    Facts { incorrect: SUDO.0, missing: SUDO.1, ..facts(Sudo, "ansible.builtin.sudo", "sudo", FLAGS) },
    Facts {
        incorrect: &["Authentication failure", "su: incorrect password"],
        ..facts(Su, "ansible.builtin.su", "su", "")
    },
    Facts {
        incorrect: &["doas: Authentication failed", "Permission denied"],
        missing: &["doas: Authorization required", "doas: Authentication required"],
        ..facts(Doas, "community.general.doas", "doas", "")
    },
    Facts { incorrect: &["Sorry, try again."], ..facts(Dzdo, "community.general.dzdo", "dzdo", FLAGS) },
    Facts {
        incorrect: &["Password incorrect"],
        missing: &["No password given"],
        ..facts(Ksu, "community.general.ksu", "ksu", "")
    },
    Facts {
        incorrect: &["==== AUTHENTICATION FAILED ===="],
        ..facts(Machinectl, "community.general.machinectl", "machinectl", "")
    },
    facts(Pbrun, "community.general.pbrun", "pbrun", ""),
    facts(Pfexec, "community.general.pfexec", "pfexec", FLAGS),
    facts(Pmrun, "community.general.pmrun", "pmrun", ""),
    Facts {
        short: false,
        incorrect: &["==== AUTHENTICATION FAILED ===="],
        ..facts(Run0, "community.general.run0", "run0", "")
    },
    Facts { incorrect: &["Sorry, try again with sesu."], ..facts(Sesu, "community.general.sesu", "sesu", FLAGS) },
    Facts {
        short: false,
        incorrect: SUDO.0,
        missing: SUDO.1,
        ..facts(SudoSu, "community.general.sudosu", "sudo", FLAGS)
    },
    Facts {
        short: false,
        incorrect: SUDO.0,
        missing: SUDO.1,
        ..facts(PodmanUnshare, "containers.podman.podman_unshare", "sudo", "")
    },
];

impl BecomeMethod {
    fn facts(self) -> &'static Facts {
        static FALLBACK: Facts = facts(Sudo, "ansible.builtin.sudo", "sudo", FLAGS);
        METHODS.iter().find(|facts| facts.method == self).unwrap_or(&FALLBACK)
    }

    /// Ansible's name of the method, as messages have it.
    pub fn name(self) -> &'static str {
        let name = self.facts().name;
        name.strip_prefix("ansible.builtin.").unwrap_or(name)
    }

    /// The name of the plugin that declares its options: `become/sudo`, `become/community.general.doas`.
    pub fn plugin(self) -> String {
        format!("become/{}", self.name())
    }

    /// The method by Ansible's name, with or without its collection.
    pub fn from_name(name: &str) -> Option<Self> {
        let is = |facts: &&Facts| facts.name == name || facts.short && facts.name.rsplit('.').next() == Some(name);
        METHODS.iter().find(is).map(|facts| facts.method)
    }

    /// The program that is started when nobody says another.
    pub fn program(self) -> &'static str {
        self.facts().program
    }

    /// Its flags when nobody gives others.
    pub fn flags(self) -> &'static str {
        self.facts().flags
    }

    /// The program itself decides who one becomes, and does so whatever `become_user` says.
    pub(crate) fn picks_user(self) -> bool {
        matches!(self, Self::Pfexec | Self::Pmrun | Self::PodmanUnshare)
    }

    /// It asks for a password only in a terminal.
    pub(crate) fn asks_in_terminal(self) -> bool {
        matches!(self, Self::Doas | Self::Machinectl | Self::Run0)
    }

    pub(crate) fn incorrect(self) -> &'static [&'static str] {
        self.facts().incorrect
    }

    pub(crate) fn missing(self) -> &'static [&'static str] {
        self.facts().missing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (written, expected) in [
            ("sudo", Some("sudo")),
            ("ansible.builtin.su", Some("su")),
            ("doas", Some("community.general.doas")),
            ("community.general.run0", Some("community.general.run0")),
            ("run0", None),
            ("enable", None),
        ] {
            assert_eq!(BecomeMethod::from_name(written).map(BecomeMethod::name), expected, "{written}");
        }
        for facts in &METHODS {
            assert_eq!(BecomeMethod::from_name(facts.name), Some(facts.method));
        }
    }
}
