//! Reading an answer.

use super::{Stream, gzip, words};
use crate::host::{BrokenBody, HttpError, HttpRequest, HttpResponse};
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

/// The most bytes of one header line, and the most lines.
const HEADER: u64 = 64 * 1024;
const HEADERS: usize = 100;
/// The most bytes of a body in memory, if nothing else is said.
const BODY: u64 = 1 << 30;
/// How many "100 Continue" and the like may come before the answer.
const INTERIM: usize = 8;

/// Read the answer to a request that was sent.
pub(super) fn read(mut reader: BufReader<Box<dyn Stream>>, request: &HttpRequest) -> Result<HttpResponse, HttpError> {
    let mut response = head(&mut reader)?;
    for _ in 0..INTERIM {
        if response.status >= 200 || response.status == 101 {
            break;
        }
        response = head(&mut reader)?;
    }
    if request.method == "HEAD" || matches!(response.status, 204 | 304) {
        // Whoever wants a file gets an empty one.
        if let Some(path) = request.into_file.as_ref().filter(|_| response.status < 300) {
            create(path).map_err(|error| HttpError::Broken(words(&error)))?;
        }
    } else {
        body(&mut reader, request, &mut response)?;
    }
    Ok(response)
}

/// Read a body into where it is wanted.
pub(super) fn body(
    reader: &mut impl BufRead,
    request: &HttpRequest,
    response: &mut HttpResponse,
) -> Result<(), HttpError> {
    let file = match request.into_file.as_ref().filter(|_| response.status < 300) {
        Some(path) => Some(create(path).map_err(|error| HttpError::Broken(words(&error)))?),
        None => None,
    };
    let mut bytes = Vec::new();
    let outcome = match file {
        Some(mut file) => unpacked(reader, request, response, u64::MAX, &mut file),
        None => unpacked(reader, request, response, request.limit.unwrap_or(BODY), &mut bytes),
    };
    response.body = bytes;
    response.broken = outcome.err();
    Ok(())
}

/// The status line and the headers.
pub(super) fn head(reader: &mut impl BufRead) -> Result<HttpResponse, HttpError> {
    let broken = |error: io::Error| HttpError::Broken(words(&error));
    let mut first = String::new();
    let bad =
        |line: &str| HttpError::Broken(format!("connection was closed before a valid response was received: {line}"));
    read_line(reader, &mut first).map_err(broken)?;
    let line = first.trim_end();
    let mut parts = line.splitn(3, ' ');
    if !parts.next().is_some_and(|version| version.starts_with("HTTP/1.")) {
        return Err(bad(&first));
    }
    let status = parts.next().and_then(|status| status.parse().ok()).filter(|status| (100..1000).contains(status));
    let status = status.ok_or_else(|| bad(&first))?;
    let reason = parts.next().unwrap_or_default().trim().to_owned();
    let mut headers: Vec<(String, String)> = Vec::new();
    loop {
        let mut line = String::new();
        read_line(reader, &mut line).map_err(broken)?;
        let line = line.trim_end_matches(['\r', '\n']);
        if line.is_empty() {
            break;
        }
        if headers.len() >= HEADERS {
            return Err(HttpError::Unwritable(format!("got more than {HEADERS} headers")));
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
    Ok(HttpResponse { status, reason, headers, ..HttpResponse::default() })
}

/// One line with its end. Its bytes are letters of Latin-1.
fn read_line(reader: &mut impl BufRead, line: &mut String) -> io::Result<()> {
    let mut bytes = Vec::new();
    reader.by_ref().take(HEADER).read_until(b'\n', &mut bytes)?;
    if bytes.last() != Some(&b'\n') {
        let text = if bytes.is_empty() { "Remote end closed connection without response" } else { "line too long" };
        return Err(io::Error::new(io::ErrorKind::InvalidData, text));
    }
    line.extend(bytes.iter().map(|byte| char::from(*byte)));
    Ok(())
}

fn create(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)
}

/// The body into `out`, without its packing when that is wished.
fn unpacked(
    reader: &mut impl BufRead,
    request: &HttpRequest,
    response: &HttpResponse,
    limit: u64,
    out: &mut dyn Write,
) -> Result<(), BrokenBody> {
    let mut body = Body::new(reader, response);
    let packed = response.header("content-encoding").is_some_and(|value| value.eq_ignore_ascii_case("gzip"));
    if !(packed && request.decompress) {
        return copy(&mut body, limit, out).map_err(|error| body.broken(&error));
    }
    let mut packed = BufReader::new(body);
    let start = packed.fill_buf().unwrap_or_default();
    let start = start.get(..2).unwrap_or(start).to_vec();
    if start != gzip::MAGIC {
        let shown = churten_value::Value::bytes(start).to_text();
        return Err(BrokenBody::Other(format!("Not a gzipped file ({shown})")));
    }
    gzip::unpack(&mut packed, limit, out).map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => {
            BrokenBody::Other("Compressed file ended before the end-of-stream marker was reached".to_owned())
        }
        _ => packed.get_ref().broken(&error),
    })
}

fn copy(from: &mut dyn Read, limit: u64, out: &mut dyn Write) -> io::Result<()> {
    let copied = io::copy(&mut from.take(limit.saturating_add(1)), out)?;
    if copied > limit { Err(too_large(limit)) } else { Ok(()) }
}

pub(super) fn too_large(limit: u64) -> io::Error {
    io::Error::other(format!("the answer is larger than {limit} bytes"))
}

/// The bytes of a body as they were sent, without the marks of chunks.
struct Body<'a, R> {
    reader: &'a mut R,
    chunked: bool,
    /// How many bytes are still to come: of the body, or of the chunk. `None` goes to the connection's end.
    left: Option<u64>,
    read: u64,
    /// A chunk was begun, so its end must be read before the next.
    in_chunk: bool,
    done: bool,
}

impl<'a, R: BufRead> Body<'a, R> {
    fn new(reader: &'a mut R, response: &HttpResponse) -> Self {
        let chunked =
            response.header("transfer-encoding").is_some_and(|value| value.to_ascii_lowercase().contains("chunked"));
        let length = response.header("content-length").and_then(|value| value.parse().ok());
        let left = if chunked { Some(0) } else { length };
        Self { reader, chunked, left, read: 0, in_chunk: false, done: false }
    }

    fn broken(&self, error: &io::Error) -> BrokenBody {
        match (error.kind(), self.chunked, self.left) {
            (io::ErrorKind::UnexpectedEof, false, Some(left)) => BrokenBody::Short(self.read, left),
            (io::ErrorKind::UnexpectedEof, ..) => BrokenBody::Ended("IncompleteRead(0 bytes read)".to_owned()),
            _ => BrokenBody::Other(words(error)),
        }
    }

    /// Go to the next chunk. False at the end.
    fn next_chunk(&mut self) -> io::Result<bool> {
        let ended = |error: io::Error| match error.kind() {
            io::ErrorKind::InvalidData => io::Error::from(io::ErrorKind::UnexpectedEof),
            _ => error,
        };
        let mut line = String::new();
        if self.in_chunk {
            read_line(self.reader, &mut line).map_err(ended)?;
            line.clear();
        }
        read_line(self.reader, &mut line).map_err(ended)?;
        let size = line.split(';').next().unwrap_or_default().trim();
        let size = u64::from_str_radix(size, 16).map_err(|_| io::Error::from(io::ErrorKind::UnexpectedEof))?;
        self.left = Some(size);
        self.in_chunk = true;
        if size > 0 {
            return Ok(true);
        }
        for _ in 0..HEADERS {
            line.clear();
            // A connection that ends instead of the last empty line has told everything.
            if read_line(self.reader, &mut line).is_err() || line.trim_end().is_empty() {
                break;
            }
        }
        Ok(false)
    }
}

impl<R: BufRead> Read for Body<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.done || buffer.is_empty() {
            return Ok(0);
        }
        if self.left == Some(0) && !(self.chunked && self.next_chunk()?) {
            self.done = true;
            return Ok(0);
        }
        let most = self.left.map_or(buffer.len(), |left| usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len()));
        let length = self.reader.read(buffer.get_mut(..most).unwrap_or_default())?;
        if length == 0 {
            self.done = true;
            return if self.left.is_some() { Err(io::Error::from(io::ErrorKind::UnexpectedEof)) } else { Ok(0) };
        }
        self.read += length as u64;
        self.left = self.left.map(|left| left.saturating_sub(length as u64));
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::{BrokenBody, HttpRequest, HttpResponse};
    use std::io::{BufReader, Cursor};

    fn read(bytes: &[u8]) -> HttpResponse {
        let request = HttpRequest { method: "GET".to_owned(), decompress: true, ..HttpRequest::default() };
        super::read(BufReader::new(Box::new(Cursor::new(bytes.to_vec()))), &request).unwrap()
    }

    #[test]
    fn bodies() {
        let body = |bytes: &[u8]| {
            let response = read(bytes);
            (String::from_utf8(response.body).unwrap(), response.broken)
        };
        let short = |read, missing| Some(BrokenBody::Short(read, missing));
        let ended = Some(BrokenBody::Ended("IncompleteRead(0 bytes read)".to_owned()));
        assert_eq!(body(b"HTTP/1.1 200 OK\r\n\r\nto the end"), ("to the end".to_owned(), None));
        assert_eq!(body(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabc"), ("ab".to_owned(), None));
        assert_eq!(body(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"), ("abc".to_owned(), short(3, 6)));
        let chunks = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1;x\r\nd\r\n0\r\n\r\n";
        assert_eq!(body(chunks), ("abcd".to_owned(), None));
        assert_eq!(body(&chunks[..chunks.len() - 10]), ("abc".to_owned(), ended));
        let response = read(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc");
        assert_eq!(response.broken.unwrap().to_string(), "Not a gzipped file (b'ab')");
    }
}
