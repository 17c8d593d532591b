//! Which modules there are.

use churten_module::{Manual, Module};

/// Expands to the table of modules and, apart from it, the table of their manual pages; a program that never names
/// `MANUALS` does not carry them.
macro_rules! modules {
    ($($kind:ident $path:path,)*) => {
        /// Every module, by short name.
        pub static MODULES: &[&Module] = &[$(&const { Module::$kind::<$path>() }),*];

        /// The manual pages, in the order of [`MODULES`].
        pub static MANUALS: &[Manual] = &[$(const { Manual::$kind::<$path>() }),*];
    };
}

modules! {
    action crate::apt::Apt,
    action crate::apt_key::AptKey,
    action crate::repository::AptRepository,
    state crate::assemble::Assemble,
    action crate::async_status::AsyncStatus,
    state crate::blockinfile::BlockInFile,
    action crate::command::CommandModule,
    custom crate::copy::Copy,
    state crate::cron::Cron,
    action crate::repository::Deb822Repository,
    action crate::debconf::Debconf,
    action crate::dnf::Dnf,
    action crate::dnf5::Dnf5,
    action crate::dpkg_selections::DpkgSelections,
    action crate::expect::Expect,
    state crate::file::File,
    action crate::find::Find,
    action crate::web::GetUrl,
    action crate::getent::GetEnt,
    action crate::git::Git,
    action crate::group::GroupModule,
    state crate::hostname::HostName,
    action crate::iptables::Iptables,
    state crate::known_hosts::KnownHosts,
    state crate::lineinfile::LineInFile,
    action crate::mount_facts::MountFacts,
    action crate::package_facts::PackageFacts,
    action crate::ping::Ping,
    action crate::pip::Pip,
    state crate::replace::Replace,
    action crate::rpm_key::RpmKey,
    action crate::setup::Setup,
    action crate::service::SysVInit,
    action crate::systemd::Systemd,
    action crate::systemd::SystemdService,
    custom crate::service::Service,
    action crate::service_facts::ServiceFacts,
    action crate::slurp::Slurp,
    action crate::stat::Stat,
    action crate::subversion::Subversion,
    action crate::tempfile::Tempfile,
    action crate::unarchive::Unarchive,
    action crate::web::Uri,
    action crate::user::UserModule,
    action crate::wait_for::WaitFor,
    state crate::yum_repository::YumRepository,
    action crate::posix::AuthorizedKey,
    action crate::posix::Mount,
    action crate::posix::Synchronize,
    action crate::posix::Sysctl,
    action crate::general::Alternatives,
    action crate::general::Archive,
    state crate::general::IniFile,
    action crate::general::LocaleGen,
    action crate::general::Modprobe,
    action crate::general::Npm,
    state crate::general::PamLimits,
    action crate::general::TimeZone,
    action crate::general::Ufw,
}

/// The module of a name: short (`file`), or of `ansible.builtin.` or `ansible.legacy.`; of other collections the full one.
pub fn find(name: &str) -> Option<&'static Module> {
    let short = name.strip_prefix("ansible.builtin.").or_else(|| name.strip_prefix("ansible.legacy.")).unwrap_or(name);
    MODULES.iter().copied().find(|module| module.name == short)
}
