//! Which tasks may go to the hosts of a batch together with the one that is next.

use super::linear::Linear;
use crate::ahead::{Leader, Place, Sent, rules};
use crate::cursor::Cursor;
use crate::event::Status;
use crate::task::TaskOutcome;
use churten_playbook::Task;
use churten_value::Value;
use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

/// How two hosts can be one machine, or a host the controller: what may say how a host is reached.
const ADDRESS: [&str; 2] = ["ansible_host", "ansible_ssh_host"];
const PORT: [&str; 2] = ["ansible_port", "ansible_ssh_port"];

/// What a play knows of its hosts' independence.
#[derive(Default)]
pub(super) struct Apart {
    /// Is each host of the batch a machine of its own, and none the controller? `None` when it has to be found out.
    known: Option<bool>,
}

impl Apart {
    /// Facts may have told other addresses.
    pub(super) fn forget(&mut self) {
        self.known = None;
    }
}

/// The tasks that were sent ahead to one host, the next one first.
#[derive(Default)]
pub(super) struct AheadOf(VecDeque<Sent>);

impl AheadOf {
    /// What was sent of the task whose turn it is. Anything else that was sent is let go: the host goes another way.
    pub(super) fn take(&mut self, task: &Task) -> Option<Sent> {
        let next = self.0.pop_front()?;
        if next.is_of(task) {
            return Some(next);
        }
        self.0.clear();
        None
    }

    /// Take what was sent with a task that has ended. The host stops at a failure: nothing after it was run.
    pub(super) fn follow(&mut self, outcome: &mut TaskOutcome) {
        if !outcome.ahead.is_empty() {
            self.0 = std::mem::take(&mut outcome.ahead).into();
        }
        if matches!(outcome.status, Status::Failed { .. } | Status::Unreachable { .. }) {
            self.0.clear();
        }
    }
}

impl Linear<'_> {
    /// The tasks that may go to the hosts with this one, where hosts keep step: those that follow on all of them.
    pub(super) fn followers(&mut self, task: &Arc<Task>, hosts: &[usize]) -> Vec<Arc<Task>> {
        if !self.may_send_ahead(hosts.len()) {
            return vec![];
        }
        let is_left = |index: &usize| !self.hosts[*index].unreachable && !self.hosts[*index].cursor.has_ended();
        let left: HashSet<usize> = (0..self.hosts.len()).filter(is_left).collect();
        // A host that is elsewhere in the play would see, or be seen, too early.
        let alone = left.len() <= 1;
        let together = left.iter().all(|index| hosts.contains(index));
        if together && rules::may_join(task, alone) && (alone || self.are_apart(hosts)) {
            self.after(task, hosts, alone)
        } else {
            vec![]
        }
    }

    /// The tasks that may go to a host with this one, where every host has its own pace and none waits for another.
    pub(super) fn followers_on(&self, task: &Arc<Task>, host: usize) -> Vec<Arc<Task>> {
        if self.may_send_ahead(1) && rules::may_join(task, true) { self.after(task, &[host], true) } else { vec![] }
    }

    /// The tasks after this one that may join it.
    fn after(&self, task: &Task, hosts: &[usize], alone: bool) -> Vec<Arc<Task>> {
        if !self.knows_handlers(task) {
            return vec![];
        }
        let mut cursors: Vec<Cursor> = hosts.iter().map(|&host| self.hosts[host].cursor.clone()).collect();
        let mut followers = vec![];
        let most = rules::MAX_TASKS.min(rules::MAX_RUNNING / hosts.len().max(1));
        let mut last = cursors.first().cloned();
        while followers.len() + 1 < most {
            let Some(next) = common(&mut cursors) else { break };
            // A host that fails is rescued before the others go on, and its rescue may be about them.
            let leaves = |last: &Cursor| cursors.first().is_some_and(|cursor| cursor.has_left_guards_of(last));
            if !alone && last.as_ref().is_some_and(leaves) {
                break;
            }
            last = cursors.first().cloned();
            let is_passed = self.is_passed_over(&next);
            if !is_passed {
                let wanted = hosts.iter().all(|&host| self.is_wanted(&next, host));
                if !wanted || !rules::may_join(&next, alone) || !self.knows_handlers(&next) {
                    break;
                }
                followers.push(next);
            }
            cursors.iter_mut().for_each(Cursor::advance);
        }
        followers
    }

    /// Is the run one in which tasks go ahead at all?
    fn may_send_ahead(&self, hosts: usize) -> bool {
        let options = &self.engine.options;
        // `-vvv` tells of each way to a host as it is taken; whoever steps or debugs decides between tasks.
        let is_watched = options.verbosity >= 3 || self.stepping || self.debugger;
        let limited = self.state.play.max_fail_percentage.is_some() || self.engine.settings.any_errors_fatal();
        options.batches && !is_watched && !limited && options.task_timeout == 0 && hosts <= self.parallel()
    }

    /// A task that nothing depends on: the end of a play's section when there are no handlers to flush.
    fn is_passed_over(&self, task: &Task) -> bool {
        let flushes = task.args.get("_raw_params").and_then(Value::as_str) == Some("flush_handlers");
        task.implicit && task.action.builtin() == Some("meta") && flushes && self.handlers.items.is_empty()
    }

    /// A task that notifies a handler that is not there ends the run.
    fn knows_handlers(&self, task: &Task) -> bool {
        task.keywords.notify.iter().all(|name| {
            let text = name.as_str().filter(|_| !self.engine.templar.is_template(name));
            text.is_some_and(|name| self.handlers.knows(self.engine, self.state, name))
        })
    }

    /// Is each of the hosts a machine of its own, and none of them the controller?
    fn are_apart(&mut self, hosts: &[usize]) -> bool {
        if let Some(known) = self.apart.known {
            return known;
        }
        let mut machines = HashSet::new();
        let by_ssh = self.engine.settings.transport() == "ssh";
        let apart = by_ssh
            && hosts.iter().all(|&index| {
                let name = &self.hosts[index].name;
                let scope = self.engine.variables.scope(Some(self.state), Some(name), None);
                let text = |names: [&str; 2]| {
                    let raw = names.iter().find_map(|name| scope.value(name))?;
                    Some(self.engine.templar.render(&raw, &scope).map(|value| value.to_text()))
                };
                let (address, port) = match (text(ADDRESS).transpose(), text(PORT).transpose()) {
                    (Ok(address), Ok(port)) => (address, port),
                    _ => return false,
                };
                let is_local = scope.value("ansible_connection").is_some_and(|name| name.as_str() != Some("ssh"));
                !is_local && machines.insert((address.unwrap_or_else(|| name.to_string()), port))
            });
        self.apart.known = Some(apart);
        apart
    }

    /// The place of the task on a host that it was not sent ahead to.
    pub(super) fn place(followers: &[Arc<Task>]) -> Place {
        if followers.is_empty() { Place::Alone } else { Place::Leading(Leader::new(followers.to_vec())) }
    }
}

/// The task that is next for all cursors.
fn common(cursors: &mut [Cursor]) -> Option<Arc<Task>> {
    // Handlers are run by a flush, and that is passed over only when there are none.
    let mut next: Option<Arc<Task>> = None;
    for cursor in cursors {
        let task = cursor.next(&|_| false)?;
        if next.as_ref().is_some_and(|next| next.id != task.id) {
            return None;
        }
        next = Some(task);
    }
    next
}
