//! The `default` stdout callback, byte for byte as ansible-core 2.19 prints it.

use super::callback::{Callback, print_error};
use super::cleaning::{is_debug, is_set, is_verbose};
use super::colour::Role;
use super::console::{Console, Stream};
use super::diff::diff_text;
use super::dump::{dump, dump_try};
use super::messages::print_messages;
use super::options::OutputOptions;
use super::{label, recap};
use churten_diagnostics::Report;
use churten_executor::{Event, PlayInfo, Status, TaskInfo, TaskKind, TaskResult};
use churten_value::Value;
use std::collections::HashMap;
use std::path::Path;

/// The callback and what it remembers between events.
#[derive(Debug)]
pub(crate) struct DefaultCallback {
    options: OutputOptions,
    /// The task whose banner was printed last.
    announced: Option<u64>,
    /// How tasks are announced.
    kinds: HashMap<u64, TaskKind>,
    /// The play's strategy starts tasks on different hosts at different times: banners come with results.
    late_banners: bool,
    /// The error of the result that comes next.
    error: Option<Report>,
}

impl DefaultCallback {
    /// A callback with these options.
    pub(crate) fn new(options: OutputOptions) -> Self {
        Self { options, announced: None, kinds: HashMap::new(), late_banners: false, error: None }
    }

    fn check_mark(&self, check_mode: bool) -> &'static str {
        if check_mode && self.options.check_mode_markers { " [CHECK MODE]" } else { "" }
    }

    /// A banner, with the time of day when the variant wants it.
    fn banner(&self, console: &mut Console, text: &str) {
        match &self.options.banner_time {
            None => console.banner(text),
            Some(time) => console.banner_with(text, &time.now()),
        }
    }

    fn failure_stream(&self) -> Stream {
        if self.options.display_failed_stderr { Stream::Error } else { Stream::Output }
    }

    fn play(&mut self, console: &mut Console, play: &PlayInfo) {
        self.late_banners = matches!(play.strategy.rsplit('.').next(), Some("free" | "host_pinned"));
        if !self.options.display_plays {
            return;
        }
        let mark = self.check_mark(play.check_mode);
        let name = play.name.trim();
        if name.is_empty() {
            self.banner(console, &format!("PLAY{mark}"));
        } else {
            self.banner(console, &format!("PLAY [{name}]{mark}"));
        }
    }

    fn task_start(&mut self, console: &mut Console, task: &TaskInfo, kind: TaskKind) {
        self.kinds.insert(task.id, kind);
        // The same task in another batch is announced again.
        self.announced = None;
        if self.options.display_skipped_hosts && self.options.display_ok_hosts && !self.late_banners {
            self.announce(console, task);
        }
    }

    /// Print the task's banner unless it is the last one printed.
    fn announce(&mut self, console: &mut Console, task: &TaskInfo) {
        if self.announced == Some(task.id) {
            return;
        }
        let prefix = match self.kinds.get(&task.id) {
            None | Some(TaskKind::Task) => "TASK",
            Some(TaskKind::Handler) => "RUNNING HANDLER",
            Some(TaskKind::Cleanup) => "CLEANUP TASK",
        };
        let mut arguments = String::new();
        if self.options.display_arguments && !task.no_log {
            let words: Vec<String> =
                task.args.iter().map(|(name, value)| format!("{}={}", name.to_text(), value.to_text())).collect();
            arguments = format!(" {}", words.join(", "));
        }
        let mark = self.check_mark(task.check_mode);
        self.banner(console, &format!("{prefix} [{}{arguments}]{mark}", task.name.trim()));
        if self.options.verbosity >= 2 {
            self.task_path(console, task);
        }
        self.announced = Some(task.id);
    }

    fn task_path(&mut self, console: &mut Console, task: &TaskInfo) {
        if let Some(origin) = task.origin {
            let path = format!("task path: {}:{}", origin.source.name(), origin.line);
            console.write(Stream::Output, &path, Some(Role::Debug));
        }
    }

    fn print_error(&mut self, console: &mut Console) {
        print_error(console, self.failure_stream(), &mut self.error);
    }

    fn print_diff(&mut self, console: &mut Console, result: &TaskResult) {
        let changed = is_changed(result);
        if let Some(diff) = result
            .result
            .get("diff")
            .filter(|diff| self.options.display_diffs && changed && result.task.diff && diff.is_truthy())
        {
            let text = diff_text(console, diff);
            if !text.is_empty() {
                self.announce(console, &result.task);
                console.write(Stream::Output, &text, None);
            }
        }
    }

    /// ` => {...}` when a result that is no failure shows it.
    fn details(&self, result: &TaskResult) -> String {
        if is_verbose(&result.result, self.options.verbosity) {
            format!(" => {}", dump(result, &self.options))
        } else {
            String::new()
        }
    }

    fn result(&mut self, console: &mut Console, result: &TaskResult) {
        let host = label::result_host(result);
        let items_shown = result.is_of_loop();
        match result.status {
            Status::Ok => {
                if is_include(&result.task) {
                    self.announce(console, &result.task);
                    return;
                }
                let changed = is_changed(result);
                if !changed && !self.options.display_ok_hosts {
                    return;
                }
                if !items_shown {
                    self.print_diff(console, result);
                }
                self.announce(console, &result.task);
                print_messages(console, result);
                // `until` was never met, and `failed_when` says that it does not matter.
                self.print_error(console);
                if items_shown {
                    return;
                }
                let (word, role) = if changed { ("changed", Role::Changed) } else { ("ok", Role::Ok) };
                let line = format!("{word}: [{host}]{}", self.details(result));
                console.write(Stream::Output, &line, Some(role));
            }
            Status::Skipped => {
                if self.options.display_skipped_hosts {
                    self.announce(console, &result.task);
                    print_messages(console, result);
                    let line = format!("skipping: [{host}]{}", self.details(result));
                    console.write(Stream::Output, &line, Some(Role::Skip));
                }
            }
            Status::Failed { ignored } => {
                self.announce(console, &result.task);
                print_messages(console, result);
                self.print_error(console);
                // `debug` keeps nothing but its message, so its items are forgotten.
                if !items_shown || is_debug(result) {
                    if self.options.verbosity < 2 && self.options.show_task_path_on_failure {
                        self.task_path(console, &result.task);
                    }
                    let line = format!("fatal: [{host}]: FAILED! => {}", dump(result, &self.options));
                    console.write(self.failure_stream(), &line, Some(Role::Error));
                }
                self.ignoring(console, ignored);
            }
            Status::Unreachable { ignored } => {
                self.announce(console, &result.task);
                print_messages(console, result);
                self.print_error(console);
                let line = format!("fatal: [{host}]: UNREACHABLE! => {}", dump(result, &self.options));
                console.write(self.failure_stream(), &line, Some(Role::Unreachable));
                self.ignoring(console, ignored);
            }
        }
    }

    fn ignoring(&mut self, console: &mut Console, ignored: bool) {
        if ignored {
            console.write(Stream::Output, "...ignoring", Some(Role::Skip));
        }
    }

    fn item(&mut self, console: &mut Console, result: &TaskResult) {
        let host = label::result_host(result);
        let item = label::item(result);
        match result.status {
            Status::Ok => {
                if is_include(&result.task) {
                    return;
                }
                let changed = is_changed(result);
                if !changed && !self.options.display_ok_hosts {
                    return;
                }
                self.print_diff(console, result);
                self.announce(console, &result.task);
                print_messages(console, result);
                self.print_error(console);
                let (word, role) = if changed { ("changed", Role::Changed) } else { ("ok", Role::Ok) };
                let line = format!("{word}: [{host}] => {item}{}", self.details(result));
                console.write(Stream::Output, &line, Some(role));
            }
            Status::Skipped => {
                if self.options.display_skipped_hosts {
                    self.announce(console, &result.task);
                    print_messages(console, result);
                    let line = format!("skipping: [{host}] => {item} {}", self.details(result));
                    console.write(Stream::Output, &line, Some(Role::Skip));
                }
            }
            Status::Failed { .. } | Status::Unreachable { .. } => {
                self.announce(console, &result.task);
                print_messages(console, result);
                self.print_error(console);
                let line = format!("failed: [{host}] {item} => {}", dump(result, &self.options));
                console.write(self.failure_stream(), &line, Some(Role::Error));
            }
        }
    }

    fn retry(&mut self, console: &mut Console, result: &TaskResult, left: u32) {
        let host = label::result_host(result);
        let mut line = format!("FAILED - RETRYING: [{host}]: {} ({left} retries left).", result.task.name.trim());
        if self.options.verbosity > 2 || is_set(&result.result, "_ansible_verbose_always") {
            line += &format!("Result was: {}", dump_try(result, &self.options));
        }
        console.write(Stream::Output, &line, Some(Role::Debug));
    }

    fn playbook(&mut self, console: &mut Console, path: &Path) {
        if self.options.verbosity > 1 {
            let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
            self.banner(console, &format!("PLAYBOOK: {name}"));
            if self.options.verbosity > 3 {
                for line in &self.options.command_line {
                    console.show(Stream::Output, line, Some(Role::Verbose));
                }
            }
        }
        if self.options.check_mode && self.options.check_mode_markers {
            self.banner(console, "DRY RUN");
        }
    }

    fn included(&mut self, console: &mut Console, file: &str, hosts: &[std::sync::Arc<str>], item: Option<&Value>) {
        let mut line = format!("included: {file} for {}", hosts.join(", "));
        if let Some(item) = item {
            line += &format!(" => (item={})", item.to_text());
        }
        console.write(Stream::Output, &line, Some(Role::Included));
    }
}

/// Includes show what they included instead of a result.
fn is_include(task: &TaskInfo) -> bool {
    let name = task.resolved_action.rsplit('.').next();
    matches!(name, Some("include_tasks" | "include_role" | "import_role" | "import_tasks"))
}

fn is_changed(result: &TaskResult) -> bool {
    result.result.get("changed").is_some_and(Value::is_truthy)
}

impl Callback for DefaultCallback {
    fn event(&mut self, event: &Event, console: &mut Console) {
        match event {
            Event::PlaybookStart { path, .. } => self.playbook(console, path),
            Event::PlayStart(play) => self.play(console, play),
            Event::NoHostsMatched => {
                console.write(Stream::Output, "skipping: no hosts matched", Some(Role::Skip));
            }
            Event::NoHostsRemaining => self.banner(console, "NO MORE HOSTS LEFT"),
            Event::TaskStart { task, kind } => self.task_start(console, task, *kind),
            Event::HostStart(task, host) if self.options.show_per_host_start => {
                let kind = if self.kinds.get(&task.id) == Some(&TaskKind::Handler) { "HANDLER" } else { "TASK" };
                let line = format!(" [started {kind}: {} on {}]", task.name.trim(), label::host(host));
                console.write(Stream::Output, &line, Some(Role::Ok));
            }
            Event::HostEnd(result) => self.result(console, result),
            Event::ItemEnd(result) => self.item(console, result),
            Event::Retry { result, attempt, retries } => self.retry(console, result, retries.saturating_sub(*attempt)),
            Event::AsyncPoll { host, job } => {
                let line = format!("ASYNC POLL on {host}: jid={job} started=True finished=False");
                console.write(Stream::Output, &line, Some(Role::Debug));
            }
            Event::AsyncEnd { host, job, failed } => {
                let word = if *failed { "FAILED" } else { "OK" };
                let line = format!("ASYNC {word} on {host}: jid={}", job.as_deref().unwrap_or("None"));
                console.write(Stream::Output, &line, Some(Role::Debug));
            }
            Event::Included { file, hosts, item, task, .. } => {
                self.announce(console, task);
                self.included(console, file, hosts, item.as_ref());
            }
            Event::Notified { handler, host } => {
                console.verbose(2, None, &format!("NOTIFIED HANDLER {handler} for {host}"));
            }
            Event::Error(report) => {
                // An error belongs to the result that follows, and comes after that task's banner.
                self.print_error(console);
                self.error = Some(report.clone());
            }
            Event::Recap { hosts, custom } => {
                self.print_error(console);
                if self.options.display_plays {
                    self.banner(console, "PLAY RECAP");
                    recap::print_recap(console, hosts);
                }
                if self.options.show_custom_stats {
                    recap::print_custom_stats(console, custom);
                }
                if self.options.check_mode && self.options.check_mode_markers {
                    self.banner(console, "DRY RUN");
                }
            }
            // Shown by whoever has the callbacks.
            _ => {}
        }
    }
}
