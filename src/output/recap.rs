//! The end of a run: a line for each host, and what `set_stats` has gathered.

use super::colour::Role;
use super::console::{Console, Stream};
use super::dump::json;
use churten_executor::Counts;
use churten_value::{Dict, Value};
use std::sync::Arc;

/// Cells of a host's name; painted text needs as many more as its codes take.
const NAME: usize = 26;
const PAINTED_NAME: usize = 37;

/// `PLAY RECAP` and an empty line.
pub(super) fn print_recap(console: &mut Console, hosts: &[(Arc<str>, Counts)]) {
    console.banner("PLAY RECAP");
    let mut hosts: Vec<&(Arc<str>, Counts)> = hosts.iter().collect();
    hosts.sort_by(|a, b| a.0.cmp(&b.0));
    for (host, counts) in hosts {
        let screen = host_line(console, console.has_colour(), host, counts);
        let log = host_line(console, false, host, counts);
        console.line_in_two_forms(&screen, &log);
    }
    console.show(Stream::Output, "", None);
}

fn host_line(console: &Console, colour: bool, host: &str, counts: &Counts) -> String {
    let role = if counts.failed > 0 || counts.unreachable > 0 {
        Role::Error
    } else if counts.changed > 0 {
        Role::Changed
    } else {
        Role::Ok
    };
    let name = if colour { format!("{:<PAINTED_NAME$}", console.paint(role, host)) } else { format!("{host:<NAME$}") };
    let cell = |label: &str, count: u32, role: Role| {
        let text = format!("{label}={count:<4}");
        if count == 0 || !colour { text } else { console.paint(role, &text) }
    };
    [
        name,
        ":".to_owned(),
        cell("ok", counts.ok, Role::Ok),
        cell("changed", counts.changed, Role::Changed),
        cell("unreachable", counts.unreachable, Role::Unreachable),
        cell("failed", counts.failed, Role::Error),
        cell("skipped", counts.skipped, Role::Skip),
        cell("rescued", counts.rescued, Role::Ok),
        cell("ignored", counts.ignored, Role::Warn),
    ]
    .join(" ")
}

/// `CUSTOM STATS`: each host's, then the run's, which stand under `_run`.
pub(super) fn print_custom_stats(console: &mut Console, custom: &Dict) {
    if custom.is_empty() {
        return;
    }
    console.banner("CUSTOM STATS: ");
    let text = |value: &Value| {
        let entries = value.as_dict().cloned().unwrap_or_default();
        json(entries, Some(1)).replace('\n', "")
    };
    let mut hosts: Vec<(String, &Value)> = custom.iter().map(|(host, value)| (host.to_text(), value)).collect();
    hosts.sort_by(|a, b| a.0.cmp(&b.0));
    for (host, value) in hosts.iter().filter(|(host, _)| host != "_run") {
        console.line(&format!("\t{host}: {}", text(value)));
    }
    if let Some(run) = custom.get("_run") {
        console.line("");
        console.line(&format!("\tRUN: {}", text(run)));
    }
    console.line("");
}
