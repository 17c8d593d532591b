//! The OpenSSH program as a carrier, for arguments only it understands.

use crate::carrier::{Running, spawn};
use crate::error::ConnectionError;
use crate::settings::{HostKeyChecking, KeyAgent, SshOptions};
use std::path::PathBuf;
use tokio::process::Command;

/// How to call `ssh` for one host.
#[derive(Clone, Debug)]
pub(crate) struct SshProgram {
    address: String,
    executable: String,
    arguments: Vec<String>,
    /// What `SSH_AUTH_SOCK` is to be; no path for no agent.
    agent: Option<PathBuf>,
}

impl SshProgram {
    /// The call for a host. `words` are the user's arguments.
    ///
    /// # Errors
    /// With a password: it can be handed to `ssh` neither as an argument nor over its standard input.
    pub(crate) fn new(
        host: &str,
        options: &SshOptions,
        words: Vec<String>,
        reasons: &[String],
    ) -> Result<Self, ConnectionError> {
        let reasons = reasons.join(", ");
        if options.private_key.is_some() {
            return Err(ConnectionError::settings(
                host,
                format_args!(
                    "The ssh option {reasons} needs the OpenSSH program, which churten hands no key to. Put it into a \
                     file (ansible_ssh_private_key_file) or into an agent, or remove the option"
                ),
            ));
        }
        if options.password.is_some() {
            return Err(ConnectionError::settings(
                host,
                format_args!(
                    "The ssh option {reasons} needs the OpenSSH program, which churten does not hand passwords to. \
                     Use a key for this host, or remove the option"
                ),
            ));
        }
        let mut arguments = words;
        let mut option = |text: String| arguments.extend(["-o".to_owned(), text]);
        option("BatchMode=yes".to_owned());
        match options.host_key_checking {
            Some(HostKeyChecking::No) => option("StrictHostKeyChecking=no".to_owned()),
            Some(HostKeyChecking::AcceptNew) => option("StrictHostKeyChecking=accept-new".to_owned()),
            _ => {}
        }
        if let Some(port) = options.port {
            option(format!("Port={port}"));
        }
        for key in &options.private_keys {
            option(format!("IdentityFile=\"{}\"", key.display()));
        }
        if let Some(user) = &options.user {
            option(format!("User=\"{user}\""));
        }
        if let Some(timeout) = options.timeout {
            option(format!("ConnectTimeout={}", timeout.as_secs().max(1)));
        }
        if let Some(files) = &options.known_hosts {
            let files: Vec<String> = files.iter().map(|file| format!("\"{}\"", file.display())).collect();
            option(format!("UserKnownHostsFile={}", files.join(" ")));
        }
        if let Some(file) = &options.config_file
            && !arguments.iter().any(|word| word.starts_with("-F"))
        {
            arguments.extend(["-F".to_owned(), file.display().to_string()]);
        }
        Ok(Self {
            address: options.address.clone(),
            executable: options.ssh_executable.clone().unwrap_or_else(|| "ssh".to_owned()),
            arguments,
            agent: match &options.agent {
                KeyAgent::Environment => None,
                KeyAgent::Own => Some(PathBuf::new()),
                KeyAgent::Socket(path) => Some(path.clone()),
            },
        })
    }

    pub(crate) fn run(
        &self,
        host: &str,
        command: &str,
        limit: usize,
        terminal: bool,
    ) -> Result<Running, ConnectionError> {
        let mut program = Command::new(&self.executable);
        program.args(&self.arguments);
        if let Some(agent) = &self.agent {
            program.env("SSH_AUTH_SOCK", agent);
        }
        program.args([if terminal { "-tt" } else { "-T" }, "--", &self.address, command]);
        spawn(program, limit).map_err(|error| {
            ConnectionError::settings(
                host,
                format_args!(
                    "The ssh arguments need the OpenSSH program, and {} does not start: {error}",
                    self.executable
                ),
            )
        })
    }
}
