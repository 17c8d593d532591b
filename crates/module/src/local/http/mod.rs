//! HTTP/1.1, one request a connection; and what else has an address: files of FTP servers and of this host.

mod answer;
mod connection;
mod ftp;
mod gzip;

use crate::WebAddress;
use crate::base64;
use crate::host::{HttpError, HttpRequest, HttpResponse};
use churten_value::{Value, str_repr};
use std::io::{self, BufReader, Read, Write};
use std::path::Path;
use std::time::Duration;

/// The time limit if nothing else is said.
const LIMIT: Duration = Duration::from_secs(30);

/// A connection of any kind.
pub(super) trait Stream: Read + Write + Send {}
impl<T: Read + Write + Send> Stream for T {}

/// Looks a variable of the environment up.
pub(super) type Variables<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Make a request.
pub(super) fn exchange(request: &HttpRequest, variables: Variables<'_>) -> Result<HttpResponse, HttpError> {
    if let Some(path) = request.url.strip_prefix("file://") {
        return file(path, request);
    }
    let address = address(&request.url)?;
    let through_proxy = request.proxy.is_some() && address.scheme != "https" && request.unix_socket.is_none();
    if address.scheme == "ftp" && !through_proxy {
        return ftp::fetch(request, &address, request.timeout.unwrap_or(LIMIT));
    }
    let head = head(request, &address, through_proxy)?;
    let mut stream = connection::open(request, &address, variables)?;
    let body = request.body.as_deref().unwrap_or_default();
    stream
        .write_all(head.as_bytes())
        .and_then(|()| stream.write_all(body))
        .and_then(|()| stream.flush())
        .map_err(|error| HttpError::Unreachable(words(&error)))?;
    answer::read(BufReader::new(stream), request)
}

/// A file of this host.
fn file(path: &str, request: &HttpRequest) -> Result<HttpResponse, HttpError> {
    let path = crate::web_address::unquote(path.strip_prefix("localhost").unwrap_or(path));
    let told =
        |error: io::Error| HttpError::Unreachable(format!("{}: {}", crate::python_error(&error), str_repr(&path)));
    if !path.starts_with('/') {
        return Err(HttpError::Unreachable("file:// scheme is supported only on localhost".to_owned()));
    }
    let opened = std::fs::File::open(Path::new(&path)).map_err(told)?;
    let metadata = opened.metadata().map_err(told)?;
    if metadata.is_dir() {
        return Err(told(io::Error::from_raw_os_error(libc::EISDIR)));
    }
    let headers = vec![("Content-length".to_owned(), metadata.len().to_string())];
    let mut response = HttpResponse { status: 200, is_plain: true, headers, ..HttpResponse::default() };
    answer::body(&mut BufReader::new(opened), request, &mut response)?;
    Ok(response)
}

/// The address of a request, or what Python says of a bad one.
fn address(url: &str) -> Result<WebAddress, HttpError> {
    let Some((scheme, rest)) = url.split_once("://") else {
        return Err(HttpError::Invalid(format!("unknown url type: '{url}'")));
    };
    if !matches!(scheme.to_ascii_lowercase().as_str(), "http" | "https" | "ftp") {
        return Err(HttpError::Unreachable(format!("unknown url type: {}", scheme.to_ascii_lowercase())));
    }
    if let Some(address) = WebAddress::parse(url) {
        return Ok(address);
    }
    let place = rest.split(['/', '?', '#']).next().unwrap_or_default();
    match place.rsplit_once(':') {
        Some((host, port)) if !host.is_empty() => Err(HttpError::Unwritable(format!("nonnumeric port: '{port}'"))),
        _ => Err(HttpError::Unreachable("no host given".to_owned())),
    }
}

/// An error of the system as Python shows it.
fn words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => "timed out".to_owned(),
        io::ErrorKind::NotFound if error.raw_os_error().is_none() => "[Errno -2] Name or service not known".to_owned(),
        _ => match super::tls::words(error) {
            Some(text) => text,
            None => crate::python_error(error),
        },
    }
}

fn basic(credentials: &(String, String)) -> String {
    format!("Basic {}", base64::encode(format!("{}:{}", credentials.0, credentials.1).as_bytes()))
}

/// The request line and the headers.
fn head(request: &HttpRequest, address: &WebAddress, through_proxy: bool) -> Result<String, HttpError> {
    let given = |name: &str| request.headers.iter().any(|(key, _)| key.eq_ignore_ascii_case(name));
    let target = if through_proxy {
        format!("{}://{}{}", address.scheme, address.authority(), address.path)
    } else {
        address.path.clone()
    };
    let bad = |letter: char| letter <= ' ' || letter == '\u{7f}';
    if let Some(found) = target.chars().find(|letter| bad(*letter)) {
        let (target, found) = (str_repr(&target), str_repr(&found.to_string()));
        return Err(HttpError::Unwritable(format!(
            "URL can't contain control characters. {target} (found at least {found})"
        )));
    }
    if let Some(found) = request.method.chars().find(|letter| bad(*letter) && *letter != ' ') {
        let found = str_repr(&found.to_string());
        return Err(HttpError::Invalid(format!("method can't contain control characters. (found at least {found})")));
    }
    let first = format!("{} {target} HTTP/1.1", request.method);
    if let Some(message) = not_ascii(&first) {
        return Err(HttpError::Invalid(message));
    }
    let mut text = first + "\r\n";
    let mut header = |name: &str, value: &str| -> Result<(), HttpError> {
        if name.contains(['\r', '\n', '\0', ':']) {
            let shown = Value::bytes(name.as_bytes()).to_text();
            return Err(HttpError::Invalid(format!("Invalid header name {shown}")));
        }
        if value.contains(['\r', '\n', '\0']) {
            let shown = Value::bytes(value.as_bytes()).to_text();
            return Err(HttpError::Invalid(format!("Invalid header value {shown}")));
        }
        text += &format!("{name}: {value}\r\n");
        Ok(())
    };
    if !given("accept-encoding") {
        header("Accept-Encoding", "identity")?;
    }
    let expects_body = matches!(request.method.as_str(), "POST" | "PUT" | "PATCH");
    if (request.body.is_some() || expects_body) && !given("content-length") {
        header("Content-Length", &request.body.as_ref().map_or(0, Vec::len).to_string())?;
    }
    if !given("host") {
        header("Host", &address.authority())?;
    }
    for (name, value) in request.headers.iter().filter(|(name, _)| !name.eq_ignore_ascii_case("connection")) {
        header(name, value)?;
    }
    if through_proxy
        && !given("proxy-authorization")
        && let Some(credentials) = request.proxy.as_deref().and_then(WebAddress::parse).and_then(|at| at.credentials)
    {
        header("Proxy-Authorization", &basic(&credentials))?;
    }
    // One request a connection, whatever was wished for.
    header("Connection", "close")?;
    Ok(text + "\r\n")
}

/// Python's complaint about the letters that HTTP's first line cannot hold.
fn not_ascii(line: &str) -> Option<String> {
    let letters: Vec<char> = line.chars().collect();
    let first = letters.iter().position(|letter| !letter.is_ascii())?;
    let rest = letters.get(first..).unwrap_or_default();
    let last = first + rest.iter().take_while(|letter| !letter.is_ascii()).count() - 1;
    let place = if first == last {
        let shown = match rest.first().map_or(0, |letter| u32::from(*letter)) {
            code @ 0..=0xff => format!("\\x{code:02x}"),
            code @ 0x100..=0xffff => format!("\\u{code:04x}"),
            code => format!("\\U{code:08x}"),
        };
        format!("character '{shown}' in position {first}")
    } else {
        format!("characters in position {first}-{last}")
    };
    Some(format!("'ascii' codec can't encode {place}: ordinal not in range(128)"))
}

#[cfg(test)]
mod tests {
    use super::{HttpError, HttpRequest, address, head};

    fn head_of(url: &str, headers: &[(&str, &str)]) -> Result<String, HttpError> {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let request = HttpRequest { method: "GET".to_owned(), url: url.to_owned(), headers, ..HttpRequest::default() };
        head(&request, &address(url)?, false)
    }

    #[test]
    fn heads() {
        let text = head_of("http://h:1/x?y#z", &[("X-A", "1"), ("connection", "keep-alive")]).unwrap();
        assert_eq!(
            text,
            "GET /x?y HTTP/1.1\r\nAccept-Encoding: identity\r\nHost: h:1\r\nX-A: 1\r\nConnection: close\r\n\r\n"
        );
    }

    #[test]
    fn what_cannot_be_sent() {
        for (url, headers, message) in [
            ("", &[][..], "unknown url type: ''"),
            ("foo://h/", &[], "Request failed: <urlopen error unknown url type: foo>"),
            ("http://", &[], "Request failed: <urlopen error no host given>"),
            ("http://h:x/", &[], "An unknown error occurred: nonnumeric port: 'x'"),
            (
                "http://h/a b",
                &[],
                "An unknown error occurred: URL can't contain control characters. '/a b' (found at least ' ')",
            ),
            (
                "http://h/h\u{e9}",
                &[],
                "'ascii' codec can't encode character '\\xe9' in position 6: ordinal not in range(128)",
            ),
            (
                "http://h/\u{e9}\u{e9}",
                &[],
                "'ascii' codec can't encode characters in position 5-6: ordinal not in range(128)",
            ),
            ("http://h/", &[("X", "a\nB: c")], "Invalid header value b'a\\nB: c'"),
        ] {
            assert_eq!(head_of(url, headers).unwrap_err().to_string(), message);
        }
    }
}
