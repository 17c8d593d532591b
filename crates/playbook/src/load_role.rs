//! Roles: variables, metadata, dependencies, tasks and handlers.

use crate::context::{Context, Found, MAX_DEPTH};
use crate::fields::{self, check_names, class_of};
use crate::keyword_table::Element;
use crate::load_tasks::{implicit_task, truth};
use crate::loader::Loader;
use crate::role_name::RoleUse;
use crate::{Block, Item, Role, files};
use churten_diagnostics::Report;
use churten_value::{Data, Dict, Repr, Value};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

type Result<T> = std::result::Result<T, Report>;

/// A role with its tasks, and the roles it depends on.
pub(crate) struct LoadedRole {
    pub(crate) role: Arc<Role>,
    dependencies: Vec<LoadedRole>,
    block: Item,
    handlers: Vec<Item>,
    found: Found,
}

impl LoadedRole {
    /// Blocks of tasks and handlers, dependencies first. Roles are told to `found`, handlers of roles that the
    /// role's tasks import too.
    pub(crate) fn unfold(self, found: &mut Found) -> (Vec<Item>, Vec<Item>) {
        let mut tasks = Vec::new();
        let mut handlers = Vec::new();
        for dependency in self.dependencies {
            let (more_tasks, more_handlers) = dependency.unfold(found);
            tasks.extend(more_tasks);
            handlers.extend(more_handlers);
        }
        tasks.push(self.block);
        handlers.extend(self.handlers);
        found.roles.extend(self.found.roles);
        found.roles.push(self.role);
        found.handlers.extend(self.found.handlers);
        (tasks, handlers)
    }
}

impl Loader {
    /// Load a role and everything it depends on. `context` is what the role stands in.
    pub(crate) fn role(&self, wanted: RoleUse, context: &Context) -> Result<LoadedRole> {
        if context.role_chain.len() > MAX_DEPTH || context.depth > MAX_DEPTH {
            let message = "A recursion loop was detected with the roles specified. Make sure child roles do not have \
                           dependencies on parent roles: maximum recursion depth exceeded";
            return Err(Report::new(message).at(wanted.origin));
        }
        let place = self.find_role(&wanted, context)?;
        if place.collection.is_none() {
            self.environment.directory_found(&place.path);
        }
        let path = &place.path;
        let options = &wanted.options;
        let name = &place.name;
        let vars = self.variables(path, "vars", options.vars_from.as_deref(), name)?;
        let defaults = self.variables(path, "defaults", options.defaults_from.as_deref(), name)?;
        let metadata = self.metadata(path, name)?;
        let mut collections = fields::text_list("collections", metadata.get("collections"))?;
        if let Some(own) = &place.collection {
            collections.retain(|collection| collection.as_str() != Some(own));
            collections.insert(0, own.clone().into());
        }
        let mut keywords = wanted.keywords.inherit(&context.keywords);
        keywords.collections = collections;
        let keywords = Arc::new(keywords);
        let entry_point: Arc<str> = options.tasks_from.as_deref().unwrap_or("main").into();
        let specs = self.argument_specs(path, &metadata)?;
        let allow_duplicates = if wanted.from_include && wanted.dependent.is_none() {
            options.allow_duplicates
        } else {
            metadata.get("allow_duplicates").and_then(truth).unwrap_or(false)
        };
        let key = format!(
            "{}\0{}\0{}\0{:?}\0{:?}\0{}",
            path.display(),
            *wanted.params,
            *wanted.include_vars,
            (&options.tasks_from, &options.vars_from, &options.defaults_from, &options.handlers_from),
            (
                Repr(&Value::list(wanted.keywords.tags.clone())).to_string(),
                Repr(&Value::list(wanted.keywords.when.clone())).to_string()
            ),
            // A dependency is the same role however the one came that needs it.
            wanted.from_include && wanted.dependent.is_none(),
        );
        let role = Role {
            id: self.use_number(context.play.id, key),
            name: name.clone(),
            collection: place.collection.clone(),
            path: path.clone(),
            defaults,
            vars,
            params: wanted.params.clone(),
            include_vars: wanted.include_vars.clone(),
            parents: context.role_chain.to_vec(),
            dependencies: Vec::new(),
            allow_duplicates,
            public: wanted.public,
            argument_spec: specs.and_then(|specs| specs.get(&entry_point).cloned()).filter(Value::is_truthy),
            entry_point,
            keywords: Arc::new(wanted.keywords.clone()),
            from_include: wanted.from_include,
            is_dependency: wanted.dependent.is_some(),
            metadata,
        };
        self.role_content(role, &wanted, context, keywords)
    }

    fn role_content(
        &self,
        role: Role,
        wanted: &RoleUse,
        context: &Context,
        keywords: Arc<crate::Keywords>,
    ) -> Result<LoadedRole> {
        let shell = Arc::new(role);
        let mut inner = context.with_keywords(keywords);
        inner.role = Some(shell.clone());
        inner.role_chain = context.role_chain.iter().cloned().chain([shell.clone()]).collect();
        inner.include_chain = Arc::default();
        inner.in_block = false;
        let dependencies = self.dependencies(&shell, wanted, &inner)?;
        let role = if dependencies.is_empty() {
            shell
        } else {
            let dependencies = dependencies.iter().map(|loaded| loaded.role.clone()).collect();
            let whole = Arc::new(Role { dependencies, ..Role::clone(&shell) });
            inner.role = Some(whole.clone());
            inner.role_chain = context.role_chain.iter().cloned().chain([whole.clone()]).collect();
            whole
        };
        let is_own = |name: &Value| matches!(name.as_str(), Some("ansible.builtin" | "ansible.legacy"));
        if role.collection.is_some() && !inner.keywords.collections.iter().any(is_own) {
            // In a role of a collection, the project's own modules are not looked for.
            let mut keywords = crate::Keywords::clone(&inner.keywords);
            keywords.collections.push("ansible.builtin".into());
            inner.keywords = Arc::new(keywords);
        }
        let mut found = Found::default();
        let options = &wanted.options;
        let mut tasks = Vec::new();
        if options.validate {
            tasks.extend(self.validation(&role, &inner));
        }
        let section = self.section(&role, "tasks", options.tasks_from.as_deref())?;
        inner.handlers = false;
        tasks.extend(self.task_list(&section, &inner, &mut found)?);
        let mut args = Dict::new();
        args.insert("_raw_params", "role_complete");
        tasks.push(Item::Task(Arc::new(implicit_task(self, &inner, "meta", args, None))));
        let section = self.section(&role, "handlers", options.handlers_from.as_deref())?;
        inner.handlers = true;
        let handlers = self.task_list(&section, &inner, &mut found)?;
        let block = Item::Block(Arc::new(Block {
            tasks,
            keywords: inner.keywords.clone(),
            role: Some(role.clone()),
            ..Block::default()
        }));
        Ok(LoadedRole { role, dependencies, block, handlers, found })
    }

    fn dependencies(&self, role: &Arc<Role>, wanted: &RoleUse, inner: &Context) -> Result<Vec<LoadedRole>> {
        let entries = match role.metadata.get("dependencies") {
            None => return Ok(Vec::new()),
            Some(value) => match &value.data {
                Data::None => return Ok(Vec::new()),
                Data::List(entries) => entries.clone(),
                _ => {
                    let origin = self.metadata_path(&role.path).map(|path| {
                        churten_value::Origin::new(churten_value::Source::file(&path.to_string_lossy()), 1, 1)
                    });
                    let message = "Expected role dependencies to be a list.";
                    return Err(Report::parser(message).at(origin));
                }
            },
        };
        let mut loaded = Vec::with_capacity(entries.len());
        for entry in entries.iter() {
            let named = galaxy_entry(entry);
            let mut use_of = self.role_entry(&named, inner)?;
            use_of.dependent = Some(role.path.clone());
            use_of.from_include = wanted.from_include;
            use_of.public = wanted.public;
            loaded.push(self.role(use_of, inner)?);
        }
        Ok(loaded)
    }

    /// The implicit first task of a role with an argument spec.
    fn validation(&self, role: &Role, context: &Context) -> Option<Item> {
        let spec = role.argument_spec.as_ref()?;
        let mut name = format!("Validating arguments against arg spec '{}'", role.entry_point);
        if let Some(description) = spec.get("short_description").filter(|text| text.is_truthy()) {
            name = format!("{name} - {}", description.to_text());
        }
        let mut described = Dict::new();
        described.insert("argument_spec_name", role.entry_point.clone());
        described.insert("name", role.name.clone());
        described.insert("path", role.path.to_string_lossy().into_owned());
        described.insert("type", "role");
        let mut args = Dict::new();
        args.insert(
            "argument_spec",
            spec.get("options")
                .filter(|options| !options.is_none())
                .cloned()
                .unwrap_or_else(|| Value::dict(Dict::new())),
        );
        args.insert("provided_arguments", (*role.params).clone());
        args.insert("validate_args_context", described);
        let mut task =
            implicit_task(self, context, "ansible.builtin.validate_argument_spec", args, Some(Value::str(name)));
        task.implicit = false;
        Some(Item::Task(Arc::new(task)))
    }

    /// The list in `tasks/main` or `handlers/main`.
    fn section(&self, role: &Role, kind: &str, from: Option<&str>) -> Result<Vec<Value>> {
        check_inside(&role.path.join(kind), from, &role.name)?;
        let Some(path) = find_files(&role.path.join(kind), from, false).pop() else {
            if let (Some(from), true) = (from, role.path.join(kind).is_dir()) {
                return Err(Report::parser(format!("Could not find specified file in role: {kind}/{from}")));
            }
            if let (Some(from), "tasks") = (from, kind) {
                return Err(Report::parser(format!("Could not find specified file in role: {kind}/{from}")));
            }
            return Ok(Vec::new());
        };
        let data = files::load(&*self.environment, &path)?;
        match &data.data {
            Data::None => Ok(Vec::new()),
            Data::List(entries) => Ok(entries.to_vec()),
            _ => {
                let message = format!(
                    "The {kind}/main.yml file for role '{}' must contain a list of tasks: {} should be a list or None \
                     but is {}",
                    role.name,
                    data.to_text(),
                    class_of(&data)
                );
                Err(Report::parser(message).at(data.origin()))
            }
        }
    }

    /// `vars/main` or `defaults/main`: one file, or all files of a directory of that name.
    fn variables(&self, path: &Path, kind: &str, from: Option<&str>, name: &str) -> Result<Arc<Dict>> {
        check_inside(&path.join(kind), from, name)?;
        let files = find_files(&path.join(kind), from, true);
        if files.is_empty() {
            if let (Some(from), true) = (from, path.join(kind).is_dir()) {
                return Err(Report::parser(format!("Could not find specified file in role: {kind}/{from}")));
            }
            return Ok(Arc::default());
        }
        let mut merged = Dict::new();
        for file in files {
            let data = files::load(&*self.environment, &file)?;
            match &data.data {
                Data::None => {}
                Data::Dict(entries) => merged.extend_from(entries),
                _ => {
                    let message =
                        format!("The {kind}/main.yml file for role '{name}' must contain a dictionary of variables");
                    return Err(Report::parser(message));
                }
            }
        }
        Ok(Arc::new(merged))
    }

    fn metadata_path(&self, path: &Path) -> Option<PathBuf> {
        find_files(&path.join("meta"), None, false).pop()
    }

    fn metadata(&self, path: &Path, name: &str) -> Result<Dict> {
        let Some(file) = self.metadata_path(path) else { return Ok(Dict::new()) };
        let data = files::load(&*self.environment, &file)?;
        match &data.data {
            Data::None => Ok(Dict::new()),
            Data::Dict(entries) => {
                check_names(entries, Element::RoleMetadata)?;
                Ok((**entries).clone())
            }
            _ => Err(Report::parser(format!("the 'meta/main.yml' for role {name} is not a dictionary"))),
        }
    }

    /// All argument specs, by entry point: from `meta/argument_specs`, or `argument_specs` in `meta/main`.
    fn argument_specs(&self, path: &Path, metadata: &Dict) -> Result<Option<Value>> {
        let file = find_files(&path.join("meta"), Some("argument_specs"), false).pop();
        let Some(file) = file else { return Ok(metadata.get("argument_specs").cloned()) };
        let data = files::load(&*self.environment, &file)?;
        Ok(data.get("argument_specs").cloned())
    }
}

/// A dependency in the form of a galaxy requirement gets its role's name.
fn galaxy_entry(entry: &Value) -> Value {
    let Some(entries) = entry.as_dict() else { return entry.clone() };
    if entries.contains("role") || entries.contains("name") {
        return entry.clone();
    }
    let Some(source) = entries.get("src").and_then(Value::as_str) else { return entry.clone() };
    let mut base = source.rsplit('/').next().unwrap_or(source);
    base = base.split(',').next().unwrap_or(base);
    let base = base.strip_suffix(".git").or_else(|| base.strip_suffix(".tar.gz")).unwrap_or(base);
    let mut entries = entries.clone();
    entries.insert("name", base);
    Value::dict(entries).with_tags(entry.tags)
}

/// A file that `tasks_from` and its like name must be inside the role.
fn check_inside(directory: &Path, from: Option<&str>, role: &str) -> Result<()> {
    let Some(from) = from else { return Ok(()) };
    let Some(found) = find_files(directory, Some(from), false).pop() else { return Ok(()) };
    let mut depth = 0_usize;
    let escapes = Path::new(from).components().any(|component| match component {
        Component::ParentDir => {
            let is_out = depth == 0;
            depth = depth.saturating_sub(1);
            is_out
        }
        Component::Normal(_) => {
            depth += 1;
            false
        }
        Component::CurDir => false,
        Component::RootDir | Component::Prefix(_) => !found.starts_with(directory),
    });
    if !escapes {
        return Ok(());
    }
    Err(Report::parser(format!(
        "Failed loading '{}' for role ({role}) as it is not inside the expected role path: '{}'",
        found.display(),
        directory.display()
    )))
}

const EXTENSIONS: [&str; 3] = [".yml", ".yaml", ".json"];

/// `main` (or `from`) in a directory of a role, with one of the extensions; with `allow_directory`, all the files of a
/// directory of that name, sorted.
fn find_files(directory: &Path, from: Option<&str>, allow_directory: bool) -> Vec<PathBuf> {
    let extensions: Vec<&str> = match from {
        None => EXTENSIONS.into_iter().chain([""]).collect(),
        Some(_) => std::iter::once("").chain(EXTENSIONS).collect(),
    };
    for extension in extensions {
        let path = directory.join(format!("{}{extension}", from.unwrap_or("main")));
        if path.is_file() {
            return vec![path];
        }
        if allow_directory && path.is_dir() {
            let mut files = Vec::new();
            collect(&path, 0, &mut files);
            return files;
        }
    }
    Vec::new()
}

fn collect(directory: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(directory) else { return };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if name.starts_with('.') || name.ends_with('~') {
            continue;
        }
        if path.is_dir() {
            if depth < MAX_DEPTH {
                collect(&path, depth + 1, files);
            }
        } else if EXTENSIONS.iter().any(|extension| name.ends_with(extension)) || !name.contains('.') {
            files.push(path);
        }
    }
}
