//! The `yum_repository` module.

use crate::config_parser::ConfigFile;
use churten_module::prelude::*;
use churten_module::python_path_error;
use churten_value::sort;

/// Describe a repository of packages for dnf and yum, or forget it.
///
/// The file is written anew: comments in it are lost, and what is not given of this repository, too.
#[derive(Args)]
#[args(
    required_if_any("state", "present", "baseurl", "mirrorlist", "metalink"),
    required_if("state", "present", "description")
)]
pub(crate) struct YumRepository {
    /// The most bytes a second that `throttle` counts from.
    bandwidth: Option<String>,
    /// Addresses of the repository.
    baseurl: Option<Vec<String>>,
    /// What using it costs, compared with others.
    cost: Option<String>,
    /// Let it count this machine.
    countme: Option<bool>,
    /// Without effect in dnf.
    deltarpm_metadata_percentage: Option<String>,
    /// The share of a package that a difference may have at most.
    deltarpm_percentage: Option<String>,
    /// What people call it.
    description: Option<String>,
    /// Use it.
    enabled: Option<bool>,
    /// Use its groups of packages.
    enablegroups: Option<bool>,
    /// Packages to leave out.
    #[arg(alias("excludepkgs"))]
    exclude: Option<Vec<String>>,
    /// Which address is next.
    #[arg(choices("roundrobin", "priority"))]
    failovermethod: Option<String>,
    /// The name of the file, without `.repo`; the name of the repository when not given.
    file: Option<String>,
    /// Without effect in dnf.
    gpgcakey: Option<String>,
    /// Check the signatures of packages.
    gpgcheck: Option<bool>,
    /// Addresses of keys.
    gpgkey: Option<Vec<String>>,
    /// Take packages whatever modules are on.
    module_hotfixes: Option<bool>,
    /// Without effect in dnf.
    #[arg(choices("all", "packages", "none"))]
    http_caching: Option<String>,
    /// Another file of settings.
    include: Option<String>,
    /// The only packages to take.
    includepkgs: Option<Vec<String>>,
    /// The kind of addresses to use.
    #[arg(choices("4", "6", "IPv4", "IPv6", "whatever"))]
    ip_resolve: Option<String>,
    /// Without effect in dnf.
    keepalive: Option<bool>,
    /// Keep what was downloaded.
    #[arg(choices("0", "1"))]
    keepcache: Option<String>,
    /// How long its lists are good.
    metadata_expire: Option<String>,
    /// Without effect in dnf.
    #[arg(choices("never", "read-only:past", "read-only:present", "read-only:future"))]
    metadata_expire_filter: Option<String>,
    /// The address of a list of mirrors.
    metalink: Option<String>,
    /// The address of a list of addresses.
    mirrorlist: Option<String>,
    /// Without effect in dnf.
    mirrorlist_expire: Option<String>,
    /// Its identifier.
    name: String,
    /// A password for it.
    #[arg(no_log)]
    password: Option<String>,
    /// Its place among others.
    priority: Option<String>,
    /// Without effect in dnf.
    protect: Option<bool>,
    /// A proxy, or `_none_`.
    proxy: Option<String>,
    /// A password for the proxy.
    #[arg(no_log)]
    proxy_password: Option<String>,
    /// A user of the proxy.
    proxy_username: Option<String>,
    /// Check the signature of its lists.
    repo_gpgcheck: Option<bool>,
    /// The directory of the files.
    #[arg(default = "/etc/yum.repos.d")]
    reposdir: PathBuf,
    /// How often to try.
    retries: Option<String>,
    /// Ask with the credentials of Amazon's roles.
    s3_enabled: Option<bool>,
    /// Go on without it.
    skip_if_unavailable: Option<bool>,
    /// Authorities for its certificate.
    #[arg(alias("ca_cert"))]
    sslcacert: Option<String>,
    /// Without effect in dnf.
    ssl_check_cert_permissions: Option<bool>,
    /// A certificate to show.
    #[arg(alias("client_cert"))]
    sslclientcert: Option<String>,
    /// The key of that certificate.
    #[arg(alias("client_key"))]
    sslclientkey: Option<String>,
    /// Check its certificate.
    #[arg(alias("validate_certs"))]
    sslverify: Option<bool>,
    /// What should be.
    #[arg(default = "present")]
    state: Wanted,
    /// The most bytes a second.
    throttle: Option<String>,
    /// Seconds to wait for it.
    timeout: Option<String>,
    /// Without effect in dnf.
    ui_repoid_vars: Option<String>,
    /// A user of it.
    username: Option<String>,
    /// Without effect in dnf.
    r#async: Option<bool>,
    #[arg(flatten)]
    file_arguments: FileArguments,
}

#[derive(Choice, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Present,
    Absent,
}

/// Larger files are not repositories.
const LIMIT: u64 = 16 << 20;
/// What dnf no longer knows.
const WITHOUT_EFFECT: [&str; 9] = [
    "deltarpm_metadata_percentage",
    "gpgcakey",
    "http_caching",
    "keepalive",
    "metadata_expire_filter",
    "mirrorlist_expire",
    "protect",
    "ssl_check_cert_permissions",
    "ui_repoid_vars",
];

impl State for YumRepository {
    const NAME: &'static str = "yum_repository";

    fn plan(&self, host: &dyn Observe, options: &Options) -> Result<Plan> {
        if !host.stat(&self.reposdir)?.is_some_and(|stat| stat.is_directory()) {
            fail!("Repo directory '{}' does not exist.", self.reposdir.display());
        }
        let name = self.file.as_ref().unwrap_or(&self.name);
        let path = self.reposdir.join(format!("{name}.repo"));
        let existing = host.stat(&path)?;
        let mut file = match &existing {
            Some(stat) if stat.is_file() => {
                let bytes = host.read_bounded(&path, LIMIT)?;
                let text =
                    String::from_utf8(bytes).map_err(|_| Failure::new(format!("{} is not UTF-8", path.display())))?;
                ConfigFile::read(&text)
                    .ok_or_else(|| Failure::new(format!("{} cannot be read as a file of settings", path.display())))?
            }
            _ => ConfigFile::default(),
        };
        let before = shown(&file);
        file.sections.retain(|(name, _)| *name != self.name);
        if self.state == Wanted::Present {
            if self.name == "DEFAULT" {
                fail!("Invalid section name: 'DEFAULT'");
            }
            let given = self.settings().into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
            file.sections.push((self.name.clone(), given.collect()));
        }
        let after = shown(&file);
        let mut plan = Plan::new()
            .with("repo", self.name.as_str())
            .with("state", if self.state == Wanted::Present { "present" } else { "absent" });
        if before != after {
            if file.sections.is_empty() {
                plan.step(Step::Remove(path.clone()));
            } else {
                let parent = path.parent().unwrap_or(Path::new("/"));
                // "No such file or directory", "Is a directory".
                let problem = match &existing {
                    Some(stat) if stat.is_directory() => Some(21),
                    None if host.stat(parent)?.is_none() => Some(2),
                    _ => None,
                };
                if let Some(code) = problem.filter(|_| !options.check) {
                    let reason =
                        python_path_error(&std::io::Error::from_raw_os_error(code), &path).replace(": b'", ": '");
                    return Err(Failure::new(format!("Problems handling file '{}'.", path.display()))
                        .with("details", reason.as_str())
                        .caused_by(reason));
                }
                let mut write = Write::new(path.clone(), file.written());
                write.labelling = Labelling::Made;
                write.unsafe_writes = self.file_arguments.unsafe_writes;
                write.follow = true;
                plan.step(Step::Write(write));
            }
        }
        let header = path.display().to_string();
        plan.set(
            "diff",
            Dict::from([
                ("before_header", header.as_str()),
                ("before", &before),
                ("after_header", &header),
                ("after", &after),
            ]),
        );
        let current = match existing {
            Some(stat) => Some(stat),
            None if options.check => None,
            None => Some(churten_module::new_entry(host, FileKind::File)),
        };
        if let Some(current) = current.filter(|_| !file.sections.is_empty()) {
            let mut differences = Differences::default();
            self.file_arguments.plan(host, &path, &current, &mut differences, &mut plan)?;
        }
        let deprecations = self.deprecations();
        if !deprecations.is_empty() {
            plan.set("deprecations", Value::list(deprecations));
        }
        Ok(plan)
    }
}

impl YumRepository {
    /// The settings as the file has them.
    fn settings(&self) -> Vec<(&'static str, Option<String>)> {
        let text = |value: &Option<String>| value.clone();
        let flag = |value: &Option<bool>| value.map(|value| i32::from(value).to_string());
        let lines = |value: &Option<Vec<String>>| value.as_ref().map(|items| items.join("\n"));
        let words = |value: &Option<Vec<String>>| value.as_ref().map(|items| items.join(" "));
        vec![
            ("async", flag(&self.r#async)),
            ("bandwidth", text(&self.bandwidth)),
            ("baseurl", lines(&self.baseurl)),
            ("cost", text(&self.cost)),
            ("countme", flag(&self.countme)),
            ("deltarpm_metadata_percentage", text(&self.deltarpm_metadata_percentage)),
            ("deltarpm_percentage", text(&self.deltarpm_percentage)),
            ("enabled", flag(&self.enabled)),
            ("enablegroups", flag(&self.enablegroups)),
            ("exclude", words(&self.exclude)),
            ("failovermethod", text(&self.failovermethod)),
            ("gpgcakey", text(&self.gpgcakey)),
            ("gpgcheck", flag(&self.gpgcheck)),
            ("gpgkey", lines(&self.gpgkey)),
            ("http_caching", text(&self.http_caching)),
            ("include", text(&self.include)),
            ("includepkgs", words(&self.includepkgs)),
            ("ip_resolve", text(&self.ip_resolve)),
            ("keepalive", flag(&self.keepalive)),
            ("keepcache", text(&self.keepcache)),
            ("metadata_expire", text(&self.metadata_expire)),
            ("metadata_expire_filter", text(&self.metadata_expire_filter)),
            ("metalink", text(&self.metalink)),
            ("mirrorlist", text(&self.mirrorlist)),
            ("mirrorlist_expire", text(&self.mirrorlist_expire)),
            ("module_hotfixes", flag(&self.module_hotfixes)),
            ("name", text(&self.description)),
            ("password", text(&self.password)),
            ("priority", text(&self.priority)),
            ("protect", flag(&self.protect)),
            ("proxy", text(&self.proxy)),
            ("proxy_password", text(&self.proxy_password)),
            ("proxy_username", text(&self.proxy_username)),
            ("repo_gpgcheck", flag(&self.repo_gpgcheck)),
            ("retries", text(&self.retries)),
            ("s3_enabled", flag(&self.s3_enabled)),
            ("skip_if_unavailable", flag(&self.skip_if_unavailable)),
            ("ssl_check_cert_permissions", flag(&self.ssl_check_cert_permissions)),
            ("sslcacert", text(&self.sslcacert)),
            ("sslclientcert", text(&self.sslclientcert)),
            ("sslclientkey", text(&self.sslclientkey)),
            ("sslverify", flag(&self.sslverify)),
            ("throttle", text(&self.throttle)),
            ("timeout", text(&self.timeout)),
            ("ui_repoid_vars", text(&self.ui_repoid_vars)),
            ("username", text(&self.username)),
        ]
    }

    /// The settings that are given and soon are none.
    fn deprecations(&self) -> Vec<Value> {
        let given: Vec<&str> =
            self.settings().iter().filter(|(_, value)| value.is_some()).map(|(name, _)| *name).collect();
        let why = |name: &str| match name {
            "async" => Some(("it has been removed on systems supported by ansible-core", "2.22")),
            "keepcache" => Some(("it is only valid in the main configuration.", "2.20")),
            name if WITHOUT_EFFECT.contains(&name) => {
                Some(("it has no effect with dnf as an underlying package manager.", "2.22"))
            }
            _ => None,
        };
        let told = |name: &&str| {
            let (reason, version) = why(name)?;
            Some(Value::from(Dict::from([
                ("msg", Value::from(format!("'{name}' parameter is deprecated as {reason}"))),
                ("version", version.into()),
                ("collection_name", "ansible.builtin".into()),
                ("plugin", "module 'yum_repository'".into()),
            ])))
        };
        given.iter().filter_map(told).collect()
    }
}

/// The repositories as a difference shows them: sorted, with what holds for all of them in each.
fn shown(file: &ConfigFile) -> String {
    let mut sections: Vec<_> = file.sections.iter().collect();
    sort(&mut sections);
    let mut text = String::new();
    for (name, entries) in sections {
        let defaults = file.defaults.iter().filter(|(name, _)| !entries.iter().any(|(own, _)| own == name));
        let mut entries: Vec<_> = entries.iter().chain(defaults).collect();
        sort(&mut entries);
        text += &format!("[{name}]\n");
        for (name, value) in entries {
            text += &format!("{name} = {value}\n");
        }
        text += "\n";
    }
    text
}
