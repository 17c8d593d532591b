//! One host: its options, its listener, its end.

use crate::server::handler::Guest;
use crate::server::key::ThrowawayKey;
use churten_protocol::Secret;
use russh::server::{Config, run_stream};
use russh::{Disconnect, MethodKind, MethodSet, Preferred, compression};
use std::borrow::Cow;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// How long a wrong password is thought about.
const REJECTION: Duration = Duration::from_millis(50);

/// Someone who may log in.
#[derive(Clone, Debug, Default)]
pub struct ServerUser {
    /// The login name. Commands run as the user of this process all the same.
    pub name: String,
    /// Accepted for password and keyboard-interactive authentication.
    pub password: Option<Secret>,
    /// Public keys as in `authorized_keys`: type and base64.
    pub keys: Vec<String>,
}

/// What a host is like.
#[derive(Clone, Debug)]
pub struct ServerOptions {
    /// Its name: `HOSTNAME` in the environment of commands.
    pub name: String,
    /// Where to listen; port 0 for any free one. Only loopback addresses are taken.
    pub address: SocketAddr,
    /// The home directory, which commands begin in. It must exist.
    pub home: PathBuf,
    /// Who may log in.
    pub users: Vec<ServerUser>,
    /// Variables for commands, on top of `HOME`, `USER`, `LOGNAME`, `SHELL`, `PATH` and `HOSTNAME`.
    pub environment: Vec<(String, String)>,
    /// The host's key; a fresh one when absent.
    pub key: Option<ThrowawayKey>,
    /// Reads the command lines; `/bin/sh` by default.
    pub shell: PathBuf,
    /// Connections to other hosts may be made through this one (jump hosts).
    pub forwarding: bool,
}

impl Default for ServerOptions {
    fn default() -> Self {
        Self {
            name: "localhost".to_owned(),
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            home: PathBuf::from("/"),
            users: Vec::new(),
            environment: Vec::new(),
            key: None,
            shell: PathBuf::from("/bin/sh"),
            forwarding: false,
        }
    }
}

/// A host. It is gone when this is dropped: connections are cut, commands killed.
#[derive(Debug)]
pub struct SshServer {
    address: SocketAddr,
    key: ThrowawayKey,
    stop: watch::Sender<u64>,
    logins: Arc<AtomicUsize>,
}

/// What all connections to a host share.
pub(super) struct Shared {
    pub(super) options: ServerOptions,
    pub(super) logins: Arc<AtomicUsize>,
    /// Changes when connections are to be cut; closed at the end.
    pub(super) stop: watch::Receiver<u64>,
}

impl SshServer {
    /// Listen, inside a tokio runtime.
    ///
    /// # Errors
    /// When the address is not a loopback one, or is taken.
    pub async fn start(options: ServerOptions) -> io::Result<Self> {
        if !options.address.ip().is_loopback() {
            let text = format!("{} is not a loopback address", options.address);
            return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
        }
        let key = match &options.key {
            Some(key) => key.clone(),
            None => ThrowawayKey::generate()?,
        };
        let methods = [MethodKind::PublicKey, MethodKind::Password, MethodKind::KeyboardInteractive];
        let config = Arc::new(Config {
            keys: vec![key.private.clone()],
            methods: MethodSet::from(methods.as_slice()),
            auth_rejection_time: REJECTION,
            auth_rejection_time_initial: Some(Duration::ZERO),
            max_auth_attempts: 6,
            nodelay: true,
            preferred: Preferred {
                compression: Cow::Borrowed(&[compression::NONE, compression::ZLIB_LEGACY]),
                ..Preferred::default()
            },
            ..Config::default()
        });
        let listener = TcpListener::bind(options.address).await?;
        let address = listener.local_addr()?;
        let (stop, stopped) = watch::channel(0);
        let logins = Arc::new(AtomicUsize::new(0));
        let shared = Arc::new(Shared { options, logins: Arc::clone(&logins), stop: stopped });
        tokio::spawn(listen(listener, config, shared));
        Ok(Self { address, key, stop, logins })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its line for `known_hosts`.
    pub fn known_hosts_line(&self) -> String {
        format!("[{}]:{} {}", self.address.ip(), self.address.port(), self.key.public_line())
    }

    /// How many times somebody logged in so far.
    pub fn logins(&self) -> usize {
        self.logins.load(Ordering::Relaxed)
    }

    /// Cut all connections and kill their commands; go on listening.
    pub fn cut(&self) {
        self.stop.send_modify(|count| *count += 1);
    }
}

async fn listen(listener: TcpListener, config: Arc<Config>, shared: Arc<Shared>) {
    let mut stop = shared.stop.clone();
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                // Out of descriptors, most likely: others will be closed.
                Err(_) => {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            gone = stop.changed() => match gone {
                Ok(()) => continue,
                Err(_) => return,
            },
        };
        let (config, shared) = (Arc::clone(&config), Arc::clone(&shared));
        tokio::spawn(async move {
            let mut stop = shared.stop.clone();
            stop.mark_unchanged();
            let _ = stream.set_nodelay(true);
            let session = match run_stream(config, stream, Guest::new(shared)).await {
                Ok(session) => session,
                Err(error) => {
                    tracing::debug!(%error, "ssh server: no connection");
                    return;
                }
            };
            let handle = session.handle();
            tokio::select! {
                ended = session => if let Err(error) = ended {
                    tracing::debug!(%error, "ssh server: connection ended");
                },
                // The session is a task of its own that only a message ends.
                _ = stop.changed() => {
                    let _ = handle.disconnect(Disconnect::ByApplication, "cut".to_owned(), String::new()).await;
                }
            }
        });
    }
}
