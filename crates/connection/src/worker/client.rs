//! Many requests at once over one stream of frames.

use churten_protocol::{
    Assembler, Decoder, Deflater, Frame, HEARTBEAT_SECONDS, Kind, Request, Response, SILENCE_SECONDS, credit_of,
    request_frames,
};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::{mpsc, watch};

/// Frames waiting to be written. Small, so that a stalled host stops those who send to it.
const QUEUE: usize = 32;

/// Bytes read at a time.
const READ: usize = 16 << 10;

/// A stream in one direction.
pub(crate) type Reader = Box<dyn AsyncRead + Send + Unpin>;

/// A stream in the other.
pub(crate) type Writer = Box<dyn AsyncWrite + Send + Unpin>;

/// Something for one call.
#[derive(Debug)]
pub(crate) enum Incoming {
    /// An answer.
    Response(Response),
    /// A piece of a fetched file.
    Data(Vec<u8>),
    /// Room for further bytes of a sent file.
    Credit(u32),
    /// An answer that does not decode.
    Malformed(String),
}

/// The connection to one worker and those behind it.
pub(crate) struct Client {
    frames: mpsc::Sender<Frame>,
    shared: Arc<Shared>,
}

struct Shared {
    calls: Mutex<Calls>,
    next: AtomicU32,
    begun: Instant,
    /// When the worker was heard last, in milliseconds since it began.
    heard: AtomicU64,
    /// True once the connection is gone: it ends a write that would wait for ever.
    gone: watch::Sender<bool>,
    /// The link is slow: what gets smaller is deflated, in both directions.
    slow: AtomicBool,
}

#[derive(Default)]
struct Calls {
    open: HashMap<(u16, u32), Open>,
    /// Why there is no connection any more.
    lost: Option<String>,
    closed_routes: Vec<u16>,
}

/// A call that waits for its answer.
struct Open {
    sender: mpsc::UnboundedSender<Incoming>,
    /// Its request may have reached the worker.
    sent: Arc<AtomicBool>,
}

impl Shared {
    fn calls(&self) -> MutexGuard<'_, Calls> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The worker has said something.
    fn heard(&self) {
        let now = self.begun.elapsed().as_millis().try_into().unwrap_or(u64::MAX);
        self.heard.store(now, Ordering::Relaxed);
    }

    /// Give every call up.
    fn lose(&self, why: String) {
        let mut calls = self.calls();
        if calls.lost.is_none() {
            tracing::debug!(why, "connection to a worker lost");
            calls.lost = Some(why);
        }
        calls.open.clear();
        self.gone.send_replace(true);
    }
}

impl Client {
    /// Talk over streams on which the worker has said hello. `early` are bytes that came after its hello.
    pub(crate) fn start(reader: Reader, writer: Writer, early: Vec<u8>) -> Self {
        let (frames, queue) = mpsc::channel(QUEUE);
        let shared = Arc::new(Shared {
            calls: Mutex::default(),
            next: AtomicU32::new(1),
            begun: Instant::now(),
            heard: AtomicU64::new(0),
            gone: watch::channel(false).0,
            slow: AtomicBool::new(false),
        });
        tokio::spawn(write(writer, queue, Arc::clone(&shared)));
        tokio::spawn(read(reader, early, Arc::clone(&shared)));
        Self { frames, shared }
    }

    /// The link is slow: from now on both ends deflate what gets smaller by that.
    pub(crate) async fn deflate(&self) {
        self.shared.slow.store(true, Ordering::Relaxed);
        // A connection that is gone is found out by the first request.
        let _ = self.frames.send(Frame::bare(0, Kind::Deflate, 0)).await;
    }

    /// Make the files in a request smaller, where the link is slow.
    pub(crate) fn shrink(&self, request: &mut Request) {
        if self.shared.slow.load(Ordering::Relaxed) {
            request.deflate();
        }
    }

    /// How long nothing has been heard of the worker, when nothing is under way that it could speak of.
    pub(crate) fn idle(&self) -> Option<Duration> {
        let heard = Duration::from_millis(self.shared.heard.load(Ordering::Relaxed));
        self.shared.calls().open.is_empty().then(|| self.shared.begun.elapsed().saturating_sub(heard))
    }

    /// Give the connection up.
    pub(crate) fn give_up(&self, why: String) {
        self.shared.lose(why);
    }

    /// Why the connection is gone, when it is.
    pub(crate) fn lost(&self) -> Option<String> {
        self.shared.calls().lost.clone()
    }

    /// True when the program behind a route has ended, or the connection is gone.
    pub(crate) fn is_closed(&self, route: u16) -> bool {
        let calls = self.shared.calls();
        calls.lost.is_some() || calls.closed_routes.contains(&route)
    }

    /// Send a request. `Err` is why it cannot be sent.
    pub(crate) async fn call(&self, route: u16, request: &Request) -> Result<Call, String> {
        let (sender, incoming) = mpsc::unbounded_channel();
        let sent = Arc::new(AtomicBool::new(false));
        let id = self.register(route, Open { sender, sent: Arc::clone(&sent) })?;
        // From here on a dropped future cancels the call.
        let call = Call {
            route,
            id,
            incoming,
            frames: self.frames.clone(),
            shared: Arc::clone(&self.shared),
            sent,
            finished: false,
        };
        let frames = request_frames(route, id, request).map_err(|error| error.to_string())?;
        for frame in frames {
            call.send(frame).await?;
        }
        Ok(call)
    }

    /// Tell the worker that nothing more comes on a route; the program behind it ends.
    pub(crate) async fn close_route(&self, route: u16) {
        // A worker that is gone has no routes.
        let _ = self.frames.send(Frame::bare(route, Kind::Closed, 0)).await;
    }

    fn register(&self, route: u16, open: Open) -> Result<u32, String> {
        let mut calls = self.shared.calls();
        if let Some(why) = &calls.lost {
            return Err(why.clone());
        }
        if calls.closed_routes.contains(&route) {
            return Err("the program of the become user has ended".to_owned());
        }
        loop {
            // 0 is nobody's: the worker uses it for complaints about frames.
            let id = self.shared.next.fetch_add(1, Ordering::Relaxed);
            if id != 0 && !calls.open.contains_key(&(route, id)) {
                calls.open.insert((route, id), open);
                return Ok(id);
            }
        }
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.shared.lose("the connection was closed".to_owned());
    }
}

/// A request under way. Dropping it before its end cancels it on the host.
pub(crate) struct Call {
    route: u16,
    id: u32,
    incoming: mpsc::UnboundedReceiver<Incoming>,
    frames: mpsc::Sender<Frame>,
    shared: Arc<Shared>,
    sent: Arc<AtomicBool>,
    finished: bool,
}

impl Call {
    /// What comes next. `Err` is why nothing will.
    pub(crate) async fn next(&mut self) -> Result<Incoming, String> {
        match self.incoming.recv().await {
            Some(incoming) => {
                self.finished = match &incoming {
                    Incoming::Response(response) => response.is_final(),
                    Incoming::Malformed(_) => true,
                    Incoming::Data(_) | Incoming::Credit(_) => false,
                };
                Ok(incoming)
            }
            None => {
                self.finished = true;
                Err(self.why())
            }
        }
    }

    /// True when the request may have reached the worker. Of no meaning before the call is over.
    pub(crate) fn was_sent(&self) -> bool {
        self.sent.load(Ordering::Relaxed)
    }

    /// What has come already, without waiting.
    pub(crate) fn next_now(&mut self) -> Option<Incoming> {
        self.incoming.try_recv().ok().inspect(|incoming| {
            self.finished |= matches!(incoming, Incoming::Response(response) if response.is_final());
        })
    }

    /// The next response; data and credit in between are of no interest.
    pub(crate) async fn response(&mut self) -> Result<Response, CallError> {
        loop {
            match self.next().await.map_err(|why| self.lost(why))? {
                Incoming::Response(response) => return Ok(response),
                Incoming::Malformed(reason) => return Err(CallError::Malformed(reason)),
                Incoming::Data(_) | Incoming::Credit(_) => {}
            }
        }
    }

    fn lost(&self, why: String) -> CallError {
        if self.was_sent() { CallError::Lost(why) } else { CallError::Unsent(why) }
    }

    /// Send a frame of this call's.
    pub(crate) async fn frame(&self, kind: Kind, body: Vec<u8>) -> Result<(), String> {
        self.send(Frame::new(self.route, kind, self.id, body)).await
    }

    async fn send(&self, frame: Frame) -> Result<(), String> {
        self.frames.send(frame).await.map_err(|_| self.why())
    }

    fn why(&self) -> String {
        let calls = self.shared.calls();
        calls.lost.clone().unwrap_or_else(|| "the program of the become user has ended".to_owned())
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        if self.finished {
            return;
        }
        self.shared.calls().open.remove(&(self.route, self.id));
        let cancel = Frame::bare(self.route, Kind::Cancel, self.id);
        if let Err(mpsc::error::TrySendError::Full(cancel)) = self.frames.try_send(cancel) {
            let frames = self.frames.clone();
            // Outside of a runtime everything is over anyway.
            if let Ok(runtime) = tokio::runtime::Handle::try_current() {
                runtime.spawn(async move { frames.send(cancel).await });
            }
        }
    }
}

/// How a call fails.
#[derive(Clone, Debug)]
pub(crate) enum CallError {
    /// The connection is gone.
    Lost(String),
    /// The connection is gone, and the request had not been sent.
    Unsent(String),
    /// The answer is none.
    Malformed(String),
}

async fn write(mut writer: Writer, mut queue: mpsc::Receiver<Frame>, shared: Arc<Shared>) {
    let period = Duration::from_secs(HEARTBEAT_SECONDS);
    let mut heartbeat = tokio::time::interval_at(tokio::time::Instant::now() + period, period);
    let mut gone = shared.gone.subscribe();
    let mut deflater = Deflater::default();
    let result = loop {
        let frame = tokio::select! {
            frame = queue.recv() => match frame {
                Some(frame) => frame,
                None => break Ok(()),
            },
            _ = gone.wait_for(|gone| *gone) => break Ok(()),
            _ = heartbeat.tick() => Frame::bare(0, Kind::Heartbeat, 0),
        };
        let deflated = if shared.slow.load(Ordering::Relaxed) { deflater.deflate(&frame) } else { None };
        let (header, body) = match (&deflated, frame.header()) {
            (Some((header, body)), _) => (*header, body),
            (None, Ok(header)) => (header, &frame.body),
            (None, Err(_)) => continue,
        };
        if frame.kind == Kind::Request
            && let Some(open) = shared.calls().open.get(&(frame.route, frame.id))
        {
            open.sent.store(true, Ordering::Relaxed);
        }
        let idle = queue.is_empty();
        let written = async {
            if body.len() < READ {
                // One write, one packet.
                let mut bytes = zeroize::Zeroizing::new(Vec::with_capacity(header.len() + body.len()));
                bytes.extend_from_slice(&header);
                bytes.extend_from_slice(body);
                writer.write_all(&bytes).await?;
            } else {
                writer.write_all(&header).await?;
                writer.write_all(body).await?;
            }
            if idle { writer.flush().await } else { Ok(()) }
        };
        tokio::select! {
            result = written => if let Err(error) = result {
                break Err(error);
            },
            _ = gone.wait_for(|gone| *gone) => break Ok(()),
        }
    };
    // Whoever waits for room in the queue is to be told now.
    drop(queue);
    if let Err(error) = result {
        // What the reader finds out is usually better, so it gets a moment.
        tokio::time::sleep(Duration::from_millis(200)).await;
        shared.lose(format!("the connection broke while sending: {error}"));
    }
    let _ = tokio::time::timeout(Duration::from_secs(5), writer.shutdown()).await;
}

async fn read(mut reader: Reader, early: Vec<u8>, shared: Arc<Shared>) {
    let mut decoder = Decoder::new();
    let mut assembler = Assembler::new();
    let mut buffer = vec![0; READ];
    let mut input = early;
    let why = loop {
        let mut bytes = input.as_slice();
        let wrong = loop {
            match decoder
                .push(&mut bytes)
                .and_then(|frame| frame.map_or(Ok(None), |frame| assembler.push(frame).map(Some)))
            {
                Ok(Some(Some(frame))) => deliver(&shared, frame),
                Ok(Some(None)) => {}
                Ok(None) => break None,
                Err(error) => break Some(error),
            }
        };
        if let Some(error) = wrong {
            break format!("the worker sent something that is not churten's protocol: {error}");
        }
        match tokio::time::timeout(Duration::from_secs(SILENCE_SECONDS), reader.read(&mut buffer)).await {
            Ok(Ok(0)) => break "the connection was closed by the remote host".to_owned(),
            Ok(Ok(count)) => {
                shared.heard();
                input.clear();
                input.extend_from_slice(buffer.get(..count).unwrap_or_default());
            }
            Ok(Err(error)) => break format!("the connection broke: {error}"),
            Err(_) => break format!("the host has been silent for {SILENCE_SECONDS} seconds"),
        }
    };
    shared.lose(why);
}

fn deliver(shared: &Shared, mut frame: Frame) {
    let key = (frame.route, frame.id);
    let incoming = match frame.kind {
        Kind::Response => match Response::decode(&frame.body) {
            Ok(response) => Incoming::Response(response),
            Err(error) => Incoming::Malformed(error.to_string()),
        },
        Kind::Data => Incoming::Data(std::mem::take(&mut frame.body)),
        Kind::Credit => match credit_of(&frame.body) {
            Ok(bytes) => Incoming::Credit(bytes),
            Err(error) => Incoming::Malformed(error.to_string()),
        },
        Kind::Closed => {
            let mut calls = shared.calls();
            // Named is a request that has not been passed on.
            if let Some(open) = calls.open.get(&key).filter(|_| frame.id != 0) {
                open.sent.store(false, Ordering::Relaxed);
            }
            calls.open.retain(|(route, _), _| *route != frame.route);
            calls.closed_routes.push(frame.route);
            return;
        }
        _ => return,
    };
    let last = match &incoming {
        Incoming::Response(response) => response.is_final(),
        Incoming::Malformed(_) => true,
        _ => false,
    };
    if key.1 == 0 {
        tracing::warn!("a worker complains without naming a call");
        return;
    }
    let mut calls = shared.calls();
    let gone = calls.open.get(&key).is_none_or(|call| call.sender.send(incoming).is_err());
    if last || gone {
        calls.open.remove(&key);
    }
}
