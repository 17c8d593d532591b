//! The counts of the recap.

use crate::event::{Counts, Event};
use churten_value::{Data, Dict, Value};
use std::collections::HashMap;
use std::sync::Arc;

/// Counts by host, and `set_stats` data.
#[derive(Default)]
pub(crate) struct Stats {
    counts: HashMap<Arc<str>, Counts>,
    custom: Dict,
}

impl Stats {
    pub(crate) fn count(&mut self, host: &Arc<str>, add: impl FnOnce(&mut Counts)) {
        add(self.counts.entry(host.clone()).or_default());
    }

    /// No host has done anything.
    pub(crate) fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// Add data of `set_stats`: for the run, or for one host.
    pub(crate) fn add_custom(&mut self, host: &str, stats: &Value) {
        let flag = |name: &str| stats.get(name).is_some_and(Value::is_truthy);
        let scope = if flag("per_host") { host } else { "_run" };
        let mut entries = self.custom.get(scope).and_then(Value::as_dict).cloned().unwrap_or_default();
        for (name, value) in stats.get("data").and_then(Value::as_dict).into_iter().flatten() {
            let merged = match entries.get_value(name).filter(|_| flag("aggregate")) {
                Some(existing) => aggregate(existing, value),
                None => value.clone(),
            };
            entries.insert(name.clone(), merged);
        }
        self.custom.insert(scope, entries);
    }

    /// The recap, hosts in the order of their names as ansible-core sorts them.
    pub(crate) fn recap(&self) -> Event {
        let mut hosts: Vec<(Arc<str>, Counts)> =
            self.counts.iter().map(|(host, counts)| (host.clone(), *counts)).collect();
        hosts.sort_by(|a, b| a.0.cmp(&b.0));
        Event::Recap { hosts, custom: self.custom.clone() }
    }
}

/// Numbers add up, texts and lists are joined, mappings merged; anything else is replaced.
fn aggregate(existing: &Value, value: &Value) -> Value {
    match (&existing.data, &value.data) {
        (Data::Int(a), Data::Int(b)) => a.saturating_add(*b).into(),
        (Data::Float(a), Data::Float(b)) => (a + b).into(),
        (Data::Str(a), Data::Str(b)) => format!("{a}{b}").into(),
        (Data::List(a), Data::List(b)) => Value::list(a.iter().chain(b.iter()).cloned().collect()),
        (Data::Dict(_), Data::Dict(_)) => crate::scope::merge_hashes(existing, value),
        _ => value.clone(),
    }
}
