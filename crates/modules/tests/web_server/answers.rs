//! Answers by the path; most say what was asked.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixListener;
use std::path::Path;

/// The first byte of a client that speaks TLS.
const HANDSHAKE: u8 = 0x16;

/// Answer on a socket of the file system.
pub(super) fn on_socket(path: &Path) {
    let _ = std::fs::remove_file(path);
    let listener = UnixListener::bind(path).unwrap();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            std::thread::spawn(move || answer(&mut stream));
        }
    });
}

/// Answer one request.
pub(super) fn answer<S: Read + Write>(stream: &mut S) {
    let mut reader = BufReader::new(&mut *stream);
    if reader.fill_buf().is_ok_and(|bytes| bytes.first() == Some(&HANDSHAKE)) {
        drop(reader);
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
        return;
    }
    let mut first = String::new();
    if reader.read_line(&mut first).unwrap_or(0) == 0 {
        return;
    }
    let (mut headers, mut length) = (Vec::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 || line.trim().is_empty() {
            break;
        }
        let line = line.trim().to_owned();
        let lower = line.to_ascii_lowercase();
        if let Some(number) = lower.strip_prefix("content-length:") {
            length = number.trim().parse().unwrap_or(0);
        }
        // How compression is asked for, and of whom, is the client's own; of a time only that it was told can be compared.
        if lower.starts_with("if-modified-since") {
            headers.push("if-modified-since: some time".into());
        } else if !lower.starts_with("accept-encoding") && !lower.starts_with("host") {
            headers.push(lower);
        }
    }
    headers.sort();
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap_or(());
    drop(reader);
    let mut words = first.split_whitespace();
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let asked = format!("{method} {path}\n{}\n\n{}", headers.join("\n"), String::from_utf8_lossy(&body));
    let authorization = headers.iter().find_map(|header| header.strip_prefix("authorization: ")).unwrap_or_default();
    let authorization = &authorization.to_owned();
    let authorized = headers.iter().any(|header| header.starts_with("authorization: basic"));
    let path = path.split('?').next().unwrap_or_default();
    let (status, more, text) = match path {
        "/echo" => ("200 OK", "Content-Type: text/plain\r\n", asked),
        "/json" => ("200 OK", "Content-Type: application/json\r\n", "{\"a\": [1, true, null]}".to_owned()),
        "/badjson" => ("200 OK", "Content-Type: application/json\r\n", "{".to_owned()),
        "/created" => {
            ("201 Created", "Content-Type: text/plain\r\nX-My-Header: a\r\nX-My-Header: b\r\n", "new".to_owned())
        }
        "/empty" => ("204 No Content", "", String::new()),
        "/gone" => ("404 Not Found", "Content-Type: text/plain\r\n", "no such thing".to_owned()),
        "/error" => ("500 Internal Server Error", "Content-Type: application/json\r\n", "{\"e\": 1}".to_owned()),
        "/moved" => ("302 Found", "Location: /echo\r\n", String::new()),
        "/moved301" => ("301 Moved Permanently", "Location: /echo\r\n", String::new()),
        "/moved307" => ("307 Temporary Redirect", "Location: echo?x=1\r\n", String::new()),
        "/moved308" => ("308 Permanent Redirect", "Location: /echo\r\n", "moved".to_owned()),
        "/moved303" => ("303 See Other", "Location: /echo\r\n", "moved".to_owned()),
        "/moved300" => ("300 Multiple Choices", "Location: /echo\r\n", "moved".to_owned()),
        "/moved-gone" => ("302 Found", "Location: a/../gone\r\n", "moved".to_owned()),
        "/moved-foo" => ("302 Found", "Location: foo://x/y\r\n", "moved".to_owned()),
        "/moved-nowhere" => ("302 Found", "", "moved".to_owned()),
        "/moved-cookies" => (
            "302 Found",
            "Set-Cookie: a=1; Path=/\r\nSet-Cookie: long=1; Path=/echo\r\nSet-Cookie: n=1; Path=/no\r\nLocation: /echo\r\n",
            String::new(),
        ),
        "/not-modified" => ("304 Not Modified", "", String::new()),
        "/down10" | "/down11" => (
            "302 Found",
            if path == "/down10" { "Location: /down9\r\n" } else { "Location: /down10\r\n" },
            String::new(),
        ),
        "/down0" => ("200 OK", "", "ground".to_owned()),
        path if path.starts_with("/down") => {
            let level: u8 = path[5..].parse().unwrap();
            let head = format!(
                "HTTP/1.1 302 Found\r\nLocation: /down{}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                level - 1
            );
            let _ = stream.write_all(head.as_bytes());
            return;
        }
        "/gzip" | "/bad-gzip" | "/half-gzip" => {
            let packed: &[u8] = match path {
                "/gzip" => b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff\xcbH\xcd\xc9\xc9\xe7\x02\x00 0:6\x06\x00\x00\x00",
                "/bad-gzip" => b"not packed",
                _ => b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff\xcbH\xcd",
            };
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                packed.len()
            );
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(packed));
            return;
        }
        "/short" | "/short-chunk" | "/garbage" | "/silence" => {
            let text = match path {
                "/short" => "HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\nabc",
                "/short-chunk" => "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
                "/garbage" => "garbage\r\n\r\n",
                _ => "",
            };
            let _ = stream.write_all(text.as_bytes());
            return;
        }
        "/slow" => {
            std::thread::sleep(std::time::Duration::from_millis(2500));
            return;
        }
        "/digest" if authorization.starts_with("digest") => ("200 OK", "", "digested".to_owned()),
        "/digest" => (
            "401 Unauthorized",
            "WWW-Authenticate: Digest realm=\"r, x\", nonce=\"abc\", qop=\"auth\", algorithm=MD5\r\n",
            "who".to_owned(),
        ),
        "/digest-plain" if !authorization.is_empty() => ("200 OK", "", authorization.to_owned()),
        "/digest-plain" => (
            "401 Unauthorized",
            "WWW-Authenticate: Digest realm=\"r\", nonce=\"abc\", opaque=\"op\", algorithm=SHA\r\n",
            "who".to_owned(),
        ),
        "/digest-wrong" => {
            ("401 Unauthorized", "WWW-Authenticate: Digest realm=\"r\", nonce=\"abc\"\r\n", "who".to_owned())
        }
        "/digest-int" => (
            "401 Unauthorized",
            "WWW-Authenticate: Digest realm=\"r\", nonce=\"abc\", qop=\"auth-int\"\r\n",
            "who".to_owned(),
        ),
        "/digest-new" => (
            "401 Unauthorized",
            "WWW-Authenticate: Digest realm=\"r\", nonce=\"abc\", algorithm=SHA-256\r\n",
            "who".to_owned(),
        ),
        "/negotiate" => ("401 Unauthorized", "WWW-Authenticate: Negotiate\r\n", "who".to_owned()),
        "/basic-wrong" => ("401 Unauthorized", "WWW-Authenticate: Basic realm=\"r\"\r\n", "who".to_owned()),
        "/both" if authorized => ("200 OK", "", asked),
        "/both" => (
            "401 Unauthorized",
            "WWW-Authenticate: Basic realm=\"r\"\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"abc\"\r\n",
            "who".to_owned(),
        ),
        "/cookies-of-all-kinds" => (
            "200 OK",
            "Set-Cookie: d=\"q v\"; Path=\"/\"\r\nSet-Cookie: b=2; Path=/x\r\nSet-Cookie: c=3; Secure\r\nSet-Cookie: e=1; Domain=example.com\r\nSet-Cookie: old=1; Max-Age=0\r\nSet-Cookie: older=1; expires=Thu, 01 Jan 2015 00:00:00 GMT\r\nSet-Cookie: f=1; expires=Thu, 01-Jan-2099 00:00:00 GMT\r\nSet-Cookie: novalue\r\nSet-Cookie: =x\r\nSet-Cookie: g=a=b\r\n",
            String::new(),
        ),
        "/latin" => {
            let _ = stream.write_all(
                b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Length: 2\r\nConnection: close\r\n\r\nh\xe9",
            );
            return;
        }
        "/vendor-json" => {
            ("200 OK", "Content-Type: application/vnd.x+json; charset=utf-8\r\n", "{\"a\": 1}".to_owned())
        }
        "/one-sum" => ("200 OK", "", "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03\n".to_owned()),
        "/loop" => ("302 Found", "Location: /loop\r\n", String::new()),
        "/cookies" => ("200 OK", "Set-Cookie: a=1; Path=/\r\nSet-Cookie: b=two; HttpOnly; Path=/\r\n", "c".to_owned()),
        "/private" if authorized => ("200 OK", "Content-Type: text/plain\r\n", asked),
        "/private" => ("401 Unauthorized", "WWW-Authenticate: Basic realm=\"x\"\r\n", "who".to_owned()),
        "/file" => ("200 OK", "Content-Type: application/octet-stream\r\n", "hello\n".to_owned()),
        "/named" => ("200 OK", "Content-Disposition: attachment; filename=\"given.txt\"\r\n", "named\n".to_owned()),
        "/sums" => (
            "200 OK",
            "Content-Type: text/plain\r\n",
            "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03  file\n0000  other\n".to_owned(),
        ),
        "/chunked" => {
            let text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
            let _ = stream.write_all(text.as_bytes());
            return;
        }
        _ => ("200 OK", "Content-Type: text/html; charset=utf-8\r\n", "<p>h\u{e9}llo</p>".to_owned()),
    };
    let length = if status.starts_with("204") || status.starts_with("304") {
        String::new()
    } else {
        format!("Content-Length: {}\r\n", text.len())
    };
    let head = format!("HTTP/1.1 {status}\r\n{more}{length}Connection: close\r\n\r\n");
    let _ = stream.write_all(head.as_bytes());
    if method != "HEAD" {
        let _ = stream.write_all(text.as_bytes());
    }
}
