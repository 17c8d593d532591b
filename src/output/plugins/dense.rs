//! `community.general.dense`: one line for each task, with the hosts in the colours of how they ended.

use crate::output::Console;
use crate::output::callback::Callback;
use crate::output::default::DefaultCallback;
use crate::output::diff::diff_text;
use crate::output::options::OutputOptions;
use churten_executor::{Event, PlayInfo, Status, TaskInfo, TaskKind, TaskResult};
use churten_value::Value;
use std::sync::Arc;

const BOLD: &str = "\x1b[1m";
const UNDERLINE: &str = "\x1b[4m";
const RESET: &str = "\x1b[0;0m";
/// Remembers where the cursor is.
const SAVE: &str = "\x1b[s";
/// Back to where it was.
const RESTORE: &str = "\x1b[u";
const CLEAR_LINE: &str = "\x1b[2K";
/// A line does not go on in the next.
const NO_WRAP: &str = "\x1b[7l";
const WRAP: &str = "\x1b[7h";

/// How a host ended; a later result does not make it look better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    Skipped,
    Ok,
    Changed,
    Failed,
    Unreachable,
    /// Failed, and that does not matter. Nothing after it is shown.
    Ignored,
}

impl State {
    fn of(result: &TaskResult) -> Self {
        match result.status {
            Status::Ok if result.result.get("changed").is_some_and(Value::is_truthy) => Self::Changed,
            Status::Ok => Self::Ok,
            Status::Skipped => Self::Skipped,
            Status::Failed { ignored: true, .. } => Self::Ignored,
            Status::Failed { .. } => Self::Failed,
            Status::Unreachable { .. } => Self::Unreachable,
        }
    }

    fn colour(self) -> &'static str {
        match self {
            Self::Skipped => "\x1b[0;36m",
            Self::Ok => "\x1b[0;32m",
            Self::Changed => "\x1b[0;33m",
            Self::Failed => "\x1b[0;31m",
            Self::Unreachable => "\x1b[1;31m",
            Self::Ignored => "\x1b[46m\x1b[1;31m",
        }
    }

    /// The line with it stays on the screen.
    fn is_kept(self) -> bool {
        matches!(self, Self::Changed | Self::Failed | Self::Unreachable)
    }
}

/// The callback.
pub(crate) struct Dense {
    /// Says what is no line of a task: tries that failed, asynchronous jobs.
    default: DefaultCallback,
    has_begun: bool,
    plays: usize,
    tasks: usize,
    handlers: usize,
    /// `task 3`
    title: String,
    /// Host, the one it was delegated to, state; in the order of the results.
    hosts: Vec<(Arc<str>, Option<Arc<str>>, State)>,
    is_kept: bool,
    /// The task's banner stands above its differences.
    has_banner: bool,
}

impl Dense {
    /// A callback with these options.
    pub(crate) fn new(options: OutputOptions) -> Self {
        Self {
            default: DefaultCallback::new(options),
            has_begun: false,
            plays: 0,
            tasks: 0,
            handlers: 0,
            title: String::new(),
            hosts: Vec::new(),
            is_kept: false,
            has_banner: false,
        }
    }

    fn begin(&mut self, console: &mut Console) {
        if !std::mem::replace(&mut self.has_begun, true) {
            console.prompt(&format!("{RESET}{SAVE}{CLEAR_LINE}"));
        }
    }

    /// The line before is left, or else written over by what begins with `otherwise`.
    fn leave(&mut self, otherwise: &str) -> String {
        if std::mem::take(&mut self.is_kept) {
            format!("{RESTORE}{RESET}\n{SAVE}{CLEAR_LINE}")
        } else {
            format!("{RESTORE}{RESET}{otherwise}")
        }
    }

    fn play(&mut self, play: &PlayInfo, console: &mut Console) {
        self.begin(console);
        let start = self.leave(CLEAR_LINE);
        (self.plays, self.tasks, self.handlers) = (self.plays + 1, 0, 0);
        let name = play.name.trim().to_uppercase();
        let number = self.plays;
        console.prompt(&format!("{start}{BOLD}PLAY {number}: {name}{RESTORE}{RESET}\n{SAVE}{CLEAR_LINE}"));
    }

    fn task(&mut self, kind: TaskKind, console: &mut Console) {
        let is_handler = kind == TaskKind::Handler;
        let start = self.leave(if is_handler { CLEAR_LINE } else { "" });
        self.hosts.clear();
        self.has_banner = false;
        let (what, count) = if is_handler { ("handler", &mut self.handlers) } else { ("task", &mut self.tasks) };
        *count += 1;
        self.title = format!("{what} {count}");
        console.prompt(&format!("{start}{UNDERLINE}{}.{RESET}", self.title));
    }

    fn result(&mut self, result: &TaskResult, console: &mut Console) {
        let state = State::of(result);
        if result.status == Status::Ok {
            self.differences(result, console);
        }
        match self.hosts.iter_mut().find(|(name, ..)| *name == result.host.name) {
            Some((_, _, State::Ignored)) => return,
            Some((_, _, known)) => *known = state.max(*known),
            None => self.hosts.push((result.host.name.clone(), result.host.delegated.clone(), state)),
        }
        self.is_kept |= state.is_kept();
        let mut line = format!("{RESTORE}{RESET}{CLEAR_LINE}{NO_WRAP}{UNDERLINE}{}:{RESET}", self.title);
        for (name, delegated, state) in &self.hosts {
            let other = delegated.as_ref().map(|other| format!("{other}>")).unwrap_or_default();
            line += &format!(" {other}{}{name}{RESET}", state.colour());
        }
        console.prompt(&(line + WRAP));
    }

    fn differences(&mut self, result: &TaskResult, console: &mut Console) {
        let is_changed = result.result.get("changed").is_some_and(Value::is_truthy);
        let Some(diff) = result.result.get("diff").filter(|_| result.task.diff) else { return };
        console.prompt(BOLD);
        if is_changed && diff.is_truthy() {
            let text = diff_text(console, diff);
            if !text.is_empty() {
                self.banner(&result.task, console);
                console.line(&text);
            }
        }
        console.prompt(RESET);
    }

    fn banner(&mut self, task: &TaskInfo, console: &mut Console) {
        if !std::mem::replace(&mut self.has_banner, true) {
            console.banner(&format!("TASK [{}]", task.name.trim()));
        }
    }

    fn end(&mut self, console: &mut Console) {
        self.begin(console);
        let start = self.leave(CLEAR_LINE);
        console.prompt(&format!("{start}{RESTORE}{RESET}\n{SAVE}{CLEAR_LINE}"));
    }
}

impl Callback for Dense {
    fn event(&mut self, event: &Event, console: &mut Console) {
        match event {
            Event::PlaybookStart { .. } => self.begin(console),
            Event::PlayStart(play) => self.play(play, console),
            Event::TaskStart { kind, .. } => self.task(*kind, console),
            Event::HostEnd(result) | Event::ItemEnd(result) => self.result(result, console),
            Event::Retry { .. } | Event::AsyncPoll { .. } | Event::AsyncEnd { .. } | Event::NoHostsMatched => {
                self.default.event(event, console);
            }
            Event::Recap { .. } => self.end(console),
            _ => {}
        }
    }
}
