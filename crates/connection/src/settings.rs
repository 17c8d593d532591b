//! How hosts are reached: what the caller decides before a connection is made.

use crate::become_method::BecomeMethod;
use churten_protocol::Secret;
use std::fmt;
use std::io::{self, Read};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// A worker program for one kind of machine, as embedded in the controller.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct WorkerProgram {
    /// The machine as `uname -m` and Rust name it: `x86_64`, `aarch64`.
    pub architecture: &'static str,
    /// The SHA-256 of the program: its name on hosts, and what it says of itself.
    pub sha256: [u8; 32],
    /// How long the program is, in bytes.
    pub size: usize,
    /// The statically linked program, packed by gzip.
    pub gzip: &'static [u8],
    /// The same, packed by xz.
    pub xz: &'static [u8],
}

impl WorkerProgram {
    /// The program as it runs.
    ///
    /// # Errors
    ///
    /// When what is embedded is damaged.
    pub fn unpacked(&self) -> io::Result<Vec<u8>> {
        let mut program = Vec::with_capacity(self.size);
        flate2::read::GzDecoder::new(self.gzip).read_to_end(&mut program)?;
        Ok(program)
    }
}

impl fmt::Debug for WorkerProgram {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "worker for {}, {} bytes", self.architecture, self.size)
    }
}

/// Serves one controller over a socket, blocking, until the controller goes away: `churten_worker::serve` with the
/// modules of the product. It is passed in so that this crate knows bytes, not modules.
pub type ServeLocal = Arc<dyn Fn(UnixStream) -> io::Result<()> + Send + Sync>;

/// What all connections of a run have in common.
#[derive(Clone)]
pub struct ConnectionSettings {
    /// The workers this controller carries.
    pub workers: Vec<WorkerProgram>,
    /// Serves `connection: local` inside this process; without it a worker program is started.
    pub local: Option<ServeLocal>,
    /// How many connections are made at the same time (`forks`).
    pub parallel: usize,
    /// How many old workers of other builds stay on a host.
    pub keep_workers: usize,
    /// How long to wait for a worker to answer after it was started.
    pub worker_timeout: Duration,
}

impl Default for ConnectionSettings {
    fn default() -> Self {
        Self { workers: Vec::new(), local: None, parallel: 5, keep_workers: 3, worker_timeout: Duration::from_secs(60) }
    }
}

impl fmt::Debug for ConnectionSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConnectionSettings")
            .field("workers", &self.workers)
            .field("local", &self.local.is_some())
            .field("parallel", &self.parallel)
            .finish_non_exhaustive()
    }
}

/// The way to a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transport {
    /// This machine.
    Local,
    /// SSH.
    Ssh(Box<SshOptions>),
    /// A program that runs commands inside something: a container, a pod, a root directory.
    Inside(Box<InsideOptions>),
}

/// A program of this machine that runs commands somewhere else, with our standard streams.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InsideOptions {
    /// The connection's short name (`docker`), for messages.
    pub name: &'static str,
    /// The container, pod or directory.
    pub address: String,
    /// The user that commands run as, where that is known.
    pub user: Option<String>,
    /// The program and its arguments up to a shell's `-c`; the command line follows as one word.
    pub argv: Vec<String>,
    /// Variables for the program, on top of our own.
    pub environment: Vec<(String, String)>,
    /// The address is a directory of this machine that must have a shell in it.
    pub is_root_directory: bool,
}

/// What to do about host keys: Ansible's `host_key_checking`, unless ssh arguments say otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HostKeyChecking {
    /// Only known keys (`StrictHostKeyChecking yes`, and `ask` without a terminal).
    #[default]
    Yes,
    /// Any key; unknown ones are remembered, changed ones only lose password authentication
    /// (`StrictHostKeyChecking no`).
    No,
    /// Unknown keys are remembered, changed ones refused (`accept-new`).
    AcceptNew,
}

/// Whose keys are offered beside those of files (setting `SSH_AGENT`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum KeyAgent {
    /// `none`: those of the agent that `SSH_AUTH_SOCK` or the ssh configuration names.
    #[default]
    Environment,
    /// `auto`: an agent of the run's own, which has [`SshOptions::private_key`] only.
    Own,
    /// Those of the agent with this socket.
    Socket(PathBuf),
}

/// An SSH connection as the variables of a host describe it. `None` leaves a choice to `~/.ssh/config`, and then to
/// OpenSSH's default, as ansible-core leaves it to the `ssh` program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SshOptions {
    /// The address to connect to (`ansible_host`); it is what `Host` patterns are compared with.
    pub address: String,
    /// `ansible_port`.
    pub port: Option<u16>,
    /// `ansible_user`.
    pub user: Option<String>,
    /// `ansible_password`: for password and keyboard-interactive authentication.
    pub password: Option<Secret>,
    /// The password answers only a question with this text (`ansible_sshpass_prompt`, with `sshpass` as the mechanism).
    pub password_prompt: Option<String>,
    /// `ansible_ssh_private_key_file`; `~` is expanded. Tried before the configured ones.
    pub private_keys: Vec<PathBuf>,
    /// A private key itself (`ansible_ssh_private_key`): no other is offered.
    pub private_key: Option<Secret>,
    /// Where further keys are.
    pub agent: KeyAgent,
    /// Opens encrypted private keys (`ansible_ssh_private_key_passphrase`).
    pub passphrase: Option<Secret>,
    /// `host_key_checking`: `true` adds nothing, `false` is `-o StrictHostKeyChecking=no`. `None` is `true`.
    pub host_key_checking: Option<HostKeyChecking>,
    /// Instead of `UserKnownHostsFile` of the configuration.
    pub known_hosts: Option<Vec<PathBuf>>,
    /// `ansible_timeout`: for the connection and the authentication.
    pub timeout: Option<Duration>,
    /// `ansible_ssh_args`, `ansible_ssh_common_args`, `ansible_ssh_extra_args`, each as the user wrote it, in this
    /// order. The first value of an option wins, as with `ssh`.
    pub arguments: Vec<String>,
    /// The configuration file; `None` is `~/.ssh/config`, then `/etc/ssh/ssh_config`.
    pub config_file: Option<PathBuf>,
    /// `ansible_ssh_retries`: so many further attempts when the connection fails, with growing pauses.
    pub retries: u32,
    /// The program to fall back to (`ansible_ssh_executable`); `ssh` when absent.
    pub ssh_executable: Option<String>,
}

/// Another identity.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Become {
    /// Through which program.
    pub method: BecomeMethod,
    /// `become_user`; empty: nobody said, and the program decides (root with `sudo` and `su`).
    pub user: String,
    /// `ansible_become_password`.
    pub password: Option<Secret>,
    /// `become_exe`; the method's name when absent.
    pub executable: Option<String>,
    /// `become_flags`; the method's default when absent.
    pub flags: Option<String>,
    /// The other way of handing over the command: through `/bin/sh -c` (`wrap_exe` of `pbrun` and `pfexec`), as one
    /// word (`alt_method` of `sudosu`).
    pub wrapped: bool,
    /// The directory to be in before the program starts (`sudo_chdir`).
    pub directory: Option<String>,
    /// The words by which `su`, `doas` and `ksu` ask (`prompt_l10n`); empty: all known ones.
    pub prompts: Vec<String>,
    /// How long to wait for the program (`ansible_timeout` + 2 seconds in ansible-core); `None` is 12 seconds.
    pub timeout: Option<Duration>,
    /// The connection is `local`, which has other words for a program that never asks.
    pub is_local: bool,
    /// The program is started even for the user one is already (`become_allow_same_user`).
    pub same_user: bool,
}
