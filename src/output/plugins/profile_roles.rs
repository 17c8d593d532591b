//! `ansible.posix.profile_roles`: how long each role took; tasks of no role count for their action.

use super::stopwatch::{Stopwatch, filled, head, row};
use crate::output::Console;
use crate::output::callback::Callback;
use churten_config::Settings;
use churten_executor::Event;
use std::time::{Duration, Instant};

/// The name under which its options stand.
const PLUGIN: &str = "callback/ansible.posix.profile_roles";

/// The callback.
pub(crate) struct ProfileRoles {
    stopwatch: Stopwatch,
    summary_only: bool,
    roles: Vec<(String, Duration)>,
    current: Option<(String, Instant)>,
}

impl ProfileRoles {
    /// A callback with the options of the settings.
    pub(crate) fn new(settings: &Settings) -> Self {
        let summary_only = settings.plugin_option(PLUGIN, "summary_only", &|_| None);
        Self {
            stopwatch: Stopwatch::new(),
            summary_only: summary_only.is_ok_and(|resolved| resolved.value.is_truthy()),
            roles: Vec::new(),
            current: None,
        }
    }

    fn stop(&mut self) {
        let Some((name, began)) = self.current.take() else { return };
        let took = began.elapsed();
        match self.roles.iter_mut().find(|(known, _)| *known == name) {
            Some((_, sum)) => *sum += took,
            None => self.roles.push((name, took)),
        }
    }
}

impl Callback for ProfileRoles {
    fn event(&mut self, event: &Event, console: &mut Console) {
        match event {
            Event::TaskStart { task, .. } => {
                self.stop();
                if !self.summary_only {
                    console.line(&self.stopwatch.line());
                }
                let name = task.role.as_deref().unwrap_or(&task.action).to_owned();
                self.current = Some((name, Instant::now()));
            }
            Event::Recap { .. } => {
                self.stop();
                head(console, "ROLES RECAP", &mut self.stopwatch);
                self.roles.sort_by_key(|(_, took)| std::cmp::Reverse(*took));
                for (name, took) in &self.roles {
                    console.line(&row(name, *took));
                }
                console.line(&filled("", '~'));
                console.line(&row("total", self.roles.iter().map(|(_, took)| *took).sum()));
            }
            _ => {}
        }
    }
}
