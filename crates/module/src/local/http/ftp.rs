//! One file over FTP (RFC 959), in passive mode.

use super::{Stream, words};
use crate::WebAddress;
use crate::host::{HttpError, HttpRequest, HttpResponse};
use crate::local::network;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// The most bytes of a line, and the most lines of one answer.
const LINE: u64 = 8 * 1024;
const LINES: usize = 1024;

/// A connection for commands.
struct Control {
    reader: BufReader<TcpStream>,
    limit: Duration,
}

/// Fetch the file of an address.
pub(super) fn fetch(request: &HttpRequest, address: &WebAddress, limit: Duration) -> Result<HttpResponse, HttpError> {
    let path = address.path.split(['?', ';']).next().unwrap_or_default().trim_start_matches('/');
    let path = crate::web_address::unquote(path);
    let (directory, name) = path.rsplit_once('/').map_or((None, path.as_str()), |(path, name)| (Some(path), name));
    if name.is_empty() {
        return Err(HttpError::Unreachable("not yet supported by churten: listing a directory over FTP".to_owned()));
    }
    let told = |error: io::Error| HttpError::Unreachable(words(&error));
    let stream = network::connect(&address.host, address.port(), limit).map_err(told)?;
    stream.set_read_timeout(Some(limit)).map_err(told)?;
    stream.set_write_timeout(Some(limit)).map_err(told)?;
    let mut control = Control { reader: BufReader::new(stream), limit };
    let (user, password) = match &address.credentials {
        Some((user, password)) => (user.as_str(), password.as_str()),
        None => ("anonymous", "anonymous@"),
    };
    control.answer()?;
    if control.ask("USER", user)?.starts_with('3') {
        control.ask("PASS", password)?;
    }
    if let Some(directory) = directory {
        control.ask("CWD", directory)?;
    }
    control.ask("TYPE", "I")?;
    let data = control.passive(&address.host)?;
    let begun = control.tell("RETR", name).and_then(|()| control.answer()).map_err(|error| match error {
        HttpError::Unreachable(reason) if reason.starts_with("550") => {
            // Python looks whether it is a directory, and tells what came of that.
            let reason = match control.ask("CWD", name) {
                Err(HttpError::Unreachable(reason)) => reason,
                _ => reason,
            };
            let shown = churten_value::str_repr(&reason);
            HttpError::Unreachable(format!("<urlopen error ftp error: error_perm({shown})>"))
        }
        other => other,
    })?;
    let mut response = HttpResponse { status: 200, is_plain: true, ..HttpResponse::default() };
    // "150 Opening connection (5 bytes)"
    let size = begun.rsplit_once('(').and_then(|(_, rest)| rest.split_once(" bytes")).map(|(size, _)| size);
    if let Some(size) = size.filter(|size| size.bytes().all(|byte| byte.is_ascii_digit())) {
        response.headers.push(("Content-length".to_owned(), size.to_owned()));
    }
    super::answer::body(&mut BufReader::new(data), request, &mut response)?;
    let _ = control.answer().and_then(|_| control.ask("QUIT", ""));
    Ok(response)
}

impl Control {
    fn tell(&mut self, command: &str, argument: &str) -> Result<(), HttpError> {
        if argument.contains(['\r', '\n', '\0']) {
            return Err(HttpError::Invalid("an illegal newline character should not be contained".to_owned()));
        }
        let line = if argument.is_empty() { format!("{command}\r\n") } else { format!("{command} {argument}\r\n") };
        let stream = self.reader.get_mut();
        stream.write_all(line.as_bytes()).map_err(|error| HttpError::Unreachable(words(&error)))
    }

    /// The last line of an answer; errors are answers, too.
    fn answer(&mut self) -> Result<String, HttpError> {
        let mut code: Option<String> = None;
        for _ in 0..LINES {
            let mut bytes = Vec::new();
            let read = self.reader.by_ref().take(LINE).read_until(b'\n', &mut bytes);
            read.map_err(|error| HttpError::Unreachable(words(&error)))?;
            if bytes.is_empty() {
                return Err(HttpError::Unreachable("the server closed the connection".to_owned()));
            }
            let line = String::from_utf8_lossy(&bytes).trim_end().to_owned();
            let begins = line.get(..3).unwrap_or_default();
            let is_last = code.as_deref().is_none_or(|code| code == begins) && line.as_bytes().get(3) != Some(&b'-');
            if is_last {
                return match line.as_bytes().first() {
                    Some(b'1'..=b'3') => Ok(line),
                    _ => Err(HttpError::Unreachable(line)),
                };
            }
            code.get_or_insert_with(|| begins.to_owned());
        }
        Err(HttpError::Unreachable("the server's answer is too long".to_owned()))
    }

    fn ask(&mut self, command: &str, argument: &str) -> Result<String, HttpError> {
        self.tell(command, argument)?;
        self.answer()
    }

    /// A connection for data. Of the place that the server names only the port counts.
    fn passive(&mut self, host: &str) -> Result<Box<dyn Stream>, HttpError> {
        let unusable = |answer: &str| HttpError::Unreachable(answer.to_owned());
        let is_newer = self.reader.get_ref().peer_addr().is_ok_and(|address| address.is_ipv6());
        let answer = self.ask(if is_newer { "EPSV" } else { "PASV" }, "")?;
        let inside = answer.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map(|(inside, _)| inside);
        let inside = inside.ok_or_else(|| unusable(&answer))?;
        let port = if is_newer {
            inside.trim_matches('|').parse().ok()
        } else {
            let numbers: Option<Vec<u8>> = inside.split(',').map(|number| number.trim().parse().ok()).collect();
            numbers.and_then(|numbers| match numbers.as_slice() {
                [_, _, _, _, high, low] => Some(u16::from_be_bytes([*high, *low])),
                _ => None,
            })
        };
        let port = port.ok_or_else(|| unusable(&answer))?;
        let told = |error: io::Error| HttpError::Unreachable(words(&error));
        let stream = network::connect(host, port, self.limit).map_err(told)?;
        stream.set_read_timeout(Some(self.limit)).map_err(told)?;
        Ok(Box::new(stream))
    }
}
