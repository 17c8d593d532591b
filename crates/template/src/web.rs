//! Requests over the web that templates make: what is asked for, and who answers.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// What the lookup `url` asks for.
#[derive(Clone, Debug, Default)]
pub struct WebRequest {
    /// The address.
    pub url: String,
    /// Headers to send, in order.
    pub headers: Vec<(String, String)>,
    /// Headers that are not sent to where a redirection leads.
    pub unredirected: Vec<String>,
    /// `all`, `none`, `safe` or `urllib2`.
    pub follow_redirects: String,
    /// How long to wait for data.
    pub timeout: Option<Duration>,
    /// Check certificates.
    pub validate_certificates: bool,
    /// A file of certificate authorities, in place of the machine's.
    pub authorities: Option<PathBuf>,
    /// The ciphers to offer, in OpenSSL's words.
    pub ciphers: Vec<String>,
    /// Connect to this socket instead.
    pub unix_socket: Option<PathBuf>,
    /// Use the proxies of the environment.
    pub use_proxy: bool,
    /// Look for credentials in `~/.netrc`.
    pub use_netrc: bool,
    /// Who asks.
    pub user: Option<String>,
    /// With which password.
    pub password: Option<String>,
    /// Send the credentials before they are asked for.
    pub force_basic_authentication: bool,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WebFailure {
    /// The server answered with an error: `HTTP Error 404: Not Found`.
    Status(String),
    /// There was no answer.
    Failed(String),
    /// The address is none.
    Invalid(String),
}

/// Answers requests with the content of the address.
pub type WebClient = Arc<dyn Fn(WebRequest) -> Result<Vec<u8>, WebFailure> + Send + Sync>;
