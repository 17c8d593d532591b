//! What all of a run shares, read-only.

use crate::event::Event;
use crate::plugin_filter::PluginFilter;
use crate::prompts::Prompted;
use crate::question::{Form, Question};
use crate::task;
use crate::variables::Variables;
use churten_collections::Finder;
use churten_config::Settings;
use churten_connection::Connections;
use churten_diagnostics::Report;
use churten_inventory::{Failure, Limit, Loaded};
use churten_playbook::{Loader, Play};
use churten_protocol::Secret;
use churten_template::{Scope, Templar};
use churten_value::{Dict, Value};
use churten_vault::Secrets;
use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::watch;
use zeroize::Zeroizing;

/// What the command line and the settings say about a run.
#[derive(Clone, Debug)]
pub struct RunOptions {
    /// `forks`: what a play shows of it, and how many hosts `host_pinned` takes at a time.
    pub forks: usize,
    /// How many hosts run a task at the same time.
    pub parallel: usize,
    /// Tasks, and items of loops, that need nothing of each other's results go to a host together (not with `--no-batch`).
    pub batches: bool,
    /// Tell where the time goes (`--profile`).
    pub profile: bool,
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
    /// `--start-at-task`
    pub start_at_task: Option<String>,
    /// `--step`
    pub step: bool,
    /// Somebody can be asked: standard input is a terminal.
    pub interactive: bool,
    /// `--force-handlers`, or its setting.
    pub force_handlers: bool,
    /// `--flush-cache`
    pub flush_cache: bool,
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

/// Reads the inventory again (`meta: refresh_inventory`).
pub type ReloadInventory = Box<dyn Fn() -> Result<Loaded, Failure> + Send + Sync>;

/// What all of a run shares.
pub(crate) struct Engine {
    pub(crate) options: RunOptions,
    /// The lanes of hosts in a profile.
    pub(crate) lanes: crate::profile::Lanes,
    pub(crate) settings: Arc<Settings>,
    pub(crate) templar: Templar,
    pub(crate) variables: Arc<Variables>,
    pub(crate) loader: Loader,
    pub(crate) finder: Arc<Finder>,
    pub(crate) secrets: Arc<Secrets>,
    pub(crate) connections: Connections,
    pub(crate) events: UnboundedSender<Event>,
    pub(crate) reload: ReloadInventory,
    pub(crate) filter: Arc<PluginFilter>,
    /// What large files of the controller come to.
    pub(crate) digests: crate::actions::Digests,
    /// Modules that are not native.
    pub(crate) foreign: crate::foreign::ForeignModules,
    /// `--start-at-task`, until the task is found.
    pub(crate) start_at: Mutex<Option<String>>,
    /// What `vars_prompt` gave.
    pub(crate) prompted: Mutex<Prompted>,
    /// The `vars_files` of plays that need no host's variables.
    pub(crate) vars_files: Mutex<HashMap<u64, Vec<Arc<Dict>>>>,
    /// Warnings are shown once.
    pub(crate) warned: Mutex<BTreeSet<String>>,
    /// True once the run is given up before its end.
    pub(crate) stop: watch::Sender<bool>,
}

impl Engine {
    /// Tell an event.
    pub(crate) fn emit(&self, event: Event) {
        // The receiver lives as long as the run; when it is gone there is nobody to tell.
        let _ = self.events.send(event);
    }

    /// Ask the user.
    ///
    /// # Errors
    /// There is no answer: the end of the input.
    pub(crate) async fn ask(&self, prompt: String, private: bool) -> Result<Zeroizing<String>, Report> {
        let form = if private { Form::Private } else { Form::Line };
        let (question, answer) = Question::new(prompt, form);
        self.emit(Event::Ask(question));
        // Nobody who could answer is left only when the run is being torn down.
        answer.await.unwrap_or_else(|_| Err(Report::new("there is nobody to ask")))
    }

    /// What `vars_prompt` gave for a play.
    pub(crate) fn prompted(&self, play: &Play) -> Arc<Dict> {
        self.prompted.lock().unwrap_or_else(PoisonError::into_inner).get(&play.id).cloned().unwrap_or_default()
    }

    /// Remember what `vars_prompt` gave for a play.
    pub(crate) fn set_prompted(&self, play: &Play, answers: Dict) {
        self.prompted.lock().unwrap_or_else(PoisonError::into_inner).insert(play.id, Arc::new(answers));
    }

    /// The task that `--start-at-task` still looks for.
    pub(crate) fn start_at(&self) -> Option<String> {
        self.start_at.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The task of `--start-at-task` was found.
    pub(crate) fn started(&self) {
        *self.start_at.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Tell what reading the inventory had to say.
    pub(crate) fn tell_inventory(&self, warnings: Vec<Report>, deprecations: Vec<Report>, errors: Vec<Report>) {
        let events = errors.into_iter().map(Event::RunError);
        let events = events.chain(deprecations.into_iter().map(Event::Deprecated));
        events.chain(warnings.into_iter().map(Event::WarningReport)).for_each(|event| self.emit(event));
    }

    /// Warn, once for each text.
    pub(crate) fn warn(&self, message: String) {
        if let Some(report) = task::hold(Report::new(message))
            && self.is_first(&report.message)
        {
            self.emit(Event::Warning(report.message));
        }
    }

    /// Is the run given up?
    pub(crate) fn is_stopped(&self) -> bool {
        *self.stop.borrow()
    }

    /// Wait until the run is given up.
    pub(crate) async fn stopped(&self) {
        // The sender is the engine's own.
        let _ = self.stop.subscribe().wait_for(|stop| *stop).await;
    }

    /// A line for those who look for a fault (`ANSIBLE_DEBUG`), with the process and the time in front.
    pub(crate) fn debug(&self, text: &str) {
        if self.settings.flag("DEFAULT_DEBUG") {
            let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
            self.emit(Event::Text(format!("{:>6} {:.5}: {text}", std::process::id(), since.as_secs_f64())));
        }
    }

    /// Warn about a place, once for each text and place.
    pub(crate) fn warn_report(&self, report: Report) {
        if let Some(report) = task::hold(report)
            && self.is_first(&report.render())
        {
            self.emit(Event::WarningReport(report));
        }
    }

    /// Warn about variables whose names are keywords or names of the template language.
    pub(crate) fn warn_reserved(&self, vars: &Dict) {
        churten_playbook::reserved_names(vars).for_each(|warning| self.warn_report(warning));
    }

    /// The text of a name. What cannot be rendered is shown in place, as ansible-core does for names of tasks.
    pub(crate) fn lenient_text(&self, name: &Value, scope: &dyn Scope) -> String {
        let (text, warning) = crate::lenient::text(&self.templar, name, scope);
        if let Some(warning) = warning {
            self.warn_report(warning);
        }
        text
    }

    /// Warn of a template that could not be rendered where that is no failure; gives the text to show in its place.
    pub(crate) fn template_error(&self, error: &Report, template: &Value) -> String {
        let error = error.headline();
        let warning = Report::new(format!("Encountered 1 template error.\nerror 1 - {error}"));
        self.warn_report(warning.at(template.origin()).about(template.to_text()));
        format!("<< error 1 - {error} >>")
    }

    fn is_first(&self, message: &str) -> bool {
        self.warned.lock().unwrap_or_else(PoisonError::into_inner).insert(message.to_owned())
    }
}
