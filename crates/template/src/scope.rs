//! Where names come from.

use churten_value::Value;
use std::sync::Arc;

/// Where names come from. Values are raw: trusted strings inside are still templates, rendered when they are reached.
pub trait Scope: Send + Sync {
    /// What a name stands for; `None` when it is not defined.
    fn get(&self, name: &str) -> Option<Entry>;

    /// Every name that [`get`](Self::get) knows.
    fn names(&self) -> Vec<Arc<str>>;
}

/// What a name stands for.
#[derive(Clone)]
pub enum Entry {
    /// A variable's raw value.
    Value(Value),
    /// The mapping of all hosts to their variables; only `hostvars` is one.
    Hosts(Arc<dyn HostVars>),
}

/// The mapping behind `hostvars`.
pub trait HostVars: Send + Sync {
    /// The names of all hosts, in inventory order.
    fn hosts(&self) -> Vec<Arc<str>>;

    /// The variables of one host; `None` for an unknown one.
    fn scope(&self, host: &str) -> Option<Arc<dyn Scope>>;
}

impl From<Value> for Entry {
    fn from(value: Value) -> Self {
        Self::Value(value)
    }
}

/// A mapping of raw values is a scope of its own.
impl Scope for churten_value::Dict {
    fn get(&self, name: &str) -> Option<Entry> {
        Self::get(self, name).cloned().map(Entry::Value)
    }

    fn names(&self) -> Vec<Arc<str>> {
        self.keys().filter_map(|key| key.as_str().map(Arc::from)).collect()
    }
}
