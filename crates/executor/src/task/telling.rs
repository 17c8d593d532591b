//! What is told of a task on one host: events, results as they are shown, errors.

use super::{Attributes, Execution, IncludeRequest, TaskRunner};
use crate::ahead::Sent;
use crate::event::{Event, HostLabel, Status, TaskResult};
use churten_diagnostics::Report;
use churten_value::{Dict, Value};
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::mpsc::UnboundedSender;

/// What a result knows of the host it was delegated to.
pub(super) const DELEGATED_VARS: &str = "_ansible_delegated_vars";

const CENSORED: &str = "the output has been hidden due to the fact that 'no_log: true' was specified for this result";

/// Takes a host's events while its task runs; whoever holds the other end puts hosts in order.
#[derive(Clone)]
pub(crate) struct EventSink {
    pub(crate) index: usize,
    pub(crate) sender: UnboundedSender<(usize, Message)>,
}

/// What a running task tells.
pub(crate) enum Message {
    Event(Event),
    Done(Box<TaskOutcome>),
}

impl EventSink {
    pub(crate) fn event(&self, event: Event) {
        // The receiver only goes away when the run is being torn down.
        let _ = self.sender.send((self.index, Message::Event(event)));
    }

    pub(crate) fn done(&self, outcome: TaskOutcome) {
        let _ = self.sender.send((self.index, Message::Done(Box::new(outcome))));
    }
}

/// How a task ended on a host, and what the run must do about it.
pub(crate) struct TaskOutcome {
    pub(crate) host: Arc<str>,
    /// The overall result.
    pub(crate) execution: Execution,
    /// The results of a loop's items.
    pub(crate) items: Vec<Execution>,
    pub(crate) attributes: Attributes,
    pub(crate) status: Status,
    /// Names of the handlers that the result notifies, or why they cannot be told.
    pub(crate) notifications: Result<Vec<String>, Report>,
    /// What is told when the outcome is taken in.
    pub(crate) end: Option<Box<TaskResult>>,
    /// The tasks that went to the host together with this one.
    pub(crate) ahead: Vec<Sent>,
}

impl TaskOutcome {
    /// What an include task asks for, in the order of its items.
    pub(crate) fn includes(&self) -> impl Iterator<Item = &IncludeRequest> {
        let own = self.execution.include.iter();
        own.chain(self.items.iter().filter_map(|item| item.include.as_ref()))
    }

    /// The results that have effects: the items of a loop, or the result itself.
    pub(crate) fn effective(&self) -> impl Iterator<Item = &Execution> {
        let own = self.items.is_empty().then_some(&self.execution);
        own.into_iter().chain(&self.items)
    }
}

impl TaskRunner {
    pub(super) fn result(
        &self,
        execution: &Execution,
        attributes: &Attributes,
        status: Status,
        item_label: Option<Value>,
        started: Instant,
    ) -> TaskResult {
        let is_hidden = attributes.no_log || execution.is_hidden;
        let result = if is_hidden {
            let changed = execution.result.get("changed").cloned().unwrap_or_else(|| false.into());
            let mut censored = Dict::from([("censored", Value::from(CENSORED)), ("changed", changed)]);
            // The callback asks whether there were items, not what they were.
            if let Some(delegated) = execution.result.get(DELEGATED_VARS) {
                censored.insert(DELEGATED_VARS, delegated.clone());
            }
            if execution.result.contains("results") {
                censored.insert("results", Vec::<Value>::new());
            }
            censored
        } else {
            let mut result = execution.result.clone();
            // It was shown with the error.
            result.remove(churten_module::CAUSE_KEY);
            result
        };
        TaskResult {
            host: self.label(&execution.result),
            task: self.info.clone(),
            status,
            result: Arc::new(result),
            item_label: item_label.map(|label| if is_hidden { "(censored due to no_log)".into() } else { label }),
            seconds: started.elapsed().as_secs_f64(),
            said: execution.said.clone(),
        }
    }

    /// The host, with the one the task was delegated to once it ran there.
    fn label(&self, result: &Dict) -> HostLabel {
        let delegated = result.get(DELEGATED_VARS).and_then(|vars| vars.get("ansible_delegated_host"));
        let other = delegated.and_then(Value::as_str).filter(|name| **name != *self.host);
        let address = result.get(DELEGATED_VARS).and_then(|vars| vars.get("ansible_host")).and_then(Value::as_str);
        HostLabel {
            name: self.host.clone(),
            address: other.and(address).filter(|address| Some(*address) != other).map(Arc::from),
            delegated: other.map(Arc::from),
        }
    }

    pub(super) fn show_error(&self, execution: &Execution, attributes: &Attributes) {
        if !execution.has_failed() && !execution.is_unreachable() {
            return;
        }
        let report = match &execution.error {
            Some(report) => report.clone(),
            None => {
                let what = if execution.by_module { "Module failed." } else { "Action failed." };
                let text = |key: &str| execution.result.get(key).map(Value::to_text).filter(|text| !text.is_empty());
                let message = text("msg").unwrap_or_default();
                let public = message.is_empty() || message == "non-zero return code";
                let mut chain = vec!["Task failed".to_owned(), what.to_owned()];
                if attributes.no_log && !public {
                    chain.push(CENSORED.to_owned());
                } else {
                    // A failure without a message of its own already has what is put in front here.
                    let front = format!("Task failed: {} ", what.replace('.', ":"));
                    let own = message.strip_prefix(&*front).unwrap_or(&message);
                    chain.extend((!own.is_empty()).then(|| own.to_owned()));
                    chain.extend(text(churten_module::CAUSE_KEY));
                }
                let links = chain.into_iter().rev().map(Report::new);
                let joined = links.reduce(|cause, report| report.caused_by(cause));
                Report::new(joined.map(|report| report.headline()).unwrap_or_default())
            }
        };
        self.sink.event(Event::Error(report.or_at(self.task.origin)));
    }
}

pub(super) fn status_of(execution: &Execution, attributes: &Attributes) -> Status {
    if execution.is_unreachable() {
        Status::Unreachable { ignored: attributes.ignore_unreachable }
    } else if execution.counts_as_failed() {
        Status::Failed { ignored: attributes.ignore_errors }
    } else if execution.is_skipped() {
        Status::Skipped
    } else {
        Status::Ok
    }
}
