//! Connections that are a program which runs commands inside something: containers, pods, root directories. Each is
//! called as its plugin of ansible 12.3.0 calls it, with the worker over its standard streams in place of copied files.

use super::Options;
use crate::task::to_boolean;
use churten_connection::InsideOptions;
use churten_diagnostics::Report;
use churten_syntax::shlex_split;
use churten_value::Value;

/// The options of the connection with a name, when it is one of these.
pub(super) fn options(options: &Options<'_>, name: &str) -> Result<Option<InsideOptions>, Report> {
    let plugin = |plugin| Plugin { options, plugin };
    Ok(Some(match name {
        "docker" | "community.docker.docker" => plugin("connection/community.docker.docker").docker()?,
        "community.docker.nsenter" => plugin("connection/community.docker.nsenter").nsenter()?,
        "podman" | "containers.podman.podman" => plugin("connection/containers.podman.podman").podman()?,
        "buildah" | "containers.podman.buildah" => plugin("connection/containers.podman.buildah").buildah()?,
        "kubectl" | "kubernetes.core.kubectl" => {
            plugin("connection/kubernetes.core.kubectl").kubernetes("kubectl", &KUBECTL)?
        }
        "oc" | "community.okd.oc" => plugin("connection/community.okd.oc").kubernetes("oc", &OC)?,
        "lxd" | "community.general.lxd" => plugin("connection/community.general.lxd").lxd("lxd")?,
        "community.general.incus" => plugin("connection/community.general.incus").lxd("incus")?,
        "chroot" | "community.general.chroot" => plugin("connection/community.general.chroot").chroot()?,
        _ => return Ok(None),
    }))
}

/// Options of `kubectl` and the flags they become, in this order.
const KUBECTL: [(&str, &str); 8] = [
    ("kubectl_namespace", "-n"),
    ("kubectl_kubeconfig", "--kubeconfig"),
    ("kubectl_context", "--context"),
    ("kubectl_host", "--server"),
    ("kubectl_username", "--username"),
    ("client_cert", "--client-certificate"),
    ("client_key", "--client-key"),
    ("ca_cert", "--certificate-authority"),
];

/// The same of `oc`.
const OC: [(&str, &str); 7] = [
    ("oc_namespace", "-n"),
    ("oc_kubeconfig", "--kubeconfig"),
    ("oc_context", "--context"),
    ("oc_host", "--server"),
    ("client_cert", "--client-certificate"),
    ("client_key", "--client-key"),
    ("ca_cert", "--certificate-authority"),
];

/// The options of one plugin.
#[derive(Clone, Copy)]
struct Plugin<'a> {
    options: &'a Options<'a>,
    plugin: &'static str,
}

/// Words, owned.
fn words<const N: usize>(words: [&str; N]) -> [String; N] {
    words.map(str::to_owned)
}

impl Plugin<'_> {
    fn text(&self, option: &str) -> Result<Option<String>, Report> {
        self.options.text(self.plugin, option)
    }

    /// Further arguments, as a shell splits them.
    fn arguments(&self, option: &str) -> Result<Vec<String>, Report> {
        let text = self.text(option)?.unwrap_or_default();
        shlex_split(&text).map_err(|error| Report::new(format!("{option}: {error}")))
    }

    fn flag(&self, option: &str) -> Result<bool, Report> {
        Ok(self.options.plugin(self.plugin, option)?.as_ref().and_then(to_boolean).unwrap_or(false))
    }

    /// A dictionary of variables.
    fn environment(&self, option: &str) -> Result<Vec<(String, String)>, Report> {
        let value = self.options.plugin(self.plugin, option)?;
        let entries = value.as_ref().and_then(Value::as_dict).into_iter().flat_map(|entries| entries.iter());
        Ok(entries.map(|(name, value)| (name.to_text(), value.to_text())).collect())
    }

    /// The plugin's own name of the container, by all variables that it knows.
    fn own_address(&self) -> Result<String, Report> {
        let given = self.options.given(self.plugin, "remote_addr")?;
        Ok(given.unwrap_or_else(|| self.options.context.target().to_string()))
    }

    /// The name by `ansible_host` alone, whatever the plugin declares.
    fn host_address(&self) -> Result<String, Report> {
        let given = self.options.given("connection/ssh", "host")?;
        Ok(given.unwrap_or_else(|| self.options.context.target().to_string()))
    }

    fn docker(self) -> Result<InsideOptions, Report> {
        let (address, user) = (self.own_address()?, self.text("remote_user")?);
        let mut argv = words(["docker"]).to_vec();
        argv.extend(self.arguments("docker_extra_args")?);
        argv.push("exec".to_owned());
        argv.extend(user.iter().flat_map(|user| ["-u".to_owned(), user.clone()]));
        for (name, value) in self.environment("extra_env")? {
            argv.extend(["-e".to_owned(), format!("{name}={value}")]);
        }
        argv.extend(self.text("working_dir")?.into_iter().flat_map(|directory| ["-w".to_owned(), directory]));
        argv.extend(self.flag("privileged")?.then(|| "--privileged".to_owned()));
        argv.extend(words(["-i", &address, "/bin/sh", "-c"]));
        Ok(InsideOptions { name: "docker", address, user, argv, ..InsideOptions::default() })
    }

    fn nsenter(self) -> Result<InsideOptions, Report> {
        let address = self.options.context.target().to_string();
        let pid = self.text("nsenter_pid")?.unwrap_or_else(|| "1".to_owned());
        let mut argv =
            words(["nsenter", "--ipc", "--mount", "--net", "--pid", "--uts", "--preserve-credentials"]).to_vec();
        argv.push(format!("--target={pid}"));
        argv.extend(words(["--", "/bin/sh", "-c"]));
        Ok(InsideOptions { name: "nsenter", address, user: None, argv, ..InsideOptions::default() })
    }

    fn podman(self) -> Result<InsideOptions, Report> {
        let (address, user) = (self.host_address()?, self.text("remote_user")?);
        let mut argv = vec![self.text("podman_executable")?.unwrap_or_else(|| "podman".to_owned())];
        argv.extend(self.arguments("podman_extra_args")?);
        // `-i` is ours: the worker reads what ansible-core puts into files.
        argv.extend(words(["exec", "-i"]));
        argv.extend(user.iter().flat_map(|user| ["--user".to_owned(), user.clone()]));
        argv.extend(words([&address, "/bin/sh", "-c"]));
        Ok(InsideOptions { name: "podman", address, user, argv, ..InsideOptions::default() })
    }

    fn buildah(self) -> Result<InsideOptions, Report> {
        let (address, user) = (self.host_address()?, self.text("remote_user")?);
        let mut argv = words(["buildah", "run"]).to_vec();
        argv.extend(user.iter().flat_map(|user| ["--user".to_owned(), user.clone()]));
        argv.extend(words([&address, "--", "/bin/sh", "-c"]));
        Ok(InsideOptions { name: "buildah", address, user, argv, ..InsideOptions::default() })
    }

    fn kubernetes(self, program: &'static str, flags: &[(&str, &str)]) -> Result<InsideOptions, Report> {
        let own = |option: &str| format!("{program}_{option}");
        for option in ["password", "token"].map(own) {
            let known = churten_config::Settings::plugin_definition(self.plugin, &option).is_some();
            if known && self.text(&option)?.is_some() {
                let what = format!("the option {option}, which {program} takes only where every process can read it");
                return Err(Report::not_yet(what).help("Put it into a kubeconfig file"));
            }
        }
        let config = own("kubeconfig");
        if self.options.plugin(self.plugin, &config)?.is_some_and(|value| value.as_dict().is_some()) {
            return Err(Report::not_yet(format_args!("a dictionary as {config}")));
        }
        let mut argv = words([program]).to_vec();
        for (option, flag) in flags {
            argv.extend(self.text(option)?.into_iter().flat_map(|value| [(*flag).to_owned(), value]));
        }
        // Handed on as it is written, upside down as upstream has it.
        if let Some(value) = self.options.plugin(self.plugin, "validate_certs")?.filter(Value::is_truthy) {
            argv.extend(["--insecure-skip-tls-verify".to_owned(), value.to_text()]);
        }
        argv.extend(self.arguments(&own("extra_args"))?);
        let address = match self.text(&own("pod"))? {
            Some(pod) => pod,
            None => self.host_address()?,
        };
        argv.extend(words(["exec", "-i", &address]));
        argv.extend(self.text(&own("container"))?.into_iter().flat_map(|container| ["-c".to_owned(), container]));
        argv.extend(words(["--", "/bin/sh", "-c"]));
        let environment = self.environment(&own("local_env_vars"))?;
        Ok(InsideOptions { name: program, address, user: None, argv, environment, is_root_directory: false })
    }

    /// `lxc` of LXD and `incus`, which is its descendant.
    fn lxd(self, name: &'static str) -> Result<InsideOptions, Report> {
        let address = self.own_address()?;
        let instance = address.split('.').next().unwrap_or_default();
        let user = self.text("remote_user")?.unwrap_or_else(|| "root".to_owned());
        let mut argv = words([if name == "lxd" { "lxc" } else { name }]).to_vec();
        argv.extend(self.text("project")?.into_iter().flat_map(|project| ["--project".to_owned(), project]));
        let remote = self.text("remote")?.unwrap_or_else(|| "local".to_owned());
        argv.extend(["exec".to_owned(), format!("{remote}:{instance}"), "--".to_owned()]);
        if user != "root" {
            let su = self.text(&format!("{name}_become_method"))?.unwrap_or_else(|| "/bin/su".to_owned());
            argv.extend(words([&su, &user, "-c"]));
        }
        argv.extend([self.text("executable")?.unwrap_or_else(|| "/bin/sh".to_owned()), "-c".to_owned()]);
        Ok(InsideOptions { name, address, user: Some(user), argv, ..InsideOptions::default() })
    }

    fn chroot(self) -> Result<InsideOptions, Report> {
        let address = self.own_address()?;
        let user = crate::controller::own_user();
        if user != "root" && !self.flag("disable_root_check")? {
            return Err(Report::new(
                "chroot connection requires running as root. You can override this check with the `disable_root_check` option.",
            ));
        }
        let program = self.text("chroot_exe")?.unwrap_or_else(|| "chroot".to_owned());
        let shell = self.text("executable")?.unwrap_or_else(|| "/bin/sh".to_owned());
        Ok(InsideOptions {
            name: "chroot",
            user: Some(user.to_owned()),
            argv: vec![program, address.clone(), shell, "-c".to_owned()],
            address,
            is_root_directory: true,
            ..InsideOptions::default()
        })
    }
}
