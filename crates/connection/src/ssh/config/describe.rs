//! What would be done for a host, as `ssh -G` tells it.

use crate::settings::{HostKeyChecking, SshOptions};
use crate::ssh::config::resolve::{Jump, Resolved, resolve, resolve_text};
use std::path::PathBuf;

/// The options that hold for a host after all configuration files and arguments, keyword and value, in the form of
/// `ssh -G` as far as churten has the keyword. For messages at high verbosity and for tests.
///
/// # Errors
/// What `ssh` would print about the configuration.
pub fn describe(options: &SshOptions) -> Result<Vec<(String, String)>, String> {
    resolve(options).map(|resolved| described(&resolved))
}

/// As [`describe`], with a text in place of the configuration files. No other file is read and no command is run:
/// `Include` finds nothing and `Match exec` does not hold. For tests, and for text of others.
///
/// # Errors
/// What `ssh` would print about the configuration.
pub fn describe_text(text: &str, options: &SshOptions) -> Result<Vec<(String, String)>, String> {
    resolve_text(text, options).map(|resolved| described(&resolved))
}

fn described(resolved: &Resolved) -> Vec<(String, String)> {
    let mut lines = Vec::new();
    let mut add = |keyword: &str, value: String| lines.push((keyword.to_owned(), value));
    let flag = |value: bool| if value { "yes" } else { "no" }.to_owned();
    let boolean = |value: bool| if value { "true" } else { "false" }.to_owned();
    let seconds = |value: Option<std::time::Duration>| value.map_or(0, |value| value.as_secs());
    let files = |paths: &[PathBuf]| {
        let names: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
        if names.is_empty() { "none".to_owned() } else { names.join(" ") }
    };
    add("hostname", resolved.host_name.clone());
    add("port", resolved.port.to_string());
    add("user", resolved.user.clone());
    for identity in &resolved.identities {
        add("identityfile", identity.path.display().to_string());
    }
    for certificate in &resolved.certificates {
        add("certificatefile", certificate.display().to_string());
    }
    add("identitiesonly", flag(resolved.identities_only));
    if !resolved.jumps.is_empty() {
        add("proxyjump", resolved.jumps.iter().map(jump).collect::<Vec<_>>().join(","));
    }
    if let Some(command) = &resolved.proxy_command {
        add("proxycommand", command.clone());
    }
    add("userknownhostsfile", files(&resolved.user_known_hosts));
    let strict = match resolved.strict {
        HostKeyChecking::Yes => "yes",
        HostKeyChecking::No => "no",
        HostKeyChecking::AcceptNew => "accept-new",
    };
    add("stricthostkeychecking", strict.to_owned());
    if resolved.key_alias {
        add("hostkeyalias", resolved.key_name.clone());
    }
    match resolved.connect_timeout {
        None => add("connecttimeout", "none".to_owned()),
        limit => add("connecttimeout", seconds(limit).to_string()),
    }
    add("serveraliveinterval", seconds(resolved.alive_interval).to_string());
    add("serveralivecountmax", resolved.alive_count.to_string());
    add("compression", flag(resolved.compression));
    add("pubkeyauthentication", boolean(resolved.public_key));
    add("passwordauthentication", flag(resolved.password));
    lines
}

fn jump(jump: &Jump) -> String {
    let user = jump.user.as_ref().map(|user| format!("{user}@")).unwrap_or_default();
    let port = jump.port.map(|port| format!(":{port}")).unwrap_or_default();
    format!("{user}{}{port}", jump.host)
}
