//! The bytes below an SSH connection: TCP, a command, a channel through another host.

use crate::ssh::authenticate::system_words;
use crate::ssh::config::Resolved;
use std::net::SocketAddr;
use std::pin::Pin;
use std::process::Stdio;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpSocket, TcpStream};
use tokio::process::{Child, Command};

/// Without `ConnectTimeout` the system's own patience ends about here.
const SYSTEM_PATIENCE: Duration = Duration::from_secs(130);

/// A stream in both directions.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// Connect by TCP. `Err` is what `ssh` prints.
pub(crate) async fn tcp(options: &Resolved) -> Result<TcpStream, String> {
    let name = &options.host_name;
    let port = options.port;
    let unresolved = |reason: &str| format!("ssh: Could not resolve hostname {name}: {reason}");
    let found = tokio::net::lookup_host((name.as_str(), port)).await.map_err(|error| {
        let text = system_words(&error);
        unresolved(text.rsplit(": ").next().unwrap_or("Name or service not known"))
    })?;
    let addresses: Vec<SocketAddr> =
        found.filter(|address| options.family.is_none_or(|six| address.is_ipv6() == six)).collect();
    if addresses.is_empty() {
        return Err(unresolved("Address family for hostname not supported"));
    }
    let limit = options.connect_timeout.unwrap_or(SYSTEM_PATIENCE);
    let mut complaints = Vec::new();
    for attempt in 0..options.connection_attempts {
        if attempt > 0 {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        complaints.clear();
        for address in &addresses {
            let reason = match tokio::time::timeout(limit, dial(*address, options.bind_address.as_deref())).await {
                Ok(Ok(stream)) => {
                    let _ = stream.set_nodelay(true);
                    return Ok(stream);
                }
                Ok(Err(error)) => system_words(&error),
                Err(_) => "Connection timed out".to_owned(),
            };
            complaints.push(format!("ssh: connect to host {name} port {port}: {reason}"));
        }
    }
    Err(complaints.join("\r\n"))
}

async fn dial(address: SocketAddr, bind: Option<&str>) -> std::io::Result<TcpStream> {
    let Some(bind) = bind else { return TcpStream::connect(address).await };
    let own = bind.parse().map_err(std::io::Error::other)?;
    let socket = if address.is_ipv6() { TcpSocket::new_v6() } else { TcpSocket::new_v4() }?;
    socket.bind(SocketAddr::new(own, 0))?;
    socket.connect(address).await
}

/// A child's standard streams. The child ends with the stream.
pub(crate) struct CommandStream {
    stdin: tokio::process::ChildStdin,
    stdout: tokio::process::ChildStdout,
    _child: Child,
}

/// Start a `ProxyCommand`.
pub(crate) fn command(line: &str) -> Result<CommandStream, String> {
    let failed = |error: std::io::Error| format!("ProxyCommand {line}: {error}");
    let shell = std::env::var("SHELL").ok().filter(|shell| !shell.is_empty()).unwrap_or_else(|| "/bin/sh".to_owned());
    let mut child = Command::new(shell)
        .arg("-c")
        .arg(format!("exec {line}"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(failed)?;
    match (child.stdin.take(), child.stdout.take()) {
        (Some(stdin), Some(stdout)) => Ok(CommandStream { stdin, stdout, _child: child }),
        _ => Err(format!("ProxyCommand {line}: no pipes")),
    }
}

impl AsyncRead for CommandStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stdout).poll_read(context, buffer)
    }
}

impl AsyncWrite for CommandStream {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.stdin).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stdin).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stdin).poll_shutdown(context)
    }
}
