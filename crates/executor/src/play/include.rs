//! `include_tasks` and `include_role`: tasks that are taken in while the play runs.

use super::linear::{AfterTask, Linear};
use crate::cursor::flatten;
use crate::event::{Event, HostLabel, Status, TaskInfo, TaskResult};
use crate::task::{IncludeRequest, TaskOutcome, to_boolean};
use churten_diagnostics::{ErrorKind, Report};
use churten_playbook::{Included, Item, RoleInclude, Task};
use churten_value::{Dict, Value};
use std::sync::Arc;

/// One inclusion: the same request on several hosts.
struct Inclusion {
    request: IncludeRequest,
    hosts: Vec<Arc<str>>,
}

impl Linear<'_> {
    /// Take in what the outcomes of an include task ask for.
    pub(super) fn include(
        &mut self,
        task: &Arc<Task>,
        info: &Arc<TaskInfo>,
        outcomes: &[TaskOutcome],
        as_handlers: bool,
        after: &mut AfterTask,
    ) -> Result<(), Report> {
        let mut inclusions: Vec<Inclusion> = vec![];
        for outcome in outcomes {
            for request in outcome.includes() {
                match inclusions
                    .iter_mut()
                    .find(|known| known.request == *request && !known.hosts.contains(&outcome.host))
                {
                    Some(known) => known.hosts.push(outcome.host.clone()),
                    None => inclusions.push(Inclusion { request: request.clone(), hosts: vec![outcome.host.clone()] }),
                }
            }
        }
        let is_role = task.action.builtin() == Some("include_role");
        let mut inserted: Vec<u64> = vec![];
        let mut failed: Vec<Arc<str>> = vec![];
        let mut by_host: Vec<Vec<Item>> = self.hosts.iter().map(|_| vec![]).collect();
        for inclusion in &inclusions {
            let loaded = if is_role {
                self.load_role(task, &inclusion.request)
            } else {
                self.load_tasks(task, inclusion, as_handlers)
            };
            let (shown, included) = match loaded {
                Ok(loaded) => loaded,
                Err(report) => {
                    self.fail_include(info, inclusion, report, &mut failed, after)?;
                    continue;
                }
            };
            self.engine.emit(Event::Included {
                file: shown,
                hosts: inclusion.hosts.clone(),
                item: inclusion.request.label.clone(),
                variables: inclusion.request.item_vars.clone(),
                task: info.clone(),
            });
            for host in &inclusion.hosts {
                self.stats.count(host, |counts| counts.ok += 1);
            }
            let items = if as_handlers { included.items.clone() } else { self.selected(&included.items) };
            self.handlers.add(&included.handlers);
            for role in included.roles.iter().filter(|role| role.public) {
                self.state.publish_role(role);
            }
            flatten(&items, &mut inserted);
            for (index, run) in self.hosts.iter().enumerate() {
                if inclusion.hosts.contains(&run.name) {
                    by_host[index].extend(items.iter().cloned());
                }
            }
        }
        let at = self.position.min(self.order.len());
        self.order.splice(at..at, inserted);
        for (run, items) in self.hosts.iter_mut().zip(by_host) {
            if !items.is_empty() {
                run.cursor.include(&items);
            }
        }
        Ok(())
    }

    fn load_tasks(
        &self,
        task: &Arc<Task>,
        inclusion: &Inclusion,
        as_handlers: bool,
    ) -> Result<(String, Included), Report> {
        let args = &inclusion.request.args;
        let name = args.get("file").or_else(|| args.get("_raw_params")).map(Value::to_text).unwrap_or_default();
        let path = self.engine.loader.include_path(task, &self.state.play, &name);
        let vars = &inclusion.request.item_vars;
        // The file, or one that it imports.
        let absent = |cause: Report| match churten_playbook::absent(&cause) {
            Some(path) => {
                let message = format!("Could not find or access '{path}' on the Ansible Controller.");
                cause.context(message)
            }
            None => cause,
        };
        if !path.exists() {
            return Err(absent(churten_playbook::unreadable(&path, &std::io::ErrorKind::NotFound.into())));
        }
        let included = self.engine.loader.include_tasks(&path, task, vars, as_handlers).map_err(absent)?;
        crate::refuse::check_items(self.engine, &included.items)?;
        Ok((path.display().to_string(), included))
    }

    fn load_role(&self, task: &Arc<Task>, request: &IncludeRequest) -> Result<(String, Included), Report> {
        let args = &request.args;
        let text = |name: &str| args.get(name).map(Value::to_text).filter(|text| !text.is_empty());
        let flag = |name: &str| args.get(name).and_then(to_boolean);
        let Some(name) = text("name").or_else(|| text("role")) else {
            return Err(Report::parser("'name' is a required field for include_role.").at(task.origin));
        };
        let options = RoleInclude {
            tasks_from: text("tasks_from"),
            vars_from: text("vars_from"),
            defaults_from: text("defaults_from"),
            handlers_from: text("handlers_from"),
            // Private where nothing is said at all.
            public: flag("public").unwrap_or_else(|| self.engine.loader.publishes_included_roles()),
            allow_duplicates: flag("allow_duplicates").unwrap_or(true),
            validate: flag("rolespec_validate").unwrap_or(true),
        };
        let included = self.engine.loader.include_role(&name, &options, task, &self.state.play, &request.item_vars)?;
        crate::refuse::check_items(self.engine, &included.items)?;
        Ok((name, included))
    }

    /// The file cannot be taken in: the task fails on its hosts. Content that does not parse ends the run.
    fn fail_include(
        &mut self,
        info: &Arc<TaskInfo>,
        inclusion: &Inclusion,
        report: Report,
        failed: &mut Vec<Arc<str>>,
        after: &mut AfterTask,
    ) -> Result<(), Report> {
        if report.kind == ErrorKind::Parser {
            return Err(report);
        }
        let args = &inclusion.request.args;
        let file = args.get("file").or_else(|| args.get("_raw_params")).cloned();
        let mut result = Dict::from([
            ("changed", Value::from(false)),
            ("failed", true.into()),
            ("reason", report.headline().into()),
        ]);
        if let Some(file) = file {
            result.insert("include", file);
        }
        // An error about a whole file, a vault, is told first without its place, then with it.
        let report = match report.origin {
            Some(origin) if origin.line == 0 => Report::new(report.message.clone()).kind(report.kind).caused_by(report),
            _ => report,
        };
        self.engine.emit(Event::RunError(report));
        for host in &inclusion.hosts {
            self.engine.emit(Event::HostEnd(TaskResult {
                host: HostLabel::of(host.clone()),
                task: info.clone(),
                status: Status::Failed { ignored: false },
                result: Arc::new(result.clone()),
                item_label: None,
                seconds: 0.0,
                said: Arc::default(),
            }));
            // A loop of includes is one task: it fails once. It counts as failed even when a `rescue` goes on.
            if !failed.contains(host) {
                failed.push(host.clone());
                self.fail_silently(host, after);
                self.stats.count(host, |counts| counts.failed += 1);
            }
        }
        Ok(())
    }
}
