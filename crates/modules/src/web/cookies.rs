//! Cookies that an answer sets, as far as a result shows them.

use churten_module::HttpResponse;
use churten_value::Dict;

/// Name and value of every cookie, in the order in which the answer sets them.
pub(super) fn of(response: &HttpResponse) -> Vec<(String, String)> {
    let headers = response.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
    let mut cookies: Vec<(String, String)> = Vec::new();
    for (_, value) in headers {
        let pair = value.split(';').next().unwrap_or_default();
        if let Some((name, value)) = pair.split_once('=') {
            let (name, value) = (name.trim().to_owned(), value.trim().to_owned());
            cookies.retain(|(known, _)| *known != name);
            cookies.push((name, value));
        }
    }
    cookies
}

/// The keys `cookies` and `cookies_string` of a result.
pub(super) fn report(cookies: &[(String, String)], result: &mut Dict) {
    let mut names = Dict::new();
    for (name, value) in cookies {
        names.insert(name.as_str(), value.as_str());
    }
    let text: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    result.insert("cookies", names);
    result.insert("cookies_string", text.join("; "));
}
