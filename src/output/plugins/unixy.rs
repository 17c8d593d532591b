//! `community.general.unixy`: one short line for each result.

use crate::output::callback::{Callback, print_error};
use crate::output::cleaning::is_verbose;
use crate::output::colour::Role;
use crate::output::diff::diff_text;
use crate::output::minimal::dump_lines;
use crate::output::options::OutputOptions;
use crate::output::recap::{self, COUNTS_WITHOUT_SKIPPED};
use crate::output::{Console, Stream};
use churten_diagnostics::Report;
use churten_executor::{Event, PlayInfo, Status, TaskInfo, TaskKind, TaskResult};
use churten_value::Value;

/// The message of loops that went well, which says nothing.
const ALL_COMPLETED: &str = "All items completed";

/// The callback.
pub(crate) struct Unixy {
    options: OutputOptions,
    error: Option<Report>,
}

impl Unixy {
    /// A callback with these options.
    pub(crate) fn new(options: OutputOptions) -> Self {
        Self { options, error: None }
    }

    fn mark(&self, check_mode: bool, mark: &'static str) -> &'static str {
        if check_mode && self.options.check_mode_markers { mark } else { "" }
    }

    fn play(&self, play: &PlayInfo, console: &mut Console) {
        let mark = self.mark(play.check_mode, " (in check mode)");
        console.line(&format!("\n- {}{mark} on hosts: {} -", play.name.trim(), play.pattern));
    }

    fn task(&self, task: &TaskInfo, kind: TaskKind, console: &mut Console) {
        // Of a task of a role its own name is enough; what is included tells of itself.
        let name = task.name.trim().rsplit(" : ").next().unwrap_or_default();
        if name.starts_with("include") {
            return;
        }
        let line = if kind == TaskKind::Handler {
            format!("{name} (via handler{})... ", self.mark(task.check_mode, " in check mode"))
        } else {
            format!("{name}{}...", self.mark(task.check_mode, " (check mode)"))
        };
        console.line(&line);
    }

    fn result(&mut self, result: &TaskResult, is_item: bool, console: &mut Console) {
        let changed = result.result.get("changed").is_some_and(Value::is_truthy);
        let (word, role) = match result.status {
            Status::Ok if changed => ("done", Role::Changed),
            Status::Ok => ("ok", Role::Ok),
            Status::Skipped => ("skipped", Role::Skip),
            Status::Failed { .. } => ("failed", Role::Error),
            Status::Unreachable { .. } => ("unreachable", Role::Unreachable),
        };
        let is_bad = matches!(result.status, Status::Failed { .. } | Status::Unreachable { .. });
        let is_hidden = match result.status {
            Status::Ok => !changed && !self.options.display_ok_hosts,
            Status::Skipped => !self.options.display_skipped_hosts,
            _ => false,
        };
        if is_hidden {
            self.error = None;
            return;
        }
        let stream = if is_bad && self.options.display_failed_stderr { Stream::Error } else { Stream::Output };
        print_error(console, stream, &mut self.error);
        if result.status == Status::Ok && (is_item || !result.task.is_loop) {
            self.diff(result, console);
        }
        let text = self.text(result, word, is_item);
        console.write(stream, &text, Some(role));
    }

    fn diff(&self, result: &TaskResult, console: &mut Console) {
        if let Some(diff) = result.result.get("diff").filter(|diff| result.task.diff && diff.is_truthy()) {
            let text = diff_text(console, diff);
            if !text.is_empty() {
                console.write(Stream::Output, &text, None);
            }
        }
    }

    fn text(&self, result: &TaskResult, word: &str, is_item: bool) -> String {
        let host = &result.host.name;
        let label = match &result.item_label {
            _ if result.status == Status::Skipped => String::new(),
            _ if result.result.contains("censored") => " | item: (censored due to no_log)".to_owned(),
            Some(label) if is_item => format!(" | item: {}", label.to_text()),
            _ => String::new(),
        };
        if is_verbose(&result.result, self.options.verbosity) {
            // Only of items that failed the label is shown, too.
            let label = if matches!(result.status, Status::Failed { .. }) { label.as_str() } else { "" };
            return format!("  {host} {word}{label}: {}", dump_lines(result, self.options.verbosity));
        }
        let delegate = match &result.host.delegated {
            Some(delegated) if delegated != host => format!(" -> {delegated}"),
            _ => String::new(),
        };
        let mut text = format!("  {host}{delegate} {word}{label}");
        for name in ["msg", "stdout", "stderr"] {
            let value = result.result.get(name).filter(|value| value.is_truthy()).map(Value::to_text);
            if let Some(value) = value.filter(|value| value != ALL_COMPLETED) {
                text += &format!(" | {name}: {value}");
            }
        }
        text
    }
}

impl Callback for Unixy {
    fn event(&mut self, event: &Event, console: &mut Console) {
        match event {
            Event::PlaybookStart { path, .. } => {
                let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
                let mark = self.mark(self.options.check_mode, " in check mode");
                console.line(&format!("Executing playbook {name}{mark}"));
            }
            Event::PlayStart(play) => self.play(play, console),
            Event::NoHostsMatched => console.write(Stream::Output, "  No hosts found!", Some(Role::Debug)),
            Event::NoHostsRemaining => console.write(Stream::Output, "  Ran out of hosts!", Some(Role::Error)),
            Event::TaskStart { task, kind } => self.task(task, *kind, console),
            Event::HostEnd(result) => self.result(result, false, console),
            Event::ItemEnd(result) => self.result(result, true, console),
            Event::Retry { attempt, retries, .. } => {
                console.write(Stream::Output, &format!("  Retrying... ({attempt} of {retries})"), Some(Role::Debug));
            }
            Event::Included { file, hosts, .. } => {
                let text = format!("included: {file} for {}", hosts.join(", "));
                console.write(Stream::Output, &text, Some(Role::Included));
            }
            Event::Error(report) => self.error = Some(report.clone()),
            Event::Recap { hosts, custom } => {
                console.write(Stream::Output, "\n- Play recap -", None);
                recap::print_hosts(console, hosts, "  ", &COUNTS_WITHOUT_SKIPPED);
                if self.options.show_custom_stats {
                    recap::print_custom_stats(console, custom);
                }
            }
            _ => {}
        }
    }
}
