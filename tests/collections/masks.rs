//! Results without what differs from run to run.

use crate::lent::Host;
use churten_value::{Data, Dict, JsonStyle, Value};

/// Keys whose numbers are those of processes.
const PROCESSES: [&str; 3] = ["pid", "pids", "stime"];

/// Of tasks whose names begin so only the shape of results is compared: keys, signatures and serial numbers are in them.
const RANDOM: &str = "random ";
/// Longer texts and greater numbers are left out there.
const LONG_TEXT: usize = 30;
const LARGE_NUMBER: i64 = 1_000_000;

/// What is alike in all runs: `#` is a number, `%` a word, everything else itself.
const PATTERNS: [(&str, &str); 7] = [
    (".#.#-#-#@#:#:#~", ".BACKUP~"),
    ("/tmp/ansible_%", "/tmp/ansible_"),
    ("/tmp/%", "/tmp/NAME"),
    (" at 0x%>", " at 0xADDRESS>"),
    ("#-#-# #:#:#.#", "TIME"),
    ("#:#:#.#", "DURATION"),
    ("j#.#", "JOB"),
];

/// A task's result as text, sorted by keys.
pub(crate) fn masked(task: &str, result: &Value, host: &Host) -> String {
    let is_random = task.starts_with(RANDOM);
    let plain = value(result, "", is_random, host);
    plain.to_json(JsonStyle { indent: Some(1), sort_keys: true, ..JsonStyle::PLAIN })
}

fn value(found: &Value, key: &str, is_random: bool, host: &Host) -> Value {
    let is_process = PROCESSES.contains(&key);
    match &found.data {
        Data::Dict(entries) => {
            let entries: Dict = entries
                .iter()
                .map(|(key, item)| {
                    let name = key.to_text();
                    (text(&name, host), value(item, &name, is_random, host))
                })
                .map(|(key, item)| (Value::from(key), item))
                .collect();
            Value::dict(entries)
        }
        Data::List(_) if is_process => "PROCESSES".into(),
        Data::List(items) => Value::list(items.iter().map(|item| value(item, key, is_random, host)).collect()),
        _ if is_process => "PROCESS".into(),
        _ => match found.as_str() {
            Some(long) if is_random && long.len() > LONG_TEXT => "TEXT".into(),
            Some(found) => text(found, host).into(),
            None if is_random && is_large(found) => "NUMBER".into(),
            None => found.clone(),
        },
    }
}

/// Serial numbers go beyond 64 bits.
fn is_large(value: &Value) -> bool {
    let text = value.to_text();
    text.bytes().all(|byte| byte.is_ascii_digit())
        && text.parse().is_ok_and(|number: i128| number > LARGE_NUMBER.into())
        || text.len() > 20
}

/// A text without the host's name and address, times, temporary names and the archives of modules.
pub(crate) fn text(text: &str, host: &Host) -> String {
    let mut text = speeds(&archives(text)).replace(&host.name, "HOST").replace(&host.address, "ADDRESS");
    for (pattern, name) in PATTERNS {
        text = replaced(&text, pattern, name);
    }
    text
}

/// The archive that a module is run from: `/tmp/ansible_X_payload_Y/ansible_X_payload.zip` there,
/// `.../churten-N/python-HASH.zip` here.
fn archives(text: &str) -> String {
    const END: &str = ".zip";
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(END) {
        let (before, after) = rest.split_at(at);
        let start = before.rfind([' ', '"', '\'', '\n']).map_or(0, |index| index + 1);
        let path = &before[start..];
        if path.contains("_payload") || path.contains("/churten-") {
            out.push_str(&before[..start]);
            out.push_str("ARCHIVE");
        } else {
            out.push_str(before);
            out.push_str(END);
        }
        rest = &after[END.len()..];
    }
    out + rest
}

/// What dd says of its own speed: `3 bytes copied, 3.8768e-05 s, 79.2 MB/s`.
fn speeds(text: &str) -> String {
    let line = |line: &str| match line.split_once("copied, ") {
        Some((before, speed)) if speed.trim_end().ends_with("B/s") => {
            format!("{before}copied, SPEED{}", if speed.ends_with('\n') { "\n" } else { "" })
        }
        _ => line.to_owned(),
    };
    text.split_inclusive('\n').map(line).collect()
}

/// Every part of the text that is like a pattern becomes a name.
fn replaced(text: &str, pattern: &str, name: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        match length(rest, pattern) {
            Some(length) => {
                out.push_str(name);
                rest = &rest[length..];
            }
            None => {
                out.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
    }
    out
}

/// How much of the start of a text is like a pattern.
fn length(text: &str, pattern: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    for wanted in pattern.bytes() {
        let is_part = |byte: &u8| match wanted {
            b'#' => byte.is_ascii_digit(),
            _ => byte.is_ascii_alphanumeric() || *byte == b'_',
        };
        match wanted {
            b'#' | b'%' => {
                let count = bytes[at..].iter().take_while(|byte| is_part(byte)).count();
                if count == 0 {
                    return None;
                }
                at += count;
            }
            _ if bytes.get(at) == Some(&wanted) => at += 1,
            _ => return None,
        }
    }
    Some(at)
}

#[test]
fn what_differs_is_hidden() {
    let host = Host { name: "one001".to_owned(), address: "127.0.1.9".to_owned() };
    for (found, shown) in [
        ("/a/b.92.2026-11-21@20:32:49~ on one001", "/a/b.BACKUP~ on HOST"),
        ("[\"/tmp/ansible_x.y_payload_a_1/ansible_x.y_payload.zip\"]", "[\"ARCHIVE\"]"),
        ("File \"/root/.ansible/tmp/churten-48-e70/python-d9e.zip/a.py\"", "File \"ARCHIVE/a.py\""),
        ("/srv/a.zip", "/srv/a.zip"),
        ("<x at 0x7fe7f1b4cd50> /tmp/tmpa_1/b", "<x at 0xADDRESS> /tmp/NAME/b"),
        ("3 bytes copied, 3.8768e-05 s, 79.2 MB/s\n", "3 bytes copied, SPEED\n"),
        ("ä 0:00:00.060576", "ä DURATION"),
    ] {
        assert_eq!(text(found, &host), shown);
    }
}
