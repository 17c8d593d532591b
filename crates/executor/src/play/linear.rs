//! The linear strategy: every host of a batch finishes a task before any begins the next.

use super::ahead::{AheadOf, Apart};
use super::announce::Announced;
use super::handlers::Handlers;
use super::root;
use super::selection::{is_selected, select};
use super::turn::{Turn, run_in_turn};
use crate::cursor::{Cursor, flatten};
use crate::engine::Engine;
use crate::event::{Event, TaskInfo};
use crate::play_state::PlayState;
use crate::stats::Stats;
use crate::task::{EventSink, Message, TaskOutcome, TaskRunner};
use churten_diagnostics::{ErrorKind, Report};
use churten_playbook::{Item, TagFilter, Task};
use churten_value::{Data, Value};
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use tokio::sync::{Semaphore, mpsc};

/// One host of the batch.
pub(super) struct HostRun {
    pub(super) name: Arc<str>,
    pub(super) cursor: Cursor,
    pub(super) unreachable: bool,
    /// Tasks that are already at the host.
    pub(super) ahead: AheadOf,
}

/// How a batch ended.
pub(crate) struct BatchEnd {
    /// Hosts that failed, by name.
    pub(crate) failed: Vec<Arc<str>>,
    /// Hosts that are out of the plays that follow for another host's failure, though this play goes on on them.
    pub(crate) out: Vec<Arc<str>>,
    /// Hosts that could not be reached.
    pub(crate) unreachable: Vec<Arc<str>>,
    /// The rest of the play must not run (`any_errors_fatal`, `max_fail_percentage`).
    pub(crate) break_play: bool,
    /// `meta: end_play`: further batches are not run either.
    pub(crate) end_play: bool,
}

/// One batch of a play while it runs.
pub(crate) struct Linear<'a> {
    pub(super) engine: &'a Arc<Engine>,
    pub(super) state: &'a Arc<PlayState>,
    pub(super) stats: &'a mut Stats,
    pub(super) hosts: Vec<HostRun>,
    pub(super) handlers: Handlers,
    /// Every task in the order they stand, and how far the batch has come.
    pub(super) order: Vec<u64>,
    pub(super) position: usize,
    /// Roles that are through, by role and host.
    pub(super) completed_roles: HashSet<(u64, Arc<str>)>,
    /// Roles of which a task has run, not only been skipped, by role and host.
    pub(super) begun_roles: HashSet<(u64, Arc<str>)>,
    pub(super) end_play: bool,
    pub(super) filter: TagFilter,
    pub(super) break_play: bool,
    /// Every task that fails is shown to the debugger.
    pub(super) debugger: bool,
    /// Hosts that failed for another host's failure, rescued or not.
    out: HashSet<Arc<str>>,
    /// `any_errors_fatal` has failed every host of the batch.
    any_error_was_fatal: bool,
    pub(super) forks: Arc<Semaphore>,
    /// `throttle` by task: how many hosts may run it at a time.
    pub(super) throttles: HashMap<u64, Arc<Semaphore>>,
    /// `--step`: every task is asked for.
    pub(super) stepping: bool,
    pub(super) apart: Apart,
}

/// What an outcome led to, for the decisions after a task.
#[derive(Default)]
pub(super) struct AfterTask {
    pub(super) failed: Vec<Arc<str>>,
    /// Hosts on which the task failed and a `rescue` takes over.
    pub(super) rescued: Vec<Arc<str>>,
    pub(super) unreachable: Vec<Arc<str>>,
    /// Hosts on which the task itself failed; with `run_once` the others fail with them.
    pub(super) own: Vec<Arc<str>>,
}

impl<'a> Linear<'a> {
    pub(crate) fn new(
        engine: &'a Arc<Engine>,
        state: &'a Arc<PlayState>,
        stats: &'a mut Stats,
        failed_before: &HashSet<Arc<str>>,
    ) -> Result<Self, Report> {
        let play = &state.play;
        let filter = TagFilter::new(&engine.options.tags, &engine.options.skip_tags);
        let scope = engine.variables.scope(Some(state), None, None);
        let select = |items: &[Item]| select(engine, &filter, &scope, items);
        let gathers = gathers_facts(engine, play.gather_facts.as_ref(), &scope)?;
        let gather = Some(root::gather_facts(play)).filter(|task| is_selected(engine, &filter, &scope, task));
        let starts_late = engine.start_at().is_some();
        let force = match &play.force_handlers {
            None => engine.options.force_handlers,
            Some(value) => crate::task::boolean(engine, "force_handlers", value, &scope)?,
        };
        let at_once = gather.clone().filter(|_| gathers && !starts_late);
        let block = root::block(play, at_once, force, &select);
        let mut order = vec![];
        flatten(&block.tasks, &mut order);
        let hosts = state
            .batch
            .iter()
            .map(|name| {
                let mut cursor = Cursor::new(&block);
                if failed_before.contains(name) {
                    cursor.fail_host();
                }
                HostRun { name: name.clone(), cursor, unreachable: false, ahead: AheadOf::default() }
            })
            .collect();
        let mut linear = Self {
            engine,
            state,
            stats,
            hosts,
            handlers: Handlers::new(&play.handlers),
            order,
            position: 0,
            completed_roles: HashSet::new(),
            begun_roles: HashSet::new(),
            end_play: false,
            filter,
            break_play: false,
            debugger: engine.settings.flag("ENABLE_TASK_DEBUGGER"),
            out: HashSet::new(),
            any_error_was_fatal: false,
            forks: Arc::new(Semaphore::new(engine.options.parallel.max(1))),
            throttles: HashMap::new(),
            stepping: engine.options.step,
            apart: Apart::default(),
        };
        if starts_late {
            linear.seek_start(engine, gather, gathers);
        }
        Ok(linear)
    }

    /// Show every task that fails to the debugger (`strategy: debug`).
    pub(crate) fn debugging(mut self) -> Self {
        self.debugger = true;
        self
    }

    /// Run the batch to its end.
    pub(crate) async fn run(mut self) -> Result<BatchEnd, Report> {
        while let Some((task, hosts)) = self.next_task() {
            for &index in &hosts {
                self.hosts[index].cursor.advance();
            }
            if task.action.builtin() == Some("meta") {
                self.meta(&task, &hosts).await?;
            } else {
                self.task(&task, hosts).await?;
            }
            self.publish_active_hosts();
            if self.break_play {
                break;
            }
        }
        Ok(self.end())
    }

    /// How the batch ended.
    pub(super) fn end(&self) -> BatchEnd {
        let fatal =
            self.any_error_was_fatal && self.hosts.iter().all(|host| host.cursor.has_failed() || host.unreachable);
        let names = |keep: &dyn Fn(&HostRun) -> bool| -> Vec<Arc<str>> {
            self.hosts.iter().filter(|host| keep(host)).map(|host| host.name.clone()).collect()
        };
        BatchEnd {
            failed: names(&|host| host.cursor.has_failed() && !host.unreachable),
            out: names(&|host| self.out.contains(&host.name)),
            unreachable: names(&|host| host.unreachable),
            break_play: self.break_play || fatal,
            end_play: self.end_play,
        }
    }

    /// The task that is next in order, and the hosts whose next task it is.
    fn next_task(&mut self) -> Option<(Arc<Task>, Vec<usize>)> {
        let handlers = &self.handlers;
        let mut next: Vec<(usize, Arc<Task>)> = vec![];
        for (index, host) in self.hosts.iter_mut().enumerate() {
            if host.unreachable {
                continue;
            }
            let wanted = |task: &Task| handlers.is_notified(task.id, &host.name) || !handlers.contains(task.id);
            if let Some(task) = host.cursor.next(&wanted) {
                next.push((index, task));
            }
        }
        let ids: HashMap<u64, Arc<Task>> = next.iter().map(|(_, task)| (task.id, task.clone())).collect();
        if ids.is_empty() {
            return None;
        }
        // Twice round at most: a task before the position is picked up after errors were cleared.
        for _ in 0..=self.order.len() * 2 {
            let Some(id) = self.order.get(self.position) else {
                self.position = 0;
                continue;
            };
            self.position += 1;
            if let Some(task) = ids.get(id) {
                return Some((task.clone(), hosts_at(&next, *id)));
            }
        }
        // A task that stands in no list: it was included where its host alone is.
        next.first().map(|(_, task)| (task.clone(), hosts_at(&next, task.id)))
    }

    /// Does the task run on the host at all? Not when its role is through, or its facts are known.
    pub(super) fn is_wanted(&self, task: &Task, index: usize) -> bool {
        let name = &self.hosts[index].name;
        let smart =
            task.implicit && self.engine.options.gathering == "smart" && task.action.builtin() == Some("gather_facts");
        // Handlers run when they are notified, also after their role is through.
        let through = !task.is_handler && self.is_role_completed(task, name);
        let known = smart && self.engine.variables.has_facts(name);
        !through && !known
    }

    /// True for actions that are not for each host: one run is for all of them.
    pub(super) fn is_global(task: &Task) -> bool {
        matches!(task.action.builtin(), Some("add_host" | "pause"))
    }

    /// Run a task on hosts.
    async fn task(&mut self, task: &Arc<Task>, mut hosts: Vec<usize>) -> Result<(), Report> {
        hosts.retain(|&index| self.is_wanted(task, index));
        let Some(&first) = hosts.first() else { return Ok(()) };
        if self.engine.is_stopped() {
            return Err(Report::new("User interrupted execution").kind(ErrorKind::Interrupted));
        }
        if !self.takes_step(task, None).await? {
            return Ok(());
        }
        let Announced { info, is_handler, run_once, any_errors_fatal } = self.announce(task, first);
        let is_single = run_once || Self::is_global(task);
        if is_single {
            hosts.truncate(1);
        }
        for &index in &hosts {
            let host = (!is_single).then(|| self.hosts[index].name.clone());
            if is_handler {
                self.handlers.take(task.id, host.as_deref());
            }
        }
        let limit = self.throttle(task, first)?;
        let outcomes = self.run_on(task, &info, &hosts, limit.as_ref()).await?;
        let mut after = AfterTask::default();
        for outcome in &outcomes {
            self.settle(task, outcome, run_once, &mut after)?;
        }
        if crate::actions::is_include(&task.action.resolved) {
            self.include(task, &info, &outcomes, is_handler, &mut after)?;
        }
        self.decide(any_errors_fatal || is_single, &after)
    }

    /// Run the task on each host, at most `forks` at a time; events come out in the order of the hosts, and what a
    /// host's result sets is visible to the tasks that begin later.
    async fn run_on(
        &mut self,
        task: &Arc<Task>,
        info: &Arc<TaskInfo>,
        hosts: &[usize],
        limit: Option<&Arc<Semaphore>>,
    ) -> Result<Vec<TaskOutcome>, Report> {
        let (sender, mut receiver) = mpsc::unbounded_channel();
        let mut running = tokio::task::JoinSet::new();
        let places = limit.map_or(usize::MAX, |limit| limit.available_permits());
        let (begun, waiting_hosts) = hosts.split_at(hosts.len().min(places.min(self.parallel()).max(1)));
        let mut waiting_hosts = waiting_hosts.iter();
        begun.iter().for_each(|&host| self.tell_host_start(info, host));
        let mut followers = None;
        for (index, &host) in hosts.iter().enumerate() {
            let sent = self.hosts[host].ahead.take(task);
            let followers = match &sent {
                Some(_) => &[][..],
                None => &**followers.get_or_insert_with(|| self.followers(task, hosts)),
            };
            let runner = TaskRunner {
                engine: self.engine.clone(),
                play: self.state.clone(),
                host: self.hosts[host].name.clone(),
                task: task.clone(),
                info: info.clone(),
                sink: EventSink { index, sender: sender.clone() },
                place: Self::place(followers),
            };
            if task.action.builtin() == Some("group_by") {
                // One after another: the order of a group's hosts is the order in which they join it.
                runner.run().await;
                continue;
            }
            running.spawn(run_in_turn(runner, Turn::queue(limit, &self.forks), sent));
        }
        drop(sender);
        let mut waiting: Vec<VecDeque<Message>> = hosts.iter().map(|_| VecDeque::new()).collect();
        let mut outcomes = Vec::with_capacity(hosts.len());
        loop {
            let received = tokio::select! {
                received = receiver.recv() => received,
                () = self.engine.stopped() => {
                    // What the others have answered is told, in whatever order there is; the rest is cancelled.
                    running.abort_all();
                    while let Ok((index, message)) = receiver.try_recv() {
                        waiting[index].push_back(message);
                    }
                    for message in waiting.into_iter().flatten() {
                        match message {
                            Message::Event(event) => self.engine.emit(event),
                            Message::Done(mut outcome) => {
                                self.tell_end(&mut outcome)?;
                                outcomes.push(*outcome);
                            }
                        }
                    }
                    return Ok(outcomes);
                }
            };
            let Some((index, message)) = received else { break };
            if matches!(message, Message::Done(_))
                && let Some(&host) = waiting_hosts.next()
            {
                self.tell_host_start(info, host);
            }
            waiting[index].push_back(message);
            while let Some(message) = waiting.get_mut(outcomes.len()).and_then(VecDeque::pop_front) {
                match message {
                    Message::Event(event) => self.engine.emit(event),
                    Message::Done(mut outcome) => {
                        if let Err(report) = self.tell_end(&mut outcome) {
                            // What has begun on other hosts comes to its end; nobody is told any more.
                            while receiver.recv().await.is_some() {}
                            return Err(report);
                        }
                        if let Some(&host) = hosts.get(outcomes.len()) {
                            self.hosts[host].ahead.follow(&mut outcome);
                        }
                        outcomes.push(self.debugged(task, info, *outcome).await?);
                    }
                }
            }
        }
        // A runner that ended without an outcome has panicked; say so instead of going on without its host.
        while let Some(ended) = running.join_next().await {
            if let Err(error) = ended {
                return Err(Report::new(format!("Unexpected failure while running a task: {error}")).at(task.origin));
            }
        }
        Ok(outcomes)
    }

    /// `run_once` is taken as Python takes truth: any text but an empty one is true.
    pub(super) fn runs_once(&self, task: &Task, scope: &crate::scope::HostScope) -> bool {
        let found = crate::task::keyword(self.engine, task, "run_once", |keywords| &keywords.run_once, scope);
        found.ok().flatten().is_some_and(|(value, _)| value.is_truthy())
    }

    fn is_role_completed(&self, task: &Task, host: &Arc<str>) -> bool {
        task.role
            .as_ref()
            .is_some_and(|role| !role.allow_duplicates && self.completed_roles.contains(&(role.id, host.clone())))
    }

    /// After a task: does a failure end the play for all?
    pub(super) fn decide(&mut self, fatal: bool, after: &AfterTask) -> Result<(), Report> {
        let any = !after.failed.is_empty() || !after.unreachable.is_empty();
        if fatal && (any || !after.rescued.is_empty()) {
            for host in &mut self.hosts {
                // What rescues a host, or must be done in any case, is still done.
                let had = after.own.contains(&host.name);
                if !had && !host.cursor.has_ended() {
                    host.cursor.fail();
                }
                // A host that goes on in a `rescue` for another's failure is out of the plays that follow.
                if !had {
                    self.out.insert(host.name.clone());
                }
            }
            self.any_error_was_fatal = true;
        }
        if let (Some(limit), true) = (&self.state.play.max_fail_percentage, any) {
            let scope = self.engine.variables.scope(Some(self.state), None, None);
            let rendered = self.engine.templar.render(limit, &scope)?;
            let limit: f64 = match &rendered.data {
                Data::Int(number) => *number as f64,
                Data::Float(number) => *number,
                _ => rendered.to_text().trim().trim_end_matches('%').parse().map_err(|_| {
                    Report::new(format!("could not convert max_fail_percentage {} to a number", rendered.to_text()))
                        .at(limit.origin())
                })?,
            };
            let bad = self.hosts.iter().filter(|host| host.cursor.has_failed() || host.unreachable).count();
            if bad as f64 / self.hosts.len() as f64 * 100.0 > limit {
                for host in &mut self.hosts {
                    host.cursor.fail_host();
                }
                self.break_play = true;
                // Said by the strategy, and again by what runs it.
                self.engine.emit(Event::NoHostsRemaining);
                self.engine.emit(Event::NoHostsRemaining);
            }
        }
        Ok(())
    }

    /// Hosts that have not failed are the active ones that variables show.
    pub(super) fn publish_active_hosts(&self) {
        let out: HashSet<&Arc<str>> = self
            .hosts
            .iter()
            .filter(|host| host.unreachable || host.cursor.has_failed())
            .map(|host| &host.name)
            .collect();
        let active: Vec<Arc<str>> = self.state.all_hosts().into_iter().filter(|host| !out.contains(host)).collect();
        let failed = self.hosts.iter().filter(|host| !host.unreachable && host.cursor.has_failed());
        let failed: Vec<Arc<str>> = failed.map(|host| host.name.clone()).collect();
        self.state.set_active_hosts_if_changed(&active, &failed);
    }
}

fn hosts_at(next: &[(usize, Arc<Task>)], id: u64) -> Vec<usize> {
    next.iter().filter(|(_, task)| task.id == id).map(|(index, _)| *index).collect()
}

/// `gather_facts` and the `gathering` setting: does the play begin with gathering facts?
fn gathers_facts(engine: &Engine, gather: Option<&Value>, scope: &crate::scope::HostScope) -> Result<bool, Report> {
    match gather {
        Some(value) => crate::task::boolean(engine, "gather_facts", value, scope),
        None => Ok(engine.options.gathering != "explicit"),
    }
}
