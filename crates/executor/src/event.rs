//! What happens during a run, as data. Callbacks in `src/output` turn it into text; nothing below prints.

use crate::profile::Span;
use crate::question::Question;
use churten_diagnostics::Report;
use churten_value::{Dict, Origin, Value};
use std::path::PathBuf;
use std::sync::Arc;

/// Something the user interface may want to show, in the order it must be shown.
#[derive(Clone, Debug)]
pub enum Event {
    /// A playbook begins.
    PlaybookStart {
        /// The path as given on the command line.
        path: PathBuf,
        /// Number of plays, shown at verbosity 2.
        plays: usize,
    },
    /// A play begins, after its hosts are known.
    PlayStart(Arc<PlayInfo>),
    /// The play's pattern selects no host.
    NoHostsMatched,
    /// Every host of the play has failed; the rest is not run.
    NoHostsRemaining,
    /// A task begins on at least one host.
    TaskStart {
        /// The task; its name is rendered.
        task: Arc<TaskInfo>,
        /// How it is announced.
        kind: TaskKind,
    },
    /// A host begins the task (shown by some callbacks only, and by the progress line).
    HostStart(Arc<TaskInfo>, HostLabel),
    /// The task ended on a host. For a loop this follows its items.
    HostEnd(TaskResult),
    /// One item of a loop ended on a host.
    ItemEnd(TaskResult),
    /// A try of an `until` loop failed and another follows.
    Retry {
        /// The result of this try.
        result: TaskResult,
        /// Tries so far, from 1.
        attempt: u32,
        /// All tries that will be made at the most.
        retries: u32,
    },
    /// An asynchronous task was looked at and is not over.
    AsyncPoll {
        /// The host that waits.
        host: Arc<str>,
        /// The job's id.
        job: String,
    },
    /// An asynchronous task that was waited for is over. Its result follows.
    AsyncEnd {
        /// The host that waited.
        host: Arc<str>,
        /// The job's id; `None` under `no_log`.
        job: Option<String>,
        /// It failed, or was not over in time.
        failed: bool,
    },
    /// `include_tasks` and its kin took in a file for some hosts.
    Included {
        /// The included file, or the role's name.
        file: String,
        /// The hosts, in order.
        hosts: Vec<Arc<str>>,
        /// The label of the loop item, when the include loops.
        item: Option<Value>,
        /// The loop's variables that what is included sees.
        variables: Dict,
        /// The including task.
        task: Arc<TaskInfo>,
    },
    /// A changed result notified a handler.
    Notified {
        /// Name of the handler.
        handler: Arc<str>,
        /// The notifying host.
        host: Arc<str>,
    },
    /// The user must answer before the run goes on.
    Ask(Question),
    /// `--step` has its answer: the question again, as a banner.
    Stepped(String),
    /// Text for the output stream as it is: the lists of `--list-tasks` and the like.
    Text(String),
    /// `[WARNING]: ...`
    Warning(String),
    /// `[WARNING]: ...` with a place and an excerpt.
    WarningReport(Report),
    /// `[DEPRECATION WARNING]: ...`
    Deprecated(Report),
    /// `[ERROR]: ...` about the task result that follows, with its chain of causes and excerpts.
    Error(Report),
    /// `[ERROR]: ...` about the run that belongs to no result; always on the error stream, at once.
    RunError(Report),
    /// Text for a verbosity level from 1 (`-v`) on, with the host it is about.
    Verbose {
        /// The least verbosity at which it is shown.
        level: u8,
        /// The host shown in front as `<host>`.
        host: Option<Arc<str>>,
        /// The text.
        text: String,
    },
    /// Something took time. Told only when the run is profiled, and in no order.
    Span(Box<Span>),
    /// The run is over: counts for each host, in inventory order.
    Recap {
        /// Counts by host.
        hosts: Vec<(Arc<str>, Counts)>,
        /// `set_stats` data by host, and for the whole run under `_run`.
        custom: Dict,
    },
}

/// How a task is announced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskKind {
    /// `TASK [...]`
    Task,
    /// `RUNNING HANDLER [...]`
    Handler,
    /// `CLEANUP TASK [...]`
    Cleanup,
}

/// What callbacks need of a play.
#[derive(Clone, Debug)]
pub struct PlayInfo {
    /// The rendered name; the host pattern when the play has none.
    pub name: String,
    /// The host pattern, rendered.
    pub pattern: String,
    /// Hosts of this batch, in order.
    pub hosts: Vec<Arc<str>>,
    /// How many hosts all batches of the play have.
    pub host_count: usize,
    /// How many tasks the play's first block has; entries of a list up to the next block are one.
    pub first_tasks: usize,
    /// True in check mode.
    pub check_mode: bool,
    /// The strategy's name.
    pub strategy: String,
    /// Where the play is written.
    pub origin: Option<Origin>,
}

/// What callbacks need of a task.
#[derive(Clone, Debug)]
pub struct TaskInfo {
    /// A number unique in the run; the same task in another batch keeps it.
    pub id: u64,
    /// Rendered name with the role in front: `web : Install nginx`; the action when the task has no name.
    pub name: String,
    /// The action as written.
    pub action: String,
    /// The action's full name: `ansible.builtin.debug`.
    pub resolved_action: String,
    /// The arguments as written, not rendered.
    pub args: Dict,
    /// Where the task is written.
    pub origin: Option<Origin>,
    /// Results must not be shown.
    pub no_log: bool,
    /// The task runs in check mode.
    pub check_mode: bool,
    /// The task shows diffs.
    pub diff: bool,
    /// The task has a loop.
    pub is_loop: bool,
    /// The role the task belongs to.
    pub role: Option<Arc<str>>,
    /// Effective tags.
    pub tags: Vec<String>,
    /// `run_once`.
    pub run_once: bool,
}

/// Which host a result is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct HostLabel {
    /// `inventory_hostname`.
    pub name: Arc<str>,
    /// The host the task was delegated to, as shown after ` -> `.
    pub delegated: Option<Arc<str>>,
    /// That host's address, when the inventory has another than its name.
    pub address: Option<Arc<str>>,
}

impl HostLabel {
    /// A host with nothing delegated.
    pub fn of(name: Arc<str>) -> Self {
        Self { name, delegated: None, address: None }
    }
}

/// The end of a task, or of one item of it, on one host.
#[derive(Clone, Debug)]
pub struct TaskResult {
    /// The host.
    pub host: HostLabel,
    /// The task.
    pub task: Arc<TaskInfo>,
    /// How it ended.
    pub status: Status,
    /// The result dictionary as registered, before cleaning for display. `no_log` results are already censored.
    pub result: Arc<Dict>,
    /// For an item: what is shown as `(item=...)`, `loop_control.label` applied.
    pub item_label: Option<Value>,
    /// Seconds the task took on this host.
    pub seconds: f64,
    /// What was said while the task ran, to be told with the result.
    pub said: Arc<Said>,
}

impl TaskResult {
    /// The result of a whole loop, which follows those of its items. What a module itself calls `results` is none.
    pub fn is_of_loop(&self) -> bool {
        self.task.is_loop && self.item_label.is_none() && self.result.contains("results")
    }
}

/// What was said while a task ran. In the result the same messages stand as text, in front of those of the module.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Said {
    /// With their places.
    pub warnings: Vec<Report>,
    /// With their places.
    pub deprecations: Vec<Report>,
    /// These are all messages, those that modules put into the results of a loop's items included.
    pub is_all: bool,
}

/// How a task ended on a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// `ok:` or `changed:`, by the result's `changed`.
    Ok,
    /// `fatal:`; `ignored` prints `...ignoring`.
    Failed {
        /// `ignore_errors` applies.
        ignored: bool,
    },
    /// `skipping:`
    Skipped,
    /// `UNREACHABLE!`
    Unreachable {
        /// `ignore_unreachable` applies.
        ignored: bool,
    },
}

/// One host's line of the recap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Tasks that ended ok, changed ones included.
    pub ok: u32,
    /// Tasks that changed something.
    pub changed: u32,
    /// Times the host could not be reached.
    pub unreachable: u32,
    /// Tasks that failed.
    pub failed: u32,
    /// Tasks that were skipped.
    pub skipped: u32,
    /// Failed tasks that a `rescue` took care of.
    pub rescued: u32,
    /// Failed tasks that were ignored.
    pub ignored: u32,
}
