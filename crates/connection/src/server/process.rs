//! A command that runs in a channel.

use crate::server::host::Shared;
use russh::server::Msg;
use russh::{Channel, ChannelMsg};
use rustix::process::{Pid, Signal, kill_process_group};
use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::ExitStatusExt;
use std::process::Stdio;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};
use tokio::sync::watch;

/// Bytes sent at a time.
const PIECE: usize = 32 << 10;

/// What commands find programs in.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// Start a command line in the host's home directory, in a process group of its own.
pub(super) fn start(shared: &Shared, user: &str, line: &[u8], variables: Vec<(String, String)>) -> io::Result<Child> {
    let options = &shared.options;
    let mut command = Command::new(&options.shell);
    command
        .arg("-c")
        .arg(OsStr::from_bytes(line))
        .current_dir(&options.home)
        .env_clear()
        .env("HOME", &options.home)
        .env("USER", user)
        .env("LOGNAME", user)
        .env("SHELL", &options.shell)
        .env("PATH", PATH)
        .env("HOSTNAME", &options.name)
        .envs(options.environment.iter().map(|(name, value)| (name, value)))
        .envs(variables)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true);
    command.spawn()
}

/// The process group of a command; killed when the connection ends before the command does.
struct Group(Option<Pid>);

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(leader) = self.0 {
            let _ = kill_process_group(leader, Signal::HUP);
            let _ = kill_process_group(leader, Signal::KILL);
        }
    }
}

/// Carry the streams of a command until it ends.
pub(super) async fn serve(mut child: Child, channel: Channel<Msg>, mut stop: watch::Receiver<u64>) {
    stop.mark_unchanged();
    let leader = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
    let mut group = Group(leader);
    let mut stdin = child.stdin.take();
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let (mut incoming, outgoing) = channel.split();
    let input = async {
        while let Some(message) = incoming.wait().await {
            match message {
                ChannelMsg::Data { data } => {
                    if let Some(pipe) = &mut stdin
                        && pipe.write_all(&data).await.is_err()
                    {
                        stdin = None;
                    }
                }
                ChannelMsg::Eof => stdin = None,
                ChannelMsg::Close => return,
                ChannelMsg::Signal { .. } => {
                    if let Some(leader) = leader {
                        let _ = kill_process_group(leader, Signal::TERM);
                    }
                }
                _ => {}
            }
        }
    };
    let output = async {
        let copy_out = copy(stdout, &outgoing, None);
        let copy_errors = copy(stderr, &outgoing, Some(1));
        tokio::join!(copy_out, copy_errors);
        child.wait().await
    };
    let ended = tokio::select! {
        () = input => None,
        _ = stop.changed() => None,
        status = output => status.ok(),
    };
    if let Some(status) = ended {
        group.0 = None;
        // A signal is told as shells tell it.
        let code = status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or(0));
        let _ = outgoing.exit_status(u32::try_from(code).unwrap_or(255)).await;
        let _ = outgoing.eof().await;
    }
    let _ = outgoing.close().await;
}

async fn copy(stream: Option<impl AsyncRead + Unpin>, outgoing: &russh::ChannelWriteHalf<Msg>, extended: Option<u32>) {
    let Some(mut stream) = stream else { return };
    let mut buffer = vec![0; PIECE];
    while let Ok(count) = stream.read(&mut buffer).await {
        if count == 0 {
            return;
        }
        let bytes = buffer.get(..count).unwrap_or_default().to_vec();
        let sent = match extended {
            None => outgoing.data_bytes(bytes).await,
            Some(kind) => outgoing.extended_data_bytes(kind, bytes).await,
        };
        if sent.is_err() {
            return;
        }
    }
}
