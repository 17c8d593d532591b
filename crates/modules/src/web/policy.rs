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
        Some(if changed || (self == Self::Urllib2 && !safe) { "GET".to_owned() } else { method.to_owned() })
    }
}

/// The proxy that the environment names for an address.
pub(super) fn proxy(host: &dyn Observe, address: &WebAddress) -> Option<String> {
    let variable = |name: &str| {
        host.variable(&name.to_ascii_lowercase())
            .or_else(|| host.variable(&name.to_ascii_uppercase()))
            .filter(|value| !value.is_empty())
    };
    let proxy = variable(&format!("{}_proxy", address.scheme)).or_else(|| variable("all_proxy"))?;
    let without = variable("no_proxy").unwrap_or_default();
    let excluded = without.split(',').map(str::trim).filter(|entry| !entry.is_empty()).any(|entry| {
        let (name, port) = entry.rsplit_once(':').map_or((entry, None), |(name, port)| (name, port.parse().ok()));
        let name = name.trim_start_matches('.').to_ascii_lowercase();
        let asked = address.host.to_ascii_lowercase();
        entry == "*"
            || (port.is_none_or(|port: u16| port == address.port())
                && (asked == name || asked.ends_with(&format!(".{name}"))))
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
    }

    #[test]
    fn redirections() {
        for (policy, status, method, next) in [
            (FollowRedirects::Safe, 302, "GET", Some("GET")),
            (FollowRedirects::Safe, 302, "POST", None),
            (FollowRedirects::All, 302, "POST", Some("GET")),
            (FollowRedirects::All, 307, "POST", Some("POST")),
            (FollowRedirects::None, 302, "GET", None),
            (FollowRedirects::All, 304, "GET", None),
        ] {
            assert_eq!(policy.next_method(status, method).as_deref(), next);
        }
    }
}
