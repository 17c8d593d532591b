//! Which package manager the host has.

use super::Machine;
use super::subset::Gathered;

/// Programs and the managers they belong to. The last one found counts, unless the family of the distribution says
/// otherwise.
const PROGRAMS: &[(&str, &str)] = &[
    ("/usr/bin/rpm-ostree", "atomic_container"),
    ("/usr/bin/yum", "yum"),
    ("/usr/bin/dnf-3", "dnf"),
    ("/usr/bin/dnf5", "dnf5"),
    ("/usr/bin/apt-get", "apt"),
    ("/usr/bin/zypper", "zypper"),
    ("/usr/sbin/urpmi", "urpmi"),
    ("/usr/bin/pacman", "pacman"),
    ("/bin/opkg", "opkg"),
    ("/usr/pkg/bin/pkgin", "pkgin"),
    ("/opt/local/bin/pkgin", "pkgin"),
    ("/opt/tools/bin/pkgin", "pkgin"),
    ("/opt/local/bin/port", "macports"),
    ("/usr/local/bin/brew", "homebrew"),
    ("/opt/homebrew/bin/brew", "homebrew"),
    ("/sbin/apk", "apk"),
    ("/usr/sbin/pkg", "pkgng"),
    ("/usr/sbin/swlist", "swdepot"),
    ("/usr/bin/emerge", "portage"),
    ("/usr/sbin/pkgadd", "svr4pkg"),
    ("/usr/bin/pkg", "pkg5"),
    ("/usr/bin/xbps-install", "xbps"),
    ("/usr/local/sbin/pkg", "pkgng"),
    ("/usr/bin/swupd", "swupd"),
    ("/usr/sbin/sorcery", "sorcery"),
    ("/usr/bin/installp", "installp"),
    ("/QOpenSys/pkgs/bin/yum", "yum"),
];

pub(super) fn collect(machine: &Machine<'_>, gathered: &mut Gathered) {
    let has = |path: &str| machine.exists(path);
    let found: Vec<&str> = PROGRAMS.iter().filter(|(path, _)| has(path)).map(|(_, name)| *name).collect();
    let mut manager = found.last().copied().unwrap_or("unknown");
    match gathered.text("os_family") {
        "RedHat" => {
            // What `dnf` is differs by release; a system made of images is updated as a whole.
            let link = machine.link_name("/usr/bin/dnf");
            manager = if machine.exists("/run/ostree-booted") {
                "atomic_container"
            } else {
                match link.as_deref().filter(|_| has("/usr/bin/dnf")) {
                    Some("dnf5") => "dnf5",
                    Some(_) => "dnf",
                    None if found.contains(&"dnf5") => "dnf5",
                    None if found.contains(&"dnf") => "dnf",
                    None if has("/usr/bin/yum") => "yum",
                    None if has("/usr/bin/microdnf") => "dnf",
                    None => "unknown",
                }
            };
        }
        "Debian" if manager != "apt" && has("/usr/bin/apt-get") => manager = "apt",
        "Altlinux" if manager == "apt" => manager = "apt_rpm",
        "Suse" if found.contains(&"zypper") => manager = "zypper",
        _ if manager == "apt" && has("/usr/bin/rpm") && !has("/usr/bin/dpkg") => manager = "apt_rpm",
        _ => {}
    }
    gathered.insert("pkg_mgr", manager);
}
