//! Bad input must not panic: text made of the pieces that mean something, in any order.

use crate::settings::SshOptions;
use crate::ssh::config::resolve;
use crate::ssh::known_hosts::KnownHosts;

const PIECES: &[&str] = &[
    "Host",
    "Match",
    "all",
    "final",
    "host",
    "exec",
    "false",
    "Include",
    "=",
    "\"",
    "'",
    "\\",
    "*",
    "?",
    "!",
    "%",
    "%h",
    "${",
    "}",
    "~",
    "\n",
    "\t",
    " ",
    "#",
    ",",
    "@",
    "[",
    "]",
    ":",
    "|1|",
    "|",
    "@revoked",
    "ssh-ed25519",
    "AAAA",
    "Port",
    "User",
    "ProxyJump",
    "-o",
    "-J",
    "IdentityFile",
    "99999999999",
    "\u{0}",
    "ü",
    "ServerAliveInterval",
    "Ciphers",
    "+",
];

#[test]
fn no_panic() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("config");
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    for _ in 0..400 {
        let mut text = String::new();
        for _ in 0..40 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            text += PIECES[usize::try_from(state % PIECES.len() as u64).unwrap()];
            text += if state & 0x100 == 0 { " " } else { "" };
        }
        std::fs::write(&file, &text).unwrap();
        let read = SshOptions { address: "h".into(), config_file: Some(file.clone()), ..SshOptions::default() };
        let _ = resolve(&read);
        let argued = SshOptions { arguments: vec![text], config_file: Some("none".into()), ..read };
        let _ = resolve(&argued);
        let _ = KnownHosts::read(std::slice::from_ref(&file), "h");
    }
}
