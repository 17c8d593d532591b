//! One request with its redirections, credentials and proxies.

use super::challenge::{Challenges, Reaction, basic};
use super::cookies::Jar;
use super::netrc;
use super::policy::{FollowRedirects, proxy};
use churten_module::prelude::*;
use churten_module::{HttpError, HttpRequest, HttpResponse, WebAddress};
use churten_value::Data;
use std::collections::HashMap;
use std::time::Duration;

/// How many places redirections may lead to, and how often to the same, as in Python's `urllib`.
const PLACES: usize = 10;
const REPEATS: usize = 4;

/// What a module asks for.
#[derive(Clone, Debug)]
pub(crate) struct Fetch {
    pub(super) request: HttpRequest,
    pub(super) follow: FollowRedirects,
    pub(super) use_proxy: bool,
    pub(super) user: Option<String>,
    pub(super) password: Option<String>,
    pub(super) force_basic_auth: bool,
    pub(super) use_netrc: bool,
    /// Headers that are not sent to where a redirection leads.
    pub(super) unredirected: Vec<String>,
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fetched {
    pub(super) response: HttpResponse,
    /// Where the answer came from; of an error, where it was asked for.
    pub(super) url: String,
    /// `OK (5 bytes)`, or the error of a status.
    pub(super) message: String,
    /// Cookies of all answers on the way.
    pub(super) cookies: Jar,
}

impl Fetched {
    /// True for a status that Python takes as an answer and not as an error.
    pub(super) fn is_success(&self) -> bool {
        self.response.status < 300
    }
}

fn set(headers: &mut Vec<(String, String)>, name: &str, value: String) {
    headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
    headers.push((name.to_owned(), value));
}

fn has(headers: &[(String, String)], name: &str) -> bool {
    headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name))
}

impl Fetch {
    /// Take the credentials to where they belong: into a header, or to be used when they are asked for.
    fn authorize(&mut self, host: &dyn Host) -> Result<Option<Challenges>, HttpError> {
        let Some(address) = WebAddress::parse(&self.request.url).filter(|address| address.scheme != "ftp") else {
            return Ok(None);
        };
        if let Some(given) = &address.credentials {
            let rest = self.request.url.split_once("://").map_or("", |(_, rest)| rest);
            let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
            let after = rest.get(..end).and_then(|authority| authority.rfind('@')).map_or(0, |at| at + 1);
            self.request.url = format!("{}://{}", address.scheme, rest.get(after..).unwrap_or_default());
            if self.user.is_none() {
                (self.user, self.password) = (Some(given.0.clone()), Some(given.1.clone()));
            }
        }
        let headers = &mut self.request.headers;
        match &self.user {
            Some(user) if self.force_basic_auth => {
                let header = basic(user, self.password.as_deref().unwrap_or_default());
                set(headers, "Authorization", header);
            }
            Some(user) => {
                let place = (address.host.to_ascii_lowercase(), address.port());
                return Ok(self.password.clone().map(|password| Challenges::new(user.clone(), password, place)));
            }
            None if self.use_netrc => {
                if let Some((user, password)) = netrc::credentials(host.observe(), &address.host)? {
                    set(headers, "Authorization", basic(&user, &password));
                }
            }
            None => {}
        }
        Ok(None)
    }

    /// Do it.
    pub(super) fn run(mut self, host: &dyn Host) -> Result<Fetched, HttpError> {
        let asked = self.request.url.clone();
        let mut challenges = self.authorize(host)?;
        let mut cookies = Jar::default();
        let mut visited: HashMap<String, usize> = HashMap::new();
        loop {
            let (response, gave_up) = self.answer(host, &mut cookies, challenges.as_mut())?;
            let mut fetched = Fetched { url: asked.clone(), message: message(&response), response, cookies };
            if gave_up {
                fetched.message = format!("HTTP Error {}: digest auth failed", fetched.response.status);
                fetched.response.body.clear();
                return Ok(fetched);
            }
            if fetched.is_success() {
                fetched.url = self.request.url;
                return Ok(fetched);
            }
            let next = self.follow.next_method(fetched.response.status, &self.request.method);
            let location = fetched.response.header("location").or_else(|| fetched.response.header("uri"));
            let (Some(method), Some(location), Some(address)) = (next, location, WebAddress::parse(&self.request.url))
            else {
                return Ok(fetched);
            };
            let url = address.join(&location.replace(' ', "%20"));
            let scheme = url.split_once("://").map_or("", |(scheme, _)| scheme).to_ascii_lowercase();
            if !matches!(scheme.as_str(), "http" | "https" | "ftp") {
                fetched.message += &format!(" - Redirection to url '{url}' is not allowed");
                return Ok(fetched);
            }
            if visited.get(&url).is_some_and(|times| *times >= REPEATS) || visited.len() >= PLACES {
                fetched.message = format!(
                    "HTTP Error {}: The HTTP server returned a redirect error that would lead to an infinite \
                     loop.\nThe last 30x error message was:\n{}",
                    fetched.response.status, fetched.response.reason
                );
                return Ok(fetched);
            }
            *visited.entry(url.clone()).or_default() += 1;
            self.redirect(method, url, fetched.response.status);
            cookies = fetched.cookies;
        }
    }

    /// Ask once more elsewhere.
    fn redirect(&mut self, method: String, url: String, status: u16) {
        let unredirected = &self.unredirected;
        let is_kept = |name: &str| !unredirected.iter().any(|unwanted| unwanted.eq_ignore_ascii_case(name));
        self.request.headers.retain(|(name, _)| is_kept(name));
        if method != self.request.method || !matches!(status, 307 | 308) {
            self.request.body = None;
            let of_body = ["content-length", "content-type", "transfer-encoding"];
            self.request.headers.retain(|(name, _)| !of_body.contains(&name.to_ascii_lowercase().as_str()));
        }
        self.request.method = method;
        self.request.url = url;
    }

    /// The answer to the request as it stands, with credentials if they are asked for. True when they were refused
    /// too often.
    fn answer(
        &self,
        host: &dyn Host,
        cookies: &mut Jar,
        mut challenges: Option<&mut Challenges>,
    ) -> Result<(HttpResponse, bool), HttpError> {
        let address = WebAddress::parse(&self.request.url);
        let mut authorization = None;
        if let Some(challenges) = challenges.as_deref_mut() {
            challenges.begin();
        }
        loop {
            let mut request = self.request.clone();
            if let Some(address) = &address {
                request.proxy = proxy(host.observe(), address).filter(|_| self.use_proxy);
                if let Some(text) = cookies.header(address).filter(|_| !has(&request.headers, "cookie")) {
                    request.headers.insert(0, ("Cookie".to_owned(), text));
                }
            }
            if let Some(header) = authorization.take() {
                set(&mut request.headers, "Authorization", header);
            }
            let response = host.http(&request)?;
            let Some(address) = &address else { return Ok((response, false)) };
            cookies.store(&response, address, host.now().seconds);
            let Some(challenges) = challenges.as_deref_mut().filter(|_| response.status == 401) else {
                return Ok((response, false));
            };
            let place = (address.host.to_ascii_lowercase(), address.port());
            match challenges.react(host.observe(), &response, &place, (&request.method, &address.path))? {
                Reaction::Authorization(header) => authorization = Some(header),
                Reaction::Take => return Ok((response, false)),
                Reaction::GiveUp => return Ok((response, true)),
            }
        }
    }
}

/// The headers of an answer by their names in lower case, with dashes. A header that comes twice is joined.
pub(super) fn header_keys(response: &HttpResponse, dash: &str) -> Dict {
    let mut keys = Dict::new();
    for (name, value) in &response.headers {
        let key = name.to_ascii_lowercase().replace('-', dash);
        let joined = match keys.get(&key).and_then(Value::as_str) {
            Some(before) => format!("{before}, {value}"),
            None => value.clone(),
        };
        keys.insert(key, joined);
    }
    keys
}

fn message(response: &HttpResponse) -> String {
    if response.status >= 300 {
        return format!("HTTP Error {}: {}", response.status, response.reason);
    }
    format!("OK ({} bytes)", response.header("content-length").unwrap_or("unknown"))
}

/// An address as results show it.
pub(super) fn shown(url: &str) -> String {
    let Some(address) = WebAddress::parse(url).filter(|address| address.credentials.is_some()) else {
        return url.to_owned();
    };
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let (user, _) = authority.rsplit_once('@').unwrap_or_default();
    let hidden = if user.contains(':') { "****:****" } else { "****" };
    let port = address.port.map_or_else(String::new, |port| format!(":{port}"));
    let host = if address.host.contains(':') { format!("[{}]", address.host) } else { address.host };
    format!("{scheme}://{hidden}@{host}{port}{path}")
}

/// A time limit in seconds.
pub(super) fn seconds(limit: i64) -> Option<Duration> {
    u64::try_from(limit).ok().map(Duration::from_secs)
}

/// Headers that a module was given. What Python cannot send is refused as it refuses it.
pub(super) fn given_headers(headers: &Dict) -> Result<Vec<(String, String)>, HttpError> {
    let mut given = Vec::new();
    for (name, value) in headers.iter() {
        let text = match &value.data {
            Data::Str(_) | Data::Int(_) | Data::BigInt(_) | Data::Bool(_) => value.to_text(),
            _ => {
                let text = format!("expected string or bytes-like object, got '{}'", value.type_name());
                return Err(HttpError::Unwritable(text));
            }
        };
        given.push((name.to_text(), text));
    }
    Ok(given)
}

#[cfg(test)]
mod tests {
    #[test]
    fn shown_addresses() {
        assert_eq!(super::shown("http://a:b@h:1/x?y"), "http://****:****@h:1/x?y");
        assert_eq!(super::shown("http://a@h"), "http://****@h");
        assert_eq!(super::shown("http://h/a@b"), "http://h/a@b");
    }
}
