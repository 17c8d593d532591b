//! `loop` and `with_X`: items, loop variables, labels.

use super::attributes::{boolean, seconds};
use crate::engine::Engine;
use crate::scope::HostScope;
use churten_diagnostics::Report;
use churten_playbook::Task;
use churten_value::{Data, Dict, Origin, Source, Value};

/// A loop whose items are known.
pub(crate) struct ItemLoop {
    pub(crate) items: Vec<Value>,
    pub(crate) variable: String,
    index_variable: Option<String>,
    label: Option<Value>,
    /// Seconds between items.
    pub(crate) pause: f64,
    extended: bool,
    extended_allitems: bool,
    /// Its variable hides one that is there already.
    pub(crate) hides: bool,
}

/// The items of a task's loop; `None` without a loop.
pub(crate) fn items(engine: &Engine, task: &Task, scope: &HostScope) -> Result<Option<ItemLoop>, Report> {
    let Some(definition) = &task.r#loop else { return Ok(None) };
    let templar = &engine.templar;
    let items = match &definition.lookup {
        None => {
            let rendered = templar.render(&definition.items, scope).map_err(|report| {
                // The place of the template is the loop's own.
                report.or_at(definition.items.origin())
            })?;
            match &rendered.data {
                Data::List(items) => items.to_vec(),
                _ => {
                    let message = format!("The `loop` value must resolve to a 'list', not '{}'.", rendered.type_name());
                    return Err(Report::new(message).at(definition.items.origin()));
                }
            }
        }
        Some(lookup) => {
            let terms = templar.render(&definition.items, scope)?;
            let mut options = Dict::new();
            if &**lookup == "first_found" {
                // Where the task's own action would look.
                let directory = match task.action.builtin() {
                    Some("template") => "templates",
                    Some("include_vars") => "vars",
                    Some("include_tasks") => "tasks",
                    _ => "files",
                };
                options.insert("_subdirectory", directory);
            }
            templar.lookup(lookup, terms, &options, scope).map_err(|report| report.or_at(definition.items.origin()))?
        }
    };
    let control = &definition.control;
    let text = |value: &Option<Value>| -> Result<Option<String>, Report> {
        let Some(value) = value else { return Ok(None) };
        let rendered = templar.render(value, scope)?;
        Ok((!rendered.is_none() && !rendered.is_omit()).then(|| rendered.to_text()))
    };
    let variable = text(&control.loop_var)?.unwrap_or_else(|| "item".into());
    Ok(Some(ItemLoop {
        hides: scope.value(&variable).is_some(),
        items,
        variable,
        index_variable: text(&control.index_var)?,
        label: control.label.clone(),
        pause: match &control.pause {
            None => 0.0,
            Some(value) => seconds(engine, "pause", value, scope)?,
        },
        extended: match &control.extended {
            None => false,
            Some(value) => boolean(engine, "extended", value, scope)?,
        },
        extended_allitems: match &control.extended_allitems {
            None => true,
            Some(value) => boolean(engine, "extended_allitems", value, scope)?,
        },
    }))
}

/// Warn of a loop variable that hides another one.
pub(super) fn warn_of_hidden(engine: &Engine, task: &Task, items: &ItemLoop) {
    let variable = &items.variable;
    let written = task.r#loop.as_ref().and_then(|definition| definition.control.loop_var.as_ref());
    let unknown = || Origin::whole(Source::described("<unknown>"));
    let report = Report::new(format!("The loop variable '{variable}' is already in use."))
        .help(
            "You should set the `loop_var` value in the `loop_control` option for the task to something else to avoid \
             variable collisions and unexpected behavior.",
        )
        .about(variable)
        .at(written.and_then(Value::origin).or_else(|| Some(unknown())));
    engine.warn_report(report);
}

impl ItemLoop {
    /// The variables of one item.
    pub(crate) fn variables(&self, index: usize) -> Dict {
        let item = self.items.get(index).cloned().unwrap_or_default();
        let mut vars =
            Dict::from([(self.variable.as_str(), item), ("ansible_loop_var", self.variable.as_str().into())]);
        if let Some(name) = &self.index_variable {
            vars.insert(name.as_str(), index);
            vars.insert("ansible_index_var", name.as_str());
        }
        if self.extended {
            vars.insert("ansible_loop", self.extended_variables(index));
        }
        vars
    }

    fn extended_variables(&self, index: usize) -> Dict {
        let length = self.items.len();
        let mut vars = Dict::from([
            ("index", Value::from(index + 1)),
            ("index0", index.into()),
            ("first", (index == 0).into()),
            ("last", (index + 1 == length).into()),
            ("length", length.into()),
            ("revindex", (length - index).into()),
            ("revindex0", (length - index - 1).into()),
        ]);
        if self.extended_allitems {
            vars.insert("allitems", self.items.clone());
        }
        if let Some(next) = self.items.get(index + 1) {
            vars.insert("nextitem", next.clone());
        }
        if let Some(previous) = index.checked_sub(1).and_then(|before| self.items.get(before)) {
            vars.insert("previtem", previous.clone());
        }
        vars
    }

    /// What is shown of an item: the rendered label, or the item.
    pub(crate) fn label(&self, engine: &Engine, index: usize, scope: &HostScope) -> Result<Value, Report> {
        match &self.label {
            None => Ok(self.items.get(index).cloned().unwrap_or_default()),
            Some(label) => engine.templar.render(label, scope),
        }
    }

    /// Mark an item's result with what the loop knows of it.
    pub(crate) fn mark(&self, result: &mut Dict, index: usize) {
        result.insert(self.variable.as_str(), self.items.get(index).cloned());
        result.insert("ansible_loop_var", self.variable.as_str());
        if let Some(name) = &self.index_variable {
            result.insert(name.as_str(), index);
            result.insert("ansible_index_var", name.as_str());
        }
        if self.extended {
            result.insert("ansible_loop", self.extended_variables(index));
        }
    }
}
