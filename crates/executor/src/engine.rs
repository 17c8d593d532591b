//! What all of a run shares, read-only.

use crate::event::Event;
use crate::variables::Variables;
use churten_collections::Finder;
use churten_config::Settings;
use churten_connection::Connections;
use churten_diagnostics::Report;
use churten_inventory::Limit;
use churten_playbook::Loader;
use churten_protocol::Secret;
use churten_template::{Scope, Templar};
use churten_value::{Dict, Origin, Value};
use churten_vault::Secrets;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::mpsc::UnboundedSender;

/// What the command line and the settings say about a run.
#[derive(Clone, Debug)]
pub struct RunOptions {
    /// How many hosts run a task at the same time.
    pub forks: usize,
    /// `--check`
    pub check: bool,
    /// `--diff`
    pub diff: bool,
    /// How many `-v`.
    pub verbosity: u8,
    /// `no_log` by default.
    pub no_log: bool,
    /// `TASK_TIMEOUT`, seconds; 0 for none.
    pub task_timeout: u64,
    /// `--limit`
    pub limit: Option<Limit>,
    /// `--tags`
    pub tags: Vec<String>,
    /// `--skip-tags`
    pub skip_tags: Vec<String>,
    /// `--force-handlers`, or its setting.
    pub force_handlers: bool,
    /// `gathering`: implicit, explicit or smart.
    pub gathering: String,
    /// `ERROR_ON_MISSING_HANDLER`
    pub error_on_missing_handler: bool,
    /// Connection and privilege escalation from the command line.
    pub connection: ConnectionDefaults,
    /// Directory that relative files of the run are below when there is no playbook.
    pub basedir: PathBuf,
}

/// What the command line says of connections beside the settings; weaker than keywords and variables.
#[derive(Clone, Debug, Default)]
pub struct ConnectionDefaults {
    /// `--become`
    pub r#become: bool,
    /// `--ask-pass` or `--connection-password-file`
    pub password: Option<Secret>,
    /// `--ask-become-pass` or `--become-password-file`
    pub become_password: Option<Secret>,
}

/// What all of a run shares.
pub(crate) struct Engine {
    pub(crate) options: RunOptions,
    pub(crate) settings: Arc<Settings>,
    pub(crate) templar: Templar,
    pub(crate) variables: Arc<Variables>,
    pub(crate) loader: Loader,
    pub(crate) finder: Arc<Finder>,
    pub(crate) secrets: Arc<Secrets>,
    pub(crate) connections: Connections,
    pub(crate) events: UnboundedSender<Event>,
    /// Warnings are shown once.
    pub(crate) warned: Mutex<BTreeSet<String>>,
}

impl Engine {
    /// Tell an event.
    pub(crate) fn emit(&self, event: Event) {
        // The receiver lives as long as the run; when it is gone there is nobody to tell.
        let _ = self.events.send(event);
    }

    /// Warn, once for each text.
    pub(crate) fn warn(&self, message: String) {
        if self.is_first(&message) {
            self.emit(Event::Warning(message));
        }
    }

    /// Warn about a place, once for each text and place.
    pub(crate) fn warn_report(&self, report: Report) {
        if self.is_first(&report.render()) {
            self.emit(Event::WarningReport(report));
        }
    }

    /// Warn about variables whose names are keywords or names of the template language.
    pub(crate) fn warn_reserved(&self, vars: &Dict) {
        churten_playbook::reserved_names(vars).for_each(|warning| self.warn_report(warning));
    }

    /// The text of a name. What cannot be rendered is shown in place, as ansible-core does for names of tasks.
    pub(crate) fn lenient_text(&self, name: &Value, scope: &dyn Scope) -> String {
        if !self.templar.is_template(name) {
            return name.to_text();
        }
        if let Ok(rendered) = self.templar.render(name, scope) {
            return rendered.to_text();
        }
        let mut text = String::new();
        let mut errors = vec![];
        let source = name.to_text();
        for part in expressions(&source) {
            match self.templar.render(&Value::str(part).with_tags(name.tags), scope) {
                Ok(rendered) => text += &rendered.to_text(),
                Err(error) => {
                    errors.push(error);
                    let error = errors[errors.len() - 1].headline();
                    text += &format!("<< error {} - {error} >>", errors.len());
                }
            }
        }
        let noun = if errors.len() == 1 { "error" } else { "errors" };
        let mut message = format!("Encountered {} template {noun}.", errors.len());
        for (number, error) in (1..).zip(&errors) {
            message += &format!("\nerror {number} - {}", error.headline());
        }
        self.warn_report(Report::new(message).at(name.origin()));
        text
    }

    /// Warn of a template that could not be rendered where that is no failure; gives the text to show in its place.
    pub(crate) fn template_error(&self, error: &Report, origin: Option<Origin>) -> String {
        let error = error.headline();
        self.warn_report(Report::new(format!("Encountered 1 template error.\nerror 1 - {error}")).at(origin));
        format!("<< error 1 - {error} >>")
    }

    fn is_first(&self, message: &str) -> bool {
        self.warned.lock().unwrap_or_else(PoisonError::into_inner).insert(message.to_owned())
    }
}

/// The parts of a template text: each `{{ }}` by itself, and the text between.
fn expressions(text: &str) -> Vec<&str> {
    let mut parts = vec![];
    let mut rest = text;
    while let Some(start) = rest.find("{{") {
        let (before, after) = rest.split_at(start);
        parts.push(before);
        let end = after.find("}}").map_or(after.len(), |end| end + 2);
        let (expression, left) = after.split_at(end);
        parts.push(expression);
        rest = left;
    }
    parts.push(rest);
    parts.retain(|part| !part.is_empty());
    parts
}
