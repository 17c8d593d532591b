//! Connecting: directly, through a proxy, or to a socket of the file system.

use super::{Stream, Variables, answer, basic, words};
use crate::WebAddress;
use crate::host::{HttpError, HttpRequest};
use crate::local::{network, tls};
use std::io::{self, BufReader, Write as _};
use std::os::unix::net::UnixStream;

/// A connection over which the request can be sent.
pub(super) fn open(
    request: &HttpRequest,
    address: &WebAddress,
    variables: Variables<'_>,
) -> Result<Box<dyn Stream>, HttpError> {
    // What is wrong with certificates and ciphers is told before anyone is spoken to.
    let encryption = if address.scheme == "https" { Some(tls::prepare(request, variables)?) } else { None };
    let stream = plain(request, address)?;
    match encryption {
        Some(encryption) => encryption.wrap(stream, &address.host),
        None => Ok(stream),
    }
}

fn plain(request: &HttpRequest, address: &WebAddress) -> Result<Box<dyn Stream>, HttpError> {
    let limit = request.timeout.unwrap_or(super::LIMIT);
    let told = |error: io::Error| HttpError::Unreachable(words(&error));
    if limit.is_zero() {
        // A socket that may not wait is never connected.
        return Err(HttpError::Unreachable("[Errno 115] Operation now in progress".to_owned()));
    }
    if let Some(path) = &request.unix_socket {
        let stream = UnixStream::connect(path).map_err(|error| {
            HttpError::Unreachable(format!("Invalid Socket File ({}): {}", path.display(), words(&error)))
        })?;
        stream.set_read_timeout(Some(limit)).map_err(told)?;
        stream.set_write_timeout(Some(limit)).map_err(told)?;
        return Ok(Box::new(stream));
    }
    let proxy = match &request.proxy {
        Some(proxy) => Some(proxy_address(proxy, address)?),
        None => None,
    };
    let place = proxy.as_ref().unwrap_or(address);
    let stream = network::connect(&place.host, place.port(), limit).map_err(told)?;
    stream.set_read_timeout(Some(limit)).map_err(told)?;
    stream.set_write_timeout(Some(limit)).map_err(told)?;
    let mut stream: Box<dyn Stream> = Box::new(stream);
    if let Some(proxy) = proxy.filter(|_| address.scheme == "https") {
        tunnel(&mut stream, &proxy, address)?;
    }
    Ok(stream)
}

/// The proxy's place. To tunnel through it, it may call itself what it likes; otherwise it must speak HTTP.
fn proxy_address(proxy: &str, address: &WebAddress) -> Result<WebAddress, HttpError> {
    let place = WebAddress::parse(proxy)
        .ok_or_else(|| HttpError::Unreachable(format!("unusable proxy address: {}", without_credentials(proxy))))?;
    if address.scheme != "https" && place.scheme != "http" {
        return Err(HttpError::Unreachable(format!("unknown url type: {}", place.scheme)));
    }
    Ok(place)
}

fn without_credentials(proxy: &str) -> &str {
    proxy.rsplit_once('@').map_or(proxy, |(_, place)| place)
}

/// Ask the proxy for a way to the address.
fn tunnel(stream: &mut Box<dyn Stream>, proxy: &WebAddress, address: &WebAddress) -> Result<(), HttpError> {
    let host = if address.host.contains(':') { format!("[{}]", address.host) } else { address.host.clone() };
    let place = format!("{host}:{}", address.port());
    let mut text = format!("CONNECT {place} HTTP/1.0\r\n");
    if let Some(credentials) = &proxy.credentials {
        text += &format!("Proxy-Authorization: {}\r\n", basic(credentials));
    }
    text += "\r\n";
    let told = |error: io::Error| HttpError::Unreachable(words(&error));
    stream.write_all(text.as_bytes()).and_then(|()| stream.flush()).map_err(told)?;
    // Byte by byte: what comes after the head belongs to the other side of the tunnel.
    let answer = answer::head(&mut BufReader::with_capacity(1, stream)).map_err(|error| match error {
        HttpError::Broken(reason) => HttpError::Unreachable(reason),
        other => other,
    })?;
    if answer.status != 200 {
        let reason = format!("Tunnel connection failed: {} {}", answer.status, answer.reason);
        return Err(HttpError::Unreachable(reason));
    }
    Ok(())
}
