//! HTTP/1.1, one request a connection.

use super::network;
use crate::WebAddress;
use crate::base64;
use crate::host::{HttpRequest, HttpResponse};
use std::fs::OpenOptions;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::os::unix::net::UnixStream;
use std::time::Duration;

/// The most bytes of one header line, and the most lines.
const HEADER: u64 = 64 * 1024;
const HEADERS: usize = 256;
/// The most bytes of a body in memory, if nothing else is said.
const BODY: u64 = 1 << 30;
/// The time limit if nothing else is said.
const LIMIT: Duration = Duration::from_secs(30);

/// A connection of any kind.
pub(super) trait Stream: Read + Write {}
impl<T: Read + Write> Stream for T {}

/// Make a request. The error is the reason in words.
pub(super) fn exchange(request: &HttpRequest) -> Result<HttpResponse, String> {
    let address = WebAddress::parse(&request.url).ok_or_else(|| format!("unknown url type: '{}'", request.url))?;
    let mut reader = BufReader::new(open(request, &address)?);
    let through_proxy = request.proxy.is_some() && address.scheme == "http" && request.unix_socket.is_none();
    let told = |error: io::Error| words(&error);
    send(reader.get_mut(), request, &address, through_proxy).map_err(told)?;
    // "100 Continue" and its like come before the answer.
    let mut response = head(&mut reader).map_err(told)?;
    for _ in 0..8 {
        if response.status >= 200 || response.status == 101 {
            break;
        }
        response = head(&mut reader).map_err(told)?;
    }
    let empty = request.method == "HEAD" || matches!(response.status, 204 | 304);
    if !empty {
        body(&mut reader, request, &mut response).map_err(told)?;
    } else if let Some(path) = &request.into_file {
        create(path).map_err(told)?;
    }
    Ok(response)
}

/// An error as Python's `urllib` shows it inside `<urlopen error ...>`.
fn words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => "timed out".to_owned(),
        io::ErrorKind::NotFound if error.raw_os_error().is_none() => "[Errno -2] Name or service not known".to_owned(),
        _ => crate::python_error(error),
    }
}

fn open(request: &HttpRequest, address: &WebAddress) -> Result<Box<dyn Stream>, String> {
    let limit = request.timeout.unwrap_or(LIMIT);
    let told = |error: io::Error| words(&error);
    if !matches!(address.scheme.as_str(), "http" | "https") {
        return Err(format!("unknown url type: {}", address.scheme));
    }
    if let Some(path) = &request.unix_socket {
        let stream = UnixStream::connect(path)
            .map_err(|error| format!("Invalid Socket File ({}): {}", path.display(), words(&error)))?;
        stream.set_read_timeout(Some(limit)).map_err(told)?;
        stream.set_write_timeout(Some(limit)).map_err(told)?;
        return secured(Box::new(stream), request, address);
    }
    let proxy = match &request.proxy {
        Some(proxy) => Some(WebAddress::parse(proxy).ok_or_else(|| format!("unusable proxy address: {proxy}"))?),
        None => None,
    };
    let place = proxy.as_ref().unwrap_or(address);
    let stream = network::connect(&place.host, place.port(), limit).map_err(told)?;
    stream.set_read_timeout(Some(limit)).map_err(told)?;
    stream.set_write_timeout(Some(limit)).map_err(told)?;
    let mut stream: Box<dyn Stream> = Box::new(stream);
    if let Some(proxy) = proxy.filter(|_| address.scheme == "https") {
        let place = format!("{}:{}", address.host, address.port());
        let mut text = format!("CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n");
        if let Some(credentials) = &proxy.credentials {
            text += &format!("Proxy-Authorization: {}\r\n", basic(credentials));
        }
        stream.write_all((text + "\r\n").as_bytes()).map_err(told)?;
        // Byte by byte: what comes after the head belongs to the other side of the tunnel.
        let answer = head(&mut BufReader::with_capacity(1, &mut stream)).map_err(told)?;
        if answer.status != 200 {
            return Err(format!("Tunnel connection failed: {} {}", answer.status, answer.reason));
        }
    }
    secured(stream, request, address)
}

/// The stream, encrypted when the address asks for it.
fn secured(stream: Box<dyn Stream>, request: &HttpRequest, address: &WebAddress) -> Result<Box<dyn Stream>, String> {
    if address.scheme == "https" { super::tls::wrap(stream, request, address) } else { Ok(stream) }
}

fn basic(credentials: &(String, String)) -> String {
    format!("Basic {}", base64::encode(format!("{}:{}", credentials.0, credentials.1).as_bytes()))
}

fn send(stream: &mut dyn Stream, request: &HttpRequest, address: &WebAddress, through_proxy: bool) -> io::Result<()> {
    let given = |name: &str| request.headers.iter().any(|(key, _)| key.eq_ignore_ascii_case(name));
    let target =
        if through_proxy { format!("http://{}{}", address.authority(), address.path) } else { address.path.clone() };
    let mut text = format!("{} {} HTTP/1.1\r\n", line(&request.method)?, line(&target)?);
    let mut header = |name: &str, value: &str| -> io::Result<()> {
        text += &format!("{}: {}\r\n", line(name)?, line(value)?);
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
    for (name, value) in &request.headers {
        header(name, value)?;
    }
    if through_proxy
        && !given("proxy-authorization")
        && let Some(credentials) = request.proxy.as_deref().and_then(WebAddress::parse).and_then(|at| at.credentials)
    {
        header("Proxy-Authorization", &basic(&credentials))?;
    }
    if !given("connection") {
        header("Connection", "close")?;
    }
    text += "\r\n";
    let mut bytes = text.into_bytes();
    bytes.extend_from_slice(request.body.as_deref().unwrap_or_default());
    stream.write_all(&bytes)?;
    stream.flush()
}

/// Text of one line; a line break in it would begin another header.
fn line(text: &str) -> io::Result<&str> {
    if text.contains(['\r', '\n', '\0']) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "a line break in a request's head"));
    }
    Ok(text)
}

fn read_line(reader: &mut impl BufRead) -> io::Result<String> {
    let mut bytes = Vec::new();
    reader.by_ref().take(HEADER).read_until(b'\n', &mut bytes)?;
    if bytes.last() != Some(&b'\n') {
        let text = if bytes.is_empty() { "Remote end closed connection without response" } else { "line too long" };
        return Err(io::Error::new(io::ErrorKind::InvalidData, text));
    }
    while matches!(bytes.last(), Some(b'\r' | b'\n')) {
        bytes.pop();
    }
    Ok(bytes.iter().map(|byte| char::from(*byte)).collect())
}

fn head(reader: &mut impl BufRead) -> io::Result<HttpResponse> {
    let first = read_line(reader)?;
    let bad = || io::Error::new(io::ErrorKind::InvalidData, first.clone());
    let mut words = first.splitn(3, ' ');
    if !words.next().is_some_and(|version| version.starts_with("HTTP/1.")) {
        return Err(bad());
    }
    let status = words.next().and_then(|status| status.parse().ok()).ok_or_else(bad)?;
    let reason = words.next().unwrap_or_default().trim().to_owned();
    let mut headers: Vec<(String, String)> = Vec::new();
    loop {
        let line = read_line(reader)?;
        if line.is_empty() {
            break;
        }
        if headers.len() >= HEADERS {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "got more than 100 headers"));
        }
        match (line.split_once(':'), headers.last_mut()) {
            (_, Some((_, value))) if line.starts_with([' ', '\t']) => {
                value.push(' ');
                value.push_str(line.trim());
            }
            (Some((name, value)), _) => headers.push((name.trim().to_owned(), value.trim().to_owned())),
            (None, _) => {}
        }
    }
    Ok(HttpResponse { status, reason, headers, body: Vec::new() })
}

fn create(path: &std::path::Path) -> io::Result<std::fs::File> {
    OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)
}

fn body(reader: &mut impl BufRead, request: &HttpRequest, response: &mut HttpResponse) -> io::Result<()> {
    let limit = request.limit.unwrap_or(BODY);
    let chunked =
        response.header("transfer-encoding").is_some_and(|value| value.to_ascii_lowercase().contains("chunked"));
    let length: Option<u64> = response.header("content-length").and_then(|value| value.parse().ok());
    match request.into_file.as_ref().filter(|_| response.status < 300) {
        Some(path) => {
            let mut file = create(path)?;
            copy(reader, chunked, length, u64::MAX, &mut file)
        }
        None => {
            let mut bytes = Vec::new();
            copy(reader, chunked, length, limit, &mut bytes)?;
            response.body = bytes;
            Ok(())
        }
    }
}

fn copy(
    reader: &mut impl BufRead,
    chunked: bool,
    length: Option<u64>,
    limit: u64,
    out: &mut dyn Write,
) -> io::Result<()> {
    let too_large = || io::Error::new(io::ErrorKind::InvalidData, "the answer is too large");
    if !chunked {
        let copied = io::copy(&mut reader.take(length.unwrap_or(u64::MAX).min(limit.saturating_add(1))), out)?;
        if copied > limit {
            return Err(too_large());
        }
        return match length {
            Some(length) if copied < length => Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                format!("IncompleteRead({copied} bytes read, {} more expected)", length - copied),
            )),
            _ => Ok(()),
        };
    }
    let mut total: u64 = 0;
    loop {
        let line = read_line(reader)?;
        let size = line.split(';').next().unwrap_or_default().trim();
        let size =
            u64::from_str_radix(size, 16).map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "bad chunk size"))?;
        if size == 0 {
            while !read_line(reader)?.is_empty() {}
            return Ok(());
        }
        total = total.saturating_add(size);
        if total > limit {
            return Err(too_large());
        }
        if io::copy(&mut reader.take(size), out)? < size {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the connection ended in a chunk"));
        }
        read_line(reader)?;
    }
}
