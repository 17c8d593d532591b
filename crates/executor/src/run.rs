//! A run: playbooks, one play after another, one batch after another.

use crate::engine::{Engine, ReloadInventory, RunOptions};
use crate::event::{Event, PlayInfo};
use crate::fact_cache::FactCache;
use crate::loading::{Held, LoadingEnvironment};
use crate::play::Linear;
use crate::play_state::PlayState;
use crate::plugin_filter::PluginFilter;
use crate::stats::Stats;
use crate::strategy::Strategy;
use crate::task;
use crate::variables::{VariableOptions, Variables};
use crate::{prompts, refuse, retry_file, serial, vars_files};
use churten_collections::{Finder, Kind};
use churten_config::Settings;
use churten_connection::Connections;
use churten_diagnostics::Report;
use churten_inventory::Inventory;
use churten_playbook::{Loader, Play, Playbook};
use churten_template::{Environment, Templar};
use churten_value::{Dict, Value};
use churten_vault::Secrets;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::mpsc::UnboundedSender;

/// Everything a run is made of.
pub struct RunSetup {
    /// Options of the command line and the settings.
    pub options: RunOptions,
    /// The settings.
    pub settings: Arc<Settings>,
    /// The hosts.
    pub inventory: Inventory,
    /// Extra vars and the like.
    pub variables: VariableOptions,
    /// Vault passwords.
    pub secrets: Arc<Secrets>,
    /// The sessions with hosts.
    pub connections: Connections,
    /// Where events go.
    pub events: UnboundedSender<Event>,
    /// Reads the inventory again.
    pub reload: ReloadInventory,
    /// Modules that must not be used.
    pub filter: Arc<PluginFilter>,
    /// Directories with modules that come after those beside the playbooks and before all others (`--module-path`).
    pub module_path: Vec<PathBuf>,
}

/// What an interrupted run may take to tell the answers that it has.
const LAST_WORDS: Duration = Duration::from_millis(200);

/// What it may take then to end the workers, those on this machine among them, which clean up.
const FAREWELL: Duration = Duration::from_secs(3);

/// How a run ended, as `ansible-playbook` says it with its exit code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RunEnd {
    /// No host failed: 0.
    #[default]
    Ok,
    /// A host failed: 2.
    Failed,
    /// A host could not be reached: 4.
    Unreachable,
    /// The run was given up before its end.
    Interrupted,
}

/// A run that is ready to begin.
pub struct Run {
    pub(crate) engine: Arc<Engine>,
    stats: Stats,
    failed: HashSet<Arc<str>>,
    unreachable: HashSet<Arc<str>>,
    loading: Arc<Held>,
    /// What loading each playbook has to tell when it begins.
    held: Vec<Vec<Event>>,
    module_path: Vec<PathBuf>,
}

impl Run {
    /// Put a run together.
    ///
    /// # Errors
    /// A setting of the fact cache is wrong.
    pub fn new(setup: RunSetup) -> Result<Self, Report> {
        let events = setup.events.clone();
        let templar = Templar::new(Environment {
            basedir: setup.options.basedir.clone(),
            vault: setup.secrets.clone(),
            settings: Some(setup.settings.clone()),
            web: Some(Arc::new(crate::web::answer)),
            warn: Arc::new(move |report| {
                let is_deprecation = task::is_deprecation(&report);
                let event = task::hold(report).map(|report| match is_deprecation {
                    true => Event::Deprecated(report),
                    false => Event::WarningReport(report),
                });
                if let Some(event) = event {
                    // Without a receiver the run is being torn down.
                    let _ = events.send(event);
                }
            }),
            ..Environment::configured(&setup.settings)
        });
        let modules = setup.settings.module_path().into_iter().map(|directory| (Kind::Module, directory));
        let actions = setup.settings.action_plugin_path().into_iter().map(|directory| (Kind::Action, directory));
        let configured = modules.chain(actions).collect();
        let finder = Finder::new(churten_collections::roots(&setup.settings), configured);
        let finder = Arc::new(finder.on_mismatch(setup.settings.collections_on_version_mismatch()));
        let held = Arc::new(Held::default());
        let warn = |text: String| drop(setup.events.send(Event::Warning(text)));
        let cache = FactCache::open(&setup.settings, &warn)?;
        let loading = LoadingEnvironment {
            settings: setup.settings.clone(),
            templar: templar.clone(),
            secrets: setup.secrets.clone(),
            extra: setup.variables.extra.clone(),
            globals: setup.variables.globals.clone(),
            events: setup.events.clone(),
            finder: finder.clone(),
            filter: setup.filter.clone(),
            held: held.clone(),
        };
        let start_at = setup.options.start_at_task.clone();
        let engine = Engine {
            lanes: crate::profile::Lanes::default(),
            options: setup.options,
            settings: setup.settings,
            templar,
            variables: Arc::new(Variables::new(setup.inventory, setup.variables, cache)),
            loader: Loader::new(Arc::new(loading)),
            finder,
            secrets: setup.secrets,
            connections: setup.connections,
            events: setup.events,
            reload: setup.reload,
            filter: setup.filter,
            digests: crate::actions::Digests::default(),
            foreign: crate::foreign::ForeignModules::default(),
            start_at: Mutex::new(start_at),
            prompted: Mutex::default(),
            vars_files: Mutex::default(),
            warned: Mutex::default(),
            stop: tokio::sync::watch::channel(false).0,
        };
        if engine.options.flush_cache {
            engine.variables.flush_cache();
        }
        Ok(Self {
            engine: Arc::new(engine),
            stats: Stats::default(),
            failed: HashSet::new(),
            unreachable: HashSet::new(),
            loading: held,
            held: vec![],
            module_path: setup.module_path,
        })
    }

    fn add_module_path(&self) {
        self.module_path.iter().for_each(|directory| self.engine.finder.add_own(Kind::Module, directory.clone()));
    }

    /// Load playbooks. Nothing is run when one of them is wrong.
    pub fn load(&mut self, paths: &[PathBuf]) -> Result<Vec<Playbook>, Report> {
        for directory in paths.iter().filter_map(|path| path.parent()) {
            self.engine.finder.add_playbook_directory(directory);
        }
        self.add_module_path();
        let mut playbooks = Vec::with_capacity(paths.len());
        for (index, path) in paths.iter().enumerate() {
            if index > 0 {
                self.loading.hold();
            }
            let loaded = self.engine.loader.playbook(path);
            let held = self.loading.release();
            playbooks.push(loaded?);
            self.held.push(held);
        }
        Ok(playbooks)
    }

    /// What loading a playbook had to tell and has not told yet.
    pub fn take_held(&mut self, playbook: usize) -> Vec<Event> {
        self.held.get_mut(playbook).map(std::mem::take).unwrap_or_default()
    }

    /// A playbook of one play that stands in no file, in the run's directory.
    ///
    /// # Errors
    /// As [`load`](Self::load).
    pub fn load_play(&self, play: &Dict, origin: Option<churten_value::Origin>) -> Result<Playbook, Report> {
        self.add_module_path();
        let directory = self.basedir();
        let play = self.engine.loader.play_of(play, origin, directory)?;
        Ok(Playbook { path: directory.to_path_buf(), plays: vec![play] })
    }

    /// The hosts that a pattern of the command line selects within the limit, with the checks made before a run.
    ///
    /// # Errors
    /// A limit that leaves no host; a wrong pattern.
    pub fn targets(&self, pattern: &str) -> Result<Vec<Arc<str>>, Report> {
        let inventory = self.engine.variables.inventory();
        let warn = |warnings: Vec<Report>| warnings.iter().for_each(|warning| self.engine.warn(warning.headline()));
        match inventory.targets(pattern, self.engine.options.limit.as_ref()) {
            Ok(selection) => {
                warn(selection.warnings);
                Ok(selection.hosts)
            }
            Err(failure) => {
                warn(failure.warnings);
                Err(failure.report)
            }
        }
    }

    /// True when no source of the inventory names a host.
    pub fn is_without_hosts(&self) -> bool {
        self.engine.variables.inventory().hosts().next().is_none()
    }

    /// Refuse what playbooks use and churten does not have yet, before any host is touched. What is only listed needs
    /// no such check.
    pub fn check_features(&self, playbooks: &[Playbook]) -> Result<(), Report> {
        playbooks.iter().flat_map(|playbook| &playbook.plays).try_for_each(|play| refuse::check(&self.engine, play))
    }

    /// A limit that leaves no host of an inventory that has some is an error before anything is loaded.
    pub fn check_limit(&self) -> Result<(), Report> {
        self.targets("all").map(|_| ())
    }

    /// `--tags`
    pub fn tags(&self) -> &[String] {
        &self.engine.options.tags
    }

    /// `--skip-tags`
    pub fn skip_tags(&self) -> &[String] {
        &self.engine.options.skip_tags
    }

    /// A tag with its templates rendered by the play's variables; as written when that is not possible without a host.
    pub fn render_tag(&self, tag: &Value, play: &Play) -> Value {
        self.engine.templar.render(tag, &self.engine.play_scope(play)).unwrap_or_else(|_| tag.clone())
    }

    /// The rendered host patterns of a play; none when they are omitted.
    pub fn patterns_of(&self, play: &Play) -> Result<Vec<String>, Report> {
        self.engine.patterns_of(play)
    }

    /// Whether the keywords of a play that are its own, and no default of its tasks, can be rendered; in ansible-core's
    /// order.
    ///
    /// # Errors
    /// The first that cannot.
    pub fn check_keywords(&self, play: &Play) -> Result<(), Report> {
        if !self.engine.templar.is_template(&play.hosts) {
            // Which hosts there are is asked for first, and what does not match is warned of; errors come later.
            let _ = self.engine.hosts_of(play);
        }
        self.engine.check_keywords(play)
    }

    /// The hosts of a play, in the order they run.
    pub fn hosts_of(&self, play: &Play) -> Result<Vec<Arc<str>>, Report> {
        self.engine.hosts_of(play)
    }

    /// The rendered name of a play: its `name`, or its hosts.
    pub fn play_name(&self, play: &Play) -> String {
        self.engine.play_name(play)
    }

    /// Give the variables that would be asked for their defaults, for lists of what would be run.
    pub fn assume_prompts(&self, playbooks: &[Playbook]) -> Result<(), Report> {
        let mut plays = playbooks.iter().flat_map(|playbook| &playbook.plays);
        plays.try_for_each(|play| prompts::assume(&self.engine, play))
    }

    /// Run playbooks to their end; each tells the recap of the run so far. One on which hosts failed is the last.
    ///
    /// Once `interrupted` is ready what runs on hosts is cancelled, what they have answered is told, and the recap.
    pub async fn run(
        mut self,
        playbooks: &[Playbook],
        interrupted: impl Future<Output = ()>,
    ) -> Result<RunEnd, Report> {
        let mut end = RunEnd::Ok;
        let engine = Arc::clone(&self.engine);
        let give_up = async {
            interrupted.await;
            engine.stop.send_replace(true);
            tokio::time::sleep(LAST_WORDS).await;
        };
        let outcome = tokio::select! {
            outcome = self.all(playbooks, &mut end) => outcome,
            () = give_up => Ok(()),
        };
        if engine.is_stopped() {
            if !self.stats.is_empty() {
                engine.emit(self.stats.recap());
            }
            let _ = tokio::time::timeout(FAREWELL, engine.connections.close()).await;
            return Ok(RunEnd::Interrupted);
        }
        if outcome.is_ok()
            && let Some(name) = self.engine.start_at()
        {
            self.engine.emit(Event::RunError(Report::new(format!(
                "No matching task \"{name}\" found. Note: --start-at-task can only follow static includes."
            ))));
        }
        self.engine.connections.close().await;
        outcome.map(|()| end)
    }

    async fn all(&mut self, playbooks: &[Playbook], end: &mut RunEnd) -> Result<(), Report> {
        for (index, playbook) in playbooks.iter().enumerate() {
            self.take_held(index).into_iter().for_each(|event| self.engine.emit(event));
            self.engine.emit(Event::PlaybookStart { path: playbook.path.clone(), plays: playbook.plays.len() });
            for play in &playbook.plays {
                if !self.play(play, end).await? {
                    break;
                }
            }
            self.retry_file(playbook);
            self.engine.emit(self.stats.recap());
            if *end != RunEnd::Ok {
                break;
            }
        }
        Ok(())
    }

    fn retry_file(&self, playbook: &Playbook) {
        let failed = self.failed.union(&self.unreachable).cloned().collect();
        match retry_file::write(&self.engine.settings, &playbook.path, &failed) {
            Ok(None) => {}
            Ok(Some(file)) => {
                self.engine.emit(Event::Text(format!("\tto retry, use: --limit @{}", file.display())));
            }
            Err(warning) => self.engine.emit(Event::Warning(warning)),
        }
    }

    /// Run a play; false when the run must stop here.
    async fn play(&mut self, play: &Arc<Play>, end: &mut RunEnd) -> Result<bool, Report> {
        prompts::ask(&self.engine, play).await?;
        self.check_keywords(play)?;
        let all_hosts = self.hosts_of(play)?;
        let name = self.play_name(play);
        let scope = self.engine.play_scope(play);
        let sizes: Vec<Value> =
            play.serial.iter().map(|size| self.engine.templar.render(size, &scope)).collect::<Result<_, _>>()?;
        let sizes: Vec<Value> = sizes.into_iter().filter(|size| !size.is_omit()).collect();
        let hosts: Vec<Arc<str>> = all_hosts.iter().filter(|host| !self.unreachable.contains(*host)).cloned().collect();
        let batches = serial::batches(&hosts, &sizes)?;
        let (strategy, strategy_name) = self.strategy_of(play, &scope)?;
        if batches.is_empty() {
            self.announce(play, &name, &strategy_name, &[], all_hosts.len());
            self.engine.emit(Event::NoHostsMatched);
            return Ok(true);
        }
        for batch in batches {
            let prompted = self.engine.prompted(play);
            let state =
                Arc::new(PlayState::new(play.clone(), name.clone(), all_hosts.clone(), batch.clone(), prompted));
            vars_files::load(&self.engine, &state)?;
            for role in &play.roles {
                [&role.vars, &role.include_vars, &role.params]
                    .into_iter()
                    .for_each(|vars| self.engine.warn_reserved(vars));
            }
            self.announce(play, &name, &strategy_name, &batch, all_hosts.len());
            for host in &batch {
                self.engine.variables.check_host_vars(host, &play.directory)?;
                self.engine.variables.load_cached(host).map_err(|corrupt| {
                    self.engine.warn(corrupt.warning.message);
                    corrupt.report
                })?;
            }
            let batch_run = Linear::new(&self.engine, &state, &mut self.stats, &self.failed)?;
            let finished = match strategy {
                Strategy::Linear => batch_run.run().await?,
                Strategy::Debug => batch_run.debugging().run().await?,
                Strategy::Free => batch_run.run_free(false).await?,
                Strategy::HostPinned => batch_run.run_free(true).await?,
            };
            let failed: HashSet<&Arc<str>> = finished.failed.iter().chain(&finished.out).collect();
            let new_failures =
                failed.iter().filter(|host| !self.failed.contains(**host)).count() + finished.unreachable.len();
            *end = if finished.break_play {
                RunEnd::Failed
            } else if !finished.unreachable.is_empty() {
                RunEnd::Unreachable
            } else if !finished.failed.is_empty() {
                RunEnd::Failed
            } else {
                RunEnd::Ok
            };
            self.failed.extend(finished.failed.into_iter().chain(finished.out));
            self.unreachable.extend(finished.unreachable);
            if finished.break_play {
                return Ok(false);
            }
            // With every host of a batch gone neither the next batch nor the next play has anything to build on.
            if new_failures == batch.len() {
                return Ok(false);
            }
            if finished.end_play {
                break;
            }
        }
        Ok(true)
    }

    /// The strategy of a play and its name.
    fn strategy_of(&self, play: &Play, scope: &Dict) -> Result<(Strategy, String), Report> {
        let name = match &play.strategy {
            None => self.engine.settings.strategy().to_owned(),
            Some(name) => self.engine.templar.render(name, scope)?.to_text(),
        };
        let origin = play.strategy.as_ref().and_then(Value::origin).or(play.origin);
        if name.starts_with("mitogen") {
            let text = format!("The strategy {name} is run as what it speeds up: churten has its own way to hosts.");
            self.engine.emit(Event::Verbose { level: 1, host: None, text });
        }
        Ok((Strategy::of(&name).map_err(|report| report.or_at(origin))?, name))
    }

    fn announce(&self, play: &Play, name: &str, strategy: &str, hosts: &[Arc<str>], host_count: usize) {
        let check_mode = match &play.keywords.check_mode {
            None => self.engine.options.check,
            Some(value) => value.is_truthy(),
        };
        self.engine.emit(Event::PlayStart(Arc::new(PlayInfo {
            name: name.to_owned(),
            pattern: self.patterns_of(play).map(|patterns| patterns.join(",")).unwrap_or_default(),
            hosts: hosts.to_vec(),
            host_count,
            first_tasks: play.first_tasks(),
            check_mode,
            strategy: strategy.into(),
            origin: play.origin,
        })));
    }

    /// The directory that relative files of playbooks are below.
    pub fn basedir(&self) -> &Path {
        &self.engine.options.basedir
    }
}
