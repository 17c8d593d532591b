//! `async` and `poll` of a task, rendered for one host.

use super::attributes::integer;
use crate::engine::Engine;
use crate::scope::HostScope;
use churten_diagnostics::Report;
use churten_playbook::Task;
use churten_value::Value;

/// How an asynchronous task is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Detached {
    /// `async`: how long the module may take, in seconds.
    pub(crate) limit: u64,
    /// `poll`: seconds between looks at it; 0 for not waiting.
    pub(crate) poll: u64,
}

impl Detached {
    /// `None` for a task that is not asynchronous. Waiting for less than no time is not waiting.
    pub(crate) fn of(engine: &Engine, task: &Task, scope: &HostScope) -> Result<Option<Self>, Report> {
        let number = |name: &str, value: &Option<Value>, default: i64| match value {
            None => Ok(default),
            Some(value) if engine.templar.render(value, scope)?.is_omit() => Ok(default),
            Some(value) => integer(engine, name, value, scope),
        };
        let limit = u64::try_from(number("async_val", &task.r#async, 0)?).unwrap_or(1);
        let poll = number("poll", &task.poll, engine.settings.poll_interval().into())?;
        Ok((limit != 0).then(|| Self { limit, poll: u64::try_from(poll).unwrap_or_default() }))
    }
}
