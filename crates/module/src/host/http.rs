//! A web request made from the host.

use std::fmt;
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
    /// The ciphers to offer, in OpenSSL's words; none means all that are safe.
    pub ciphers: Vec<String>,
    /// Connect to this socket instead.
    pub unix_socket: Option<PathBuf>,
    /// Unpack an answer that says it is packed with gzip.
    pub decompress: bool,
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
    /// No answer over HTTP but a file of the host or of an FTP server; the status means only success.
    pub is_plain: bool,
    /// Why the body is not whole.
    pub broken: Option<BrokenBody>,
}

impl HttpResponse {
    /// The first header of a name, whatever its case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// Why a body could not be read to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BrokenBody {
    /// It ended early: so many bytes came, so many were missing.
    Short(u64, u64),
    /// It ended early, and nobody knows where its end was.
    Ended(String),
    /// Anything else, in words.
    Other(String),
}

impl fmt::Display for BrokenBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Short(read, missing) => write!(f, "IncompleteRead({read} bytes read, {missing} more expected)"),
            Self::Ended(text) | Self::Other(text) => f.write_str(text),
        }
    }
}

/// Why there is no answer. ansible-core words the kinds differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HttpError {
    /// No connection, or one that is not to be trusted.
    Unreachable(String),
    /// The connection broke before the answer, or a file of the encryption cannot be used.
    Broken(String),
    /// The request cannot be written in HTTP.
    Unwritable(String),
    /// What was asked for is no request at all; nothing was tried.
    Invalid(String),
}

impl fmt::Display for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable(reason) => write!(f, "Request failed: <urlopen error {reason}>"),
            Self::Broken(reason) => write!(f, "Connection failure: {reason}"),
            Self::Unwritable(reason) => write!(f, "An unknown error occurred: {reason}"),
            Self::Invalid(reason) => f.write_str(reason),
        }
    }
}
