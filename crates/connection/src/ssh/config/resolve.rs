//! All sources of options together: what one connection is to be like.

use crate::settings::{HostKeyChecking, KeyAgent, SshOptions};
use crate::ssh::config::arguments::parse_arguments;
use crate::ssh::config::reader::{Question, Settings};
use crate::ssh::config::tokens::{Tokens, expand_home, home, local_user};
use crate::ssh::pattern::matches;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A host on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Jump {
    pub(crate) user: Option<String>,
    pub(crate) host: String,
    pub(crate) port: Option<u16>,
}

/// An `IdentityFile`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    pub(crate) path: PathBuf,
    /// The user named it; a default one may be missing.
    pub(crate) named: bool,
}

/// What a connection is to be like, everything expanded.
#[derive(Clone, Debug)]
pub(crate) struct Resolved {
    /// Where to connect to.
    pub(crate) host_name: String,
    pub(crate) port: u16,
    pub(crate) user: String,
    /// The name the host key is looked up under.
    pub(crate) key_name: String,
    /// The name has no port added to it: it is a `HostKeyAlias`.
    pub(crate) key_alias: bool,
    pub(crate) identities: Vec<Identity>,
    pub(crate) certificates: Vec<PathBuf>,
    pub(crate) identities_only: bool,
    /// The agent's socket.
    pub(crate) agent: Option<PathBuf>,
    pub(crate) user_known_hosts: Vec<PathBuf>,
    pub(crate) global_known_hosts: Vec<PathBuf>,
    /// Names are hashed when they are added.
    pub(crate) hash_known_hosts: bool,
    pub(crate) strict: HostKeyChecking,
    pub(crate) check_host_key: bool,
    pub(crate) connect_timeout: Option<Duration>,
    pub(crate) connection_attempts: u32,
    pub(crate) alive_interval: Option<Duration>,
    pub(crate) alive_count: usize,
    pub(crate) compression: bool,
    pub(crate) jumps: Vec<Jump>,
    pub(crate) proxy_command: Option<String>,
    /// `inet` or `inet6`.
    pub(crate) family: Option<bool>,
    pub(crate) bind_address: Option<String>,
    pub(crate) public_key: bool,
    pub(crate) password: bool,
    pub(crate) keyboard_interactive: bool,
    /// `PreferredAuthentications`, when set.
    pub(crate) preferred: Option<Vec<String>>,
    pub(crate) ciphers: Option<String>,
    pub(crate) macs: Option<String>,
    pub(crate) key_exchange: Option<String>,
    pub(crate) host_key_algorithms: Option<String>,
    pub(crate) environment: Vec<(String, String)>,
    /// Why the OpenSSH program is needed; empty when it is not.
    pub(crate) program: Vec<String>,
}

impl Resolved {
    /// What is connected to first on the way to the host.
    pub(crate) fn first_hop(&self) -> String {
        match (&self.proxy_command, self.jumps.first()) {
            (Some(command), _) => command.clone(),
            (None, Some(jump)) => format!("{}:{}", jump.host, jump.port.unwrap_or(0)),
            (None, None) => format!("{}:{}", self.host_name, self.port),
        }
    }
}

/// Find out. `Err` is what `ssh` would print.
pub(crate) fn resolve(options: &SshOptions) -> Result<Resolved, String> {
    resolve_with(options, None)
}

/// Find out from the arguments and from the text of a file, without other files and without running a command. `Err`
/// is what `ssh` would print.
pub(crate) fn resolve_text(text: &str, options: &SshOptions) -> Result<Resolved, String> {
    resolve_with(options, Some(text))
}

fn resolve_with(options: &SshOptions, text: Option<&str>) -> Result<Resolved, String> {
    let mut command_line = Settings::default();
    command_line.alone = text.is_some();
    let arguments = parse_arguments(&options.arguments, &mut command_line)?;
    // Ansible puts these behind the arguments on ssh's command line, so they fill what is still open.
    let quoted = |text: &str| format!("\"{}\"", text.replace('\\', r"\\").replace('"', "\\\""));
    match options.host_key_checking {
        Some(HostKeyChecking::No) => command_line.set("stricthostkeychecking", "no")?,
        Some(HostKeyChecking::AcceptNew) => command_line.set("stricthostkeychecking", "accept-new")?,
        _ => {}
    }
    if let Some(port) = options.port {
        command_line.set("port", &port.to_string())?;
    }
    for key in &options.private_keys {
        command_line.set("identityfile", &quoted(&expand_home(&key.to_string_lossy()).to_string_lossy()))?;
    }
    if let Some(user) = &options.user {
        command_line.set("user", &quoted(user))?;
    }
    if let Some(timeout) = options.timeout {
        command_line.set("connecttimeout", &timeout.as_secs().max(1).to_string())?;
    }
    if let Some(files) = &options.known_hosts {
        let files: Vec<String> = files.iter().map(|file| quoted(&file.to_string_lossy())).collect();
        command_line.set("userknownhostsfile", &files.join(" "))?;
    }
    let named = arguments.config_file.or_else(|| options.config_file.clone());
    let question = Question { original: options.address.clone(), user: options.user.clone() };
    let mut settings = command_line.clone();
    let read = |settings: &mut Settings| match text {
        Some(text) => settings.read_text(text, &question),
        None => read_files(settings, named.as_deref(), &question),
    };
    read(&mut settings)?;
    if settings.wants_final {
        // A second pass, knowing the host name; what the first one found stays.
        settings.final_pass = true;
        read(&mut settings)?;
    }
    build(&settings, options)
}

fn read_files(settings: &mut Settings, named: Option<&Path>, question: &Question) -> Result<(), String> {
    match named {
        Some(file) if file.as_os_str() == "none" => Ok(()),
        Some(file) if !file.exists() => {
            Err(format!("Can't open user config file {}: No such file or directory", file.display()))
        }
        Some(file) => settings.read(file, question, true),
        None => {
            settings.read(&home().join(".ssh/config"), question, true)?;
            settings.read(Path::new("/etc/ssh/ssh_config"), question, false)
        }
    }
}

fn build(settings: &Settings, options: &SshOptions) -> Result<Resolved, String> {
    let original = options.address.clone();
    let port = match settings.first("port") {
        Some(port) => port.parse().ok().filter(|port| *port != 0).ok_or_else(|| format!("Bad port '{port}'"))?,
        None => 22,
    };
    let host_tokens = Tokens { host: original.clone(), original: original.clone(), port, ..Tokens::default() };
    let host_name = settings.first("hostname").map_or_else(|| original.clone(), |name| host_tokens.expand(name));
    let user = settings.first("user").map_or_else(local_user, str::to_owned);
    let alias = settings.first("hostkeyalias");
    let jump_text = settings.first("proxyjump").filter(|text| !text.eq_ignore_ascii_case("none")).unwrap_or_default();
    let tokens = Tokens {
        host: host_name.clone(),
        original: original.clone(),
        port,
        remote_user: user.clone(),
        alias: alias.unwrap_or(&original).to_owned(),
        jump: jump_text.to_owned(),
    };
    let seconds = |keyword: &str| settings.first(keyword).and_then(duration).filter(|time| !time.is_zero());
    let flag = |keyword: &str, default: bool| settings.first(keyword).map_or(default, is_yes);
    let files = |keyword: &str, default: &[&str]| -> Vec<PathBuf> {
        let words = settings.words(keyword).map(<[String]>::to_vec);
        let words = words.unwrap_or_else(|| default.iter().map(|text| (*text).to_owned()).collect());
        words.iter().filter(|word| !word.eq_ignore_ascii_case("none")).map(|word| tokens.path(word)).collect()
    };
    let strict = match settings.first("stricthostkeychecking").map(str::to_ascii_lowercase).as_deref() {
        Some("no" | "off" | "false") => HostKeyChecking::No,
        Some("accept-new") => HostKeyChecking::AcceptNew,
        None | Some("yes" | "true" | "ask") => HostKeyChecking::Yes,
        Some(other) => return Err(format!("unsupported option \"{other}\".")),
    };
    // What ansible-core puts into `SSH_AUTH_SOCK` for the ssh program.
    let usual = || match &options.agent {
        KeyAgent::Environment => std::env::var_os("SSH_AUTH_SOCK").map(PathBuf::from),
        KeyAgent::Own => None,
        KeyAgent::Socket(path) => Some(path.clone()),
    };
    let agent = match settings.first("identityagent") {
        Some(text) if text.eq_ignore_ascii_case("none") => None,
        Some("SSH_AUTH_SOCK") | None => usual(),
        Some(text) => match text.strip_prefix('$').filter(|name| !name.starts_with('{')) {
            Some(name) => std::env::var_os(name).map(PathBuf::from),
            None => Some(tokens.path(text)),
        },
    };
    let family = match settings.first("addressfamily") {
        Some("inet") => Some(false),
        Some("inet6") => Some(true),
        _ => None,
    };
    let list = |keyword: &str| settings.first(keyword).map(str::to_owned);
    let loopback = matches!(host_name.as_str(), "localhost" | "127.0.0.1" | "::1");
    Ok(Resolved {
        key_name: alias.unwrap_or(&host_name).to_owned(),
        key_alias: alias.is_some(),
        identities: identities(settings, &tokens),
        certificates: settings.all("certificatefile").map(|text| tokens.path(text)).collect(),
        identities_only: flag("identitiesonly", false),
        agent,
        user_known_hosts: files("userknownhostsfile", &["~/.ssh/known_hosts", "~/.ssh/known_hosts2"]),
        global_known_hosts: files("globalknownhostsfile", &["/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2"]),
        strict,
        check_host_key: !(loopback && flag("nohostauthenticationforlocalhost", false)),
        connect_timeout: seconds("connecttimeout"),
        connection_attempts: settings
            .first("connectionattempts")
            .and_then(|text| text.parse().ok())
            .unwrap_or(1)
            .max(1),
        alive_interval: seconds("serveraliveinterval"),
        alive_count: settings.first("serveralivecountmax").and_then(|text| text.parse().ok()).unwrap_or(3),
        compression: flag("compression", false),
        jumps: jumps(jump_text)?,
        proxy_command: settings
            .first("proxycommand")
            .filter(|text| !text.eq_ignore_ascii_case("none"))
            .map(|text| tokens.expand(text)),
        family,
        bind_address: list("bindaddress"),
        public_key: settings.first("pubkeyauthentication").is_none_or(|text| !is_no(text)),
        password: flag("passwordauthentication", true),
        keyboard_interactive: flag("kbdinteractiveauthentication", true),
        preferred: settings
            .first("preferredauthentications")
            .map(|text| text.split(',').map(|name| name.trim().to_owned()).collect()),
        ciphers: list("ciphers"),
        macs: list("macs"),
        key_exchange: list("kexalgorithms"),
        host_key_algorithms: list("hostkeyalgorithms"),
        environment: environment(settings),
        hash_known_hosts: flag("hashknownhosts", false),
        program: settings.program_reasons().to_vec(),
        host_name,
        port,
        user,
    })
}

/// Variables to be set for commands: `SendEnv` from ours, then `SetEnv`.
fn environment(settings: &Settings) -> Vec<(String, String)> {
    let mut patterns: Vec<&str> = Vec::new();
    for pattern in settings.values("sendenv").iter().flatten() {
        match pattern.strip_prefix('-') {
            Some(gone) => patterns.retain(|pattern| !matches(gone, pattern)),
            None => patterns.push(pattern),
        }
    }
    // Names and values that are no text do not travel.
    let own =
        std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    let sent = own.filter(|(name, _)| patterns.iter().any(|pattern| matches(pattern, name)));
    let set = settings.values("setenv").iter().flatten().filter_map(|pair| pair.split_once('='));
    sent.chain(set.map(|(name, value)| (name.to_owned(), value.to_owned()))).collect()
}

fn identities(settings: &Settings, tokens: &Tokens) -> Vec<Identity> {
    let named: Vec<&str> = settings.all("identityfile").collect();
    if !named.is_empty() {
        return named
            .into_iter()
            .filter(|text| !text.eq_ignore_ascii_case("none"))
            .map(|text| Identity { path: tokens.path(text), named: true })
            .collect();
    }
    ["id_rsa", "id_ecdsa", "id_ecdsa_sk", "id_ed25519", "id_ed25519_sk"]
        .into_iter()
        .map(|name| Identity { path: home().join(".ssh").join(name), named: false })
        .collect()
}

/// `[user@]host[:port]`, `ssh://...`, separated by commas.
fn jumps(text: &str) -> Result<Vec<Jump>, String> {
    text.split(',').filter(|part| !part.is_empty()).map(|part| jump(part.trim())).collect()
}

fn jump(text: &str) -> Result<Jump, String> {
    let bad = || format!("Invalid ProxyJump specification: {text}");
    let rest = text.strip_prefix("ssh://").unwrap_or(text).trim_end_matches('/');
    let (user, rest) = match rest.rsplit_once('@') {
        Some((user, rest)) => (Some(user.to_owned()), rest),
        None => (None, rest),
    };
    let (host, port) = match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, after)) => (host, after.strip_prefix(':')),
        // More than one colon is an IPv6 address.
        None if rest.matches(':').count() > 1 => (rest, None),
        None => rest.split_once(':').map_or((rest, None), |(host, port)| (host, Some(port))),
    };
    let port = port.map(|port| port.parse().map_err(|_| bad())).transpose()?;
    if host.is_empty() {
        return Err(bad());
    }
    Ok(Jump { user, host: host.to_owned(), port })
}

fn is_yes(text: &str) -> bool {
    text.eq_ignore_ascii_case("yes") || text.eq_ignore_ascii_case("true")
}

fn is_no(text: &str) -> bool {
    text.eq_ignore_ascii_case("no") || text.eq_ignore_ascii_case("false")
}

/// sshd_config(5)'s time formats: seconds, or numbers with `s`, `m`, `h`, `d`, `w`.
fn duration(text: &str) -> Option<Duration> {
    let mut total = 0_u64;
    let mut number = String::new();
    for c in text.chars() {
        if c.is_ascii_digit() {
            number.push(c);
            continue;
        }
        let unit = match c.to_ascii_lowercase() {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86400,
            'w' => 604_800,
            _ => return None,
        };
        total = total.checked_add(number.parse::<u64>().ok()?.checked_mul(unit)?)?;
        number.clear();
    }
    if !number.is_empty() {
        total = total.checked_add(number.parse().ok()?)?;
    }
    Some(Duration::from_secs(total))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(text: &str, arguments: &str) -> (tempfile::TempDir, SshOptions) {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("config");
        std::fs::write(&file, text).unwrap();
        let options = SshOptions {
            address: "web1.example".into(),
            arguments: vec![arguments.into()],
            config_file: Some(file),
            ..SshOptions::default()
        };
        (directory, options)
    }

    #[test]
    fn the_first_value_wins() {
        let text = "Host web*\n  User early\n  Port 2200\nHost *\n  User late\n  HostName %h.internal\n";
        let (_keep, options) = options(text, "-o User=arg");
        let resolved = resolve(&options).unwrap();
        assert_eq!((resolved.user.as_str(), resolved.port), ("arg", 2200));
        assert_eq!(resolved.host_name, "web1.example.internal");
    }

    #[test]
    fn the_systems_gssapi_needs_a_ticket() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("ssh_config");
        std::fs::write(&file, "Host *\n  GSSAPIAuthentication yes\n").unwrap();
        let question = Question { original: "web1".into(), user: None };
        let has_ticket = std::env::var_os("KRB5CCNAME").is_some()
            || Path::new(&format!("/tmp/krb5cc_{}", rustix::process::getuid().as_raw())).exists();
        for (user_file, needs_program) in [(false, has_ticket), (true, true)] {
            let mut settings = Settings::default();
            settings.read(&file, &question, user_file).unwrap();
            assert_eq!(!settings.program_reasons().is_empty(), needs_program, "{user_file}");
        }
    }

    #[test]
    fn match_blocks_do_not_leak() {
        let text = "Match host *.example user bob\n  Port 1\nMatch originalhost web1.example\n  Port 2\n\
                    Match all\n  User carl\nHost other\n  Port 3\n";
        let (_keep, options) = options(text, "");
        let resolved = resolve(&options).unwrap();
        assert_eq!((resolved.user.as_str(), resolved.port), ("carl", 2));
    }

    #[test]
    fn match_exec_and_final() {
        let text = "Match exec \"test %h = web1.example\"\n  Port 7\nHostName new.example\nMatch final host new.example\n  User fin\n";
        let (_keep, options) = options(text, "");
        let resolved = resolve(&options).unwrap();
        assert_eq!(resolved.port, 7);
        // Inside the block that held: `HostName` belongs to it.
        assert_eq!(resolved.host_name, "new.example");
        assert_eq!(resolved.user, "fin");
    }

    #[test]
    fn jump_hosts() {
        let jump = |user: Option<&str>, host: &str, port| Jump { user: user.map(Into::into), host: host.into(), port };
        for (text, expected) in [
            ("a", vec![jump(None, "a", None)]),
            ("u@a:22,b", vec![jump(Some("u"), "a", Some(22)), jump(None, "b", None)]),
            ("ssh://u@[::1]:2/", vec![jump(Some("u"), "::1", Some(2))]),
            ("::1", vec![jump(None, "::1", None)]),
        ] {
            assert_eq!(jumps(text), Ok(expected), "{text}");
        }
        assert!(jumps("a:b").is_err());
    }

    #[test]
    fn times() {
        for (text, expected) in [("90", Some(90)), ("1m30", Some(90)), ("2h", Some(7200)), ("x", None)] {
            assert_eq!(duration(text), expected.map(Duration::from_secs), "{text}");
        }
    }

    #[test]
    fn mistakes_are_named() {
        let (keep, options) = options("Host *\n  Nonsense 1\n", "");
        let file = keep.path().join("config");
        let expected = format!("{} line 2: Bad configuration option: nonsense", file.display());
        assert_eq!(resolve(&options).unwrap_err(), expected);
    }
}
