//! A web server for the cases: it answers by the path, and says what it was asked.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};

/// Start it; its port.
pub(crate) fn start() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || answer(stream));
        }
    });
    port
}

fn answer(mut stream: TcpStream) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
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
    let mut words = first.split_whitespace();
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let asked = format!("{method} {path}\n{}\n\n{}", headers.join("\n"), String::from_utf8_lossy(&body));
    let authorized = headers.iter().any(|header| header.starts_with("authorization: basic"));
    let (status, more, text) = match path.split('?').next().unwrap_or_default() {
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
    let length = if status.starts_with("204") { String::new() } else { format!("Content-Length: {}\r\n", text.len()) };
    let head = format!("HTTP/1.1 {status}\r\n{more}{length}Connection: close\r\n\r\n");
    let _ = stream.write_all(head.as_bytes());
    if method != "HEAD" {
        let _ = stream.write_all(text.as_bytes());
    }
}
