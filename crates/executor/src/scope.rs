//! The variables one task sees on one host, as layers that are never copied together.

use crate::ahead::Watch;
use crate::play_state::PlayState;
use crate::variables::Variables;
use churten_template::{Entry, HostVars, Scope};
use churten_value::{Data, Dict, Value};
use std::sync::Arc;

/// Layers of variables, the strongest first.
#[derive(Clone)]
pub(crate) struct HostScope {
    layers: Vec<Arc<Dict>>,
    /// The last of the layers that nobody wrote: how the host is reached.
    derived: usize,
    variables: Arc<Variables>,
    play: Option<Arc<PlayState>>,
    /// Notices what is looked at, for a task that is rendered ahead of its turn.
    watch: Option<Arc<Watch>>,
}

impl HostScope {
    /// A scope over layers that are ordered strongest first.
    pub(crate) fn new(layers: Vec<Arc<Dict>>, variables: Arc<Variables>, play: Option<Arc<PlayState>>) -> Self {
        Self { layers, derived: 0, variables, play, watch: None }
    }

    /// What watches the variables.
    pub(crate) fn watch(&self) -> Option<&Arc<Watch>> {
        self.watch.as_ref()
    }

    /// The same variables, watched.
    #[must_use]
    pub(crate) fn watched(mut self, watch: Arc<Watch>) -> Self {
        self.watch = Some(watch);
        self
    }

    /// All variables in one dictionary, unrendered.
    pub(crate) fn flat(&self) -> Dict {
        self.watch.iter().for_each(|watch| watch.look_at_all());
        let mut flat = Dict::new();
        for layer in self.layers.iter().rev() {
            flat.extend_from(layer);
        }
        flat
    }

    /// The same variables below a stronger layer: loop variables, a result that is being judged.
    #[must_use]
    pub(crate) fn under(&self, strongest: Arc<Dict>) -> Self {
        let mut layers = Vec::with_capacity(self.layers.len() + 1);
        layers.push(strongest);
        layers.extend(self.layers.iter().cloned());
        Self {
            layers,
            derived: self.derived,
            variables: self.variables.clone(),
            play: self.play.clone(),
            watch: self.watch.clone(),
        }
    }

    /// The same variables over a weaker layer that follows from them.
    #[must_use]
    pub(crate) fn over(mut self, weakest: Dict) -> Self {
        self.layers.push(Arc::new(weakest));
        self.derived += 1;
        self
    }

    /// The raw value of a variable that somebody wrote.
    pub(crate) fn written(&self, name: &str) -> Option<Value> {
        self.value_in(self.layers.get(..self.layers.len().saturating_sub(self.derived))?, name)
    }

    /// The raw value of a variable.
    pub(crate) fn value(&self, name: &str) -> Option<Value> {
        self.value_in(&self.layers, name)
    }

    fn value_in(&self, layers: &[Arc<Dict>], name: &str) -> Option<Value> {
        self.watch.iter().for_each(|watch| watch.look(name));
        let mut found = layers.iter().filter_map(|layer| layer.get(name));
        let strongest = found.next()?;
        if !self.variables.merges_hashes() {
            return Some(strongest.clone());
        }
        // HASH_BEHAVIOUR=merge: weaker mappings fill in what stronger ones leave out.
        let mut merged = strongest.clone();
        for weaker in found {
            if !matches!((&merged.data, &weaker.data), (Data::Dict(_), Data::Dict(_))) {
                break;
            }
            merged = merge_hashes(weaker, &merged);
        }
        Some(merged)
    }
}

impl Scope for HostScope {
    fn get(&self, name: &str) -> Option<Entry> {
        if name == "hostvars" {
            self.watch.iter().for_each(|watch| watch.look(name));
            let hosts = AllHosts { variables: self.variables.clone(), play: self.play.clone() };
            return Some(Entry::Hosts(Arc::new(hosts)));
        }
        self.value(name).map(Entry::Value)
    }

    fn names(&self) -> Vec<Arc<str>> {
        self.watch.iter().for_each(|watch| watch.look_at_all());
        let mut names = Dict::new();
        for layer in &self.layers {
            for key in layer.keys() {
                names.insert(key.clone(), ());
            }
        }
        names.insert("hostvars", ());
        names.keys().filter_map(|key| key.as_str().map(Arc::from)).collect()
    }
}

/// `hostvars`: each host's variables are put together when they are asked for.
struct AllHosts {
    variables: Arc<Variables>,
    play: Option<Arc<PlayState>>,
}

impl HostVars for AllHosts {
    fn hosts(&self) -> Vec<Arc<str>> {
        self.variables.host_names()
    }

    fn scope(&self, host: &str) -> Option<Arc<dyn Scope>> {
        if !self.variables.knows_host(host) {
            return None;
        }
        Some(Arc::new(self.variables.host_scope(self.play.as_ref(), host)))
    }
}

/// `over` on top of `base`, recursively where both are mappings (Ansible's `hash_behaviour = merge`).
pub fn merge_hashes(base: &Value, over: &Value) -> Value {
    let (Some(below), Some(above)) = (base.as_dict(), over.as_dict()) else { return over.clone() };
    let mut merged = below.clone();
    for (key, value) in above {
        let value = match merged.get_value(key) {
            Some(existing) => merge_hashes(existing, value),
            None => value.clone(),
        };
        merged.insert(key.clone(), value);
    }
    Value::dict(merged).with_tags(over.tags)
}
