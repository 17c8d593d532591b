//! Running a command on a host, whatever the way: the bytes of its streams and how it ended.

use crate::error::ConnectionError;
use crate::settings::InsideOptions;
use crate::ssh::connection::SshConnection;
use crate::ssh::program::SshProgram;
use crate::worker::client::{Reader, Writer};
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, Command};
use tokio::sync::oneshot;

/// Standard error that is kept of a command whose output is a stream of frames.
pub(crate) const KEPT_ERRORS: usize = 64 << 10;

/// A way to run commands on one host.
pub(crate) enum Carrier {
    /// This machine, through `/bin/sh`.
    Local,
    /// Our own SSH.
    Ssh(SshConnection),
    /// The OpenSSH program.
    Program(SshProgram),
    /// A program that runs commands inside something.
    Inside(InsideOptions),
}

/// A running command.
pub(crate) struct Running {
    pub(crate) reader: Reader,
    pub(crate) writer: Writer,
    /// What it wrote to standard error so far, up to a limit.
    pub(crate) errors: Arc<Mutex<Vec<u8>>>,
    /// How it ended; dropped when that is not known.
    pub(crate) exit: oneshot::Receiver<i32>,
    /// The way there is long, and nothing on it compresses.
    pub(crate) is_slow: bool,
}

impl Running {
    /// Standard error as text.
    pub(crate) fn errors(&self) -> String {
        text_of(&self.errors)
    }
}

/// What was kept of standard error, as text.
pub(crate) fn text_of(errors: &Mutex<Vec<u8>>) -> String {
    let errors = errors.lock().unwrap_or_else(PoisonError::into_inner);
    String::from_utf8_lossy(&errors).trim().to_owned()
}

impl Carrier {
    /// Start a command line; the login shell of the host reads it. `limit` bounds what is kept of standard error.
    /// With `terminal` it runs in one, where there is a way to ask for it.
    pub(crate) async fn run(
        &self,
        host: &str,
        command: &str,
        limit: usize,
        terminal: bool,
    ) -> Result<Running, ConnectionError> {
        match self {
            Self::Local => {
                let mut shell = Command::new("/bin/sh");
                shell.arg("-c").arg(command);
                spawn(shell, limit).map_err(|error| ConnectionError::remote(host, format_args!("/bin/sh: {error}")))
            }
            Self::Ssh(connection) => connection.run(host, command, limit, terminal).await,
            Self::Program(program) => program.run(host, command, limit, terminal),
            Self::Inside(options) => crate::inside::run(host, options, command, limit),
        }
    }

    /// By what the host is reached, as messages have it.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Inside(options) => options.name,
            Self::Local | Self::Ssh(_) | Self::Program(_) => "ssh",
        }
    }

    /// True when a command can be run in a terminal.
    pub(crate) fn has_terminals(&self) -> bool {
        matches!(self, Self::Ssh(_) | Self::Program(_))
    }

    /// True for connections that can tell that they are gone.
    pub(crate) fn is_closed(&self) -> bool {
        match self {
            Self::Ssh(connection) => connection.is_closed(),
            Self::Local | Self::Program(_) | Self::Inside(_) => false,
        }
    }
}

/// Start a program with its three streams.
pub(crate) fn spawn(mut command: Command, limit: usize) -> std::io::Result<Running> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let mut child = command.spawn()?;
    let missing = || std::io::Error::other("a pipe is missing");
    let stdin = child.stdin.take().ok_or_else(missing)?;
    let stdout = child.stdout.take().ok_or_else(missing)?;
    let stderr = child.stderr.take().ok_or_else(missing)?;
    let errors = Arc::default();
    let (sender, exit) = oneshot::channel();
    tokio::spawn(watch(child, stderr, Arc::clone(&errors), limit, sender));
    Ok(Running { reader: Box::new(stdout), writer: Box::new(stdin), errors, exit, is_slow: false })
}

async fn watch(
    mut child: Child,
    stderr: impl AsyncRead + Unpin,
    errors: Arc<Mutex<Vec<u8>>>,
    limit: usize,
    mut exit: oneshot::Sender<i32>,
) {
    use std::os::unix::process::ExitStatusExt;
    tokio::select! {
        () = collect(stderr, &errors, limit) => {}
        // Nobody is interested any more: dropping the child kills it.
        () = exit.closed() => return,
    }
    tokio::select! {
        status = child.wait() => if let Ok(status) = status {
            let _ = exit.send(status.code().unwrap_or_else(|| -status.signal().unwrap_or(0)));
        },
        () = exit.closed() => {}
    }
}

async fn collect(mut stream: impl AsyncRead + Unpin, kept: &Mutex<Vec<u8>>, limit: usize) {
    let mut buffer = [0; 8192];
    while let Ok(count) = stream.read(&mut buffer).await {
        if count == 0 {
            return;
        }
        keep(kept, buffer.get(..count).unwrap_or_default(), limit);
    }
}

/// Append up to the limit.
pub(crate) fn keep(kept: &Mutex<Vec<u8>>, bytes: &[u8], limit: usize) {
    let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
    let room = limit.saturating_sub(kept.len());
    kept.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
}
