//! Cookies of one request and its redirections (RFC 6265, in the way of Netscape's that Python follows).

use churten_module::prelude::*;
use churten_module::{HttpResponse, WebAddress};
use churten_value::sort_by_key;

/// One cookie.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Cookie {
    name: String,
    /// `None` for a name that stood alone.
    value: Option<String>,
    domain: String,
    /// The server named the domain, so it is for what is below it as well.
    is_wide: bool,
    path: String,
    secure: bool,
}

/// All cookies so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Jar(Vec<Cookie>);

impl Jar {
    /// Take the cookies that an answer sets, and forget those that it has expired. `now` is seconds since 1970.
    pub(super) fn store(&mut self, response: &HttpResponse, address: &WebAddress, now: i64) {
        let set = response.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
        for (_, text) in set {
            let Some((cookie, expired)) = parse(text, address, now) else { continue };
            let same = |known: &Cookie| {
                (&known.name, &known.domain, &known.path) == (&cookie.name, &cookie.domain, &cookie.path)
            };
            match (self.0.iter_mut().find(|known| same(known)), expired) {
                (Some(known), false) => *known = cookie,
                (None, false) => self.0.push(cookie),
                (_, true) => self.0.retain(|known| !same(known)),
            }
        }
    }

    /// The header for a request to an address.
    pub(super) fn header(&self, address: &WebAddress) -> Option<String> {
        let path = address.path.split('?').next().unwrap_or_default();
        let mut found: Vec<&Cookie> = self
            .ordered()
            .into_iter()
            .filter(|cookie| {
                let below = path.strip_prefix(cookie.path.as_str());
                let in_path =
                    below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || cookie.path.ends_with('/'));
                in_path && domain_matches(&address.host, cookie) && (!cookie.secure || address.scheme == "https")
            })
            .collect();
        sort_by_key(&mut found, |cookie| std::cmp::Reverse(cookie.path.len()));
        let texts: Vec<String> = found
            .iter()
            .map(|cookie| match &cookie.value {
                Some(value) => format!("{}={value}", cookie.name),
                None => cookie.name.clone(),
            })
            .collect();
        if texts.is_empty() { None } else { Some(texts.join("; ")) }
    }

    /// By domain and path, each in the order in which it was seen first.
    fn ordered(&self) -> Vec<&Cookie> {
        let mut found: Vec<&Cookie> = self.0.iter().collect();
        let domain = |cookie: &Cookie| self.0.iter().position(|known| known.domain == cookie.domain);
        let path = |cookie: &Cookie| {
            self.0.iter().position(|known| known.domain == cookie.domain && known.path == cookie.path)
        };
        sort_by_key(&mut found, |cookie| (domain(cookie), path(cookie)));
        found
    }

    /// The keys `cookies` and `cookies_string` of a result.
    pub(super) fn report(&self, result: &mut Dict) {
        let mut names = Dict::new();
        for cookie in self.ordered() {
            names.insert(cookie.name.as_str(), cookie.value.clone().map_or(Value::NONE, Value::from));
        }
        let text: Vec<String> = self
            .ordered()
            .iter()
            .map(|cookie| format!("{}={}", cookie.name, cookie.value.as_deref().unwrap_or("None")))
            .collect();
        result.insert("cookies", names);
        result.insert("cookies_string", text.join("; "));
    }
}

fn domain_matches(host: &str, cookie: &Cookie) -> bool {
    let domain = cookie.domain.trim_start_matches('.');
    host.eq_ignore_ascii_case(domain)
        || (cookie.is_wide && host.len() > domain.len() && host.to_ascii_lowercase().ends_with(&format!(".{domain}")))
}

/// A cookie and whether it is one of the past. `None` for what is none, or is for another's domain.
fn parse(text: &str, address: &WebAddress, now: i64) -> Option<(Cookie, bool)> {
    let mut parts = text.split(';');
    let first = parts.next()?.trim();
    let (name, value) = first.split_once('=').map_or((first, None), |(name, value)| (name, Some(value.trim())));
    let name = name.trim();
    if name.is_empty() {
        return None;
    }
    let directory = address.path.split('?').next().unwrap_or_default().rsplit_once('/').map_or("", |(path, _)| path);
    let mut cookie = Cookie {
        name: name.to_owned(),
        value: value.map(str::to_owned),
        domain: address.host.to_ascii_lowercase(),
        is_wide: false,
        path: if directory.is_empty() { "/".to_owned() } else { directory.to_owned() },
        secure: false,
    };
    let (mut expires, mut age) = (None, None);
    for part in parts {
        let (key, value) = part.split_once('=').unwrap_or((part, ""));
        let written = value.trim();
        let value = written.trim_matches('"');
        match key.trim().to_ascii_lowercase().as_str() {
            // Netscape's cookies know no quotes here.
            "path" if !value.is_empty() => cookie.path = written.to_owned(),
            "domain" if !value.is_empty() => {
                cookie.domain = format!(".{}", value.trim_start_matches('.').to_ascii_lowercase());
                cookie.is_wide = true;
            }
            "secure" => cookie.secure = true,
            "max-age" => age = value.parse::<i64>().ok(),
            "expires" => expires = super::date::parse(value),
            _ => {}
        }
    }
    let expired = age.map(|age| age <= 0).or_else(|| expires.map(|expires| expires <= now));
    if domain_matches(&address.host, &cookie) { Some((cookie, expired == Some(true))) } else { None }
}

#[cfg(test)]
mod tests {
    use super::Jar;
    use churten_module::{HttpResponse, WebAddress};
    use churten_value::{Dict, Value};

    #[test]
    fn jars() {
        let set = [
            "a=1; Path=/",
            "b=2; Path=/x",
            "c=3; Secure",
            "d=\"q v\"; Domain=example.com",
            "old=1; Max-Age=0",
            "e=1; expires=Thu, 01 Jan 2015 00:00:00 GMT",
            "novalue",
            "=x",
            "dom=1; Domain=localhost",
        ];
        let headers = set.iter().map(|text| ("Set-Cookie".to_owned(), (*text).to_owned())).collect();
        let response = HttpResponse { headers, ..HttpResponse::default() };
        let mut jar = Jar::default();
        jar.store(&response, &WebAddress::parse("http://localhost/cookies").unwrap(), 1_700_000_000);
        let mut result = Dict::new();
        jar.report(&mut result);
        assert_eq!(result.get("cookies_string"), Some(&Value::from("a=1; c=3; novalue=None; b=2; dom=1")));
        let header = |url: &str| jar.header(&WebAddress::parse(url).unwrap());
        assert_eq!(header("http://localhost/x/y").unwrap(), "b=2; a=1; novalue; dom=1");
        assert_eq!(header("https://localhost/").unwrap(), "a=1; c=3; novalue; dom=1");
        assert_eq!(header("http://other/"), None);
    }
}
