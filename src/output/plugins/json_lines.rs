//! `ansible.posix.jsonl`: each event as a line of JSON when it happens.

use super::json_document::{indent, shows_custom_stats};
use super::records::{self, Ids};
use crate::output::callback::Callback;
use crate::output::{Console, Stream};
use churten_config::Settings;
use churten_executor::{Event, Status, TaskKind, TaskResult};
use churten_value::{Dict, JsonStyle, Value};
use std::collections::HashMap;

/// The callback.
pub(crate) struct JsonLines {
    ids: Ids,
    indent: Option<usize>,
    show_custom_stats: bool,
    plays: u64,
    /// Hosts run at different tasks, and each begins by itself.
    apart: bool,
    /// When each task began.
    begun: HashMap<u64, String>,
}

impl JsonLines {
    /// A callback with the options of the settings.
    pub(crate) fn new(settings: &Settings) -> Self {
        const PLUGIN: &str = "callback/ansible.posix.jsonl";
        Self {
            ids: Ids::new(),
            indent: indent(settings, PLUGIN),
            show_custom_stats: shows_custom_stats(settings, PLUGIN),
            plays: 0,
            apart: false,
            begun: HashMap::new(),
        }
    }

    fn write(&self, console: &mut Console, name: &str, mut record: Dict) {
        record.insert("_event", name);
        record.insert("_timestamp", records::now());
        let style = JsonStyle { indent: self.indent, sort_keys: true, compact: true, ..JsonStyle::PLAIN };
        console.write(Stream::Output, &Value::dict(record).to_json(style), None);
    }

    fn result(&self, console: &mut Console, result: &TaskResult) {
        let name = match result.status {
            Status::Ok => "v2_runner_on_ok",
            Status::Failed { .. } => "v2_runner_on_failed",
            Status::Skipped => "v2_runner_on_skipped",
            Status::Unreachable { .. } => "v2_runner_on_unreachable",
        };
        let end = records::now();
        let start = self.begun.get(&result.task.id).cloned().unwrap_or_else(|| end.clone());
        let mut task = records::task(&result.task, &self.ids, &start);
        task.insert("duration", records::duration(&start, Some(&end)));
        let hosts = Dict::from([(result.host.name.as_ref(), records::result(result))]);
        let record = Dict::from([("task", Value::dict(task)), ("hosts", Value::dict(hosts))]);
        self.write(console, name, record);
    }
}

impl Callback for JsonLines {
    fn event(&mut self, event: &Event, console: &mut Console) {
        match event {
            Event::PlayStart(play) => {
                self.apart = matches!(play.strategy.rsplit('.').next(), Some("free" | "host_pinned"));
                let record =
                    records::play(play, (u64::MAX >> 16).saturating_sub(self.plays), &self.ids, &records::now());
                self.plays += 1;
                let record = Dict::from([("play", Value::dict(record)), ("tasks", Vec::<Value>::new().into())]);
                self.write(console, "v2_playbook_on_play_start", record);
            }
            Event::TaskStart { task, kind } => {
                let start = records::now();
                let record = records::task(task, &self.ids, &start);
                self.begun.insert(task.id, start);
                let record = Dict::from([("task", Value::dict(record)), ("hosts", Value::dict(Dict::new()))]);
                let name = match kind {
                    _ if self.apart => "v2_runner_on_start",
                    TaskKind::Task => "v2_playbook_on_task_start",
                    TaskKind::Handler => "v2_playbook_on_handler_task_start",
                    TaskKind::Cleanup => "v2_playbook_on_cleanup_task_start",
                };
                self.write(console, name, record);
            }
            Event::HostEnd(result) => self.result(console, result),
            Event::Recap { hosts, custom } => {
                let record = records::stats(hosts, self.show_custom_stats.then_some(custom));
                self.write(console, "v2_playbook_on_stats", record);
            }
            _ => {}
        }
    }
}
