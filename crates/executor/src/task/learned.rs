//! What the items of a loop learn from those before them: facts, and the registered result.

use super::judge::registered;
use crate::engine::Engine;
use crate::scope::HostScope;
use churten_playbook::Task;
use churten_value::{Dict, Value};
use std::sync::Arc;

/// Variables that earlier items of a loop have set. For the items after them they count more than the task's own vars.
pub(super) struct Learned {
    below: HostScope,
    vars: Arc<Dict>,
}

impl Learned {
    pub(super) fn new(below: &HostScope) -> Self {
        Self { below: below.clone(), vars: Arc::default() }
    }

    /// The variables of an item.
    pub(super) fn scope(&self, item: &Dict) -> HostScope {
        let below = if self.vars.is_empty() { self.below.clone() } else { self.below.under(self.vars.clone()) };
        below.under(Arc::new(item.clone()))
    }

    /// Take in the result of an item.
    pub(super) fn take(&mut self, engine: &Engine, task: &Task, result: &Dict) {
        let facts = result.get("ansible_facts").and_then(Value::as_dict);
        let register = task.register.as_ref().and_then(Value::as_str);
        if facts.is_none() && register.is_none() {
            return;
        }
        let vars = Arc::make_mut(&mut self.vars);
        if let Some(name) = register {
            vars.insert(name, registered(result));
        }
        let Some(facts) = facts else { return };
        if matches!(task.action.builtin(), Some("set_fact" | "include_vars")) {
            vars.extend_from(facts);
            return;
        }
        let known = vars.get("ansible_facts").cloned().or_else(|| self.below.value("ansible_facts"));
        let mut all = known.as_ref().and_then(Value::as_dict).cloned().unwrap_or_default();
        for (name, value) in facts {
            let Some(text) = name.as_str() else { continue };
            all.insert(text.strip_prefix("ansible_").unwrap_or(text), value.clone());
            if engine.variables.injects(text) {
                vars.insert(name.clone(), value.clone());
            }
        }
        vars.insert("ansible_facts", all);
    }
}
