//! The `default` stdout callback, byte for byte as ansible-core 2.19 prints it.

use super::callback::Callback;
use super::cleaning::{is_debug, is_verbose};
use super::colour::Role;
use super::console::{Console, Stream};
use super::diff::diff_text;
use super::dump::dump;
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
    console: Console,
    options: OutputOptions,
    /// The task whose banner was printed last.
    announced: Option<u64>,
    /// How tasks are announced.
    kinds: HashMap<u64, TaskKind>,
    /// The play's strategy starts tasks on different hosts at different times: banners come with results.
    late_banners: bool,
    /// Hosts of the current batch.
    hosts: usize,
    /// The error of the result that comes next.
    error: Option<Report>,
    /// A playbook has begun.
    opened: bool,
}

impl DefaultCallback {
    /// A callback that writes to `console`.
    pub(crate) fn new(console: Console, options: OutputOptions) -> Self {
        Self {
            console,
            options,
            announced: None,
            kinds: HashMap::new(),
            late_banners: false,
            hosts: 0,
            error: None,
            opened: false,
        }
    }

    fn check_mark(&self, check_mode: bool) -> &'static str {
        if check_mode && self.options.check_mode_markers { " [CHECK MODE]" } else { "" }
    }

    fn failure_stream(&self) -> Stream {
        if self.options.display_failed_stderr { Stream::Error } else { Stream::Output }
    }

    fn play(&mut self, play: &PlayInfo) {
        self.late_banners = matches!(play.strategy.rsplit('.').next(), Some("free" | "host_pinned"));
        self.hosts = play.hosts.len();
        let mark = self.check_mark(play.check_mode);
        let name = play.name.trim();
        if name.is_empty() {
            self.console.banner(&format!("PLAY{mark}"));
        } else {
            self.console.banner(&format!("PLAY [{name}]{mark}"));
        }
    }

    fn task_start(&mut self, task: &TaskInfo, kind: TaskKind) {
        self.kinds.insert(task.id, kind);
        // The same task in another batch is announced again.
        self.announced = None;
        let hosts = if task.run_once { 1 } else { self.hosts };
        self.console.task_started(&task.name, hosts);
        if self.options.display_skipped_hosts && self.options.display_ok_hosts && !self.late_banners {
            self.announce(task);
        }
    }

    /// Print the task's banner unless it is the last one printed.
    fn announce(&mut self, task: &TaskInfo) {
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
        self.console.banner(&format!("{prefix} [{}{arguments}]{mark}", task.name.trim()));
        if self.options.verbosity >= 2 {
            self.task_path(task);
        }
        self.announced = Some(task.id);
    }

    fn task_path(&mut self, task: &TaskInfo) {
        if let Some(origin) = task.origin {
            let path = format!("task path: {}:{}", origin.source.name(), origin.line);
            self.console.write(Stream::Output, &path, Some(Role::Debug));
        }
    }

    fn print_error(&mut self) {
        if let Some(error) = self.error.take() {
            self.console.error(self.failure_stream(), &error.render());
        }
    }

    fn print_diff(&mut self, result: &TaskResult) {
        let changed = is_changed(result);
        if let Some(diff) = result.result.get("diff").filter(|diff| changed && result.task.diff && diff.is_truthy()) {
            let text = diff_text(&self.console, diff);
            if !text.is_empty() {
                self.announce(&result.task);
                self.console.write(Stream::Output, &text, None);
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

    fn result(&mut self, result: &TaskResult) {
        let host = label::result_host(result);
        self.console.host_ended(&result.host.name);
        let items_shown = result.task.is_loop && result.result.contains("results");
        match result.status {
            Status::Ok => {
                if is_include(&result.task) {
                    self.announce(&result.task);
                    return;
                }
                let changed = is_changed(result);
                if !changed && !self.options.display_ok_hosts {
                    return;
                }
                if !items_shown {
                    self.print_diff(result);
                }
                self.announce(&result.task);
                // `until` was never met, and `failed_when` says that it does not matter.
                self.print_error();
                print_messages(&mut self.console, &result.result);
                if items_shown {
                    return;
                }
                let (word, role) = if changed { ("changed", Role::Changed) } else { ("ok", Role::Ok) };
                let line = format!("{word}: [{host}]{}", self.details(result));
                self.console.write(Stream::Output, &line, Some(role));
            }
            Status::Skipped => {
                if self.options.display_skipped_hosts {
                    self.announce(&result.task);
                    let line = format!("skipping: [{host}]{}", self.details(result));
                    self.console.write(Stream::Output, &line, Some(Role::Skip));
                }
            }
            Status::Failed { ignored } => {
                self.announce(&result.task);
                self.print_error();
                print_messages(&mut self.console, &result.result);
                // `debug` keeps nothing but its message, so its items are forgotten.
                if !items_shown || is_debug(result) {
                    if self.options.verbosity < 2 && self.options.show_task_path_on_failure {
                        self.task_path(&result.task);
                    }
                    let line = format!("fatal: [{host}]: FAILED! => {}", dump(result, &self.options));
                    self.console.write(self.failure_stream(), &line, Some(Role::Error));
                }
                self.ignoring(ignored);
            }
            Status::Unreachable { ignored } => {
                self.announce(&result.task);
                self.print_error();
                let line = format!("fatal: [{host}]: UNREACHABLE! => {}", dump(result, &self.options));
                self.console.write(self.failure_stream(), &line, Some(Role::Unreachable));
                self.ignoring(ignored);
            }
        }
    }

    fn ignoring(&mut self, ignored: bool) {
        if ignored {
            self.console.write(Stream::Output, "...ignoring", Some(Role::Skip));
        }
    }

    fn item(&mut self, result: &TaskResult) {
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
                self.print_diff(result);
                self.announce(&result.task);
                self.print_error();
                print_messages(&mut self.console, &result.result);
                let (word, role) = if changed { ("changed", Role::Changed) } else { ("ok", Role::Ok) };
                let line = format!("{word}: [{host}] => {item}{}", self.details(result));
                self.console.write(Stream::Output, &line, Some(role));
            }
            Status::Skipped => {
                if self.options.display_skipped_hosts {
                    self.announce(&result.task);
                    let line = format!("skipping: [{host}] => {item} {}", self.details(result));
                    self.console.write(Stream::Output, &line, Some(Role::Skip));
                }
            }
            Status::Failed { .. } | Status::Unreachable { .. } => {
                self.announce(&result.task);
                self.print_error();
                print_messages(&mut self.console, &result.result);
                let line = format!("failed: [{host}] {item} => {}", dump(result, &self.options));
                self.console.write(self.failure_stream(), &line, Some(Role::Error));
            }
        }
    }

    fn retry(&mut self, result: &TaskResult, left: u32) {
        let host = label::result_host(result);
        let mut line = format!("FAILED - RETRYING: [{host}]: {} ({left} retries left).", result.task.name.trim());
        if self.options.verbosity > 2 {
            line += &format!("Result was: {}", dump(result, &self.options));
        }
        self.console.write(Stream::Output, &line, Some(Role::Debug));
    }

    fn playbook(&mut self, path: &Path, plays: usize) {
        if !std::mem::replace(&mut self.opened, true) {
            // ansible-core loads every callback it finds and says which ones it leaves out.
            for name in ["minimal", "oneline"] {
                let text = format!("Skipping callback '{name}', as we already have a stdout callback.");
                self.console.verbose(2, None, &text);
            }
        }
        if self.options.verbosity > 1 {
            let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
            self.console.banner(&format!("PLAYBOOK: {name}"));
            if self.options.verbosity > 3 {
                for line in &self.options.command_line {
                    self.console.show(Stream::Output, line, Some(Role::Verbose));
                }
            }
        }
        if self.options.check_mode && self.options.check_mode_markers {
            self.console.banner("DRY RUN");
        }
        self.console.verbose(2, None, &format!("{plays} plays in {}", path.display()));
    }

    fn included(&mut self, file: &str, hosts: &[std::sync::Arc<str>], item: Option<&Value>) {
        let mut line = format!("included: {file} for {}", hosts.join(", "));
        if let Some(item) = item {
            line += &format!(" => (item={})", item.to_text());
        }
        self.console.write(Stream::Output, &line, Some(Role::Included));
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
    fn console(&mut self) -> &mut Console {
        &mut self.console
    }

    fn event(&mut self, event: &Event) {
        match event {
            Event::PlaybookStart { path, plays } => self.playbook(path, *plays),
            Event::PlayStart(play) => self.play(play),
            Event::NoHostsMatched => {
                self.console.write(Stream::Output, "skipping: no hosts matched", Some(Role::Skip));
            }
            Event::NoHostsRemaining => self.console.banner("NO MORE HOSTS LEFT"),
            Event::TaskStart { task, kind } => self.task_start(task, *kind),
            Event::HostStart(task, host) => {
                if self.options.show_per_host_start {
                    let kind = if self.kinds.get(&task.id) == Some(&TaskKind::Handler) { "HANDLER" } else { "TASK" };
                    let line = format!(" [started {kind}: {} on {}]", task.name.trim(), label::host(host));
                    self.console.write(Stream::Output, &line, Some(Role::Ok));
                }
                self.console.host_started(&host.name);
            }
            Event::HostEnd(result) => self.result(result),
            Event::ItemEnd(result) => self.item(result),
            Event::Retry { result, attempt, retries } => self.retry(result, retries.saturating_sub(*attempt)),
            Event::AsyncPoll { host, job } => {
                let line = format!("ASYNC POLL on {host}: jid={job} started=True finished=False");
                self.console.write(Stream::Output, &line, Some(Role::Debug));
            }
            Event::AsyncEnd { host, job, failed } => {
                let word = if *failed { "FAILED" } else { "OK" };
                let line = format!("ASYNC {word} on {host}: jid={}", job.as_deref().unwrap_or("None"));
                self.console.write(Stream::Output, &line, Some(Role::Debug));
            }
            Event::Included { file, hosts, item, task } => {
                self.announce(task);
                self.included(file, hosts, item.as_ref());
            }
            Event::Notified { handler, host } => {
                self.console.verbose(2, None, &format!("NOTIFIED HANDLER {handler} for {host}"));
            }
            // Whoever shows events asks; there is nothing to print about it.
            Event::Ask(_) => {}
            Event::Stepped(question) => self.console.banner(question),
            Event::Text(text) => self.console.line(text),
            Event::Warning(text) => self.console.warning(text),
            Event::WarningReport(report) => self.console.warning(&report.render()),
            Event::Deprecated(report) => self.console.deprecation(&report.render()),
            Event::Error(report) => {
                // An error belongs to the result that follows, and comes after that task's banner.
                self.print_error();
                self.error = Some(report.clone());
            }
            Event::RunError(report) => self.console.error(Stream::Error, &report.render()),
            Event::Verbose { level, host, text } => self.console.verbose(*level, host.as_deref(), text),
            Event::Recap { hosts, custom } => {
                self.console.clear_progress();
                self.print_error();
                recap::print_recap(&mut self.console, hosts);
                if self.options.show_custom_stats {
                    recap::print_custom_stats(&mut self.console, custom);
                }
                if self.options.check_mode && self.options.check_mode_markers {
                    self.console.banner("DRY RUN");
                }
            }
        }
    }
}
