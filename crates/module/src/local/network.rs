//! Names and connections.

use std::io;
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::process::{Command, Stdio};
use std::time::Duration;

/// The addresses of a name: a number, `/etc/hosts`, then the host's name service.
pub(super) fn addresses(name: &str) -> Vec<IpAddr> {
    if let Ok(address) = name.parse() {
        return vec![address];
    }
    let text = super::files::read_bounded("/etc/hosts".as_ref(), 16 << 20).unwrap_or_default();
    let mut found = in_hosts(&String::from_utf8_lossy(&text), name);
    if found.is_empty() {
        found = ask(name);
    }
    // A machine without IPv6 fails on it at once; one that has it half waits. Python's order is the name service's.
    found.dedup();
    found
}

fn in_hosts(text: &str, name: &str) -> Vec<IpAddr> {
    let entries = text.lines().filter_map(|line| {
        let mut words = line.split('#').next()?.split_whitespace();
        let address = words.next()?.parse().ok()?;
        words.any(|word| word.eq_ignore_ascii_case(name)).then_some(address)
    });
    entries.collect()
}

/// A program linked statically against glibc cannot load its name services; with musl there are none to load.
#[cfg(any(target_env = "musl", not(target_feature = "crt-static")))]
fn ask(name: &str) -> Vec<IpAddr> {
    use std::net::ToSocketAddrs as _;
    match (name, 0).to_socket_addrs() {
        Ok(found) => found.map(|address| address.ip()).collect(),
        Err(_) => ask_program(name),
    }
}

#[cfg(not(any(target_env = "musl", not(target_feature = "crt-static"))))]
fn ask(name: &str) -> Vec<IpAddr> {
    ask_program(name)
}

/// The host's own `getent` knows services (mDNS, SSSD) that a static program does not.
fn ask_program(name: &str) -> Vec<IpAddr> {
    if name.is_empty() || name.starts_with('-') {
        return Vec::new();
    }
    let Ok(output) = Command::new("getent").args(["ahosts", name]).stdin(Stdio::null()).output() else {
        return Vec::new();
    };
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines()
        .filter(|line| line.contains("STREAM"))
        .filter_map(|line| line.split_whitespace().next()?.parse().ok())
        .collect()
}

/// Connect to the first address that answers.
pub(super) fn connect(host: &str, port: u16, limit: Duration) -> io::Result<TcpStream> {
    let mut last = io::Error::new(io::ErrorKind::NotFound, "Name or service not known");
    for address in addresses(host) {
        match TcpStream::connect_timeout(&SocketAddr::new(address, port), limit.max(Duration::from_millis(1))) {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(last)
}

#[cfg(test)]
mod tests {
    #[test]
    fn reads_hosts() {
        let text = "127.0.0.1 localhost\n# 1.2.3.4 x\n::1 Localhost ip6 # y\n10.0.0.1 y\n";
        assert_eq!(super::in_hosts(text, "localhost").len(), 2);
        assert_eq!(super::in_hosts(text, "y"), ["10.0.0.1".parse::<std::net::IpAddr>().unwrap()]);
        assert!(super::in_hosts(text, "x").is_empty());
    }
}
