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

/// A count that the recap shows: its name, where it is, and the colour it has when it is not zero.
type Column = (&'static str, fn(&Counts) -> u32, Role);

/// Every count.
const COUNTS: [Column; 7] = [
    ("ok", |counts| counts.ok, Role::Ok),
    ("changed", |counts| counts.changed, Role::Changed),
    ("unreachable", |counts| counts.unreachable, Role::Unreachable),
    ("failed", |counts| counts.failed, Role::Error),
    ("skipped", |counts| counts.skipped, Role::Skip),
    ("rescued", |counts| counts.rescued, Role::Ok),
    ("ignored", |counts| counts.ignored, Role::Warn),
];

/// Every count but that of skipped tasks.
pub(super) const COUNTS_WITHOUT_SKIPPED: [Column; 6] =
    [COUNTS[0], COUNTS[1], COUNTS[2], COUNTS[3], COUNTS[5], COUNTS[6]];

/// A line for each host and an empty one.
pub(super) fn print_recap(console: &mut Console, hosts: &[(Arc<str>, Counts)]) {
    print_hosts(console, hosts, "", &COUNTS);
    console.show(Stream::Output, "", None);
}

/// A line for each host, with a margin in front.
pub(super) fn print_hosts(console: &mut Console, hosts: &[(Arc<str>, Counts)], margin: &str, columns: &[Column]) {
    let mut hosts: Vec<&(Arc<str>, Counts)> = hosts.iter().collect();
    hosts.sort_by(|a, b| a.0.cmp(&b.0));
    for (host, counts) in hosts {
        let screen = margin.to_owned() + &host_line(console, console.has_colour(), host, counts, columns);
        let log = margin.to_owned() + &host_line(console, false, host, counts, columns);
        console.line_in_two_forms(&screen, &log);
    }
}

fn host_line(console: &Console, colour: bool, host: &str, counts: &Counts, columns: &[Column]) -> String {
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
    let cells = columns.iter().map(|(label, count, role)| cell(label, count(counts), *role));
    [name, ":".to_owned()].into_iter().chain(cells).collect::<Vec<_>>().join(" ")
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
