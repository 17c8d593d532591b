//! The loader: the door of static loading.

use crate::context::{Context, Found, MAX_DEPTH};
use crate::environment::Environment;
use crate::fields::{check_names, keywords};
use crate::keyword_table::Element;
use crate::role_name::RoleUse;
use crate::{Included, Item, Keywords, Play, Playbook, Task, files, includes};
use churten_diagnostics::Report;
use churten_value::{Data, Dict, Value};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Loads playbooks, task files and roles. One serves a whole run: numbers are unique within it.
pub struct Loader {
    pub(crate) environment: Arc<dyn Environment>,
    next: AtomicU64,
    /// The number of each distinct use of a role, by play.
    uses: Mutex<HashMap<(u64, String), u64>>,
}

/// Options of `include_role` after rendering.
#[derive(Clone, Debug)]
pub struct RoleInclude {
    /// `tasks_from`
    pub tasks_from: Option<String>,
    /// `vars_from`
    pub vars_from: Option<String>,
    /// `defaults_from`
    pub defaults_from: Option<String>,
    /// `handlers_from`
    pub handlers_from: Option<String>,
    /// `public`
    pub public: bool,
    /// `allow_duplicates`
    pub allow_duplicates: bool,
    /// `rolespec_validate`
    pub validate: bool,
}

impl Default for RoleInclude {
    fn default() -> Self {
        Self {
            tasks_from: None,
            vars_from: None,
            defaults_from: None,
            handlers_from: None,
            public: false,
            allow_duplicates: true,
            validate: true,
        }
    }
}

impl Loader {
    /// A loader in an environment.
    pub fn new(environment: Arc<dyn Environment>) -> Self {
        Self { environment, next: AtomicU64::new(1), uses: Mutex::default() }
    }

    /// Are the variables of included roles for the whole play when neither the task says so nor denies it?
    pub fn publishes_included_roles(&self) -> bool {
        self.environment.private_role_vars() == Some(false)
    }

    /// A number unique in the run.
    pub fn number(&self) -> u64 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    pub(crate) fn use_number(&self, play: u64, key: String) -> u64 {
        let mut uses = self.uses.lock().unwrap_or_else(PoisonError::into_inner);
        *uses.entry((play, key)).or_insert_with(|| self.number())
    }

    /// Load a playbook file with everything it imports.
    ///
    /// # Errors
    /// The first thing wrong with the content, in ansible-core's words.
    pub fn playbook(&self, path: &Path) -> Result<Playbook, Report> {
        if !path.exists() {
            return Err(Report::new(format!("the playbook: {} could not be found", path.display())));
        }
        let plays = self.playbook_file(&files::on_command_line(path), &Arc::default(), 0)?;
        Ok(Playbook { path: path.to_path_buf(), plays })
    }

    /// Load the file of an `include_tasks`. `item_vars` are the loop's variables (`item`, ...), the innermost vars of
    /// every task.
    ///
    /// # Errors
    /// An absent or malformed file.
    pub fn include_tasks(
        &self,
        file: &Path,
        include: &Arc<Task>,
        item_vars: &Dict,
        as_handlers: bool,
    ) -> Result<Included, Report> {
        // What a template named is only known by the file that was found.
        let written = include.args.get("_raw_params").or_else(|| include.args.get("file"));
        let written = written.map(|name| match self.environment.is_template(name) {
            true => file.display().to_string(),
            false => name.to_text(),
        });
        let mut context = self.surroundings(include, item_vars)?;
        context.handlers = as_handlers;
        context.include_chain = includes::extend(written.as_deref().unwrap_or_default(), &context.include_chain);
        let data = files::load(&*self.environment, file)?;
        let mut found = Found::default();
        let items = self.task_file(&data, file, &context, &mut found)?;
        Ok(Included { items, handlers: handler_tasks(&found.handlers), roles: found.roles })
    }

    /// Load the role of an `include_role`.
    ///
    /// # Errors
    /// A role that is not found, or malformed content.
    pub fn include_role(
        &self,
        name: &str,
        options: &RoleInclude,
        include: &Arc<Task>,
        _play: &Play,
        item_vars: &Dict,
    ) -> Result<Included, Report> {
        let mut context = self.surroundings(include, item_vars)?;
        if let Some(role) = &include.role {
            // Parameters of the role around win over what its tasks hand to another role.
            let around = role.parents.iter().chain([role]).map(|role| role.params.clone());
            let layers = context.include_vars.iter().cloned().chain(around.filter(|params| !params.is_empty()));
            context.include_vars = layers.collect();
        }
        let wanted = RoleUse {
            name: name.into(),
            origin: include.args.get("name").or_else(|| include.args.get("role")).and_then(Value::origin),
            include_vars: include.vars.clone(),
            options: options.clone(),
            from_include: true,
            public: options.public,
            ..RoleUse::default()
        };
        let loaded = self.role(wanted, &context)?;
        let mut found = Found::default();
        let (items, mut handlers) = loaded.unfold(&mut found);
        handlers.append(&mut found.handlers);
        Ok(Included { items, handlers: handler_tasks(&handlers), roles: found.roles })
    }

    /// The file an `include_tasks` means by `target`: beside the files it came through, in the role, or beside the
    /// playbook. The path may not exist; then it is the one that messages name.
    pub fn include_path(&self, include: &Task, play: &Play, target: &str) -> PathBuf {
        includes::search(target, include.role.as_deref(), &include.include_chain, &play.directory, include.is_handler)
    }

    /// What a dynamic include hands on: what is around it, its vars, and `apply`.
    fn surroundings(&self, include: &Task, item_vars: &Dict) -> Result<Context, Report> {
        let mut own = Keywords::default();
        if let Some(apply) = include.args.get("apply").and_then(Value::as_dict) {
            check_names(apply, Element::Block)?;
            own = keywords(apply, Element::Block, &*self.environment)?;
        }
        let mut layers: Vec<Arc<Dict>> = Vec::new();
        if !include.vars.is_empty() {
            layers.push(include.vars.clone());
        }
        layers.append(&mut own.vars);
        if !item_vars.is_empty() {
            layers.push(Arc::new(item_vars.clone()));
        }
        let handed_on: Vec<Arc<Dict>> =
            [include.vars.clone(), Arc::new(item_vars.clone())].into_iter().filter(|vars| !vars.is_empty()).collect();
        own.vars = layers;
        let mut keywords = own.inherit(&include.surroundings);
        if !include.keywords.collections.is_empty() {
            keywords.collections.clone_from(&include.keywords.collections);
        }
        let Some(play) = &include.play else {
            return Err(Report::new("this include has no play").at(include.origin));
        };
        if include.include_chain.len() + include.role_chain.len() > MAX_DEPTH {
            let message = "Exceeded maximum object depth. This may have been caused by excessive role recursion";
            return Err(Report::new(message).at(include.origin));
        }
        Ok(Context {
            play: play.clone(),
            keywords: Arc::new(keywords),
            role: include.role.clone(),
            role_chain: include.role_chain.clone(),
            include_chain: include.include_chain.clone(),
            include_vars: include.include_vars.iter().chain(&handed_on).cloned().collect(),
            handlers: include.is_handler,
            in_block: false,
            depth: 0,
        })
    }

    /// Render a name when it is a template: with the play's vars, the role's, and `own`.
    pub(crate) fn name_of(&self, value: &Value, context: &Context, own: &[Arc<Dict>]) -> Result<Value, Report> {
        if !self.environment.is_template(value) {
            return Ok(value.clone());
        }
        self.environment.render(value, &self.name_layers(context, own))
    }

    /// The variables that names of imports and roles may use, the last wins.
    pub(crate) fn name_layers(&self, context: &Context, own: &[Arc<Dict>]) -> Vec<Arc<Dict>> {
        let directory = Value::from(context.play.directory.display().to_string());
        let directory = Arc::new(Dict::from([("playbook_dir", directory)]));
        // Files of variables may be named by it, and nothing may hide it.
        let mut layers = vec![directory.clone()];
        if let Some(role) = &context.role {
            for dependency in &role.dependencies {
                layers.push(dependency.defaults.clone());
            }
            layers.push(role.defaults.clone());
        }
        layers.extend(context.play.vars.iter().cloned());
        for file in &context.play.vars_files {
            layers.extend(self.vars_file(file, &layers, &context.play.directory));
        }
        for role in context.role_chain.iter().chain(&context.role) {
            layers.push(role.vars.clone());
        }
        layers.extend(context.keywords.vars.iter().cloned());
        layers.extend(own.iter().cloned());
        if let Some(role) = &context.role {
            layers.push(Arc::new(Dict::from([
                ("role_path", Value::from(role.path.display().to_string())),
                ("role_name", role.name.clone().into()),
            ])));
        }
        for role in context.role_chain.iter().chain(&context.role) {
            layers.push(role.include_vars.clone());
            layers.push(role.params.clone());
        }
        layers.extend(context.include_vars.iter().cloned());
        layers.push(directory);
        layers
    }

    /// What the `vars_files` of a play give before hosts are known, over the variables `below`. An entry that needs a
    /// host is left out with a warning; one that cannot be read is the run's business.
    pub fn vars_files(&self, play: &Play, below: &[Arc<Dict>]) -> Vec<Arc<Dict>> {
        let mut layers = below.to_vec();
        for file in &play.vars_files {
            let candidates = crate::fields::list(Some(file));
            let unknown = candidates.iter().find(|candidate| {
                self.environment.render(candidate, &layers).is_err_and(|report| report.is_undefined())
            });
            if let Some(unknown) = unknown {
                let text = "skipping vars_files item due to an undefined variable";
                self.environment.warning(Report::new(text).at(unknown.origin().or(file.origin())));
                continue;
            }
            layers.extend(self.vars_file(file, &layers, &play.directory));
        }
        layers.split_off(below.len())
    }

    /// A file of `vars_files`, if it can be had before hosts are known; the executor reads it again and reports errors.
    fn vars_file(&self, file: &Value, layers: &[Arc<Dict>], directory: &Path) -> Option<Arc<Dict>> {
        let candidates = crate::fields::list(Some(file));
        candidates.iter().find_map(|candidate| {
            let name = self.environment.render(candidate, layers).ok()?;
            let path = directory.join(files::expand_home(name.as_str()?));
            if !path.is_file() {
                return None;
            }
            match files::load(&*self.environment, &path).ok()?.data {
                Data::Dict(entries) => Some(entries),
                _ => None,
            }
        })
    }
}

/// The handlers of a list, those in blocks too.
fn handler_tasks(items: &[Item]) -> Vec<Arc<Task>> {
    let mut tasks = Vec::new();
    for item in items {
        match item {
            Item::Task(task) => tasks.push(task.clone()),
            Item::Block(block) => tasks.extend(handler_tasks(&block.tasks)),
        }
    }
    tasks
}
