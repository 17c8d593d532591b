//! The `minimal` and `oneline` stdout callbacks, byte for byte as ansible-core 2.19 prints them.

use super::callback::{Callback, line};
use super::cleaning::{clean, clean_of_internals, is_debug, is_set};
use super::colour::Role;
use super::console::{Console, Stream};
use super::diff::diff_text;
use super::dump::json;
use super::messages::print_messages;
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
    layout: Layout,
    verbosity: u8,
    /// The error of the result that comes next.
    error: Option<Report>,
}

impl MinimalCallback {
    /// A callback with that layout.
    pub(crate) fn new(layout: Layout, verbosity: u8) -> Self {
        Self { layout, verbosity, error: None }
    }

    fn result(&mut self, result: &TaskResult, console: &mut Console) {
        let host = &*result.host.name;
        let error = self.error.take();
        if self.layout == Layout::OneLine {
            return self.one_line(result, host, console);
        }
        print_messages(console, result);
        if let Some(error) = error.filter(|_| !matches!(result.status, Status::Skipped)) {
            console.error(Stream::Output, &error.render());
        }
        match result.status {
            Status::Skipped => line(console, &format!("{host} | SKIPPED"), Role::Skip),
            Status::Unreachable { .. } => {
                let text = format!("{host} | UNREACHABLE! => {}", dump_all(result, self.verbosity, Some(4)));
                line(console, &text, Role::Unreachable);
            }
            Status::Failed { .. } if shows_output(result) => self.output(result, "FAILED", Role::Error, console),
            Status::Failed { .. } => {
                let text = format!("{host} | FAILED! => {}", dump_all(result, self.verbosity, Some(4)));
                line(console, &text, Role::Error);
            }
            Status::Ok => {
                // Of `debug` nothing but its message is left here.
                let (state, role) = if is_debug(result) { ("SUCCESS", Role::Ok) } else { state_of(result) };
                self.diff(result, console);
                if shows_output(result) {
                    self.output(result, state, role, console);
                } else {
                    let text = format!("{host} | {state} => {}", self.dump(result));
                    line(console, &text, role);
                }
            }
        }
    }

    fn diff(&self, result: &TaskResult, console: &mut Console) {
        if let Some(diff) = result.result.get("diff").filter(|diff| result.task.diff && diff.is_truthy()) {
            let text = diff_text(console, diff);
            if !text.is_empty() {
                console.write(Stream::Output, &text, None);
            }
        }
    }

    fn dump(&self, result: &TaskResult) -> String {
        json(clean(result, self.verbosity), Some(4))
    }

    /// `host | CHANGED | rc=0 >>` and what the program wrote.
    fn output(&self, result: &TaskResult, state: &str, role: Role, console: &mut Console) {
        let entry = |name| result.result.get(name).map(Value::to_text).unwrap_or_default();
        let text = format!(
            "{} | {state} | rc={} >>\n{}{}{}\n",
            result.host.name,
            return_code(&result.result),
            entry("stdout"),
            entry("stderr"),
            entry("msg")
        );
        line(console, &text, role);
    }

    fn one_line(&self, result: &TaskResult, host: &str, console: &mut Console) {
        let dumped = dump_all(result, self.verbosity, Some(0)).replace('\n', "");
        match result.status {
            Status::Skipped => line(console, &format!("{host} | SKIPPED"), Role::Skip),
            Status::Unreachable { .. } => {
                let message = result.result.get("msg").map(Value::to_text).unwrap_or_default();
                line(console, &format!("{host} | UNREACHABLE!: {message}"), Role::Unreachable);
            }
            Status::Failed { .. } => {
                if result.is_of_loop() {
                    // Nothing comes before the result of a loop.
                } else if shows_output(result) {
                    self.one_line_output(result, "FAILED", Role::Error, console);
                } else {
                    // ansible-core names a traceback that churten, like an ansible-core without tracebacks, does not have.
                    let text = if self.verbosity < 3 {
                        "An exception occurred during task execution. To see the full traceback, use -vvv. The error \
                         was: (traceback unavailable)"
                    } else {
                        "An exception occurred during task execution. The full traceback is:\n(traceback unavailable)"
                    };
                    line(console, text, Role::Error);
                }
                let text = format!("{host} | FAILED! => {}", dumped);
                line(console, &text, Role::Error);
            }
            Status::Ok => {
                let (state, role) = state_of(result);
                if shows_output(result) {
                    self.one_line_output(result, state, role, console);
                } else {
                    let text = format!("{host} | {state} => {}", dumped);
                    line(console, &text, role);
                }
            }
        }
    }

    fn one_line_output(&self, result: &TaskResult, state: &str, role: Role, console: &mut Console) {
        let entry = |name| result.result.get(name).map(Value::to_text).unwrap_or_default();
        let flat = |text: String| text.replace('\n', "\\n").replace('\r', "\\r");
        let code = return_code(&result.result);
        let mut text = format!("{} | {state} | rc={code} | (stdout) {}", result.host.name, flat(entry("stdout")));
        let errors = entry("stderr");
        if !errors.is_empty() {
            text += &format!(" (stderr) {}", flat(errors));
        }
        line(console, &text, role);
    }
}

/// The result with everything of `debug`; `indent` is for results that do not ask for lines.
pub(super) fn dump_all(result: &TaskResult, verbosity: u8, indent: Option<usize>) -> String {
    let in_lines = verbosity > 2 || is_set(&result.result, "_ansible_verbose_always");
    json(clean_of_internals(result, verbosity), if in_lines { Some(4) } else { indent })
}

/// [`dump_all`] over several lines.
pub(super) fn dump_lines(result: &TaskResult, verbosity: u8) -> String {
    json(clean_of_internals(result, verbosity), Some(4))
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
    fn event(&mut self, event: &Event, console: &mut Console) {
        match event {
            Event::HostEnd(result) => self.result(result, console),
            Event::Error(report) => self.error = Some(report.clone()),
            // Items are not shown, so neither are their errors.
            Event::ItemEnd(_) => self.error = None,
            _ => {}
        }
    }
}
