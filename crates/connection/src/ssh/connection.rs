//! One SSH connection: dial, handshake, authentication, commands.

use crate::carrier::{Running, keep};
use crate::error::ConnectionError;
use crate::settings::SshOptions;
use crate::ssh::algorithms;
use crate::ssh::authenticate::{Secrets, authenticate};
use crate::ssh::config::{Resolved, resolve};
use crate::ssh::host_key::{Checker, Handler, HandshakeError, Shared};
use crate::ssh::output::Output;
use crate::ssh::pace::Pace;
use crate::ssh::refused::{Refused, is_hang_up};
use crate::ssh::stream::{self, Stream};
use russh::client::{self, Handle};
use russh::keys::PrivateKey;
use russh::{ChannelMsg, Disconnect};
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// Jump hosts may have jump hosts, so deep.
const MAX_JUMPS: usize = 8;

/// The handshake's patience without `ConnectTimeout`.
const PATIENCE: Duration = Duration::from_secs(60);

/// The authentication's patience: servers wait on their directories and name services. sshd's `LoginGraceTime`.
const LOGIN_PATIENCE: Duration = Duration::from_secs(120);

/// Whoever waits longer for an address that does not answer keeps nobody else from connecting.
const QUIET: Duration = Duration::from_millis(300);

/// Without `ServerAliveInterval` a connection is asked for a sign of life so often, for a dead one would be waited for
/// for ever.
const KEEPALIVE: Duration = Duration::from_secs(30);

/// What a server may send ahead of us reading; downloads are as fast as this allows per round trip.
const RECEIVE_WINDOW: u32 = 8 << 20;

/// A round trip from which on a link counts as slow: what is sent over it is worth deflating.
const SLOW: Duration = Duration::from_millis(5);

/// An authenticated connection.
pub(crate) struct SshConnection {
    handle: Handle<Handler>,
    learned: Shared,
    host_name: String,
    environment: Vec<(String, String)>,
    /// The connection itself compresses.
    compresses: bool,
    /// Nobody answers at the other end, whatever the connection itself says.
    abandoned: AtomicBool,
    /// The connection this one goes through must outlive it.
    _through: Option<Box<SshConnection>>,
}

/// The connections that are being made, all together, and the most of them.
#[derive(Clone, Copy)]
pub(crate) struct Crowd<'a> {
    pub(crate) pace: &'a Arc<Pace>,
    pub(crate) most: usize,
}

/// Connect with resolved options, and with a key that stands in no file, when it is one's turn.
pub(crate) async fn connect(
    options: &SshOptions,
    resolved: &Resolved,
    held: Option<&Arc<PrivateKey>>,
    crowd: Crowd<'_>,
) -> Result<SshConnection, Refused> {
    let secrets = Secrets {
        key: held,
        password: options.password.as_ref(),
        passphrase: options.passphrase.as_ref(),
        password_prompt: options.password_prompt.as_deref(),
    };
    connect_at(options, resolved, secrets, crowd, 0).await
}

type Connecting<'a> = Pin<Box<dyn Future<Output = Result<SshConnection, Refused>> + Send + 'a>>;

fn connect_at<'a>(
    options: &'a SshOptions,
    resolved: &'a Resolved,
    secrets: Secrets<'a>,
    crowd: Crowd<'a>,
    depth: usize,
) -> Connecting<'a> {
    Box::pin(async move {
        let mut through = None;
        let mut turn = None;
        let (stream, place): (Box<dyn Stream>, String) = if let Some(line) = &resolved.proxy_command {
            (Box::new(stream::command(line)?), "UNKNOWN port 65535".to_owned())
        } else if let Some((last, before)) = resolved.jumps.split_last() {
            if depth >= MAX_JUMPS {
                return Err("too many jump hosts".to_owned().into());
            }
            // A jump host has its own configuration; of this host's arguments only the file goes along, as with ssh.
            let jump_options = SshOptions {
                address: last.host.clone(),
                port: last.port,
                user: last.user.clone(),
                timeout: options.timeout,
                arguments: config_file_arguments(options),
                config_file: options.config_file.clone(),
                passphrase: options.passphrase.clone(),
                agent: options.agent.clone(),
                ..SshOptions::default()
            };
            let mut jump = resolve(&jump_options)?;
            if !before.is_empty() {
                jump.jumps = before.to_vec();
                jump.proxy_command = None;
            }
            if let Some(reason) = jump.program.first() {
                return Err(format!("the jump host {} needs the OpenSSH program for {reason}", last.host).into());
            }
            let no_password = Secrets { password: None, key: None, ..secrets };
            let connection = connect_at(&jump_options, &jump, no_password, crowd, depth + 1).await?;
            let channel = connection
                .handle
                .channel_open_direct_tcpip(&resolved.host_name, resolved.port.into(), "127.0.0.1", 0)
                .await
                .map_err(|error| {
                    format!(
                        "channel 0: open failed: connect failed: {error}\r\nstdio forwarding failed\r\n\
                         Connection closed by UNKNOWN port 65535"
                    )
                })?;
            through = Some(Box::new(connection));
            (Box::new(channel.into_stream()), "UNKNOWN port 65535".to_owned())
        } else {
            turn = Some(crowd.pace.turn().await);
            let dialling = stream::tcp(resolved);
            tokio::pin!(dialling);
            let stream = match tokio::time::timeout(QUIET, &mut dialling).await {
                Ok(stream) => stream,
                Err(_) => {
                    turn = None;
                    dialling.await
                }
            }?;
            let peer = stream.peer_addr().map_or_else(|_| resolved.host_name.clone(), |peer| peer.ip().to_string());
            (Box::new(stream), format!("{peer} port {}", resolved.port))
        };
        let is_direct = resolved.proxy_command.is_none();
        let turn = match turn {
            Some(turn) => turn,
            None => crowd.pace.turn().await,
        };
        let begun = Instant::now();
        let made = handshake(stream, &place, resolved, secrets, through).await;
        turn.took(begun.elapsed(), crowd.most);
        // A command that ends has failed.
        made.map_err(|refused| Refused { is_dropped: refused.is_dropped && is_direct, ..refused })
    })
}

fn config_file_arguments(options: &SshOptions) -> Vec<String> {
    let mut scratch = crate::ssh::config::Settings::default();
    match crate::ssh::config::parse_arguments(&options.arguments, &mut scratch) {
        Ok(arguments) => arguments.config_file.map(|file| format!("-F '{}'", file.display())).into_iter().collect(),
        Err(_) => Vec::new(),
    }
}

async fn handshake(
    stream: Box<dyn Stream>,
    place: &str,
    resolved: &Resolved,
    secrets: Secrets<'_>,
    through: Option<Box<SshConnection>>,
) -> Result<SshConnection, Refused> {
    let checker = Checker::new(resolved);
    let preferred = algorithms::preferred(resolved, &checker.known_types(), checker.has_authorities())
        .map_err(|list| format!("no algorithm of {list} is supported"))?;
    let config = client::Config {
        nodelay: true,
        preferred,
        window_size: RECEIVE_WINDOW,
        keepalive_interval: resolved.alive_interval.or(Some(KEEPALIVE)),
        keepalive_max: resolved.alive_count,
        ..client::Config::default()
    };
    let learned = Shared::default();
    let handler = Handler::new(checker, Arc::clone(&learned));
    let limit = resolved.connect_timeout.unwrap_or(PATIENCE);
    let connecting = client::connect_stream(Arc::new(config), stream, handler);
    let mut handle = match tokio::time::timeout(limit, connecting).await {
        Ok(Ok(handle)) => handle,
        Ok(Err(HandshakeError::HostKey(message))) => return Err(message.into()),
        Ok(Err(HandshakeError::Ssh(error))) => {
            let is_dropped = is_hang_up(&error) && !is_dismissed(&learned);
            return Err(Refused { message: handshake_words(&error, place, &learned), is_dropped });
        }
        Err(_) => {
            let message = format!("Connection timed out during banner exchange\r\nConnection to {place} timed out");
            return Err(message.into());
        }
    };
    let passwords = !learned.lock().unwrap_or_else(PoisonError::into_inner).no_passwords;
    let login = authenticate(&mut handle, resolved, secrets, passwords);
    match tokio::time::timeout(LOGIN_PATIENCE, login).await {
        Ok(Ok(())) => {}
        Ok(Err(refused)) => {
            let said = learned.lock().unwrap_or_else(PoisonError::into_inner).farewell.clone();
            let is_dropped = refused.is_dropped && !is_dismissed(&learned);
            let message = match said {
                Some(said) if !refused.message.contains("Permission denied") => {
                    format!("Received disconnect from {place}:2: {said}\r\nDisconnected from {place}")
                }
                _ => refused.message,
            };
            return Err(Refused { message, is_dropped });
        }
        Err(_) => return Err(format!("Connection to {place} timed out during the authentication").into()),
    }
    Ok(SshConnection {
        handle,
        learned,
        host_name: resolved.host_name.clone(),
        environment: resolved.environment.clone(),
        compresses: resolved.compression,
        abandoned: AtomicBool::new(false),
        _through: through,
    })
}

fn is_dismissed(learned: &Shared) -> bool {
    learned.lock().unwrap_or_else(PoisonError::into_inner).dismissed
}

/// OpenSSH's words for a handshake that failed.
fn handshake_words(error: &russh::Error, place: &str, learned: &Shared) -> String {
    use std::io::ErrorKind;
    let closed =
        || format!("kex_exchange_identification: Connection closed by remote host\r\nConnection closed by {place}");
    match error {
        russh::Error::NoCommonAlgo { kind, theirs, .. } => {
            let kind = match kind {
                russh::AlgorithmKind::Kex => "key exchange method",
                russh::AlgorithmKind::Key => "host key type",
                russh::AlgorithmKind::Cipher => "cipher",
                russh::AlgorithmKind::Compression => "compression method",
                russh::AlgorithmKind::Mac => "MAC",
            };
            format!("Unable to negotiate with {place}: no matching {kind} found. Their offer: {}", theirs.join(","))
        }
        russh::Error::IO(error) if error.kind() == ErrorKind::ConnectionReset => {
            format!("kex_exchange_identification: read: Connection reset by peer\r\nConnection reset by {place}")
        }
        russh::Error::IO(error) if matches!(error.kind(), ErrorKind::UnexpectedEof | ErrorKind::BrokenPipe) => closed(),
        russh::Error::Disconnect | russh::Error::HUP => {
            match &learned.lock().unwrap_or_else(PoisonError::into_inner).farewell {
                Some(said) if said != "Disconnected" => format!("Connection to {place} ended: {said}"),
                _ => closed(),
            }
        }
        other => format!("{other}\r\nConnection to {place} failed during the key exchange"),
    }
}

impl SshConnection {
    pub(crate) fn is_closed(&self) -> bool {
        self.abandoned.load(Ordering::Relaxed) || self.handle.is_closed()
    }

    /// Take it for gone.
    pub(crate) fn abandon(&self) {
        self.abandoned.store(true, Ordering::Relaxed);
    }

    /// The name that was connected to.
    pub(crate) fn host_name(&self) -> &str {
        &self.host_name
    }

    /// Say goodbye.
    pub(crate) async fn close(&self) {
        let _ = self.handle.disconnect(Disconnect::ByApplication, "", "en").await;
    }

    /// Run a command in a channel of its own.
    pub(crate) async fn run(
        &self,
        host: &str,
        command: &str,
        limit: usize,
        terminal: bool,
    ) -> Result<Running, ConnectionError> {
        let failed = |error: russh::Error| {
            let said = self.learned.lock().unwrap_or_else(PoisonError::into_inner).farewell.clone();
            let said = said.unwrap_or_else(|| error.to_string());
            // Nothing of the command has been sent, or it was refused.
            ConnectionError::unstarted(host, "ssh", said)
        };
        let begun = Instant::now();
        let channel = self.handle.channel_open_session().await.map_err(failed)?;
        let round_trip = begun.elapsed();
        for (name, value) in &self.environment {
            channel.set_env(false, name, value).await.map_err(failed)?;
        }
        if terminal {
            // As `ssh -tt` without a terminal of its own: no name, no size, the modes are the host's.
            let name = std::env::var("TERM").unwrap_or_else(|_| "dumb".to_owned());
            channel.request_pty(false, &name, 0, 0, 0, 0, &[]).await.map_err(failed)?;
        }
        channel.exec(true, command).await.map_err(failed)?;
        let (mut incoming, outgoing) = channel.split();
        let writer = outgoing.make_writer();
        let (packets, reader) = Output::new();
        let errors: Arc<Mutex<Vec<u8>>> = Arc::default();
        let kept = Arc::clone(&errors);
        let (sender, exit) = oneshot::channel();
        tokio::spawn(async move {
            // Held here: the channel closes when the command is over or nobody reads it.
            let outgoing = outgoing;
            let mut status = None;
            while let Some(message) = incoming.wait().await {
                match message {
                    ChannelMsg::Data { data } => match packets.send(data).await {
                        Ok(()) => {}
                        Err(_) => break,
                    },
                    ChannelMsg::ExtendedData { data, ext: 1 } => keep(&kept, &data, limit),
                    ChannelMsg::ExitStatus { exit_status } => status = i32::try_from(exit_status).ok(),
                    ChannelMsg::ExitSignal { signal_name, .. } => status = Some(-signal_number(&signal_name)),
                    ChannelMsg::Failure => {
                        keep(&kept, b"the server refused to run a command", limit);
                        break;
                    }
                    _ => {}
                }
            }
            if let Some(status) = status {
                let _ = sender.send(status);
            }
            drop(packets);
            let _ = outgoing.close().await;
        });
        let is_slow = round_trip >= SLOW && !self.compresses;
        Ok(Running { reader: Box::new(reader), writer: Box::new(writer), errors, exit, is_slow })
    }
}

fn signal_number(signal: &russh::Sig) -> i32 {
    match signal {
        russh::Sig::HUP => 1,
        russh::Sig::INT => 2,
        russh::Sig::QUIT => 3,
        russh::Sig::ILL => 4,
        russh::Sig::ABRT => 6,
        russh::Sig::FPE => 8,
        russh::Sig::KILL => 9,
        russh::Sig::SEGV => 11,
        russh::Sig::PIPE => 13,
        russh::Sig::ALRM => 14,
        russh::Sig::TERM => 15,
        _ => 1,
    }
}
