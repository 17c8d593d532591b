use crate::run;
use crate::setup::runs_systemd;
use churten_module::prelude::*;

/// Set the name of the host, now and for the next start. `/etc/hosts` is left alone.
#[derive(Args)]
pub(crate) struct HostName {
    /// The name.
    name: String,
    /// How the host keeps its name; found out when not given.
    #[arg(choices(
        "alpine", "debian", "freebsd", "generic", "macos", "macosx", "darwin", "openbsd", "openrc", "redhat", "sles",
        "solaris", "systemd"
    ))]
    r#use: Option<String>,
}

/// The longest name that `hostnamectl` takes.
const MAX_SYSTEMD: usize = 64;

/// Larger files are not those that are meant.
const LIMIT: u64 = 1 << 20;

/// How a host keeps its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Strategy {
    /// `hostnamectl`.
    Systemd,
    /// A file that holds nothing else; the name counts from the next start.
    File(&'static str),
    /// The same, and `hostname` sets it at once.
    Alpine,
    /// A line `NAME=` in a file.
    Line(&'static str, &'static str),
}

impl Strategy {
    fn of(name: Option<&str>, host: &dyn Observe) -> Result<Self> {
        Ok(match name {
            Some("systemd" | "debian") => Self::Systemd,
            Some("alpine") => Self::Alpine,
            Some("openrc") => Self::Line("/etc/conf.d/hostname", "hostname"),
            Some("redhat") => Self::Line("/etc/sysconfig/network", "HOSTNAME"),
            Some("sles") => Self::File("/etc/HOSTNAME"),
            Some(other) => return Err(Failure::not_yet(format!("the hostname strategy {other}"))),
            None if runs_systemd(host) => Self::Systemd,
            None => match distribution(host).as_str() {
                "alpine" => Self::Alpine,
                "gentoo" => Self::Line("/etc/conf.d/hostname", "hostname"),
                "sles" => Self::File("/etc/HOSTNAME"),
                "debian" | "ubuntu" | "devuan" | "kali" | "linuxmint" | "raspbian" | "parrot" | "pop" => {
                    Self::File("/etc/hostname")
                }
                _ => Self::Systemd,
            },
        })
    }

    /// The name that counts now, and that of the next start.
    fn names(self, host: &dyn Observe) -> Result<(String, String)> {
        match self {
            Self::Systemd => {
                let program = run::program(host, "hostnamectl")?;
                let ask = |kind: &str| {
                    let command = Command::new([program.as_str(), kind, "status"]);
                    let output = host.query(&command).map_err(|e| Failure::could_not_run(&command.program, &e))?;
                    let (rc, out, err) = (output.code, output.stdout_text(), output.stderr_text());
                    if rc == 0 {
                        return Ok::<String, Failure>(out.trim().to_owned());
                    }
                    Err(Failure::new(format!("Command failed rc={rc}, out={out}, err={err}")))
                };
                Ok((ask("--transient")?, ask("--static")?))
            }
            Self::Alpine => Ok((host.hostname(), content(host, "/etc/hostname").trim().to_owned())),
            Self::File(path) => {
                let name = content(host, path).trim().to_owned();
                Ok((name.clone(), name))
            }
            Self::Line(path, key) => {
                let text = content(host, path);
                let found = text.lines().find_map(|line| value(line, key)).map(str::to_owned);
                match found {
                    Some(name) => Ok((host.hostname(), name)),
                    None if key == "HOSTNAME" => fail!("Unable to locate HOSTNAME entry in {path}"),
                    None if host.stat(Path::new(path))?.is_none() => {
                        fail!("failed to update hostname: [Errno 2] No such file or directory: '{path}'")
                    }
                    None => Ok((host.hostname(), String::new())),
                }
            }
        }
    }

    fn set(self, host: &dyn Observe, name: &str, (current, permanent): (&str, &str), plan: &mut Plan) -> Result<()> {
        let failure = "Command failed rc={rc}, out={stdout}, err={stderr}";
        let write = |path: &str, text: String| {
            Step::Write(Write { follow: true, labelling: Labelling::Made, ..Write::new(path, text) })
        };
        match self {
            Self::Systemd => {
                let program = run::program(host, "hostnamectl")?;
                if permanent != name {
                    plan.run(Command::new([&program, "--pretty", "--static", "set-hostname", name]), failure);
                }
                if current != name {
                    plan.run(Command::new([&program, "--transient", "set-hostname", name]), failure);
                }
            }
            Self::File(path) => plan.step(write(path, format!("{name}\n"))),
            Self::Alpine => {
                if permanent != name {
                    plan.step(write("/etc/hostname", format!("{name}\n")));
                }
                plan.run(Command::new([&*run::program(host, "hostname")?, "-F", "/etc/hostname"]), failure);
            }
            Self::Line(path, key) => {
                let text = content(host, path);
                let quote = if key == "hostname" { "\"" } else { "" };
                let line = format!("{key}={quote}{name}{quote}");
                let mut lines: Vec<&str> = text.lines().collect();
                match lines.iter_mut().find(|line| value(line, key).is_some()) {
                    Some(old) => *old = &line,
                    None => lines.push(&line),
                }
                if permanent != name {
                    plan.step(write(path, lines.join("\n") + "\n"));
                }
                if current != name {
                    plan.run(Command::new([&*run::program(host, "hostname")?, name]), failure);
                }
            }
        }
        Ok(())
    }
}

fn content(host: &dyn Observe, path: &str) -> String {
    let bytes = host.read_bounded(Path::new(path), LIMIT).unwrap_or_default();
    churten_value::escape_bytes(&bytes).into_owned()
}

/// The value of `key=value`, without quotes.
fn value<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    let value = line.trim().strip_prefix(key)?.strip_prefix('=')?;
    Some(value.trim().trim_matches('"'))
}

/// `ID` of `/etc/os-release`.
fn distribution(host: &dyn Observe) -> String {
    let text = content(host, "/etc/os-release");
    text.lines().find_map(|line| value(line, "ID")).unwrap_or_default().to_owned()
}

impl State for HostName {
    const NAME: &'static str = "hostname";

    fn plan(&self, host: &dyn Observe, _options: &Options) -> Result<Plan> {
        let strategy = Strategy::of(self.r#use.as_deref(), host)?;
        let name = self.name.as_str();
        if strategy == Strategy::Systemd && name.len() > MAX_SYSTEMD {
            fail!("name cannot be longer than {MAX_SYSTEMD} characters on systemd servers, try a shorter name");
        }
        let (current, permanent) = strategy.names(host)?;
        let mut plan = Plan::new();
        plan.changed = current != name || permanent != name;
        plan.set("name", name);
        if plan.changed {
            strategy.set(host, name, (&current, &permanent), &mut plan)?;
            let before = if current == name { &permanent } else { &current };
            let shown = |name: &str| format!("hostname = {name}\n");
            plan.set("diff", Dict::from([("after", shown(name)), ("before", shown(before))]));
        }
        Ok(plan.with("ansible_facts", facts(host, name)))
    }

    fn report(&self, host: &dyn Observe, _options: &Options, result: &mut Dict) -> Result<()> {
        // Its own name may be a part of what the host makes of it.
        result.insert("ansible_facts", facts(host, &self.name));
        Ok(())
    }
}

/// The facts as they are when the name counts.
fn facts(host: &dyn Observe, name: &str) -> Dict {
    let full = crate::setup::fully_qualified_name(host);
    let domain = full.split_once('.').map_or("", |(_, domain)| domain);
    Dict::from([
        ("ansible_hostname", name.split('.').next().unwrap_or_default()),
        ("ansible_nodename", name),
        ("ansible_fqdn", &full),
        ("ansible_domain", domain),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use churten_module::FakeHost;

    #[test]
    fn strategies() {
        let debian = FakeHost::new().with_file("/etc/os-release", "NAME=\"Debian\"\nID=debian\n");
        assert_eq!(Strategy::of(None, &debian).ok(), Some(Strategy::File("/etc/hostname")));
        let alpine = FakeHost::new().with_file("/etc/os-release", "ID=\"alpine\"\n");
        assert_eq!(Strategy::of(None, &alpine).ok(), Some(Strategy::Alpine));
        assert!(Strategy::of(Some("solaris"), &alpine).is_err());
    }
}
