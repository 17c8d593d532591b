//! Which way a request goes: proxies of the environment, and which redirections are followed.

use churten_module::WebAddress;
use churten_module::prelude::*;

/// Which redirections are followed.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FollowRedirects {
    All,
    No,
    None,
    Safe,
    Urllib2,
    Yes,
}

impl FollowRedirects {
    /// The method of the next request, or `None` when the answer is taken as it is.
    pub(super) fn next_method(self, status: u16, method: &str) -> Option<String> {
        let safe = matches!(method, "GET" | "HEAD");
        let allowed = match self {
            Self::All | Self::Yes => true,
            Self::No | Self::None => false,
            Self::Safe => safe,
            Self::Urllib2 => safe || (method == "POST" && matches!(status, 301..=303)),
        };
        if !allowed || !matches!(status, 301 | 302 | 303 | 307 | 308) {
            return None;
        }
        let changed = (matches!(status, 302 | 303) && method != "HEAD") || (status == 301 && method == "POST");
        // Python's own way asks with GET from then on.
        Some(if changed || self == Self::Urllib2 { "GET".to_owned() } else { method.to_owned() })
    }

    /// True for the spellings that ansible-core warns of.
    pub(super) fn is_deprecated(self) -> bool {
        matches!(self, Self::No | Self::Yes)
    }
}

/// The proxy that the environment names for an address. Names in lower case come first, and empty ones mean none.
pub(super) fn proxy(host: &dyn Observe, address: &WebAddress) -> Option<String> {
    let variable = |name: &str| host.variable(name).or_else(|| host.variable(&name.to_ascii_uppercase()));
    let proxy = variable(&format!("{}_proxy", address.scheme)).filter(|proxy| !proxy.is_empty())?;
    let without = variable("no_proxy").unwrap_or_default();
    let asked = address.host.to_ascii_lowercase();
    let with_port = format!("{asked}:{}", address.port.map_or_else(String::new, |port| port.to_string()));
    let excluded = without.trim() == "*"
        || without.split(',').map(str::trim).filter(|entry| !entry.is_empty()).any(|entry| {
            let name = entry.trim_start_matches('.').to_ascii_lowercase();
            let below = format!(".{name}");
            [&asked, &with_port].iter().any(|asked| **asked == name || asked.ends_with(&below))
        });
    if excluded {
        return None;
    }
    Some(if proxy.contains("://") { proxy } else { format!("http://{proxy}") })
}

#[cfg(test)]
mod tests {
    use super::{FollowRedirects, proxy};
    use churten_module::{FakeHost, WebAddress};

    #[test]
    fn proxies() {
        let host = FakeHost::new().with_variable("http_proxy", "p:3128").with_variable("NO_PROXY", "x.org,.y.org,z:81");
        let of = |url: &str| proxy(&host, &WebAddress::parse(url).unwrap());
        assert_eq!(of("http://a/").as_deref(), Some("http://p:3128"));
        assert_eq!(of("https://a/"), None);
        assert_eq!(of("http://x.org/"), None);
        assert_eq!(of("http://www.y.org/"), None);
        assert_eq!(of("http://z:81/"), None);
        assert!(of("http://z:82/").is_some());
        let host = FakeHost::new().with_variable("http_proxy", "").with_variable("HTTP_PROXY", "p");
        assert_eq!(proxy(&host, &WebAddress::parse("http://a/").unwrap()), None);
    }

    #[test]
    fn redirections() {
        for (policy, status, method, next) in [
            (FollowRedirects::Safe, 302, "GET", Some("GET")),
            (FollowRedirects::Safe, 302, "POST", None),
            (FollowRedirects::All, 302, "POST", Some("GET")),
            (FollowRedirects::All, 302, "HEAD", Some("HEAD")),
            (FollowRedirects::All, 307, "POST", Some("POST")),
            (FollowRedirects::None, 302, "GET", None),
            (FollowRedirects::All, 304, "GET", None),
            (FollowRedirects::Urllib2, 301, "HEAD", Some("GET")),
            (FollowRedirects::Urllib2, 308, "POST", None),
        ] {
            assert_eq!(policy.next_method(status, method).as_deref(), next);
        }
    }
}
