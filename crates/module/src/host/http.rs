//! A web request made from the host.

use std::path::PathBuf;
use std::time::Duration;

/// What to ask for.
#[derive(Clone, Debug, Default)]
pub struct HttpRequest {
    /// `GET`, `POST`, ...
    pub method: String,
    /// The address.
    pub url: String,
    /// Headers in order.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Option<Vec<u8>>,
    /// Time limit of each read and of the connection.
    pub timeout: Option<Duration>,
    /// Do not check certificates.
    pub insecure: bool,
    /// Use the proxies of the environment.
    pub use_proxy: bool,
    /// How many redirections to follow.
    pub redirections: u32,
    /// Certificate and key of the client, and further authorities.
    pub client_certificate: Option<PathBuf>,
    /// The client's key.
    pub client_key: Option<PathBuf>,
    /// A file of certificate authorities.
    pub authorities: Option<PathBuf>,
    /// Connect to this socket instead.
    pub unix_socket: Option<PathBuf>,
    /// Write the body into this file instead of memory.
    pub into_file: Option<PathBuf>,
    /// The most bytes of body to take.
    pub limit: Option<u64>,
}

/// What came back.
#[derive(Clone, Debug, Default)]
pub struct HttpResponse {
    /// Status code.
    pub status: u16,
    /// Reason of the status line.
    pub reason: String,
    /// Address after redirections.
    pub url: String,
    /// Headers in order.
    pub headers: Vec<(String, String)>,
    /// The body, unless it went into a file.
    pub body: Vec<u8>,
}
