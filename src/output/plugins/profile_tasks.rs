//! `ansible.posix.profile_tasks`: when each task began, and which took longest.

use super::stopwatch::{Stopwatch, head, row};
use crate::output::Console;
use crate::output::callback::Callback;
use churten_config::Settings;
use churten_executor::{Event, TaskInfo};
use std::time::{Duration, Instant};

/// The name under which its options stand.
const PLUGIN: &str = "callback/ansible.posix.profile_tasks";
/// Tasks in the recap when nothing else is said.
const OUTPUT_LIMIT: usize = 20;

/// How the recap is sorted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    Descending,
    Ascending,
    AsRun,
}

/// A task and its time.
struct Entry {
    id: u64,
    name: String,
    path: Option<String>,
    began: Instant,
    took: Option<Duration>,
}

/// The callback.
pub(crate) struct ProfileTasks {
    stopwatch: Stopwatch,
    summary_only: bool,
    order: Order,
    limit: Option<usize>,
    shows_paths: bool,
    entries: Vec<Entry>,
    current: Option<usize>,
}

impl ProfileTasks {
    /// A callback with the options of the settings.
    pub(crate) fn new(settings: &Settings, verbosity: u8) -> Self {
        let option = |name| settings.plugin_option(PLUGIN, name, &|_| None).ok().map(|resolved| resolved.value);
        let text = |name| option(name).map(|value| value.to_text()).unwrap_or_default();
        let limit = text("output_limit");
        Self {
            stopwatch: Stopwatch::new(),
            summary_only: option("summary_only").and_then(|value| value.as_bool()).unwrap_or(false),
            order: match text("sort_order").as_str() {
                "ascending" => Order::Ascending,
                "none" => Order::AsRun,
                _ => Order::Descending,
            },
            limit: (limit != "all").then(|| limit.parse().unwrap_or(OUTPUT_LIMIT)),
            shows_paths: verbosity > 1,
            entries: Vec::new(),
            current: None,
        }
    }

    /// What ran until now ran as long as that.
    fn stop(&mut self) {
        if let Some(entry) = self.current.take().and_then(|index| self.entries.get_mut(index)) {
            entry.took = Some(entry.began.elapsed());
        }
    }

    fn start(&mut self, task: &TaskInfo) {
        let path = task.origin.filter(|_| self.shows_paths);
        let entry = Entry {
            id: task.id,
            name: task.name.trim().to_owned(),
            path: path.map(|origin| format!("{}:{}", origin.source.name(), origin.line)),
            began: Instant::now(),
            took: None,
        };
        // The same task in another batch counts once.
        match self.entries.iter().position(|known| known.id == task.id) {
            Some(index) => {
                if let Some(known) = self.entries.get_mut(index) {
                    *known = entry;
                }
                self.current = Some(index);
            }
            None => {
                self.current = Some(self.entries.len());
                self.entries.push(entry);
            }
        }
    }

    fn recap(&mut self, console: &mut Console) {
        self.stop();
        head(console, "TASKS RECAP", &mut self.stopwatch);
        let mut shown: Vec<(&Entry, Duration)> =
            self.entries.iter().filter_map(|entry| Some((entry, entry.took?))).collect();
        match self.order {
            Order::Descending => shown.sort_by_key(|(_, took)| std::cmp::Reverse(*took)),
            Order::Ascending => shown.sort_by_key(|(_, took)| *took),
            Order::AsRun => {}
        }
        for (entry, took) in shown.into_iter().take(self.limit.unwrap_or(usize::MAX)) {
            console.line(&row(&entry.name, took));
            if let Some(path) = &entry.path {
                console.line(&format!("{:-<79}", format!("{path} ")));
            }
        }
    }
}

impl Callback for ProfileTasks {
    fn event(&mut self, event: &Event, console: &mut Console) {
        match event {
            Event::TaskStart { task, .. } => {
                self.stop();
                if !self.summary_only {
                    console.line(&self.stopwatch.line());
                }
                self.start(task);
            }
            Event::Recap { .. } => self.recap(console),
            _ => {}
        }
    }
}
