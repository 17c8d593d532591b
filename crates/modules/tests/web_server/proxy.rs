//! A proxy: it says what it was asked for, and makes tunnels.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

pub(super) fn serve(mut stream: TcpStream) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let (mut first, mut credentials) = (String::new(), String::new());
    reader.read_line(&mut first).unwrap_or(0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 || line.trim().is_empty() {
            break;
        }
        if line.to_ascii_lowercase().starts_with("proxy-authorization:") {
            credentials = line.trim().to_ascii_lowercase();
        }
    }
    let mut words = first.split_whitespace();
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    if method != "CONNECT" {
        let text = format!("through the proxy: {method} {target} {credentials}");
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", text.len());
        let _ = stream.write_all((head + &text).as_bytes());
        return;
    }
    if target.starts_with("denied") {
        let _ = stream.write_all(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
        return;
    }
    let Ok(there) = TcpStream::connect(target) else { return };
    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
    let (mut from, mut to) = (there.try_clone().unwrap(), stream.try_clone().unwrap());
    let back = std::thread::spawn(move || pump(&mut from, &mut to));
    pump(&mut stream, &mut there.try_clone().unwrap());
    let _ = there.shutdown(std::net::Shutdown::Write);
    let _ = back.join();
}

fn pump(from: &mut TcpStream, to: &mut TcpStream) {
    let mut buffer = [0; 16 * 1024];
    while let Ok(length) = from.read(&mut buffer) {
        if length == 0 || to.write_all(&buffer[..length]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(std::net::Shutdown::Write);
}
