//! `community.general.selective`: results of tasks with the tag `print_action` and of those that failed; a dot for others.

use crate::output::callback::Callback;
use crate::output::{Console, Stream};
use churten_config::Settings;
use churten_executor::{Counts, Event, Status, TaskInfo, TaskResult};
use churten_value::{Dict, Repr, Str, Value};
use std::sync::Arc;

/// The tag of tasks that are shown.
const TAG: &str = "print_action";
/// What ansible-core puts into every failed result; the callback shows it.
const NO_TRACEBACK: &str = "(traceback unavailable)";
/// Cells of a header.
const HEADER: usize = 120;
/// Cells of a line with its message, and of one whose message stands below.
const LINE: usize = 130;
const SHORT_LINE: usize = 121;
/// Where the second column begins, less the star in front; it begins earlier in the line of a skipped task.
const NAME: usize = 40;
const SKIPPED_NAME: usize = 27;
/// A message of so many characters, codes of colours included, stands in a line of its own.
const LONG: usize = 50;

const BOLD: &str = "\x1b[1m";
const BOLD_BLUE: &str = "\x1b[1m\x1b[34m";
const GREEN: &str = "\x1b[0;32m";
const YELLOW: &str = "\x1b[0;33m";
const RED: &str = "\x1b[0;31m";
const CYAN: &str = "\x1b[0;36m";
const END: &str = "\x1b[0m";

/// The callback.
pub(crate) struct Selective {
    is_coloured: bool,
    /// From `-vv` on everything is shown.
    shows_all: bool,
    task: Option<Arc<TaskInfo>>,
    /// The header of the task is written.
    has_header: bool,
    /// The line with dots is not over.
    has_dots: bool,
}

impl Selective {
    /// A callback as the settings want it.
    pub(crate) fn new(settings: &Settings, verbosity: u8) -> Self {
        let option = settings.plugin_option("callback/community.general.selective", "nocolor", &|_| None);
        let is_plain = option.is_ok_and(|option| option.value.is_truthy());
        Self { is_coloured: !is_plain, shows_all: verbosity > 1, task: None, has_header: false, has_dots: false }
    }

    fn paint(&self, text: &str, colour: &str) -> String {
        if self.is_coloured { format!("{colour}{text}{END}") } else { text.to_owned() }
    }

    fn end_dots(&mut self, console: &mut Console) {
        if std::mem::take(&mut self.has_dots) {
            console.line("");
        }
    }

    fn header(&self, name: &str, console: &mut Console) {
        let stars = "*".repeat(HEADER.saturating_sub(name.chars().count() + 3));
        console.write(Stream::Output, &self.paint(&format!("# {name} {stars}"), BOLD), None);
    }

    /// The header of the task, when it is not there yet.
    fn begin(&mut self, task: &TaskInfo, console: &mut Console) {
        if !std::mem::replace(&mut self.has_header, true) {
            self.end_dots(console);
            self.header(task.name.trim(), console);
        }
    }

    fn result(&mut self, result: &TaskResult, console: &mut Console) {
        let is_bad = matches!(result.status, Status::Failed { .. } | Status::Unreachable { .. });
        if !is_bad && !self.shows_all && !result.task.tags.iter().any(|tag| tag == TAG) {
            console.prompt(".");
            self.has_dots = true;
            return;
        }
        self.begin(&result.task, console);
        let name = self.paint(&result.host.name, BOLD_BLUE);
        self.outcome(2, &name, &result.result, is_bad, result.task.diff, console);
        for item in result.result.get("results").and_then(Value::as_list).unwrap_or_default() {
            let Some(entries) = item.as_dict() else { continue };
            let variable = entries.get("ansible_loop_var").map(Value::to_text);
            let Some(value) = variable.and_then(|variable| entries.get(&variable)) else { break };
            let name = self.paint(&Str(value).to_string(), BOLD);
            let has_failed = entries.get("failed").is_some_and(Value::is_truthy);
            self.outcome(6, &name, entries, has_failed, result.task.diff, console);
        }
    }

    /// A line for a host or an item, and what belongs below it.
    fn outcome(&self, indent: usize, name: &str, result: &Dict, is_bad: bool, diff: bool, console: &mut Console) {
        let is_changed = result.get("changed").is_some_and(Value::is_truthy);
        let (state, colour) = match (is_bad, is_changed) {
            (true, _) => ("FAILED!!!", RED),
            (false, true) => ("changed=True", YELLOW),
            (false, false) => ("changed=False", GREEN),
        };
        let margin = " ".repeat(indent);
        let width = (NAME + 2).saturating_sub(indent);
        let mut line = format!("{margin}* {name:<width$}- {}", self.paint(state, colour));
        let message = result.get("msg").map(|message| Str(message).to_string()).unwrap_or_default();
        let message = self.paint(&message, colour);
        let is_long = message.chars().count() >= LONG;
        if !is_long {
            line += &format!(" -- {message}");
        }
        line.push(' ');
        let end = if is_long { SHORT_LINE } else { LINE };
        line += &"-".repeat(end.saturating_sub(line.chars().count()));
        console.line(&line);
        let mut below = |text: &str| console.line(&format!("{margin}  {text}"));
        if is_long {
            below(&message);
        }
        if let Some(diff) = result.get("diff").filter(|found| diff && found.is_truthy()) {
            below(&self.paint(&Repr(diff).to_string(), colour));
        }
        if is_bad && !result.contains("censored") && !result.contains("results") {
            below(&self.paint(NO_TRACEBACK, colour));
        }
    }

    fn skipped(&mut self, result: &TaskResult, console: &mut Console) {
        if !self.shows_all {
            return;
        }
        self.begin(&result.task, console);
        let name = self.paint(&result.host.name, BOLD_BLUE);
        let codes = if self.is_coloured { BOLD_BLUE.len() + END.len() } else { 0 };
        let width = SKIPPED_NAME + codes;
        let reason = result.result.get("skip_reason").map(Value::to_text).unwrap_or_default();
        let mut line = format!("  * {name:<width$}- {} -- {reason} ", self.paint("skipped", CYAN));
        line += &"-".repeat(LINE.saturating_sub(line.chars().count()));
        console.line(&line);
    }

    fn recap(&mut self, hosts: &[(Arc<str>, Counts)], console: &mut Console) {
        self.end_dots(console);
        console.line("");
        self.header("STATS", console);
        let mut hosts: Vec<&(Arc<str>, Counts)> = hosts.iter().collect();
        hosts.sort_by(|a, b| a.0.cmp(&b.0));
        for (host, counts) in hosts {
            let colour = if counts.failed > 0 || counts.unreachable > 0 {
                RED
            } else if counts.changed > 0 {
                YELLOW
            } else {
                GREEN
            };
            let Counts { ok, changed, failed, unreachable, rescued, ignored, .. } = counts;
            let text = format!(
                "{host}    : ok={ok}\tchanged={changed}\tfailed={failed}\tunreachable={unreachable}\t\
                 rescued={rescued}\tignored={ignored}"
            );
            console.line(&self.paint(&text, colour));
        }
    }
}

impl Callback for Selective {
    fn event(&mut self, event: &Event, console: &mut Console) {
        match event {
            Event::TaskStart { task, .. } => {
                self.task = Some(task.clone());
                self.has_header = false;
            }
            Event::HostEnd(result) if result.status == Status::Skipped => self.skipped(result, console),
            Event::HostEnd(result) => self.result(result, console),
            Event::Recap { hosts, .. } => self.recap(hosts, console),
            _ => {}
        }
    }
}
