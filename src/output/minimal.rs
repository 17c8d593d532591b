//! The `minimal` and `oneline` stdout callbacks, byte for byte as ansible-core 2.19 prints them, with `tree` beside them.

use super::callback::Callback;
use super::cleaning::{clean, clean_of_internals, is_set};
use super::colour::Role;
use super::console::{Console, Stream};
use super::diff::diff_text;
use super::dump::json;
use super::messages::print_messages;
use super::tree::Tree;
use churten_diagnostics::Report;
use churten_executor::{Event, Status, TaskResult};
use churten_value::{Dict, Value};

/// Actions that show the output of a program instead of JSON.
const SHOW_OUTPUT: [&str; 5] = ["command", "raw", "shell", "win_command", "win_shell"];

/// How a result is laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Layout {
    /// Over several lines: `minimal`.
    #[default]
    Lines,
    /// On one line: `oneline`.
    OneLine,
}

/// The callback and what it remembers between events.
#[derive(Debug)]
pub(crate) struct MinimalCallback {
    console: Console,
    layout: Layout,
    verbosity: u8,
    tree: Option<Tree>,
    /// The error of the result that comes next.
    error: Option<Report>,
}

impl MinimalCallback {
    /// A callback that writes to `console`, and each host's result to `tree`.
    pub(crate) fn new(console: Console, layout: Layout, verbosity: u8, tree: Option<Tree>) -> Self {
        Self { console, layout, verbosity, tree, error: None }
    }

    fn line(&mut self, text: &str, role: Role) {
        self.console.write(Stream::Output, text, Some(role));
    }

    /// What `-vv` tells of the callbacks that are not used.
    fn introduce(&mut self) {
        let others = match self.layout {
            Layout::Lines => ["default", "oneline"],
            Layout::OneLine => ["default", "minimal"],
        };
        for name in others {
            let text = format!("Skipping callback '{name}', as we already have a stdout callback.");
            self.console.verbose(2, None, &text);
        }
    }

    fn result(&mut self, result: &TaskResult) {
        let host = &*result.host.name;
        self.console.host_ended(host);
        if let Some(tree) = &self.tree
            && let Err(report) = tree.write(host, &self.dump_all(result, None))
        {
            self.console.warning(&report.render());
        }
        let error = self.error.take();
        if self.layout == Layout::OneLine {
            return self.one_line(result, host);
        }
        if !matches!(result.status, Status::Skipped) {
            if let Some(error) = error {
                self.console.error(Stream::Output, &error.render());
            }
            print_messages(&mut self.console, &result.result);
        }
        match result.status {
            Status::Skipped => self.line(&format!("{host} | SKIPPED"), Role::Skip),
            Status::Unreachable { .. } => {
                let text = format!("{host} | UNREACHABLE! => {}", self.dump_all(result, Some(4)));
                self.line(&text, Role::Unreachable);
            }
            Status::Failed { .. } if shows_output(result) => self.output(result, "FAILED", Role::Error),
            Status::Failed { .. } => {
                let text = format!("{host} | FAILED! => {}", self.dump_all(result, Some(4)));
                self.line(&text, Role::Error);
            }
            Status::Ok => {
                let (state, role) = state_of(result);
                self.diff(result);
                if shows_output(result) {
                    self.output(result, state, role);
                } else {
                    let text = format!("{host} | {state} => {}", self.dump(result));
                    self.line(&text, role);
                }
            }
        }
    }

    fn diff(&mut self, result: &TaskResult) {
        if let Some(diff) = result.result.get("diff").filter(|diff| result.task.diff && diff.is_truthy()) {
            let text = diff_text(&self.console, diff);
            if !text.is_empty() {
                self.console.write(Stream::Output, &text, None);
            }
        }
    }

    fn dump(&self, result: &TaskResult) -> String {
        json(clean(result, self.verbosity), Some(4))
    }

    /// The result with everything of `debug`; `indent` is for results that do not ask for lines.
    fn dump_all(&self, result: &TaskResult, indent: Option<usize>) -> String {
        let in_lines = self.verbosity > 2 || is_set(&result.result, "_ansible_verbose_always");
        json(clean_of_internals(result, self.verbosity), if in_lines { Some(4) } else { indent })
    }

    /// `host | CHANGED | rc=0 >>` and what the program wrote.
    fn output(&mut self, result: &TaskResult, state: &str, role: Role) {
        let entry = |name| result.result.get(name).map(Value::to_text).unwrap_or_default();
        let text = format!(
            "{} | {state} | rc={} >>\n{}{}{}\n",
            result.host.name,
            return_code(&result.result),
            entry("stdout"),
            entry("stderr"),
            entry("msg")
        );
        self.line(&text, role);
    }

    fn one_line(&mut self, result: &TaskResult, host: &str) {
        let dumped = self.dump_all(result, Some(0)).replace('\n', "");
        match result.status {
            Status::Skipped => self.line(&format!("{host} | SKIPPED"), Role::Skip),
            Status::Unreachable { .. } => {
                let message = result.result.get("msg").map(Value::to_text).unwrap_or_default();
                self.line(&format!("{host} | UNREACHABLE!: {message}"), Role::Unreachable);
            }
            Status::Failed { .. } => {
                if shows_output(result) {
                    self.one_line_output(result, "FAILED", Role::Error);
                } else {
                    // ansible-core names a traceback that churten, like an ansible-core without tracebacks, does not have.
                    let text = if self.verbosity < 3 {
                        "An exception occurred during task execution. To see the full traceback, use -vvv. The error \
                         was: (traceback unavailable)"
                    } else {
                        "An exception occurred during task execution. The full traceback is:\n(traceback unavailable)"
                    };
                    self.line(text, Role::Error);
                }
                let text = format!("{host} | FAILED! => {}", dumped);
                self.line(&text, Role::Error);
            }
            Status::Ok => {
                let (state, role) = state_of(result);
                if shows_output(result) {
                    self.one_line_output(result, state, role);
                } else {
                    let text = format!("{host} | {state} => {}", dumped);
                    self.line(&text, role);
                }
            }
        }
    }

    fn one_line_output(&mut self, result: &TaskResult, state: &str, role: Role) {
        let entry = |name| result.result.get(name).map(Value::to_text).unwrap_or_default();
        let flat = |text: String| text.replace('\n', "\\n").replace('\r', "\\r");
        let code = return_code(&result.result);
        let mut text = format!("{} | {state} | rc={code} | (stdout) {}", result.host.name, flat(entry("stdout")));
        let errors = entry("stderr");
        if !errors.is_empty() {
            text += &format!(" (stderr) {}", flat(errors));
        }
        self.line(&text, role);
    }
}

fn return_code(result: &Dict) -> String {
    result.get("rc").map_or_else(|| "-1".into(), Value::to_text)
}

fn state_of(result: &TaskResult) -> (&'static str, Role) {
    if result.result.get("changed").is_some_and(Value::is_truthy) {
        ("CHANGED", Role::Changed)
    } else {
        ("SUCCESS", Role::Ok)
    }
}

/// True for the result of a program that ran in the foreground.
fn shows_output(result: &TaskResult) -> bool {
    let name = result.task.resolved_action.rsplit('.').next().unwrap_or_default();
    let is_json = ["ansible_job_id", "module_stdout"].iter().any(|key| result.result.contains(key));
    SHOW_OUTPUT.contains(&name) && !is_json
}

impl Callback for MinimalCallback {
    fn console(&mut self) -> &mut Console {
        &mut self.console
    }

    fn event(&mut self, event: &Event) {
        match event {
            Event::PlaybookStart { .. } => self.introduce(),
            Event::TaskStart { task, .. } => self.console.task_started(&task.name, 1),
            Event::HostStart(_, host) => self.console.host_started(&host.name),
            Event::HostEnd(result) | Event::ItemEnd(result) => self.result(result),
            Event::Text(text) => self.console.line(text),
            Event::Warning(text) => self.console.warning(text),
            Event::WarningReport(report) => self.console.warning(&report.render()),
            Event::Deprecated(report) => self.console.deprecation(&report.render()),
            Event::Error(report) => self.error = Some(report.clone()),
            Event::RunError(report) => self.console.error(Stream::Error, &report.render()),
            Event::Verbose { level, host, text } => self.console.verbose(*level, host.as_deref(), text),
            Event::Recap { .. } => self.console.clear_progress(),
            Event::PlayStart(_)
            | Event::NoHostsMatched
            | Event::AsyncPoll { .. }
            | Event::AsyncEnd { .. }
            | Event::Ask(_)
            | Event::Stepped(_)
            | Event::NoHostsRemaining
            | Event::Retry { .. }
            | Event::Included { .. }
            | Event::Notified { .. } => {}
        }
    }
}
