use churten_module::prelude::*;

/// What dnf of either generation is told.
#[derive(Args)]
#[args(exclusive("name", "list"), exclusive("best", "nobest"), one_of("name", "list", "update_cache"))]
pub(crate) struct Settings {
    /// Lower an installed package to a version that is asked for.
    #[arg(default = false)]
    pub(crate) allow_downgrade: bool,
    /// Remove packages that are in the way.
    #[arg(default = false)]
    pub(crate) allowerasing: bool,
    /// Remove packages that nothing needs any more; alone, or with `state: absent`.
    #[arg(default = false)]
    pub(crate) autoremove: bool,
    /// The highest version, or none.
    pub(crate) best: Option<bool>,
    /// With `latest` only what fixes bugs.
    #[arg(default = false)]
    pub(crate) bugfix: bool,
    /// Ask no repository, take what is known already.
    #[arg(default = false)]
    pub(crate) cacheonly: bool,
    /// The configuration file.
    pub(crate) conf_file: Option<String>,
    /// The excludes of the configuration that do not count: `all`, `main`, or those of a repository.
    pub(crate) disable_excludes: Option<String>,
    /// Do not check signatures.
    #[arg(default = false)]
    pub(crate) disable_gpg_check: bool,
    /// Plugins of dnf that are left out.
    #[arg(default = [])]
    pub(crate) disable_plugin: Vec<String>,
    /// Repositories that are left out; separated by commas, too.
    #[arg(default = [])]
    pub(crate) disablerepo: Vec<String>,
    /// Only download packages.
    #[arg(default = false)]
    pub(crate) download_only: bool,
    /// Where they are downloaded to.
    pub(crate) download_dir: Option<String>,
    /// Plugins of dnf that are used.
    #[arg(default = [])]
    pub(crate) enable_plugin: Vec<String>,
    /// Repositories that are used; separated by commas, too.
    #[arg(default = [])]
    pub(crate) enablerepo: Vec<String>,
    /// Packages that are not installed; separated by commas, too.
    #[arg(default = [])]
    pub(crate) exclude: Vec<String>,
    /// The root that packages are installed in.
    #[arg(default = "/")]
    pub(crate) installroot: String,
    /// Without effect.
    #[arg(default = true, deprecated("2.20", "ansible.builtin"))]
    #[expect(dead_code, reason = "nothing is needed")]
    install_repoquery: bool,
    /// Install what packages recommend, too.
    #[arg(default = true)]
    pub(crate) install_weak_deps: bool,
    /// Say what there is instead: `installed`, `updates`, `available`, `repos`, or packages.
    pub(crate) list: Option<String>,
    /// Packages: names, with a version or a pattern, files they provide, `name >= 1.0`, `@group`, package files and their
    /// addresses; separated by commas, too.
    #[arg(alias("pkg"), default = [])]
    pub(crate) name: Vec<String>,
    /// The opposite of `best`.
    pub(crate) nobest: Option<bool>,
    /// The release to take packages of.
    pub(crate) releasever: Option<String>,
    /// With `latest` only what closes holes.
    #[arg(default = false)]
    pub(crate) security: bool,
    /// Leave out what is not there or cannot be installed.
    #[arg(default = false)]
    pub(crate) skip_broken: bool,
    /// What should be; `present`, or `absent` with `autoremove`.
    pub(crate) state: Option<Presence>,
    /// Ask the repositories for what is new first.
    #[arg(alias("expire-cache"), default = false)]
    pub(crate) update_cache: bool,
    /// Only update what is installed.
    #[arg(default = "no")]
    pub(crate) update_only: bool,
    /// Check certificates where a package is downloaded from an address; dnf5 downloads by `sslverify`.
    #[arg(default = true)]
    pub(crate) validate_certs: bool,
    /// Check certificates of repositories.
    #[arg(default = true)]
    pub(crate) sslverify: bool,
    /// Without effect: dnf itself waits for another one.
    #[arg(default = 30)]
    #[expect(dead_code, reason = "dnf waits for as long as it takes")]
    lock_timeout: i64,
}

#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    Absent,
    Installed,
    Latest,
    Present,
    Removed,
}

/// The entries of a list whose elements may hold several, separated by commas.
pub(crate) fn entries(given: &[String]) -> Vec<String> {
    let parts = given.iter().flat_map(|element| element.split(','));
    parts.map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}
