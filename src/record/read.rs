//! Lines of JSON as events.

use super::VERSION;
use churten_diagnostics::Report;
use churten_executor::{Counts, Event, HostLabel, PlayInfo, Said, Status, TaskInfo, TaskKind, TaskResult};
use churten_value::{Dict, Origin, Source, Value, from_json};
use std::collections::HashMap;
use std::io::{self, BufRead};
use std::path::PathBuf;
use std::sync::Arc;

/// The longest line that is read: a result of 256 MiB.
const MAX_LINE: u64 = 256 << 20;

/// What the first line tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) program: String,
    pub(super) verbosity: u8,
    pub(super) check_mode: bool,
    pub(super) screen: String,
}

/// What a line means.
#[derive(Debug)]
pub(super) enum Line {
    /// Something to show.
    Event(Box<Event>),
    /// The end of the run: its exit code, and the error that ended it.
    End(u8, Option<Report>),
    /// Nothing to show: what later lines refer to, or what a newer churten tells.
    Quiet,
}

/// A record that is being read.
pub(super) struct Reader<R> {
    lines: R,
    number: usize,
    tasks: HashMap<i64, Arc<TaskInfo>>,
}

impl<R: BufRead> Reader<R> {
    /// Read the first line.
    ///
    /// # Errors
    /// This is no record, or one of a newer version.
    pub(super) fn open(lines: R) -> Result<(Self, Header), String> {
        let mut reader = Self { lines, number: 0, tasks: HashMap::new() };
        let header = reader.object()?.ok_or("the file is empty")?;
        if text(&header, "event") != "record" {
            return Err("line 1: this is no record of churten (no `\"event\": \"record\"`)".to_owned());
        }
        match number(&header, "version") {
            VERSION => {}
            other => return Err(format!("line 1: the record has version {other}, and this churten reads {VERSION}")),
        }
        let header = Header {
            program: text(&header, "program"),
            verbosity: u8::try_from(number(&header, "verbosity")).unwrap_or_default(),
            check_mode: truth(&header, "check_mode"),
            screen: text(&header, "screen"),
        };
        Ok((reader, header))
    }

    /// The next line; `None` at the end.
    ///
    /// # Errors
    /// The line cannot be read or understood, with its number.
    pub(super) fn next(&mut self) -> Result<Option<Line>, String> {
        match self.object()? {
            Some(entries) => self.line(&entries).map(Some).map_err(|reason| format!("line {}: {reason}", self.number)),
            None => Ok(None),
        }
    }

    fn object(&mut self) -> Result<Option<Dict>, String> {
        self.number += 1;
        let failed = |reason: &dyn std::fmt::Display| format!("line {}: {reason}", self.number);
        let mut line = Vec::new();
        let mut limited = io::Read::take(&mut self.lines, MAX_LINE);
        limited.read_until(b'\n', &mut line).map_err(|error| failed(&error))?;
        if line.is_empty() {
            return Ok(None);
        }
        if line.last() != Some(&b'\n') {
            return Err(failed(&"the line has no end; the run, or the disk, ended while it was written"));
        }
        let text = std::str::from_utf8(&line).map_err(|error| failed(&error))?;
        let value = from_json(text.trim_end()).map_err(|error| failed(&error))?;
        value.as_dict().cloned().map(Some).ok_or_else(|| failed(&"this is no JSON object"))
    }

    fn line(&mut self, entries: &Dict) -> Result<Line, String> {
        let name = text(entries, "event");
        let shown = || text(entries, "text");
        let event = match name.as_str() {
            "task" => {
                self.tasks.insert(number(entries, "id"), Arc::new(task_info(entries)));
                return Ok(Line::Quiet);
            }
            "end" => {
                let error = entries.get("error").map(|error| Report::new(error.to_text()));
                return Ok(Line::End(u8::try_from(number(entries, "code")).unwrap_or(1), error));
            }
            "playbook_start" => {
                Event::PlaybookStart { path: PathBuf::from(text(entries, "path")), plays: count(entries, "plays") }
            }
            "play_start" => Event::PlayStart(Arc::new(play_info(entries))),
            "no_hosts_matched" => Event::NoHostsMatched,
            "no_hosts_remaining" => Event::NoHostsRemaining,
            "task_start" => {
                let kind = match text(entries, "kind").as_str() {
                    "handler" => TaskKind::Handler,
                    "cleanup" => TaskKind::Cleanup,
                    _ => TaskKind::Task,
                };
                Event::TaskStart { task: self.task(entries)?, kind }
            }
            "host_start" => Event::HostStart(self.task(entries)?, label(entries)),
            "host_end" => Event::HostEnd(self.result(entries)?),
            "item_end" => Event::ItemEnd(self.result(entries)?),
            "retry" => Event::Retry {
                result: self.result(entries)?,
                attempt: small(entries, "attempt"),
                retries: small(entries, "retries"),
            },
            "async_poll" => Event::AsyncPoll { host: text(entries, "host").into(), job: text(entries, "job") },
            "async_end" => Event::AsyncEnd {
                host: text(entries, "host").into(),
                job: optional(entries, "job").map(|job| job.to_text()),
                failed: truth(entries, "failed"),
            },
            "included" => Event::Included {
                file: text(entries, "file"),
                hosts: texts(entries, "hosts"),
                item: optional(entries, "item").cloned(),
                variables: mapping(entries, "variables"),
                task: self.task(entries)?,
            },
            "notified" => {
                Event::Notified { handler: text(entries, "handler").into(), host: text(entries, "host").into() }
            }
            "stepped" => Event::Stepped(shown()),
            "text" => Event::Text(shown()),
            "warning" => Event::Warning(shown()),
            "deprecation" => Event::Deprecated(Report::new(shown())),
            "error" => Event::Error(Report::new(shown())),
            "run_error" => Event::RunError(Report::new(shown())),
            "verbose" => Event::Verbose {
                level: u8::try_from(number(entries, "level")).unwrap_or(u8::MAX),
                host: optional(entries, "host").map(|host| host.to_text().into()),
                text: shown(),
            },
            "recap" => Event::Recap {
                hosts: mapping(entries, "hosts")
                    .iter()
                    .map(|(host, counts)| (host.to_text().into(), counts_of(counts)))
                    .collect(),
                custom: mapping(entries, "custom"),
            },
            "" => return Err("there is no `event`".to_owned()),
            _ => return Ok(Line::Quiet),
        };
        Ok(Line::Event(Box::new(event)))
    }

    fn task(&self, entries: &Dict) -> Result<Arc<TaskInfo>, String> {
        let id = number(entries, "task");
        self.tasks.get(&id).cloned().ok_or_else(|| format!("no line told of task {id}"))
    }

    fn result(&self, entries: &Dict) -> Result<TaskResult, String> {
        let ignored = truth(entries, "ignored");
        let status = match text(entries, "status").as_str() {
            "ok" => Status::Ok,
            "skipped" => Status::Skipped,
            "failed" => Status::Failed { ignored },
            "unreachable" => Status::Unreachable { ignored },
            other => return Err(format!("there is no status `{other}`")),
        };
        let reports = |name: &str| texts(entries, name).into_iter().map(|text: String| Report::new(text)).collect();
        let said = Said {
            warnings: reports("warnings"),
            deprecations: reports("deprecations"),
            is_all: truth(entries, "said_all"),
        };
        Ok(TaskResult {
            host: label(entries),
            task: self.task(entries)?,
            status,
            result: Arc::new(mapping(entries, "result")),
            item_label: entries.get("item").cloned(),
            seconds: entries.get("took").and_then(seconds).unwrap_or_default(),
            said: Arc::new(said),
        })
    }
}

fn optional<'a>(entries: &'a Dict, name: &str) -> Option<&'a Value> {
    entries.get(name).filter(|value| !value.is_none())
}

fn text(entries: &Dict, name: &str) -> String {
    optional(entries, name).map(Value::to_text).unwrap_or_default()
}

fn texts<T: From<String>>(entries: &Dict, name: &str) -> Vec<T> {
    let items = entries.get(name).and_then(Value::as_list).unwrap_or_default();
    items.iter().map(|item| item.to_text().into()).collect()
}

fn number(entries: &Dict, name: &str) -> i64 {
    entries.get(name).and_then(Value::as_int).unwrap_or_default()
}

fn count(entries: &Dict, name: &str) -> usize {
    usize::try_from(number(entries, name)).unwrap_or_default()
}

fn small(entries: &Dict, name: &str) -> u32 {
    u32::try_from(number(entries, name)).unwrap_or_default()
}

fn truth(entries: &Dict, name: &str) -> bool {
    entries.get(name).and_then(Value::as_bool).unwrap_or(false)
}

fn mapping(entries: &Dict, name: &str) -> Dict {
    entries.get(name).and_then(Value::as_dict).cloned().unwrap_or_default()
}

fn seconds(value: &Value) -> Option<f64> {
    value.to_text().parse().ok()
}

fn label(entries: &Dict) -> HostLabel {
    let name = |name: &str| optional(entries, name).map(|host| Arc::from(host.to_text()));
    HostLabel { name: text(entries, "host").into(), delegated: name("delegated"), address: name("address") }
}

fn place(entries: &Dict) -> Option<Origin> {
    let place = entries.get("place").and_then(Value::as_dict)?;
    let source = match place.get("file") {
        Some(file) => Source::file(&file.to_text()),
        None => Source::described(&text(place, "source")),
    };
    Some(Origin::new(source, small(place, "line"), small(place, "column")))
}

fn play_info(entries: &Dict) -> PlayInfo {
    PlayInfo {
        name: text(entries, "name"),
        pattern: text(entries, "pattern"),
        hosts: texts(entries, "hosts"),
        host_count: count(entries, "host_count"),
        first_tasks: count(entries, "first_tasks"),
        check_mode: truth(entries, "check_mode"),
        strategy: text(entries, "strategy"),
        origin: place(entries),
    }
}

fn task_info(entries: &Dict) -> TaskInfo {
    TaskInfo {
        id: u64::try_from(number(entries, "id")).unwrap_or_default(),
        name: text(entries, "name"),
        action: text(entries, "action"),
        resolved_action: text(entries, "resolved_action"),
        args: mapping(entries, "args"),
        origin: place(entries),
        no_log: truth(entries, "no_log"),
        check_mode: truth(entries, "check_mode"),
        diff: truth(entries, "diff"),
        is_loop: truth(entries, "loop"),
        role: optional(entries, "role").map(|role| role.to_text().into()),
        tags: texts(entries, "tags"),
        run_once: truth(entries, "run_once"),
    }
}

fn counts_of(counts: &Value) -> Counts {
    let counts = counts.as_dict().cloned().unwrap_or_default();
    Counts {
        ok: small(&counts, "ok"),
        changed: small(&counts, "changed"),
        unreachable: small(&counts, "unreachable"),
        failed: small(&counts, "failed"),
        skipped: small(&counts, "skipped"),
        rescued: small(&counts, "rescued"),
        ignored: small(&counts, "ignored"),
    }
}
