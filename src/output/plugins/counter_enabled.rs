//! `community.general.counter_enabled`: tasks and results with their numbers.
//!
//! The number of tasks is that of the play's first block, and that of hosts goes on from batch to batch, as upstream.

use crate::output::callback::{Callback, print_error};
use crate::output::cleaning::{is_debug, is_verbose};
use crate::output::colour::Role;
use crate::output::dump::dump;
use crate::output::messages::print_messages;
use crate::output::options::OutputOptions;
use crate::output::recap::{self, COUNTS_WITHOUT_SKIPPED};
use crate::output::{Console, Stream, label};
use churten_diagnostics::Report;
use churten_executor::{Event, PlayInfo, Status, TaskInfo, TaskKind, TaskResult};
use churten_value::Value;

/// The callback.
pub(crate) struct CounterEnabled {
    options: OutputOptions,
    error: Option<Report>,
    /// Tasks of the play so far, and how many there are said to be.
    task: usize,
    tasks: usize,
    /// Results of the task so far, and how many hosts the play has.
    host: usize,
    hosts: usize,
    /// Hosts of the batches before this one, and with this one.
    before: usize,
    so_far: usize,
}

impl CounterEnabled {
    /// A callback with these options.
    pub(crate) fn new(options: OutputOptions) -> Self {
        Self { options, error: None, task: 0, tasks: 0, host: 0, hosts: 0, before: 0, so_far: 0 }
    }

    fn play(&mut self, play: &PlayInfo, console: &mut Console) {
        let name = play.name.trim();
        console.banner(&if name.is_empty() { "PLAY".to_owned() } else { format!("PLAY [{name}]") });
        self.task = 0;
        self.tasks = play.first_tasks;
        self.hosts = play.host_count;
        self.before = self.so_far;
        self.so_far += play.hosts.len();
        self.host = self.before;
    }

    fn task(&mut self, task: &TaskInfo, console: &mut Console) {
        self.task += 1;
        self.host = self.before;
        console.banner(&format!("TASK {}/{} [{}]", self.task, self.tasks, task.name.trim()));
        if let Some(origin) = task.origin.filter(|_| self.options.verbosity >= 2) {
            let path = format!("task path: {}:{}", origin.source.name(), origin.line);
            console.write(Stream::Output, &path, Some(Role::Debug));
        }
    }

    fn result(&mut self, result: &TaskResult, console: &mut Console) {
        self.host += 1;
        let error = self.error.take();
        let is_loop = result.is_of_loop();
        let is_include = matches!(
            result.task.resolved_action.rsplit('.').next(),
            Some("include_tasks" | "include_role" | "import_role" | "import_tasks")
        );
        let place = format!("{}/{} [{}]", self.host, self.hosts, label::result_host(result));
        let details = || match is_verbose(&result.result, self.options.verbosity) {
            true => format!(" => {}", dump(result, &self.options)),
            false => String::new(),
        };
        let (text, role) = match result.status {
            Status::Ok if is_loop || is_include => return,
            Status::Ok if result.result.get("changed").is_some_and(Value::is_truthy) => {
                (format!("changed: {place}{}", details()), Role::Changed)
            }
            Status::Ok => (format!("ok: {place}{}", details()), Role::Ok),
            Status::Skipped if !self.options.display_skipped_hosts || is_loop => return,
            Status::Skipped => (format!("skipping: {place}{}", details()), Role::Skip),
            Status::Failed { .. } => {
                (format!("fatal: {place}: FAILED! => {}", dump(result, &self.options)), Role::Error)
            }
            Status::Unreachable { .. } => {
                (format!("fatal: {place}: UNREACHABLE! => {}", dump(result, &self.options)), Role::Unreachable)
            }
        };
        print_messages(console, result);
        let Status::Failed { ignored } = result.status else {
            return console.write(Stream::Output, &text, Some(role));
        };
        if !is_loop {
            print_error(console, Stream::Output, &mut error.clone());
        }
        // `debug` keeps nothing but its message, so its items are forgotten.
        if !is_loop || is_debug(result) {
            console.write(Stream::Output, &text, Some(role));
        }
        if ignored {
            console.write(Stream::Output, "...ignoring", Some(Role::Skip));
        }
    }
}

impl Callback for CounterEnabled {
    fn event(&mut self, event: &Event, console: &mut Console) {
        match event {
            Event::PlayStart(play) => self.play(play, console),
            Event::TaskStart { kind: TaskKind::Handler, .. } => {}
            Event::TaskStart { task, .. } => self.task(task, console),
            Event::HostEnd(result) => self.result(result, console),
            Event::Error(report) => self.error = Some(report.clone()),
            Event::Recap { hosts, custom } => {
                console.banner("PLAY RECAP");
                recap::print_hosts(console, hosts, "", &COUNTS_WITHOUT_SKIPPED);
                console.show(Stream::Output, "", None);
                if self.options.show_custom_stats {
                    recap::print_custom_stats(console, custom);
                }
            }
            _ => {}
        }
    }
}
