//! What `-vvv` tells of the way to a host. ansible-core tells there of each command it runs; here the worker takes the
//! place of those commands, behind the same words of `ssh` and of privilege escalation, so that what reads them finds
//! the host, the user and the options.

use super::ActionContext;
use crate::event::Event;
use crate::reach::Reach;
use churten_connection::{SshOptions, Transport};
use churten_syntax::shlex_quote;
use churten_value::Value;
use std::sync::Arc;

/// Tell that a host is about to be reached.
pub(crate) fn beginning(context: &ActionContext<'_>, reach: &Reach) {
    let text = match &reach.transport {
        Transport::Local => format!("ESTABLISH LOCAL CONNECTION FOR USER: {}", crate::controller::own_user()),
        Transport::Ssh(options) => {
            format!("ESTABLISH SSH CONNECTION FOR USER: {}", options.user.as_deref().unwrap_or("None"))
        }
        Transport::Inside(options) if options.is_root_directory => "THIS IS A LOCAL CHROOT DIR".to_owned(),
        Transport::Inside(options) => {
            let user = options.user.as_deref().unwrap_or("?");
            format!("ESTABLISH {} CONNECTION FOR USER: {user}", options.name.to_uppercase())
        }
    };
    tell(context, reach, text);
}

/// Tell that a host's Python is about to be looked for.
pub(super) fn search(context: &ActionContext<'_>) {
    let text = "Attempting python interpreter discovery.".to_owned();
    context.engine.emit(Event::Verbose { level: 3, host: Some(context.target().clone()), text });
}

/// Tell of a worker that could not be started.
pub(crate) fn worker(context: &ActionContext<'_>, reach: &Reach) {
    way(context, reach, "churten-worker");
}

/// Tell of a module that the worker runs.
pub(super) fn module(context: &ActionContext<'_>, reach: &Reach, module: &str) {
    way(context, reach, &format!("churten-worker {module}"));
}

/// Tell of a command line of `raw`.
pub(super) fn command(context: &ActionContext<'_>, reach: &Reach, line: &str) {
    beginning(context, reach);
    way(context, reach, if context.attributes.no_log { "(hidden by no_log)" } else { line });
}

fn way(context: &ActionContext<'_>, reach: &Reach, command: &str) {
    let command = match &reach.r#become {
        Some(to) => churten_connection::shown(to, command),
        _ => command.to_owned(),
    };
    let text = match &reach.transport {
        Transport::Local => format!("EXEC {command}"),
        Transport::Ssh(options) => format!("SSH: EXEC {}", ssh(options, &command)),
        Transport::Inside(options) => {
            let words = options.argv.iter().map(String::as_str).chain([&*command]);
            format!("EXEC {}", words.map(shlex_quote).collect::<Vec<_>>().join(" "))
        }
    };
    tell(context, reach, text);
}

fn tell(context: &ActionContext<'_>, reach: &Reach, text: String) {
    let host = match &reach.transport {
        Transport::Local => local_address(context),
        Transport::Ssh(options) => options.address.as_str().into(),
        Transport::Inside(options) => options.address.as_str().into(),
    };
    context.engine.emit(Event::Verbose { level: 3, host: Some(host), text });
}

/// The address of a host that is this one.
fn local_address(context: &ActionContext<'_>) -> Arc<str> {
    let written = context.target_scope().value("ansible_host");
    let engine = context.engine;
    let rendered = written.and_then(|value| engine.templar.render(&value, context.target_scope()).ok());
    match rendered.as_ref().and_then(Value::as_str) {
        Some(address) => Arc::from(address),
        None if !engine.variables.host_names().contains(context.target()) => "127.0.0.1".into(),
        None => context.target().clone(),
    }
}

/// The command line of `ssh` that ansible-core would reach the host by; the options for sharing connections left out.
fn ssh(options: &SshOptions, command: &str) -> String {
    let mut words = vec![options.ssh_executable.clone().unwrap_or_else(|| "ssh".to_owned())];
    let mut option = |text: String| words.extend(["-o".to_owned(), shlex_quote(&text)]);
    if options.host_key_checking.is_some() {
        option("StrictHostKeyChecking=no".to_owned());
    }
    if let Some(port) = options.port {
        option(format!("Port={port}"));
    }
    for key in &options.private_keys {
        option(format!("IdentityFile=\"{}\"", key.display()));
    }
    if options.password.is_none() {
        option("KbdInteractiveAuthentication=no".to_owned());
        option("PreferredAuthentications=gssapi-with-mic,gssapi-keyex,hostbased,publickey".to_owned());
        option("PasswordAuthentication=no".to_owned());
    }
    if let Some(user) = &options.user {
        option(format!("User=\"{user}\""));
    }
    if let Some(timeout) = options.timeout {
        option(format!("ConnectTimeout={}", timeout.as_secs()));
    }
    words.extend(options.arguments.iter().cloned());
    words.extend([options.address.clone(), shlex_quote(command)]);
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn ssh_in_ansible_cores_words() {
        let options = SshOptions {
            address: "127.0.0.1".into(),
            port: Some(1),
            user: Some("foo".into()),
            private_keys: vec!["/tmp/key".into()],
            timeout: Some(Duration::from_secs(10)),
            arguments: vec!["-o Compression=yes".into()],
            ..SshOptions::default()
        };
        assert_eq!(
            ssh(&options, "churten-worker ping"),
            "ssh -o Port=1 -o 'IdentityFile=\"/tmp/key\"' -o KbdInteractiveAuthentication=no -o \
             PreferredAuthentications=gssapi-with-mic,gssapi-keyex,hostbased,publickey -o PasswordAuthentication=no -o \
             'User=\"foo\"' -o ConnectTimeout=10 -o Compression=yes 127.0.0.1 'churten-worker ping'"
        );
    }
}
