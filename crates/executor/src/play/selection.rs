//! Which entries of a play its tags select.

use super::linear::Linear;
use crate::engine::Engine;
use churten_playbook::{Item, TagFilter, Task};
use churten_template::Scope;
use churten_value::{Data, Value};
use std::sync::Arc;

impl Linear<'_> {
    /// The entries that the tags select; blocks that are left empty go.
    pub(super) fn selected(&self, items: &[Item]) -> Vec<Item> {
        let scope = self.engine.variables.scope(Some(self.state), None, None);
        select(self.engine, &self.filter, &scope, items)
    }
}

/// Keep the entries that the tags select; blocks that are left empty go.
pub(super) fn select(engine: &Engine, filter: &TagFilter, scope: &dyn Scope, items: &[Item]) -> Vec<Item> {
    items
        .iter()
        .filter_map(|item| match item {
            Item::Task(task) => is_selected(engine, filter, scope, task).then(|| item.clone()),
            Item::Block(block) => {
                let mut kept = (**block).clone();
                kept.tasks = select(engine, filter, scope, &block.tasks);
                kept.rescue = select(engine, filter, scope, &block.rescue);
                kept.always = select(engine, filter, scope, &block.always);
                (!kept.tasks.is_empty() || !kept.always.is_empty()).then(|| Item::Block(Arc::new(kept)))
            }
        })
        .collect()
}

/// Do the tags select the task?
pub(super) fn is_selected(engine: &Engine, filter: &TagFilter, scope: &dyn Scope, task: &Task) -> bool {
    if task.implicit && task.action.builtin() == Some("meta") {
        return true;
    }
    filter.selects(&tags_of(engine, scope, task))
}

/// The tags of a task, rendered as far as they can be.
pub(super) fn tags_of(engine: &Engine, scope: &dyn Scope, task: &Task) -> Vec<String> {
    let mut tags = vec![];
    for tag in &task.keywords.tags {
        if !engine.templar.is_template(tag) {
            tags.push(tag.to_text());
            continue;
        }
        let rendered = engine.templar.render(tag, scope).unwrap_or_else(|_| tag.clone());
        match &rendered.data {
            Data::List(items) => tags.extend(items.iter().map(Value::to_text)),
            Data::Str(text) => tags.extend(text.split(',').map(|tag| tag.trim().to_owned())),
            _ => tags.push(rendered.to_text()),
        }
    }
    tags
}
