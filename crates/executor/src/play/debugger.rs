//! The task debugger: after a task a person looks at it, changes it, and runs it again.
//!
//! The commands are ansible-core's. Its expressions are Python; here they are literals and the objects a person asks
//! for (`task`, `task.name`, `task.action`, `task.args`, `task_vars`, `host`, `host.name`), with keys in brackets.

use super::linear::Linear;
use crate::ahead::Place;
use crate::engine::Engine;
use crate::event::{Event, Status, TaskInfo};
use crate::play_state::PlayState;
use crate::task::{self, EventSink, Message, TaskOutcome, TaskRunner};
use churten_diagnostics::{ErrorKind, Report};
use churten_playbook::Task;
use churten_template::Scope;
use churten_value::{Dict, Repr, Tags, Value, python_literal};
use std::sync::Arc;
use tokio::sync::mpsc;

const COMMANDS: &str = "\nDocumented commands (type help <topic>):\n========================================\nEOF  c  \
                        continue  h  help  p  pprint  q  quit  r  redo  u  update_task\n\n";

/// What a command leads to.
enum Next {
    Ask,
    Say(String),
    Continue,
    Redo,
    Quit,
}

/// A task under the debugger, with what was changed.
struct Session {
    name: String,
    host: Arc<str>,
    task: Arc<Task>,
    /// The arguments as the task ran with them, or as they are written where they could not be rendered.
    arguments: Value,
    /// The arguments were chosen by hand, or are those of the last run.
    settled: bool,
    /// Variables that were set by hand.
    vars: Dict,
}

impl Linear<'_> {
    /// Let a person look at how a task ended where the task or the settings ask for that, and run it again as often as
    /// they like. Gives the last outcome.
    pub(super) async fn debugged(
        &self,
        task: &Arc<Task>,
        info: &Arc<TaskInfo>,
        mut outcome: TaskOutcome,
    ) -> Result<TaskOutcome, Report> {
        let mut vars = Dict::new();
        let mut task = task.clone();
        while wants_debugger(self.engine, self.state, self.debugger, &task, &outcome) {
            let scope = self.scope_of(&outcome.host, &task, &vars);
            let rendered = task::arguments(self.engine, &task, &scope).ok().map(Value::dict);
            let mut session = Session {
                name: info.name.clone(),
                host: outcome.host.clone(),
                settled: rendered.is_some(),
                arguments: rendered.unwrap_or_else(|| task.args.clone()),
                task: task.clone(),
                vars: vars.clone(),
            };
            if !self.converse(&mut session).await? {
                return Ok(outcome);
            }
            vars = session.vars;
            if session.settled {
                Arc::make_mut(&mut task).args = session.arguments;
            }
            outcome = self.again(&task, info, outcome.host, &vars).await?;
        }
        Ok(outcome)
    }

    fn scope_of(&self, host: &str, task: &Task, vars: &Dict) -> crate::scope::HostScope {
        let scope = self.engine.variables.scope(Some(self.state), Some(host), Some(task));
        if vars.is_empty() { scope } else { scope.under(Arc::new(vars.clone())) }
    }

    /// Ask for commands until one of them ends it; true to run the task again.
    async fn converse(&self, session: &mut Session) -> Result<bool, Report> {
        let kind = if self.handlers.contains(session.task.id) { "HANDLER" } else { "TASK" };
        let prompt = format!("[{}] {kind}: {} (debug)> ", session.host, session.name);
        let mut last = String::new();
        loop {
            let Ok(answer) = self.engine.ask(prompt.clone(), false).await else { return Err(quit(self.engine)) };
            let line = match answer.trim() {
                // An empty line is the last command again.
                "" => last.clone(),
                line => line.to_owned(),
            };
            last.clone_from(&line);
            let scope = self.scope_of(&session.host, &session.task, &session.vars);
            match session.command(&line, &scope) {
                Next::Ask => {}
                Next::Say(text) => self.engine.emit(Event::Text(text)),
                Next::Continue => return Ok(false),
                Next::Redo => return Ok(true),
                Next::Quit => return Err(quit(self.engine)),
            }
        }
    }

    async fn again(
        &self,
        task: &Arc<Task>,
        info: &Arc<TaskInfo>,
        host: Arc<str>,
        vars: &Dict,
    ) -> Result<TaskOutcome, Report> {
        let (sender, mut receiver) = mpsc::unbounded_channel();
        let mut task = task.clone();
        if !vars.is_empty() {
            // The strongest of the task's own variables; ansible-core's debugger changes no others, either.
            let keywords = Arc::make_mut(&mut Arc::make_mut(&mut task).keywords);
            keywords.vars.push(Arc::new(vars.clone()));
        }
        let runner = TaskRunner {
            engine: self.engine.clone(),
            play: self.state.clone(),
            host,
            task: task.clone(),
            info: info.clone(),
            sink: EventSink { index: 0, sender },
            place: Place::Alone,
        };
        let running = tokio::spawn(runner.run());
        let mut ended = None;
        while let Some((_, message)) = receiver.recv().await {
            match message {
                Message::Event(event) => self.engine.emit(event),
                Message::Done(mut outcome) => {
                    self.tell_end(&mut outcome)?;
                    ended = Some(*outcome);
                }
            }
        }
        let failed = running.await.err().map(|error| error.to_string()).unwrap_or_default();
        ended.ok_or_else(|| Report::new(format!("Unexpected failure while running a task: {failed}")).at(task.origin))
    }
}

/// The end of the run, told as ansible-core tells it here: as text, not as an error.
fn quit(engine: &Engine) -> Report {
    engine.emit(Event::Text("User interrupted execution".into()));
    Report::new("").kind(ErrorKind::Interrupted)
}

/// Does the task's `debugger`, or else the run, ask for the debugger after this?
fn wants_debugger(
    engine: &Engine,
    play: &Arc<PlayState>,
    everywhere: bool,
    task: &Task,
    outcome: &TaskOutcome,
) -> bool {
    let spares_ignored = engine.settings.flag("TASK_DEBUGGER_IGNORE_ERRORS");
    let failed = match outcome.status {
        Status::Failed { ignored } => !(ignored && spares_ignored),
        _ => false,
    };
    let unreachable = matches!(outcome.status, Status::Unreachable { .. });
    let keyword = task.keywords.debugger.as_ref().and_then(|written| {
        let scope = engine.variables.scope(Some(play), Some(&outcome.host), Some(task));
        engine.templar.render(written, &scope).ok()
    });
    match keyword.as_ref().and_then(Value::as_str) {
        Some("always") => true,
        Some("never") => false,
        Some("on_failed") if failed => true,
        Some("on_unreachable") if unreachable => true,
        Some("on_skipped") if outcome.status == Status::Skipped => true,
        _ => everywhere && (failed || unreachable),
    }
}

impl Session {
    fn command(&mut self, line: &str, scope: &dyn Scope) -> Next {
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        match word {
            "" => Next::Ask,
            "c" | "continue" => Next::Continue,
            "r" | "redo" => Next::Redo,
            "q" | "quit" | "EOF" => Next::Quit,
            "u" | "update_task" => {
                self.arguments = self.task.args.clone();
                self.settled = false;
                Next::Ask
            }
            "h" | "help" | "?" => Next::Say(help(rest.trim())),
            "p" | "pprint" => Next::Say(match self.evaluate(rest.trim(), scope) {
                Ok(text) => text,
                Err(error) => error,
            }),
            _ => match self.assign(line, scope) {
                Ok(()) => Next::Ask,
                Err(error) => Next::Say(error),
            },
        }
    }

    /// The text that Python's `repr` gives of an expression, or why there is none.
    fn evaluate(&self, expression: &str, scope: &dyn Scope) -> Result<String, String> {
        match expression {
            "task" => return Ok(format!("TASK: {}", self.name)),
            "host" => return Ok(self.host.to_string()),
            _ => {}
        }
        self.value(expression, scope).map(|value| Repr(&value).to_string())
    }

    fn value(&self, expression: &str, scope: &dyn Scope) -> Result<Value, String> {
        if let Some(value) = python_literal(expression, Tags::NONE) {
            return Ok(value);
        }
        match expression {
            "task.name" => return Ok(self.task.name.clone().unwrap_or_else(|| "".into())),
            "task.action" => return Ok(Value::from(self.task.action.name.clone())),
            "task.args" => return Ok(self.arguments.clone()),
            "host.name" => return Ok(self.host.clone().into()),
            _ => {}
        }
        if let Some(key) = subscript(expression, "task.args") {
            return self.arguments.get(&key).cloned().ok_or_else(|| missing(&key));
        }
        if let Some(key) = subscript(expression, "task_vars") {
            return match scope.get(&key) {
                Some(churten_template::Entry::Value(value)) => Ok(value),
                _ => Err(missing(&key)),
            };
        }
        if expression.chars().all(|c| c == '_' || c.is_alphanumeric()) && expression != "task_vars" {
            return Err(format!("***NameError:NameError(\"name '{expression}' is not defined\")"));
        }
        Err(format!("***not yet supported by churten: the expression {expression}"))
    }

    /// `task.args[...] = value`, `task.args = value`, `task_vars[...] = value`
    fn assign(&mut self, line: &str, scope: &dyn Scope) -> Result<(), String> {
        let Some((target, expression)) = line.split_once('=') else {
            return self.value(line, scope).map(drop);
        };
        let (target, value) = (target.trim(), self.value(expression.trim(), scope)?);
        // What a person types here is a template where it looks like one.
        let value = value.clone().with_tags(Tags::NONE.trust(true));
        if target == "task.args" && value.as_dict().is_some() {
            self.arguments = value;
            self.settled = true;
            return Ok(());
        }
        if let Some(key) = subscript(target, "task.args") {
            let mut arguments = self.arguments.as_dict().cloned().unwrap_or_default();
            arguments.insert(key, value);
            self.arguments = Value::dict(arguments);
            self.settled = true;
            return Ok(());
        }
        if let Some(key) = subscript(target, "task_vars") {
            self.vars.insert(key, value);
            return Ok(());
        }
        Err(format!("***not yet supported by churten: setting {target}"))
    }
}

fn missing(key: &str) -> String {
    format!("***KeyError:KeyError({})", Repr(&Value::from(key)))
}

/// The key in `NAME['key']`.
fn subscript(expression: &str, name: &str) -> Option<String> {
    let inner = expression.strip_prefix(name)?.trim().strip_prefix('[')?.strip_suffix(']')?;
    python_literal(inner.trim(), Tags::NONE)?.as_str().map(str::to_owned)
}

fn help(topic: &str) -> String {
    match topic {
        "" => COMMANDS.to_owned(),
        "p" | "pprint" => "Pretty Print".to_owned(),
        "c" | "continue" => "Continue to next result".to_owned(),
        "r" | "redo" => "Schedule task for re-execution. The re-execution may not be the next result".to_owned(),
        "u" | "update_task" => {
            "Recreate the task from ``task._ds``, and template with updated ``task_vars``".to_owned()
        }
        _ => format!("*** No help on {topic}"),
    }
}

#[cfg(test)]
mod tests {
    use super::subscript;

    #[test]
    fn keys_stand_in_brackets() {
        assert_eq!(subscript("task_vars['a b']", "task_vars").as_deref(), Some("a b"));
        assert_eq!(subscript("task.args[\"_raw_params\"]", "task.args").as_deref(), Some("_raw_params"));
        for expression in ["task_vars", "task_vars[0]", "task_vars[x]", "other['a']"] {
            assert_eq!(subscript(expression, "task_vars"), None, "{expression}");
        }
    }
}
