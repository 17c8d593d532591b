//! `ansible.posix.json`: the whole run as one JSON document at its end.

use super::records::{self, Ids};
use crate::output::callback::Callback;
use crate::output::{Console, Stream};
use churten_config::Settings;
use churten_executor::{Event, TaskInfo, TaskResult};
use churten_value::{Dict, JsonStyle, Value};

/// A play while it runs.
struct Play {
    record: Dict,
    start: String,
    end: Option<String>,
    tasks: Vec<Task>,
}

/// A task while it runs.
struct Task {
    id: u64,
    record: Dict,
    start: String,
    end: Option<String>,
    hosts: Dict,
}

/// The callback.
pub(crate) struct JsonDocument {
    ids: Ids,
    indent: Option<usize>,
    show_custom_stats: bool,
    plays: Vec<Play>,
    /// Hosts run at different tasks, so that results have tasks of their own.
    apart: bool,
    /// When the tasks that are apart began.
    begun: Vec<(u64, String)>,
}

/// The indentation that `json_indent` asks for.
pub(super) fn indent(settings: &Settings, plugin: &str) -> Option<usize> {
    let number = settings.plugin_option(plugin, "json_indent", &|_| None).ok()?.value.as_int()?;
    usize::try_from(number).ok().filter(|number| *number > 0)
}

/// Whether `show_custom_stats` is on.
pub(super) fn shows_custom_stats(settings: &Settings, plugin: &str) -> bool {
    settings.plugin_option(plugin, "show_custom_stats", &|_| None).is_ok_and(|option| option.value.is_truthy())
}

impl JsonDocument {
    /// A callback with the options of the settings.
    pub(crate) fn new(settings: &Settings) -> Self {
        const PLUGIN: &str = "callback/ansible.posix.json";
        Self {
            ids: Ids::new(),
            indent: indent(settings, PLUGIN),
            show_custom_stats: shows_custom_stats(settings, PLUGIN),
            plays: Vec::new(),
            apart: false,
            begun: Vec::new(),
        }
    }

    fn add_task(&mut self, task: &TaskInfo, start: String) {
        let record = records::task(task, &self.ids, &start);
        if let Some(play) = self.plays.last_mut() {
            play.tasks.push(Task { id: task.id, record, start, end: None, hosts: Dict::new() });
        }
    }

    fn result(&mut self, result: &TaskResult) {
        let end = records::now();
        if self.apart {
            let begun = self.begun.iter().rev().find(|(id, _)| *id == result.task.id);
            let start = begun.map_or_else(|| end.clone(), |(_, start)| start.clone());
            self.add_task(&result.task, start);
        }
        let Some(play) = self.plays.last_mut() else { return };
        play.end = Some(end.clone());
        if let Some(task) = play.tasks.iter_mut().rev().find(|task| task.id == result.task.id) {
            task.hosts.insert(result.host.name.as_ref(), records::result(result));
            task.end = Some(end);
        }
    }

    fn document(&self, mut document: Dict) -> String {
        let task = |task: &Task| {
            let mut record = task.record.clone();
            record.insert("duration", records::duration(&task.start, task.end.as_deref()));
            Value::dict(Dict::from([("task", Value::dict(record)), ("hosts", Value::dict(task.hosts.clone()))]))
        };
        let plays = self.plays.iter().map(|play| {
            let mut record = play.record.clone();
            record.insert("duration", records::duration(&play.start, play.end.as_deref()));
            let tasks: Vec<Value> = play.tasks.iter().map(task).collect();
            Value::dict(Dict::from([("play", Value::dict(record)), ("tasks", tasks.into())]))
        });
        document.insert("plays", plays.collect::<Vec<_>>());
        Value::dict(document).to_json(JsonStyle { indent: self.indent, sort_keys: true, ..JsonStyle::PLAIN })
    }
}

impl Callback for JsonDocument {
    fn event(&mut self, event: &Event, console: &mut Console) {
        match event {
            Event::PlayStart(play) => {
                self.apart = matches!(play.strategy.rsplit('.').next(), Some("free" | "host_pinned"));
                let start = records::now();
                let number = u64::MAX >> 16;
                let record = records::play(play, number.saturating_sub(self.plays.len() as u64), &self.ids, &start);
                self.plays.push(Play { record, start, end: None, tasks: Vec::new() });
            }
            Event::TaskStart { task, .. } if self.apart => self.begun.push((task.id, records::now())),
            Event::TaskStart { task, .. } => self.add_task(task, records::now()),
            Event::HostEnd(result) => self.result(result),
            Event::Recap { hosts, custom } => {
                let document = self.document(records::stats(hosts, self.show_custom_stats.then_some(custom)));
                console.write(Stream::Output, &document, None);
            }
            _ => {}
        }
    }
}
