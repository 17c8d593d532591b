//! Events as lines of JSON.

use super::VERSION;
use churten_diagnostics::Report;
use churten_executor::{Counts, Event, HostLabel, PlayInfo, Status, TaskInfo, TaskKind, TaskResult};
use churten_value::{Dict, JsonStyle, Origin, Value};
use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

/// What the first line tells of a run.
pub(crate) struct About<'a> {
    /// The program: `ansible-playbook` or `ansible`.
    pub(crate) program: &'a str,
    /// Number of `-v`.
    pub(crate) verbosity: u8,
    /// The run is a check (`--check`).
    pub(crate) check_mode: bool,
    /// The callback that wrote the screen.
    pub(crate) screen: &'a str,
}

/// A record that is being written.
pub(crate) struct Record {
    file: File,
    started: Instant,
    /// The tasks that lines may name, as they were last told.
    tasks: HashMap<u64, Arc<TaskInfo>>,
}

/// A new file in place of what is at `path`, of its user alone.
///
/// # Errors
/// It cannot be written.
pub(crate) fn private_file(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    // Of a file that was there the mode is the old one.
    if file.metadata()?.is_file() {
        file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
    }
    Ok(file)
}

impl Record {
    /// A new record in place of what is at `path`.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn create(path: &Path, about: &About<'_>) -> io::Result<Self> {
        let file = private_file(path)?;
        let mut record = Self { file, started: Instant::now(), tasks: HashMap::new() };
        record.line(Dict::from([
            ("event", Value::from("record")),
            ("version", VERSION.into()),
            ("churten", env!("CARGO_PKG_VERSION").into()),
            ("program", about.program.into()),
            ("verbosity", i64::from(about.verbosity).into()),
            ("check_mode", about.check_mode.into()),
            ("screen", about.screen.into()),
            ("started", jiff::Timestamp::now().to_string().into()),
        ]))?;
        Ok(record)
    }

    /// One event.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn event(&mut self, event: &Event, explain: &dyn Fn(&Report) -> Report) -> io::Result<()> {
        let text = |report: &Report| Value::from(explain(report).render());
        let (name, entries) = match event {
            Event::PlaybookStart { path, plays } => (
                "playbook_start",
                Dict::from([("path", Value::from(path.display().to_string())), ("plays", (*plays).into())]),
            ),
            Event::PlayStart(play) => ("play_start", play_entries(play)),
            Event::NoHostsMatched => ("no_hosts_matched", Dict::new()),
            Event::NoHostsRemaining => ("no_hosts_remaining", Dict::new()),
            Event::TaskStart { task, kind } => {
                let kind = match kind {
                    TaskKind::Task => "task",
                    TaskKind::Handler => "handler",
                    TaskKind::Cleanup => "cleanup",
                };
                ("task_start", Dict::from([("task", self.task(task)?), ("kind", kind.into())]))
            }
            Event::HostStart(task, host) => {
                let mut entries = Dict::from([("task", self.task(task)?)]);
                label(&mut entries, host);
                ("host_start", entries)
            }
            Event::HostEnd(result) => ("host_end", self.result(result, &text)?),
            Event::ItemEnd(result) => ("item_end", self.result(result, &text)?),
            Event::Retry { result, attempt, retries } => {
                let mut entries = self.result(result, &text)?;
                entries.insert("attempt", *attempt);
                entries.insert("retries", *retries);
                ("retry", entries)
            }
            Event::AsyncPoll { host, job } => {
                ("async_poll", Dict::from([("host", Value::from(host.clone())), ("job", job.as_str().into())]))
            }
            Event::AsyncEnd { host, job, failed } => (
                "async_end",
                Dict::from([
                    ("host", Value::from(host.clone())),
                    ("job", job.as_deref().map_or(Value::NONE, Value::from)),
                    ("failed", (*failed).into()),
                ]),
            ),
            Event::Included { file, hosts, item, variables, task } => (
                "included",
                Dict::from([
                    ("task", self.task(task)?),
                    ("file", file.as_str().into()),
                    ("hosts", Value::from(hosts.clone())),
                    ("item", item.clone().unwrap_or_default()),
                    ("variables", variables.clone().into()),
                ]),
            ),
            Event::Notified { handler, host } => {
                ("notified", Dict::from([("handler", Value::from(handler.clone())), ("host", host.clone().into())]))
            }
            // Nobody is asked again; the profile is a file of its own.
            Event::Ask(_) | Event::Span(_) => return Ok(()),
            Event::Stepped(question) => ("stepped", of_text(question.as_str().into())),
            Event::Text(shown) => ("text", of_text(shown.as_str().into())),
            Event::Warning(shown) => ("warning", of_text(shown.as_str().into())),
            Event::WarningReport(report) => ("warning", of_text(text(report))),
            Event::Deprecated(report) => ("deprecation", of_text(text(report))),
            Event::Error(report) => ("error", of_text(text(report))),
            Event::RunError(report) => ("run_error", of_text(text(report))),
            Event::Verbose { level, host, text } => (
                "verbose",
                Dict::from([
                    ("level", Value::from(i64::from(*level))),
                    ("host", host.clone().map_or(Value::NONE, Value::from)),
                    ("text", text.as_str().into()),
                ]),
            ),
            Event::Recap { hosts, custom } => {
                let hosts: Dict = hosts
                    .iter()
                    .map(|(host, counts)| (Value::from(host.clone()), Value::from(count_entries(counts))))
                    .collect();
                ("recap", Dict::from([("hosts", Value::from(hosts)), ("custom", custom.clone().into())]))
            }
        };
        self.entry(name, entries)
    }

    /// The run is over with this exit code; `error` is what ended it, if anything did.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn end(&mut self, code: u8, error: Option<&Report>) -> io::Result<()> {
        let mut entries = Dict::from([("code", i64::from(code))]);
        if let Some(error) = error {
            entries.insert("error", error.render());
        }
        self.entry("end", entries)?;
        self.file.flush()
    }

    fn entry(&mut self, name: &str, entries: Dict) -> io::Result<()> {
        let milliseconds = (self.started.elapsed().as_secs_f64() * 1000.0).round();
        let mut line = Dict::from([("event", Value::from(name)), ("seconds", (milliseconds / 1000.0).into())]);
        line.extend_from(&entries);
        self.line(line)
    }

    fn line(&mut self, line: Dict) -> io::Result<()> {
        let text = Value::from(line).to_json(JsonStyle::PLAIN) + "\n";
        self.file.write_all(text.as_bytes())
    }

    /// The number of a task; a line tells of the task when it is new or another one now.
    fn task(&mut self, task: &Arc<TaskInfo>) -> io::Result<Value> {
        if self.tasks.get(&task.id).is_none_or(|known| !Arc::ptr_eq(known, task)) {
            self.tasks.insert(task.id, task.clone());
            self.entry("task", task_entries(task))?;
        }
        Ok(task.id.into())
    }

    fn result(&mut self, result: &TaskResult, text: &dyn Fn(&Report) -> Value) -> io::Result<Dict> {
        let mut entries = Dict::from([("task", self.task(&result.task)?)]);
        label(&mut entries, &result.host);
        let (status, ignored) = match result.status {
            Status::Ok => ("ok", false),
            Status::Skipped => ("skipped", false),
            Status::Failed { ignored } => ("failed", ignored),
            Status::Unreachable { ignored } => ("unreachable", ignored),
        };
        entries.insert("status", status);
        if ignored {
            entries.insert("ignored", true);
        }
        if let Some(item) = &result.item_label {
            entries.insert("item", item.clone());
        }
        entries.insert("took", result.seconds);
        entries.insert("result", Value::from((*result.result).clone()));
        let said = &result.said;
        for (name, reports) in [("warnings", &said.warnings), ("deprecations", &said.deprecations)] {
            if !reports.is_empty() {
                entries.insert(name, Value::list(reports.iter().map(text).collect()));
            }
        }
        if said.is_all {
            entries.insert("said_all", true);
        }
        Ok(entries)
    }
}

fn of_text(text: Value) -> Dict {
    Dict::from([("text", text)])
}

fn label(entries: &mut Dict, host: &HostLabel) {
    entries.insert("host", host.name.clone());
    for (name, value) in [("delegated", &host.delegated), ("address", &host.address)] {
        if let Some(value) = value {
            entries.insert(name, value.clone());
        }
    }
}

fn place(origin: Option<Origin>) -> Value {
    let Some(Origin { source, line, column }) = origin else { return Value::NONE };
    let name = if source.is_file() { "file" } else { "source" };
    Dict::from([(name, Value::from(source.name())), ("line", line.into()), ("column", column.into())]).into()
}

fn play_entries(play: &PlayInfo) -> Dict {
    Dict::from([
        ("name", Value::from(play.name.as_str())),
        ("pattern", play.pattern.as_str().into()),
        ("hosts", Value::from(play.hosts.clone())),
        ("host_count", play.host_count.into()),
        ("first_tasks", play.first_tasks.into()),
        ("check_mode", play.check_mode.into()),
        ("strategy", play.strategy.as_str().into()),
        ("place", place(play.origin)),
    ])
}

fn task_entries(task: &TaskInfo) -> Dict {
    let mut entries = Dict::from([
        ("id", Value::from(task.id)),
        ("name", task.name.as_str().into()),
        ("action", task.action.as_str().into()),
        ("resolved_action", task.resolved_action.as_str().into()),
        ("place", place(task.origin)),
        ("no_log", task.no_log.into()),
        ("check_mode", task.check_mode.into()),
        ("diff", task.diff.into()),
        ("loop", task.is_loop.into()),
        ("role", task.role.clone().map_or(Value::NONE, Value::from)),
        ("tags", Value::from(task.tags.clone())),
        ("run_once", task.run_once.into()),
    ]);
    // What is written there may be what must not be shown.
    if !task.no_log {
        entries.insert("args", Value::from(task.args.clone()));
    }
    entries
}

fn count_entries(counts: &Counts) -> Dict {
    Dict::from([
        ("ok", counts.ok),
        ("changed", counts.changed),
        ("unreachable", counts.unreachable),
        ("failed", counts.failed),
        ("skipped", counts.skipped),
        ("rescued", counts.rescued),
        ("ignored", counts.ignored),
    ])
}
