//! The owner of all sessions of a run.

use crate::carrier::Carrier;
use crate::error::ConnectionError;
use crate::escalation;
use crate::observer::{PhaseKind, Watch};
use crate::raw::{RawCommand, RawOutput};
use crate::session::Session;
use crate::settings::{Become, ConnectionSettings, SshOptions, Transport};
use crate::ssh;
use crate::ssh::pace::{Pace, Paces, Patience};
use crate::worker::client::Client;
use crate::worker::delivery;
use churten_protocol::{Decoder, Hello, MAGIC};
use russh::keys::PrivateKey;
use std::collections::HashMap;
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Mutex as SyncMutex, PoisonError};
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::sync::{Mutex, oneshot};

/// All sessions of a run: one worker for each host, transport and identity, made when first asked for. Those who ask
/// at the same time wait for one connection.
pub struct Connections {
    settings: ConnectionSettings,
    crowd: Arc<Pace>,
    paces: Paces,
    hosts: SyncMutex<HashMap<String, Vec<Slot>>>,
}

/// So many hosts need more open files than a process usually may have.
const MANY: usize = 400;

/// How long a server that drops connections is tried where no `ConnectTimeout` says.
const DROP_PATIENCE: Duration = Duration::from_secs(10);

/// How long workers may take to end before their account is removed, and how often that is looked at.
const FAREWELL: Duration = Duration::from_secs(2);
const LOOK: Duration = Duration::from_millis(20);

/// A session or a carrier, made by the first who needs it.
type Cell<T> = Arc<Mutex<Option<T>>>;

/// The sessions under other identities.
type Others = Arc<SyncMutex<Vec<(Become, Cell<Session>)>>>;

/// What there is for one way to a host.
#[derive(Clone)]
struct Slot {
    transport: Transport,
    carrier: Cell<(Arc<Carrier>, Vec<String>)>,
    /// The worker as the login user, delivered.
    login: Cell<Session>,
    /// The worker inside this process.
    inside: Cell<Session>,
    /// Ends when that worker has cleaned up.
    farewell: Cell<oneshot::Receiver<()>>,
    others: Others,
}

impl std::fmt::Debug for Connections {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connections").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl Connections {
    /// No connections yet.
    pub fn new(settings: ConnectionSettings) -> Self {
        let crowd = Arc::new(Pace::in_all(settings.parallel));
        Self { settings, crowd, paces: Paces::default(), hosts: SyncMutex::default() }
    }

    /// The session with a host under an identity; made, or made again after it was lost.
    ///
    /// # Errors
    /// When the host cannot be reached, the identity not be taken on, or no worker run there.
    pub async fn session(
        &self,
        host: &str,
        transport: &Transport,
        become_: Option<&Become>,
        remote_tmp: &str,
    ) -> Result<Session, ConnectionError> {
        let slot = self.slot(host, transport);
        match become_ {
            None if *transport == Transport::Local && self.settings.local.is_some() => self.inside(host, &slot).await,
            // On the heap, for who only takes what is there has no room to spare for it: of these there is one for each host.
            None => Box::pin(self.login(host, &slot, remote_tmp)).await,
            Some(to) => {
                let cell = slot.identity(to);
                let mut kept = cell.lock().await;
                if let Some(session) = alive(&kept).await {
                    return Ok(session);
                }
                let login = Box::pin(self.login(host, &slot, remote_tmp)).await?;
                let watch = Watch::begin();
                let session = Box::pin(escalation::escalate(&login, to)).await;
                Watch::end(watch, PhaseKind::Become, host, "become");
                let session = session?;
                *kept = Some(session.clone());
                Ok(session)
            }
        }
    }

    /// Run a command line without a worker: Ansible's `raw`. Works wherever a login shell does.
    ///
    /// # Errors
    /// When the host cannot be reached or the identity not be taken on.
    pub async fn raw(
        &self,
        host: &str,
        transport: &Transport,
        become_: Option<&Become>,
        command: RawCommand,
    ) -> Result<RawOutput, ConnectionError> {
        let slot = self.slot(host, transport);
        let (carrier, _) = Box::pin(self.carrier(host, &slot)).await?;
        let watch = Watch::begin();
        let output = crate::raw::run(host, &carrier, become_, command).await;
        Watch::end(watch, PhaseKind::RoundTrip, host, "raw");
        output
    }

    /// Give up everything with a host (`meta: reset_connection`); the next session is a new connection.
    pub async fn reset(&self, host: &str) {
        let slots = self.hosts().remove(host);
        for slot in slots.unwrap_or_default() {
            slot.close().await;
        }
    }

    /// End the workers that run on a host as a user whose account is about to go. Gives them a moment to do so.
    pub async fn end_user(&self, host: &str, user: &str) {
        let slots = self.hosts().get(host).cloned().unwrap_or_default();
        for slot in slots {
            let mut pids = Vec::new();
            for cell in slot.identities_of(user) {
                if let Some(session) = cell.lock().await.take() {
                    session.end().await;
                    pids.push(session.hello().pid);
                }
            }
            let login = slot.login.lock().await.clone();
            let Some(login) = login.filter(|_| !pids.is_empty()) else { continue };
            let deadline = tokio::time::Instant::now() + FAREWELL;
            for pid in pids {
                let directory = format!("/proc/{pid}");
                while tokio::time::Instant::now() < deadline
                    && matches!(login.stat(&directory, true, false).await, Ok(Some(_)))
                {
                    tokio::time::sleep(LOOK).await;
                }
            }
        }
    }

    /// Give up everything. Workers end with their connections, and clean up.
    pub async fn close(&self) {
        let slots: Vec<Slot> = std::mem::take(&mut *self.hosts()).into_values().flatten().collect();
        for slot in &slots {
            slot.close().await;
        }
        // Those inside this process would end with it.
        let deadline = tokio::time::Instant::now() + FAREWELL;
        for slot in slots {
            if let Some(farewell) = slot.farewell.lock().await.take() {
                let _ = tokio::time::timeout_at(deadline, farewell).await;
            }
        }
    }

    fn hosts(&self) -> std::sync::MutexGuard<'_, HashMap<String, Vec<Slot>>> {
        self.hosts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn slot(&self, host: &str, transport: &Transport) -> Slot {
        let mut hosts = self.hosts();
        let slots = hosts.entry(host.to_owned()).or_default();
        if let Some(slot) = slots.iter().find(|slot| slot.transport == *transport) {
            return slot.clone();
        }
        let slot = Slot {
            transport: transport.clone(),
            carrier: Cell::default(),
            login: Cell::default(),
            inside: Cell::default(),
            farewell: Cell::default(),
            others: Arc::default(),
        };
        slots.push(slot.clone());
        if hosts.len() == MANY {
            allow_many_files();
        }
        slot
    }

    async fn login(&self, host: &str, slot: &Slot, remote_tmp: &str) -> Result<Session, ConnectionError> {
        let mut kept = slot.login.lock().await;
        if let Some(session) = alive(&kept).await {
            return Ok(session);
        }
        if self.settings.workers.is_empty() {
            let reason = "this churten was built without workers".to_owned();
            return Err(ConnectionError::NoWorker { host: host.to_owned(), reason });
        }
        let (carrier, notes) = self.carrier(host, slot).await?;
        let watch = Watch::begin();
        let delivered = delivery::deliver(host, &carrier, &self.settings, remote_tmp).await;
        Watch::end(watch, PhaseKind::Deliver, host, "worker");
        let delivered = delivered?;
        tracing::debug!(host, uploaded = delivered.uploaded, pid = delivered.hello.pid, "worker started");
        let client = Arc::new(delivered.client);
        let session = Session::new(host, client, 0, delivered.hello, Some(carrier), notes);
        *kept = Some(session.clone());
        Ok(session)
    }

    /// The connection, made by the first who needs it.
    async fn carrier(&self, host: &str, slot: &Slot) -> Result<(Arc<Carrier>, Vec<String>), ConnectionError> {
        let mut kept = slot.carrier.lock().await;
        if let Some((carrier, notes)) = kept.as_ref().filter(|(carrier, _)| !carrier.is_closed()) {
            return Ok((Arc::clone(carrier), notes.clone()));
        }
        let made = match &slot.transport {
            Transport::Local => (Arc::new(Carrier::Local), Vec::new()),
            Transport::Inside(options) => (Arc::new(Carrier::Inside((**options).clone())), Vec::new()),
            Transport::Ssh(options) => {
                let watch = Watch::begin();
                let connected = self.connect(host, options).await;
                Watch::end(watch, PhaseKind::Connect, host, "ssh");
                let (carrier, notes) = connected?;
                (Arc::new(carrier), notes)
            }
        };
        *kept = Some(made.clone());
        Ok(made)
    }

    /// The worker in this process.
    async fn inside(&self, host: &str, slot: &Slot) -> Result<Session, ConnectionError> {
        let mut kept = slot.inside.lock().await;
        if let Some(session) = kept.as_ref().filter(|session| !session.is_closed()) {
            return Ok(session.clone());
        }
        let failed = |error: std::io::Error| ConnectionError::remote(host, format_args!("local worker: {error}"));
        let Some(serve) = self.settings.local.clone() else {
            return Err(failed(std::io::ErrorKind::Unsupported.into()));
        };
        let (ours, theirs) = UnixStream::pair().map_err(failed)?;
        let (ended, farewell) = oneshot::channel();
        ours.set_nonblocking(true).map_err(failed)?;
        std::thread::Builder::new()
            .name("local-worker".to_owned())
            .spawn(move || {
                if let Err(error) = serve(theirs) {
                    tracing::debug!(%error, "local worker");
                }
                drop(ended);
            })
            .map_err(failed)?;
        let mut ours = tokio::net::UnixStream::from_std(ours).map_err(failed)?;
        let mut magic = [0; MAGIC.len()];
        ours.read_exact(&mut magic).await.map_err(failed)?;
        let (hello, early) = hello(host, &mut ours).await?;
        let (reader, writer) = ours.into_split();
        let client = Client::start(Box::new(reader), Box::new(writer), early);
        let session = Session::new(host, Arc::new(client), 0, hello, None, Vec::new());
        *slot.farewell.lock().await = Some(farewell);
        *kept = Some(session.clone());
        Ok(session)
    }

    /// Connect, by our own SSH or by the program where it is needed. With notes for `-v`.
    async fn connect(&self, host: &str, options: &SshOptions) -> Result<(Carrier, Vec<String>), ConnectionError> {
        let resolved = ssh::config::resolve(options).map_err(|message| ConnectionError::ssh(host, message))?;
        if resolved.program.is_empty() {
            let held = ssh::held_key::held_key(options).map_err(|reason| ConnectionError::unreachable(host, reason))?;
            let mut attempt = 0;
            loop {
                match self.connect_in_turn(host, options, &resolved, held.as_ref()).await {
                    Ok(connection) => return Ok((Carrier::Ssh(connection), Vec::new())),
                    Err(error) if attempt >= options.retries || is_refusal(&error) => return Err(error),
                    Err(error) => {
                        // ansible-core's pauses: 0, 1, 3, 7, ... at most 30 seconds.
                        let pause = (1_u64 << attempt.min(5)).saturating_sub(1).min(30);
                        tracing::debug!(host, %error, pause, "another attempt");
                        tokio::time::sleep(Duration::from_secs(pause)).await;
                        attempt += 1;
                    }
                }
            }
        }
        let mut scratch = ssh::config::Settings::default();
        let arguments = ssh::config::parse_arguments(&options.arguments, &mut scratch)
            .map_err(|message| ConnectionError::ssh(host, message))?;
        let program = ssh::program::SshProgram::new(host, options, arguments.words, &resolved.program)?;
        let note = format!("{host}: using the OpenSSH program, for {}", resolved.program.join(", "));
        Ok((Carrier::Program(program), vec![note]))
    }

    /// Connect when there is room at the address. A server that hangs up before it lets anybody in is asked again, for
    /// as long as a connection may take.
    async fn connect_in_turn(
        &self,
        host: &str,
        options: &SshOptions,
        resolved: &ssh::config::Resolved,
        held: Option<&Arc<PrivateKey>>,
    ) -> Result<ssh::connection::SshConnection, ConnectionError> {
        let pace = self.paces.of(&resolved.first_hop());
        let mut patience = None;
        let crowd = ssh::connection::Crowd { pace: &self.crowd, most: self.settings.parallel };
        loop {
            let turn = pace.turn().await;
            let patience =
                patience.get_or_insert_with(|| Patience::new(resolved.connect_timeout.unwrap_or(DROP_PATIENCE)));
            let refused = match ssh::connection::connect(options, resolved, held, crowd).await {
                Ok(connection) => {
                    turn.made();
                    return Ok(connection);
                }
                Err(refused) => refused,
            };
            let again = if refused.is_dropped { patience.pause() } else { None };
            let Some(pause) = again else { return Err(ConnectionError::ssh(host, refused.message)) };
            tracing::debug!(host, ?pause, "dropped before the login, another attempt");
            turn.dropped();
            tokio::time::sleep(pause).await;
            drop(turn);
        }
    }
}

impl Slot {
    fn identity(&self, to: &Become) -> Cell<Session> {
        let mut others = self.others.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, cell)) = others.iter().find(|(identity, _)| identity == to) {
            return Arc::clone(cell);
        }
        let cell = Cell::default();
        others.push((to.clone(), Arc::clone(&cell)));
        cell
    }

    /// The sessions as a user, which are forgotten.
    fn identities_of(&self, user: &str) -> Vec<Cell<Session>> {
        let mut others = self.others.lock().unwrap_or_else(PoisonError::into_inner);
        let (gone, kept) = std::mem::take(&mut *others).into_iter().partition(|(identity, _)| identity.user == user);
        *others = kept;
        let gone: Vec<(Become, Cell<Session>)> = gone;
        gone.into_iter().map(|(_, cell)| cell).collect()
    }

    async fn close(&self) {
        let others = std::mem::take(&mut *self.others.lock().unwrap_or_else(PoisonError::into_inner));
        for (_, cell) in others {
            *cell.lock().await = None;
        }
        *self.login.lock().await = None;
        *self.inside.lock().await = None;
        if let Some((carrier, _)) = self.carrier.lock().await.take()
            && let Carrier::Ssh(connection) = &*carrier
        {
            connection.close().await;
        }
    }
}

/// Let this process have as many open files as the system lets it: most begin with 1,024.
fn allow_many_files() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    // Where that is refused connections fail by themselves, and say why.
    let _ = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
}

/// The session that is kept, when there is one and its worker is there.
async fn alive(kept: &Option<Session>) -> Option<Session> {
    let session = kept.as_ref()?;
    session.is_alive().await.then(|| session.clone())
}

/// True when the host has answered and another attempt would be answered alike.
fn is_refusal(error: &ConnectionError) -> bool {
    let message = error.message();
    ["Permission denied (", "Host key verification failed."].iter().any(|end| message.contains(end))
}

async fn hello(
    host: &str,
    reader: &mut (impl tokio::io::AsyncRead + Unpin),
) -> Result<(Hello, Vec<u8>), ConnectionError> {
    let violation = |reason: String| ConnectionError::ProtocolViolation { host: host.to_owned(), reason };
    let mut decoder = Decoder::new();
    let mut buffer = vec![0; 4096];
    loop {
        let count = reader.read(&mut buffer).await.map_err(|error| violation(error.to_string()))?;
        if count == 0 {
            return Err(violation("the local worker ended".to_owned()));
        }
        let mut bytes = buffer.get(..count).unwrap_or_default();
        if let Some(frame) = decoder.push(&mut bytes).map_err(|error| violation(error.to_string()))? {
            let hello = Hello::from_frame(&frame).map_err(|error| violation(error.to_string()))?;
            return Ok((hello, bytes.to_vec()));
        }
    }
}
