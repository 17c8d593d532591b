use churten_module::prelude::*;

/// Manage packages with apt.
///
/// What is installed is read from dpkg's own file; `apt-cache` and `apt-get` are run only when there is something to
/// find out or to do. No Python and no `python3-apt` are needed on the host.
#[derive(Args)]
#[args(exclusive("deb", "package", "upgrade"), one_of("autoremove", "deb", "package", "update_cache", "upgrade"))]
pub(crate) struct Apt {
    /// What should be.
    #[arg(default = "present")]
    pub(super) state: Presence,
    /// Fetch the lists of packages first.
    #[arg(alias("update-cache"))]
    pub(super) update_cache: Option<bool>,
    /// How often fetching them is tried again.
    #[arg(default = 5)]
    pub(super) update_cache_retries: i64,
    /// The most seconds between two tries.
    #[arg(default = 12)]
    pub(super) update_cache_retry_max_delay: i64,
    /// Fetch the lists only if they are older than this many seconds.
    #[arg(default = 0)]
    pub(super) cache_valid_time: i64,
    /// Remove configuration files too.
    #[arg(default = false)]
    pub(super) purge: bool,
    /// Names of packages; each may name a version (`name=1.0`, `name=1.*`, `name>=1.0`) or be a pattern.
    #[arg(name = "package", alias("pkg", "name"))]
    pub(super) names: Option<Vec<String>>,
    /// A package file on the host.
    pub(super) deb: Option<PathBuf>,
    /// The release to take packages from.
    #[arg(alias("default-release"))]
    pub(super) default_release: Option<String>,
    /// Install recommended packages.
    #[arg(alias("install-recommends"))]
    pub(super) install_recommends: Option<bool>,
    /// Do not check anything. Dangerous.
    #[arg(default = false)]
    pub(super) force: bool,
    /// Upgrade all packages.
    #[arg(default = "no")]
    pub(super) upgrade: Upgrade,
    /// Options for dpkg, separated by commas.
    #[arg(default = "force-confdef,force-confold")]
    pub(super) dpkg_options: String,
    /// Remove packages that nothing needs any more.
    #[arg(default = false)]
    pub(super) autoremove: bool,
    /// Remove package files that cannot be fetched any more.
    #[arg(default = false)]
    pub(super) autoclean: bool,
    /// Fail rather than remove a package.
    #[arg(default = false)]
    pub(super) fail_on_autoremove: bool,
    /// The exit code of a `policy-rc.d` for the time of the installation.
    pub(super) policy_rc_d: Option<i64>,
    /// Only upgrade what is installed.
    #[arg(default = false)]
    pub(super) only_upgrade: bool,
    /// Prefer `apt-get` to `aptitude`; churten always uses `apt-get`.
    #[arg(default = false)]
    #[expect(dead_code, reason = "there is nothing but apt-get")]
    force_apt_get: bool,
    /// Remove all package files that were fetched.
    #[arg(default = false)]
    pub(super) clean: bool,
    /// Install packages that are not signed.
    #[arg(default = false, alias("allow-unauthenticated"))]
    pub(super) allow_unauthenticated: bool,
    /// Install a lower version.
    #[arg(default = false, alias("allow-downgrade", "allow_downgrades", "allow-downgrades"))]
    pub(super) allow_downgrade: bool,
    /// Change packages that are held.
    #[arg(default = false)]
    pub(super) allow_change_held_packages: bool,
    /// Seconds to wait for another package manager.
    #[arg(default = 60)]
    pub(super) lock_timeout: i64,
    /// Install what the Python module needs; churten needs nothing.
    #[arg(default = true)]
    #[expect(dead_code, reason = "nothing is needed")]
    auto_install_module_deps: bool,
}

#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    Absent,
    #[choice("build-dep")]
    BuildDependencies,
    Fixed,
    Latest,
    Present,
}

#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Upgrade {
    #[choice("dist")]
    Distribution,
    Full,
    No,
    Safe,
    Yes,
}
