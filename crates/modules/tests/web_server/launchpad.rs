//! What a PPA needs of the network: Launchpad, which knows its key, the key server, and the archive itself.
//!
//! They stand at the ports of the real ones, under their names, so this is for a root with a network of its own.

use super::{encrypted, listen_at, write_file};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// The key of the archive.
const KEY: &str = include_str!("archive/key.asc");
/// Its fingerprint.
const FINGERPRINT: &str = "01034FF5CC9B18658B3C9C74A7A553259F79B334";
/// The signed index of an archive without packages.
const INDEX: &str = include_str!("archive/InRelease");

const HOSTS: &str = "127.0.0.1 localhost api.launchpad.net keyserver.ubuntu.com ppa.launchpadcontent.net\n";
/// Where the root keeps whom it trusts.
const AUTHORITIES: &str = "/etc/ssl/certs/ca-certificates.crt";

/// Start them. What Launchpad is asked is written into the file `asked` of the directory.
pub(super) fn start(directory: &Path) {
    std::fs::write("/etc/hosts", HOSTS).unwrap();
    write_file(directory, "key.asc", KEY);
    let asked = Mutex::new(directory.join("asked"));
    let names = ["api.launchpad.net", "ppa.launchpadcontent.net"];
    let authority = encrypted::serve_names(&names, 443, move |stream| {
        let (path, headers) = request(stream);
        if path.starts_with("/1.0/") { launchpad(stream, &path, headers, &asked) } else { archive(stream, &path) }
    });
    let mut trusted = std::fs::OpenOptions::new().append(true).create(true).open(AUTHORITIES).unwrap();
    trusted.write_all(authority.as_bytes()).unwrap();
    listen_at(80, |mut stream| {
        let (path, _) = request(&mut stream);
        archive(&mut stream, &path);
    });
}

/// The path that is asked for, and the headers in their order.
fn request(stream: &mut impl Read) -> (String, Vec<String>) {
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok).take_while(|line| !line.trim().is_empty());
    let path = lines.next().unwrap_or_default().split_whitespace().nth(1).unwrap_or_default().to_owned();
    (path, lines.collect())
}

fn reply(stream: &mut impl Write, (status, kind): (&str, &str), body: &str) {
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\n{kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes()));
}

/// Describe a PPA; its name says what is wrong with it.
fn launchpad(stream: &mut impl Write, path: &str, mut headers: Vec<String>, log: &Mutex<PathBuf>) {
    headers.iter_mut().for_each(|header| header.make_ascii_lowercase());
    headers.sort();
    headers.retain(|header| !header.starts_with("accept-encoding"));
    if let Ok(file) = log.lock() {
        let mut file = std::fs::OpenOptions::new().append(true).create(true).open(&*file).unwrap();
        writeln!(file, "{path} {headers:?}").unwrap();
    }
    let json = "Content-Type: application/json";
    let known = |fingerprint: &str| {
        format!("{{\"name\": \"p\", \"signing_key_fingerprint\": {fingerprint}, \"web_link\": \"https://l/p\"}}")
    };
    match path.rsplit('/').next().unwrap_or_default() {
        "gone" => reply(stream, ("404 Not Found", "Content-Type: text/plain"), "Object: nothing here"),
        "error" => reply(stream, ("503 Service Unavailable", json), ""),
        "garbage" => reply(stream, ("200 OK", "Content-Type: text/html"), "<html>"),
        "empty" => reply(stream, ("200 OK", json), ""),
        "keyless" => reply(stream, ("200 OK", json), "{\"name\": \"p\"}"),
        "null" => reply(stream, ("200 OK", json), &known("null")),
        "number" => reply(stream, ("200 OK", json), &known("12")),
        "list" => reply(stream, ("200 OK", json), "[1, 2]"),
        "other" => reply(stream, ("200 OK", json), &known("\"00000000000000000000000000000000DEADBEEF\"")),
        "moved" => reply(stream, ("302 Found", "Location: /1.0/elsewhere/ppa"), ""),
        "silent" => {}
        _ => reply(stream, ("200 OK", json), &known(&format!("\"{FINGERPRINT}\""))),
    }
}

/// The key server and the archives: those of `unsigned` have none.
fn archive(stream: &mut impl Write, path: &str) {
    if path.starts_with("/pks/lookup") && path.contains(FINGERPRINT) {
        reply(stream, ("200 OK", "Content-Type: application/pgp-keys"), KEY);
    } else if path.ends_with("/dists/noble/InRelease") && !path.contains("/unsigned") {
        reply(stream, ("200 OK", "Content-Type: text/plain"), INDEX);
    } else {
        reply(stream, ("404 Not Found", "Content-Type: text/plain"), "not here");
    }
}
