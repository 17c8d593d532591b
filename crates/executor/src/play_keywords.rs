//! Keywords of a play itself, which no host's variables belong to.

use crate::engine::Engine;
use churten_diagnostics::Report;
use churten_playbook::Play;
use churten_value::{Data, Dict, Value};
use std::sync::{Arc, PoisonError};

impl Engine {
    /// Whether the keywords of a play that are its own, and no default of its tasks, can be rendered; in ansible-core's
    /// order.
    ///
    /// # Errors
    /// The first that cannot.
    pub(crate) fn check_keywords(&self, play: &Play) -> Result<(), Report> {
        let scope = self.play_scope(play);
        let keywords = [
            // A play without a name is named after its hosts, and the name comes first.
            ("name", Some(play.name.as_ref().unwrap_or(&play.hosts))),
            ("hosts", Some(&play.hosts)),
            ("gather_facts", play.gather_facts.as_ref()),
            ("gather_subset", play.gather_subset.as_ref()),
            ("gather_timeout", play.gather_timeout.as_ref()),
            ("force_handlers", play.force_handlers.as_ref()),
            ("max_fail_percentage", play.max_fail_percentage.as_ref()),
        ];
        let keywords = keywords
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)))
            .chain(play.serial.iter().map(|size| ("serial", size)))
            .chain(play.strategy.iter().map(|strategy| ("strategy", strategy)))
            .chain(play.order.iter().map(|order| ("order", order)));
        for (name, value) in keywords {
            self.templar.render(value, &scope).map_err(|report| {
                Report::parser(format!("Error processing keyword '{name}': {}", report.headline())).at(value.origin())
            })?;
        }
        Ok(())
    }

    /// The rendered host patterns of a play; none when they are omitted.
    ///
    /// # Errors
    /// A template that cannot be rendered.
    pub(crate) fn patterns_of(&self, play: &Play) -> Result<Vec<String>, Report> {
        let rendered = self.templar.render(&play.hosts, &self.play_scope(play));
        let rendered = rendered.map_err(|report| report.or_at(play.hosts.origin()))?;
        Ok(match &rendered.data {
            Data::Omit => Vec::new(),
            Data::List(items) => items.iter().map(Value::to_text).collect(),
            _ => vec![rendered.to_text()],
        })
    }

    /// What a play's own name, hosts and the like may use: no host's variables.
    pub(crate) fn play_scope(&self, play: &Play) -> Dict {
        let variables = &self.variables;
        let directory = Arc::new(Dict::from([("playbook_dir", play.directory.display().to_string())]));
        let mut layers = vec![directory.clone()];
        layers.extend(play.roles.iter().map(|role| role.defaults.clone()));
        layers.push(play.vars.clone());
        layers.extend(self.vars_files_of(play, &layers));
        layers.extend(play.roles.iter().map(|role| role.vars.clone()));
        layers.extend(play.import_vars.iter().cloned());
        layers.push(self.prompted(play));
        layers.push(variables.extra().clone());
        layers.push(variables.group_magic());
        layers.push(directory);
        let mut names = Dict::new();
        for layer in layers {
            names.extend_from(&layer);
        }
        names
    }

    fn vars_files_of(&self, play: &Play, below: &[Arc<Dict>]) -> Vec<Arc<Dict>> {
        let mut known = self.vars_files.lock().unwrap_or_else(PoisonError::into_inner);
        known.entry(play.id).or_insert_with(|| self.loader.vars_files(play, below)).clone()
    }
}
