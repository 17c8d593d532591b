//! A web request made from the host.

use std::path::PathBuf;
use std::time::Duration;

/// One request. Redirections, credentials and proxies are the caller's to decide.
#[derive(Clone, Debug, Default)]
pub struct HttpRequest {
    /// `GET`, `POST`, ...
    pub method: String,
    /// The address.
    pub url: String,
    /// Headers in order. `Host`, `Connection`, `Content-Length` and `Accept-Encoding` are added where they are missing.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Option<Vec<u8>>,
    /// Time limit of the connection and of each read.
    pub timeout: Option<Duration>,
    /// Do not check certificates.
    pub insecure: bool,
    /// The proxy to go through: `http://[user:password@]host:port`.
    pub proxy: Option<String>,
    /// A file with the client's certificate, and its key where that is not in a file of its own.
    pub client_certificate: Option<PathBuf>,
    /// The client's key.
    pub client_key: Option<PathBuf>,
    /// A file of certificate authorities, in place of the host's.
    pub authorities: Option<PathBuf>,
    /// Connect to this socket instead.
    pub unix_socket: Option<PathBuf>,
    /// Write the body of an answer with a status below 300 into this file instead of memory.
    pub into_file: Option<PathBuf>,
    /// The most bytes of body to take into memory.
    pub limit: Option<u64>,
}

/// What came back.
#[derive(Clone, Debug, Default)]
pub struct HttpResponse {
    /// Status code.
    pub status: u16,
    /// Reason of the status line.
    pub reason: String,
    /// Headers in order.
    pub headers: Vec<(String, String)>,
    /// The body, unless it went into a file.
    pub body: Vec<u8>,
}

impl HttpResponse {
    /// The first header of a name, whatever its case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}
