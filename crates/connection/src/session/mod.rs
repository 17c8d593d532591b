//! One worker under one identity on one host.

mod batch;
mod files;

pub use batch::BatchResults;

use crate::carrier::Carrier;
use crate::error::ConnectionError;
use crate::observer::{PhaseKind, Watch, request_name};
use crate::worker::client::{Call, CallError, Client};
use crate::worker::transfer::TransferError;
use churten_protocol::{Batch, Detach, Exec, Hello, Invocation, Output, PythonRun, RemoteError, Request, Response};
use churten_value::Dict;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

/// A worker that has been silent for so long is asked whether it is there before it gets a task.
const LONG_IDLE: Duration = Duration::from_secs(15);

/// How long it may take to answer.
const ANSWER: Duration = Duration::from_secs(5);

/// A worker under one identity on one host. Cheap to clone; all clones share one connection, and any number of
/// requests travel on it at once. Dropping the future of a request cancels it on the host.
#[derive(Clone)]
pub struct Session {
    shared: Arc<Shared>,
}

struct Shared {
    host: String,
    client: Arc<Client>,
    route: u16,
    hello: Hello,
    /// The connection below the worker, which must outlive it.
    carrier: Option<Arc<Carrier>>,
    notes: Vec<String>,
    temporary: tokio::sync::Mutex<Option<String>>,
    /// Paths of files that are known to be on the host.
    placed: tokio::sync::Mutex<HashSet<String>>,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Session({}, route {})", self.shared.host, self.shared.route)
    }
}

impl Session {
    pub(crate) fn new(
        host: &str,
        client: Arc<Client>,
        route: u16,
        hello: Hello,
        carrier: Option<Arc<Carrier>>,
        notes: Vec<String>,
    ) -> Self {
        let (temporary, placed) = Default::default();
        let host = host.to_owned();
        Self { shared: Arc::new(Shared { host, client, route, hello, carrier, notes, temporary, placed }) }
    }

    /// The same connection under another identity.
    pub(crate) fn with_route(&self, route: u16, hello: Hello) -> Self {
        let Shared { host, client, carrier, notes, .. } = &*self.shared;
        Self::new(host, Arc::clone(client), route, hello, carrier.clone(), notes.clone())
    }

    /// The connection below the worker.
    pub(crate) fn carrier(&self) -> Option<Arc<Carrier>> {
        self.shared.carrier.clone()
    }

    /// The inventory's name of the host.
    pub fn host(&self) -> &str {
        &self.shared.host
    }

    /// What the worker said about itself: its user id, its architecture.
    pub fn hello(&self) -> &Hello {
        &self.shared.hello
    }

    /// What a user should know about the way this connection was made, to be shown at `-v`.
    pub fn notes(&self) -> &[String] {
        &self.shared.notes
    }

    /// True when the worker is gone; a new session can be asked for.
    pub fn is_closed(&self) -> bool {
        self.shared.client.is_closed(self.shared.route)
    }

    /// True when the worker is there. One that has been silent for a while is asked: a connection that a firewall has
    /// forgotten is found dead only by using it, and then what was asked for may have been done.
    pub(crate) async fn is_alive(&self) -> bool {
        if self.is_closed() {
            return false;
        }
        let client = &self.shared.client;
        if client.idle().is_none_or(|idle| idle < LONG_IDLE) || self.ping(ANSWER).await.is_ok() {
            return true;
        }
        // Somebody else's request may be under way by now.
        if client.idle().is_none() {
            return true;
        }
        client.give_up("the host has stopped answering".to_owned());
        if let Some(Carrier::Ssh(connection)) = self.shared.carrier.as_deref() {
            connection.abandon();
        }
        false
    }

    /// End a worker behind another one. The login user's own ends with its connection.
    pub(crate) async fn end(&self) {
        if self.shared.route != 0 {
            self.shared.client.close_route(self.shared.route).await;
        }
    }

    /// Run one module; gives its result dictionary.
    ///
    /// # Errors
    /// When the connection is lost on the way (unreachable), or the worker refuses the request.
    pub async fn run(&self, mut invocation: Invocation) -> Result<Dict, ConnectionError> {
        let watch = Watch::begin();
        invocation.timed = watch.is_some();
        let module = watch.is_some().then(|| invocation.module.clone());
        let mut request = Request::Module(Box::new(invocation));
        self.shared.client.shrink(&mut request);
        let mut call = self.call(&request).await?;
        let answer = call.response().await;
        match answer.map_err(|error| self.failed(error, does_something(&request)))? {
            Response::Result(mut result) => {
                if let Some(mut watch) = watch {
                    watch.answered(self.host(), "module", module, &mut result);
                }
                Ok(result)
            }
            other => Err(self.unexpected(&other)),
        }
    }

    /// Start one module apart from the worker, which it outlives; gives what is known when it has begun: the job's id
    /// and its results file.
    ///
    /// # Errors
    /// When the connection is lost on the way (unreachable), or the worker refuses the request.
    pub async fn detach(&self, detach: Detach) -> Result<Dict, ConnectionError> {
        match self.request(&Request::Detach(detach)).await? {
            Response::Result(result) => Ok(result),
            other => Err(self.unexpected(&other)),
        }
    }

    /// Run several modules one after another in one round trip. Once one has failed, what comes after the next of the
    /// `ends` is left out (see [`Batch::ends`]).
    ///
    /// # Errors
    /// When the connection is lost before the request is sent.
    pub async fn run_batch(
        &self,
        mut invocations: Vec<Invocation>,
        ends: Vec<u32>,
    ) -> Result<BatchResults, ConnectionError> {
        let watch = Watch::begin();
        let mut modules = Vec::new();
        if watch.is_some() {
            modules = invocations.iter().map(|invocation| invocation.module.clone()).collect();
            invocations.iter_mut().for_each(|invocation| invocation.timed = true);
        }
        let mut request = Request::Batch(Batch { invocations, ends });
        self.shared.client.shrink(&mut request);
        let call = self.call(&request).await?;
        Ok(BatchResults { session: self.clone(), call, ended: false, watch, modules })
    }

    /// Run a program.
    ///
    /// # Errors
    /// When the connection is lost, or the program cannot be started.
    pub async fn exec(&self, exec: Exec) -> Result<Output, ConnectionError> {
        match self.request(&Request::Exec(exec)).await? {
            Response::Exec(output) => Ok(output),
            other => Err(self.unexpected(&other)),
        }
    }

    /// Run a module in Python.
    ///
    /// # Errors
    /// When the connection is lost, or the module's interpreter ended under it.
    pub async fn python(&self, run: PythonRun) -> Result<Output, ConnectionError> {
        match self.request(&Request::Python(run)).await? {
            Response::Exec(output) => Ok(output),
            other => Err(self.unexpected(&other)),
        }
    }

    /// Whether the host answers within a time.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self, limit: Duration) -> Result<(), ConnectionError> {
        match tokio::time::timeout(limit, self.request(&Request::Ping)).await {
            Ok(answer) => answer.map(drop),
            Err(_) => Err(self.lost(format!("the worker did not answer within {} seconds", limit.as_secs()), false)),
        }
    }

    pub(crate) async fn request(&self, request: &Request) -> Result<Response, ConnectionError> {
        let watch = Watch::begin();
        let mut call = self.call(request).await?;
        let answer = call.response().await;
        Watch::end(watch, PhaseKind::RoundTrip, self.host(), request_name(request));
        answer.map_err(|error| self.failed(error, does_something(request)))
    }

    async fn call(&self, request: &Request) -> Result<Call, ConnectionError> {
        // What was sent of a request that could not be sent whole is none.
        self.shared.client.call(self.shared.route, request).await.map_err(|why| self.unstarted(why))
    }

    fn transferred(&self, result: Result<Response, TransferError>) -> Result<Response, ConnectionError> {
        result.map_err(|error| match error {
            TransferError::Call(error) => self.failed(error, false),
            TransferError::Local(error) => ConnectionError::remote(self.host(), error),
        })
    }

    fn failed(&self, error: CallError, does_something: bool) -> ConnectionError {
        match error {
            CallError::Lost(why) => self.lost(why, does_something),
            CallError::Unsent(why) => self.unstarted(why),
            CallError::Malformed(reason) => ConnectionError::ProtocolViolation { host: self.host().to_owned(), reason },
        }
    }

    fn lost(&self, why: String, does_something: bool) -> ConnectionError {
        let why = self.shared.client.lost().unwrap_or(why);
        let doubt =
            if does_something { ". The task had been sent: it may have been done, or a part of it" } else { "" };
        ConnectionError::via(self.host(), self.way(), format_args!("Connection lost: {why}{doubt}"))
    }

    fn unstarted(&self, why: String) -> ConnectionError {
        let why = self.shared.client.lost().unwrap_or(why);
        ConnectionError::unstarted(
            self.host(),
            self.way(),
            format_args!("Connection lost before the task was sent: {why}"),
        )
    }

    /// By what the host is reached, in messages.
    fn way(&self) -> &str {
        self.shared.carrier.as_ref().map_or("ssh", |carrier| carrier.name())
    }

    fn unexpected(&self, response: &Response) -> ConnectionError {
        match response {
            Response::Error(RemoteError { errno, message }) => {
                ConnectionError::Remote { host: self.host().to_owned(), errno: *errno, message: message.clone() }
            }
            other => ConnectionError::ProtocolViolation {
                host: self.host().to_owned(),
                reason: format!("an answer of another kind: {}", kind(other)),
            },
        }
    }
}

/// Does a request change something on the host, so that doing it twice may matter?
fn does_something(request: &Request) -> bool {
    match request {
        Request::Module(_)
        | Request::Batch(_)
        | Request::Exec(_)
        | Request::Python(_)
        | Request::Detach(_)
        | Request::Remove { .. } => true,
        Request::Ping
        | Request::Put(_)
        | Request::Begun(_)
        | Request::Fetch(_)
        | Request::Stat { .. }
        | Request::Become(_)
        | Request::TemporaryDirectory { .. } => false,
    }
}

/// The name of a response, without its content.
fn kind(response: &Response) -> String {
    let text = format!("{response:?}");
    text.split(['(', ' ', '{']).next().unwrap_or_default().to_owned()
}
