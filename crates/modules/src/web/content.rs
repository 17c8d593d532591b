//! The content of an address, for the lookup `url` on the controller.

use super::fetch::Fetch;
use super::policy::FollowRedirects;
use churten_module::{Host, HttpError, HttpRequest};
use std::path::PathBuf;
use std::time::Duration;

/// More than this is not taken into memory.
const LIMIT: u64 = 256 * 1024 * 1024;

/// What is asked for and how.
#[derive(Clone, Debug, Default)]
pub struct ContentRequest {
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

/// Why there is no content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContentError {
    /// The server answered with an error: `HTTP Error 404: Not Found`.
    Status(String),
    /// There was no answer.
    Failed(String),
    /// The address is none.
    Invalid(String),
}

/// Ask for the content of an address.
///
/// # Errors
/// An address that is none, no answer, or one with a status of 300 or more.
pub fn content(host: &dyn Host, request: ContentRequest) -> Result<Vec<u8>, ContentError> {
    let follow = match request.follow_redirects.as_str() {
        "all" | "yes" => FollowRedirects::All,
        "none" | "no" => FollowRedirects::None,
        "safe" => FollowRedirects::Safe,
        _ => FollowRedirects::Urllib2,
    };
    let fetch = Fetch {
        request: HttpRequest {
            method: "GET".to_owned(),
            url: request.url,
            headers: request.headers,
            timeout: request.timeout,
            insecure: !request.validate_certificates,
            authorities: request.authorities,
            ciphers: request.ciphers,
            unix_socket: request.unix_socket,
            decompress: true,
            limit: Some(LIMIT),
            ..HttpRequest::default()
        },
        follow,
        use_proxy: request.use_proxy,
        user: request.user,
        password: request.password,
        force_basic_auth: request.force_basic_authentication,
        use_netrc: request.use_netrc,
        unredirected: request.unredirected,
    };
    let fetched = fetch.run(host).map_err(|error| match error {
        HttpError::Unreachable(reason) => ContentError::Failed(format!("<urlopen error {reason}>")),
        HttpError::Broken(reason) | HttpError::Unwritable(reason) => ContentError::Failed(reason),
        HttpError::Invalid(reason) => ContentError::Invalid(reason),
    })?;
    if fetched.is_success() { Ok(fetched.response.body) } else { Err(ContentError::Status(fetched.message)) }
}
