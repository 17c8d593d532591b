//! Which hosts a play is for, and what it is called.

use crate::engine::Engine;
use churten_diagnostics::Report;
use churten_inventory::Pattern;
use churten_playbook::Play;
use churten_value::{Data, Value};
use std::sync::Arc;

impl Engine {
    /// The hosts of a play, in the order they run.
    pub(crate) fn hosts_of(&self, play: &Play) -> Result<Vec<Arc<str>>, Report> {
        let mut patterns = self.patterns_of(play)?;
        if patterns.is_empty() {
            // As in ansible-core, what is omitted is looked for by Python's name for it.
            patterns.push("None".to_owned());
        }
        let pattern = Pattern::parse_list(patterns.iter().map(String::as_str))?;
        let selected = self.variables.inventory().select(&pattern, self.options.limit.as_ref())?;
        let mut hosts = selected.hosts;
        for warning in selected.warnings {
            self.warn(warning.headline());
        }
        let order = match &play.order {
            None => None,
            Some(order) => Some(self.templar.render(order, &self.play_scope(play))?),
        };
        match order.as_ref().map(Value::to_text).as_deref() {
            None | Some("inventory" | "None") => {}
            Some("sorted") => hosts.sort(),
            Some("reverse_sorted") => hosts.sort_by(|a, b| b.cmp(a)),
            Some("reverse_inventory") => hosts.reverse(),
            Some("shuffle") => shuffle(&mut hosts),
            Some(other) => {
                return Err(Report::new(format!("Invalid 'order' specified for inventory hosts: {other}"))
                    .kind(churten_diagnostics::ErrorKind::Options));
            }
        }
        Ok(hosts)
    }

    /// The rendered name of a play: its `name`, or its hosts.
    pub(crate) fn play_name(&self, play: &Play) -> String {
        let scope = self.play_scope(play);
        match &play.name {
            Some(name) => self.lenient_text(name, &scope),
            None => match &play.hosts.data {
                Data::List(items) => items.iter().map(Value::to_text).collect::<Vec<_>>().join(","),
                _ => match self.templar.render(&play.hosts, &scope) {
                    Ok(hosts) if hosts.is_omit() => String::new(),
                    _ => self.lenient_text(&play.hosts, &scope),
                },
            },
        }
    }
}

/// Any order; what is random only needs to differ from run to run.
fn shuffle(hosts: &mut [Arc<str>]) {
    use std::hash::{BuildHasher, RandomState};
    let state = RandomState::new();
    hosts.sort_by_cached_key(|host| state.hash_one(host));
}
