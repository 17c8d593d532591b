//! One request with its redirections, credentials and proxies.

use super::policy::{FollowRedirects, proxy};
use churten_module::base64;
use churten_module::prelude::*;
use churten_module::{HttpRequest, HttpResponse, WebAddress};
use std::time::Duration;

/// How many redirections are followed.
const REDIRECTIONS: usize = 10;

/// What a module asks for.
#[derive(Clone, Debug)]
pub(super) struct Fetch {
    pub(super) request: HttpRequest,
    pub(super) follow: FollowRedirects,
    pub(super) use_proxy: bool,
    pub(super) user: Option<String>,
    pub(super) password: Option<String>,
    pub(super) force_basic_auth: bool,
    /// Headers that are not sent to where a redirection leads.
    pub(super) unredirected: Vec<String>,
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Fetched {
    pub(super) response: HttpResponse,
    pub(super) url: String,
    /// Cookies of all answers on the way.
    pub(super) cookies: Vec<(String, String)>,
}

impl Fetch {
    /// The header of the credentials, and the address without them.
    fn credentials(&self, address: &WebAddress) -> Option<(String, String)> {
        match (&self.user, &address.credentials) {
            (Some(user), _) => Some((user.clone(), self.password.clone().unwrap_or_default())),
            (None, given) => given.clone(),
        }
    }

    /// Do it. The error is the reason in words.
    pub(super) fn run(mut self, host: &dyn Host) -> std::result::Result<Fetched, String> {
        let mut cookies: Vec<(String, String)> = Vec::new();
        let mut authorized = self.force_basic_auth || self.user.is_none();
        let mut challenged = false;
        let mut redirected = 0;
        loop {
            let address = WebAddress::parse(&self.request.url)
                .ok_or_else(|| format!("unknown url type: '{}'", self.request.url))?;
            let mut request = self.request.clone();
            request.proxy = proxy(host.observe(), &address).filter(|_| self.use_proxy);
            if let Some((user, password)) = self.credentials(&address).filter(|_| authorized || challenged) {
                let text = base64::encode(format!("{user}:{password}").as_bytes());
                request.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("authorization"));
                request.headers.push(("Authorization".to_owned(), format!("Basic {text}")));
            }
            if !cookies.is_empty() && !request.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("cookie")) {
                let text: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
                request.headers.push(("Cookie".to_owned(), text.join("; ")));
            }
            let response = host.http(&request)?;
            for (name, value) in super::cookies::of(&response) {
                cookies.retain(|(known, _)| *known != name);
                cookies.push((name, value));
            }
            if response.status == 401 && !authorized && !challenged && self.user.is_some() {
                let asks_basic = response
                    .header("www-authenticate")
                    .is_some_and(|value| value.to_ascii_lowercase().starts_with("basic"));
                if asks_basic {
                    challenged = true;
                    continue;
                }
            }
            let next = self.follow.next_method(response.status, &self.request.method);
            let (Some(method), Some(location)) = (next, response.header("location")) else {
                return Ok(Fetched { url: self.request.url, response, cookies });
            };
            redirected += 1;
            let fetched_status = response.status;
            if redirected > REDIRECTIONS {
                return Err("The HTTP server returned a redirect error that would lead to an infinite loop.".to_owned());
            }
            let url = address.join(location);
            let target = WebAddress::parse(&url).ok_or_else(|| format!("unknown url type: '{url}'"))?;
            if target.host != address.host || target.port() != address.port() || target.scheme != address.scheme {
                // Credentials are for the host they were given for.
                self.request.headers.retain(|(name, _)| {
                    !name.eq_ignore_ascii_case("authorization") && !name.eq_ignore_ascii_case("cookie")
                });
                self.user = None;
                authorized = true;
                challenged = false;
                cookies.clear();
            }
            self.request
                .headers
                .retain(|(name, _)| !self.unredirected.iter().any(|unwanted| unwanted.eq_ignore_ascii_case(name)));
            if method != self.request.method || !matches!(fetched_status, 307 | 308) {
                self.request.body = None;
                self.request.headers.retain(|(name, _)| {
                    !matches!(
                        name.to_ascii_lowercase().as_str(),
                        "content-length" | "content-type" | "transfer-encoding"
                    )
                });
            }
            self.request.method = method;
            self.request.url = url;
        }
    }
}

/// The headers of an answer as keys of a result: `content_type`. A header that comes twice is joined.
pub(super) fn header_keys(response: &HttpResponse) -> Dict {
    let mut keys = Dict::new();
    for (name, value) in &response.headers {
        let key = name.to_ascii_lowercase().replace('-', "_");
        let joined = match keys.get(&key).and_then(Value::as_str) {
            Some(before) => format!("{before}, {value}"),
            None => value.clone(),
        };
        keys.insert(key, joined);
    }
    keys
}

/// `OK (5 bytes)`, or the error of a status.
pub(super) fn message(response: &HttpResponse) -> String {
    if response.status >= 300 {
        return format!("HTTP Error {}: {}", response.status, response.reason);
    }
    format!("OK ({} bytes)", response.header("content-length").unwrap_or("unknown"))
}

/// A time limit in seconds.
pub(super) fn seconds(limit: i64) -> Option<Duration> {
    u64::try_from(limit).ok().map(Duration::from_secs)
}
