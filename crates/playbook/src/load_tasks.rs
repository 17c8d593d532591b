//! Lists of tasks: tasks, blocks and static imports.

use crate::action::{Statement, statement};
use crate::context::{Context, Found, MAX_DEPTH};
use crate::fields::{self, check_names, check_texts, class_of};
use crate::keyword_table::Element;
use crate::loader::{Loader, RoleInclude};
use crate::role_name::RoleUse;
use crate::{Action, Block, Item, Keywords, Loop, LoopControl, ResolvedAction, Task, files, includes};
use churten_diagnostics::Report;
use churten_value::{Data, Dict, Origin, Repr, Value};
use std::path::Path;
use std::sync::Arc;

type Result<T> = std::result::Result<T, Report>;

fn is_block(entry: &Value) -> bool {
    entry.as_dict().is_some_and(|entries| ["block", "rescue", "always"].iter().any(|key| entries.contains(key)))
}

impl Loader {
    /// A top-level list of tasks (a play's section, a role's or an included file).
    pub(crate) fn task_list(&self, entries: &[Value], context: &Context, found: &mut Found) -> Result<Vec<Item>> {
        for (index, entry) in entries.iter().enumerate() {
            if entry.as_dict().is_none() && !entry.is_none() {
                // ansible-core shows the run of tasks that it would have wrapped in a block.
                let run = entries.iter().skip(index).take_while(|entry| !is_block(entry));
                let before = entries[..index].iter().rev().take_while(|entry| !is_block(entry)).count();
                let shown: Vec<Value> = entries[index - before..index].iter().chain(run).cloned().collect();
                let message = format!(
                    "A malformed block was encountered while loading a block: The ds ({}) should be a dict but was a \
                     <class 'list'>",
                    Repr(&Value::list(shown))
                );
                return Err(Report::parser(message).at(entry.origin()));
            }
        }
        self.items(entries.iter().filter(|entry| !entry.is_none()), context, found)
    }

    /// The list in a task file or a role's `tasks/main`.
    pub(crate) fn task_file(
        &self,
        data: &Value,
        path: &Path,
        context: &Context,
        found: &mut Found,
    ) -> Result<Vec<Item>> {
        match &data.data {
            Data::None => {}
            Data::List(entries) if entries.is_empty() => {}
            Data::List(entries) => return self.task_list(entries, context, found),
            _ => {
                return Err(Report::parser("included task files must contain a list of tasks").at(data.origin()));
            }
        }
        let message = format!("file {} is empty and had no tasks to include", path.display());
        self.environment.warning(Report::new(message));
        Ok(Vec::new())
    }

    fn items<'a>(
        &self,
        entries: impl Iterator<Item = &'a Value>,
        context: &Context,
        found: &mut Found,
    ) -> Result<Vec<Item>> {
        let mut items = Vec::new();
        for entry in entries {
            let Some(task) = entry.as_dict() else { continue };
            if is_block(entry) {
                items.push(Item::Block(Arc::new(self.block(task, entry.origin(), context, found)?)));
            } else {
                self.task(task, entry.origin(), context, found, &mut items)?;
            }
        }
        Ok(items)
    }

    fn block(&self, entries: &Dict, origin: Option<Origin>, context: &Context, found: &mut Found) -> Result<Block> {
        if context.depth > MAX_DEPTH {
            return Err(Report::parser("blocks are nested too deeply").at(origin));
        }
        if context.handlers && (context.in_block || !context.include_chain.is_empty()) {
            return Err(Report::parser("Using a block as a handler is not supported.").at(origin));
        }
        if !entries.contains("block") {
            let keyword = if entries.contains("rescue") { "rescue" } else { "always" };
            return Err(Report::parser(format!("'{keyword}' keyword cannot be used without 'block'")).at(origin));
        }
        check_names(entries, Element::Block)?;
        check_texts(entries, Element::Block, origin)?;
        let own = fields::keywords(entries, Element::Block, &*self.environment)?;
        let mut inner = context.with_keywords(Arc::new(own.inherit(&context.keywords)));
        inner.in_block = true;
        let mut section = |name: &str| -> Result<Vec<Item>> {
            let Some(value) = entries.get(name) else { return Ok(Vec::new()) };
            let Data::List(list) = &value.data else {
                let place = if name == "block" { "a block" } else { name };
                let message = format!(
                    "A malformed block was encountered while loading {place}: The ds ({}) should be a list but was a {}",
                    value.to_text(),
                    class_of(value)
                );
                return Err(Report::parser(message).at(origin));
            };
            if list.iter().any(|entry| entry.as_dict().is_none()) {
                let place = if name == "block" { "a block" } else { name };
                let message = format!(
                    "A malformed block was encountered while loading {place}: The ds ({}) should be a dict but was a {}",
                    Repr(value),
                    class_of(value)
                );
                return Err(Report::parser(message).at(origin));
            }
            self.items(list.iter(), &inner, found)
        };
        Ok(Block {
            name: entries.get("name").filter(|name| !name.is_none()).cloned(),
            origin,
            tasks: section("block")?,
            rescue: section("rescue")?,
            always: section("always")?,
            keywords: inner.keywords.clone(),
            role: context.role.clone(),
        })
    }

    fn task(
        &self,
        entries: &Dict,
        origin: Option<Origin>,
        context: &Context,
        found: &mut Found,
        items: &mut Vec<Item>,
    ) -> Result<()> {
        let statement = statement(entries, origin, &*self.environment)?;
        let collections = fields::text_list("collections", entries.get("collections"))?;
        let searched: Vec<Arc<str>> = if collections.is_empty() {
            context.collections()
        } else {
            collections.iter().filter_map(Value::as_str).map(Arc::from).collect()
        };
        let resolved =
            self.environment.resolve_action(&statement.name, &searched).map_err(|error| error.or_at(origin))?;
        let full = resolved.as_ref().map(|action| action.name.clone()).unwrap_or_default();
        let short = full.strip_prefix("ansible.builtin.").unwrap_or_default();
        let element = match (short, context.handlers) {
            ("import_role" | "include_role", _) => Element::IncludeRole,
            ("import_tasks" | "include_tasks", true) => Element::HandlerTaskInclude,
            ("import_tasks" | "include_tasks", false) => Element::TaskInclude,
            (_, true) => Element::Handler,
            (_, false) => Element::Task,
        };
        if matches!(short, "include_tasks" | "include_role") {
            for key in entries.keys().filter_map(Value::as_str) {
                let is_action = key == &*statement.name || matches!(key, "action" | "local_action");
                if !is_action && !key.starts_with("with_") && !element.include_takes(key) {
                    if self.environment.invalid_attributes_fail() {
                        let message = format!("'{key}' is not a valid attribute for a {}", element.name());
                        return Err(Report::parser(message).at(origin));
                    }
                    self.environment.warning(Report::new(format!("Ignoring invalid attribute: {key}")).at(origin));
                }
            }
        }
        if resolved.is_none() && statement.is_key {
            let message = format!(
                "couldn't resolve module/action '{}'. This often indicates a misspelling, missing collection, or \
                 incorrect module path.",
                statement.name
            );
            return Err(Report::parser(message).at(origin));
        }
        let is_missing = resolved.is_none();
        let resolved = resolved.unwrap_or_else(|| ResolvedAction::named(statement.name.clone()));
        let action = Action {
            name: statement.name.clone(),
            is_missing,
            resolved: resolved.name,
            deprecations: resolved.deprecations,
        };
        let is_include = matches!(short, "import_tasks" | "include_tasks" | "import_role" | "include_role");
        let mut task = self.plain_task(entries, origin, element, action, &statement, context)?;
        if !is_include {
            let is_end_role =
                short == "meta" && task.args.get("_raw_params").is_some_and(|name| name.as_str() == Some("end_role"));
            if is_end_role && context.handlers {
                return Err(Report::parser("Cannot execute 'end_role' from a handler").at(origin));
            }
            if is_end_role && context.role.is_none() {
                return Err(Report::parser("Cannot execute 'end_role' from outside of a role").at(origin));
            }
            items.push(Item::Task(Arc::new(task)));
            return Ok(());
        }
        if matches!(short, "import_role" | "include_role") && context.handlers {
            let message = format!("Using '{short}' as a handler is not supported.");
            return Err(Report::parser(message).at(origin));
        }
        // Messages have the action's name as it is written.
        let written = task.action.name.clone();
        match short {
            "import_tasks" | "include_tasks" => check_include_tasks(&mut task, &written)?,
            _ => check_include_role(&task, &written)?,
        }
        if matches!(short, "import_tasks" | "import_role") && task.r#loop.is_some() {
            let message = format!(
                "You cannot use loops on '{short}' statements. You should use '{}' instead.",
                short.replace("import", "include")
            );
            return Err(Report::parser(message).at(origin));
        }
        match short {
            "import_tasks" => self.import_tasks(&task, context, found, items),
            "import_role" => self.import_role(&task, context, found, items),
            _ => {
                items.push(Item::Task(Arc::new(task)));
                Ok(())
            }
        }
    }

    fn plain_task(
        &self,
        entries: &Dict,
        origin: Option<Origin>,
        element: Element,
        action: Action,
        statement: &Statement,
        context: &Context,
    ) -> Result<Task> {
        let r#loop = self.task_loop(entries, origin)?;
        for key in entries.keys() {
            let Some(name) = key.as_str() else { continue };
            let is_action = statement.is_key && name == &*statement.name;
            let is_loop = name.strip_prefix("with_").is_some_and(|lookup| self.environment.has_lookup(lookup));
            if is_action || is_loop || name == "local_action" || element.takes(name) {
                continue;
            }
            if !self.environment.invalid_attributes_fail() {
                self.environment.warning(Report::new(format!("Ignoring invalid attribute: {name}")));
                continue;
            }
            let message = format!(
                "'{name}' is not a valid attribute for a {}\nThis error can be suppressed as a warning using the \
                 \"invalid_task_attribute_failed\" configuration",
                element.name()
            );
            return Err(Report::parser(message).at(key.origin()));
        }
        let mut own = fields::keywords(entries, element, &*self.environment)?;
        check_texts(entries, element, origin)?;
        if statement.is_local {
            own.delegate_to = Some("localhost".into());
        }
        let register = entries.get("register").filter(|name| !name.is_none()).cloned();
        if let Some(name) = &register {
            fields::check_variable_name(name).map_err(|error| {
                Report::parser("Invalid 'register' specified.").at(fields::place(name)).caused_by(error)
            })?;
        }
        let listen =
            if element.takes("listen") { fields::text_list("listen", entries.get("listen"))? } else { Vec::new() };
        let get = |name: &str| entries.get(name).filter(|value| !value.is_none()).cloned();
        let vars = own.vars.first().cloned().unwrap_or_default();
        let file = origin.map(|origin| origin.source.name());
        Ok(Task {
            id: self.number(),
            origin,
            name: get("name"),
            action,
            args: statement.args.clone(),
            keywords: Arc::new(own.inherit(&context.keywords)),
            vars,
            r#loop,
            register,
            until: fields::list(entries.get("until")),
            retries: get("retries"),
            delay: get("delay"),
            changed_when: fields::list(entries.get("changed_when")),
            failed_when: fields::list(entries.get("failed_when")),
            r#async: get("async"),
            poll: get("poll"),
            listen,
            role: context.role.clone(),
            search_path: search_path(context, file.as_deref()),
            file,
            surroundings: context.keywords.clone(),
            include_chain: context.include_chain.clone(),
            include_vars: context.include_vars.clone(),
            role_chain: context.role_chain.clone(),
            is_handler: context.handlers,
            action_origin: statement.origin,
            play: Some(context.play.clone()),
            implicit: false,
        })
    }

    fn task_loop(&self, entries: &Dict, origin: Option<Origin>) -> Result<Option<Loop>> {
        let mut lookup: Option<Arc<str>> = None;
        let mut items: Option<Value> = None;
        for (key, value) in entries {
            let Some(name) = key.as_str() else { continue };
            if name == "loop" {
                items = (!value.is_none()).then(|| value.clone());
            } else if let Some(wanted) = name.strip_prefix("with_") {
                if !self.environment.has_lookup(wanted) {
                    continue;
                }
                if items.is_some() || lookup.is_some() {
                    return Err(Report::new(format!("duplicate loop in task: {wanted}")).at(origin));
                }
                if value.is_none() {
                    return Err(Report::new(format!("you must specify a value when using {name}")).at(origin));
                }
                lookup = Some(wanted.into());
                items = Some(value.clone());
            }
        }
        let control = match entries.get("loop_control") {
            None => LoopControl::default(),
            Some(value) => loop_control(value)?,
        };
        Ok(items.map(|items| Loop { lookup, items, control }))
    }

    fn import_tasks(&self, task: &Task, context: &Context, found: &mut Found, items: &mut Vec<Item>) -> Result<()> {
        if context.depth > MAX_DEPTH {
            let message = "Exceeded maximum object depth: import_tasks statements import each other";
            return Err(Report::new(message).at(task.origin));
        }
        let Some(written) = task.args.get("_raw_params") else { return Ok(()) };
        let rendered = self.name_of(written, context, std::slice::from_ref(&task.vars)).map_err(|cause| {
            let message = format!("Error when evaluating variable in import path {}.", Repr(written));
            Report::parser(message)
                .at(task.origin)
                .help(
                    "When using static imports, ensure that any variables used in their names are defined in \
                     vars/vars_files\nor extra-vars passed in from the command line. Static imports cannot use \
                     variables from facts or inventory\nsources like group or host vars.",
                )
                .caused_by(cause)
        })?;
        let target = rendered.to_text();
        let path = includes::search(
            &target,
            context.role.as_deref(),
            &context.include_chain,
            &context.play.directory,
            context.handlers,
        );
        let data = files::load(&*self.environment, &path)?;
        self.environment.imported(&path);
        let mut inner = context.with_keywords(task.keywords.clone());
        inner.include_chain = includes::extend(&target, &context.include_chain);
        items.extend(self.task_file(&data, &path, &inner, found)?);
        Ok(())
    }

    fn import_role(&self, task: &Task, context: &Context, found: &mut Found, items: &mut Vec<Item>) -> Result<()> {
        let Some(args) = task.args.as_dict() else { return Ok(()) };
        let Some(written) = args.get("name").or_else(|| args.get("role")) else { return Ok(()) };
        let own = std::slice::from_ref(&task.vars);
        if let Some(name) = task.name.as_ref().filter(|name| self.environment.is_template(name)) {
            self.environment.check_name(name, &self.name_layers(context, own));
        }
        let name = self.name_of(written, context, own)?;
        let from = |key: &str| {
            let place = fields::place(args.get(key).unwrap_or(written));
            let rendered = args.get(key).map(|value| self.name_of(value, context, own)).transpose();
            rendered.map(|value| value.map(|value| value.to_text())).map_err(|error| error.or_at(place))
        };
        let flag = |key: &str| -> Result<Option<bool>> {
            let Some(value) = args.get(key) else { return Ok(None) };
            let rendered = self.name_of(value, context, own);
            Ok(truth(&rendered.map_err(|error| error.or_at(fields::place(value)))?))
        };
        let public = flag("public")?.unwrap_or_else(|| !self.environment.private_role_vars().unwrap_or(false));
        let wanted = RoleUse {
            name: name.to_text().into(),
            origin: fields::place(written),
            include_vars: task.vars.clone(),
            options: RoleInclude {
                tasks_from: from("tasks_from")?,
                vars_from: from("vars_from")?,
                defaults_from: from("defaults_from")?,
                handlers_from: from("handlers_from")?,
                public,
                allow_duplicates: flag("allow_duplicates")?.unwrap_or(true),
                validate: flag("rolespec_validate")?.unwrap_or(true),
            },
            from_include: true,
            public,
            ..RoleUse::default()
        };
        let inner = context.with_keywords(task.keywords.clone());
        let loaded = self.role(wanted, &inner)?;
        let (tasks, handlers) = loaded.unfold(found);
        items.extend(tasks);
        found.handlers.extend(handlers);
        Ok(())
    }
}

/// `ansible_search_path` without the playbook's directory.
pub(crate) fn search_path(context: &Context, file: Option<&str>) -> Arc<[Arc<str>]> {
    let mut directories: Vec<Arc<str>> = Vec::new();
    for role in context.role_chain.iter().rev() {
        directories.push(role.path.to_string_lossy().into());
    }
    let directory = file.and_then(|file| Path::new(file).parent()).map(|path| path.to_string_lossy());
    if let Some(directory) = directory
        && !directories.iter().any(|known| **known == *directory)
    {
        directories.push(directory.into());
    }
    directories.into()
}

/// The truth of a flag written as a boolean or as YAML 1.1's words; `None` for anything else.
pub(crate) fn truth(value: &Value) -> Option<bool> {
    match &value.data {
        Data::Bool(flag) => Some(*flag),
        Data::Int(0) => Some(false),
        Data::Int(1) => Some(true),
        Data::Str(text) => match text.to_ascii_lowercase().as_str() {
            "yes" | "on" | "true" | "1" | "y" | "t" => Some(true),
            "no" | "off" | "false" | "0" | "n" | "f" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

fn check_include_tasks(task: &mut Task, name: &str) -> Result<()> {
    let Some(args) = task.args.as_dict() else {
        // A template for all arguments is an argument that no include has.
        return Err(Report::parser(format!("Invalid options for {name}: _variable_params")).at(task.origin));
    };
    let mut args = args.clone();
    if let Some(file) = args.remove("file")
        && !args.contains("_raw_params")
    {
        args.insert("_raw_params", file);
    }
    if args.get("_raw_params").is_none_or(|file| !file.is_truthy()) {
        let known = ["_raw_params", "apply"];
        bad_options(&args, &known, name, task.origin)?;
        return Err(Report::parser(format!("No file specified for {name}")).at(task.origin));
    }
    bad_options(&args, &["_raw_params", "apply"], name, task.origin)?;
    check_apply(&args, task.origin, name)?;
    task.args = Value::dict(args).with_tags(task.args.tags);
    Ok(())
}

fn bad_options(args: &Dict, known: &[&str], action: &str, origin: Option<Origin>) -> Result<()> {
    let bad: Vec<String> =
        args.keys().filter(|key| !key.as_str().is_some_and(|name| known.contains(&name))).map(Value::to_text).collect();
    if bad.is_empty() {
        return Ok(());
    }
    Err(Report::parser(format!("Invalid options for {action}: {}", bad.join(","))).at(origin))
}

fn check_apply(args: &Dict, origin: Option<Origin>, action: &str) -> Result<()> {
    let Some(apply) = args.get("apply") else { return Ok(()) };
    if apply.is_truthy() && action.rsplit('.').next().is_some_and(|name| name.starts_with("import_")) {
        return Err(Report::parser(format!("Invalid options for {action}: apply")).at(origin));
    }
    if apply.as_dict().is_none() {
        let message = format!("Expected a dict for apply but got {} instead", class_of(apply));
        return Err(Report::parser(message).at(origin));
    }
    Ok(())
}

fn check_include_role(task: &Task, name: &str) -> Result<()> {
    const FROM: &[&str] = &["tasks_from", "vars_from", "defaults_from", "handlers_from"];
    const KNOWN: &[&str] = &[
        "name",
        "role",
        "tasks_from",
        "vars_from",
        "defaults_from",
        "handlers_from",
        "apply",
        "public",
        "allow_duplicates",
        "rolespec_validate",
    ];
    let Some(args) = task.args.as_dict() else {
        return Err(Report::parser(format!("'name' is a required field for {name}.")).at(task.origin));
    };
    if args.get("name").or_else(|| args.get("role")).is_none_or(Value::is_none) {
        return Err(Report::parser(format!("'name' is a required field for {name}.")).at(task.origin));
    }
    bad_options(args, KNOWN, name, task.origin)?;
    for key in FROM {
        if let Some(value) = args.get(key)
            && value.as_str().is_none()
        {
            let message = format!("Expected a string for {key} but got {} instead", class_of(value));
            return Err(Report::parser(message));
        }
    }
    check_apply(args, task.origin, name)
}

fn loop_control(value: &Value) -> Result<LoopControl> {
    let Some(entries) = value.as_dict() else {
        let message = "the `loop_control` value must be specified as a dictionary and cannot be a variable itself \
                       (though it can contain variables)";
        return Err(Report::parser(message).at(fields::place(value)));
    };
    check_names(entries, Element::LoopControl)?;
    for name in ["label", "loop_var", "index_var"] {
        if let Some(value_of) = entries.get(name)
            && matches!(value_of.data, Data::List(_) | Data::Dict(_))
        {
            return Err(fields::not_text(name, value_of).at(value.origin()));
        }
    }
    let get = |name: &str| entries.get(name).filter(|value| !value.is_none()).cloned();
    Ok(LoopControl {
        loop_var: get("loop_var"),
        index_var: get("index_var"),
        label: get("label"),
        pause: get("pause"),
        extended: get("extended"),
        extended_allitems: get("extended_allitems"),
        break_when: fields::list(entries.get("break_when")),
    })
}

/// An implicit task without a place of its own.
pub(crate) fn implicit_task(loader: &Loader, context: &Context, action: &str, args: Dict, name: Option<Value>) -> Task {
    let own = Keywords { tags: vec!["always".into()], ..Keywords::default() };
    let short = action.strip_prefix("ansible.builtin.").unwrap_or(action);
    let resolved = format!("ansible.builtin.{short}").into();
    Task {
        name,
        args: Value::dict(args),
        keywords: Arc::new(own.inherit(&context.keywords)),
        role: context.role.clone(),
        search_path: search_path(context, None),
        surroundings: context.keywords.clone(),
        include_chain: context.include_chain.clone(),
        include_vars: context.include_vars.clone(),
        role_chain: context.role_chain.clone(),
        play: Some(context.play.clone()),
        implicit: true,
        ..Task::new(
            loader.number(),
            Action { name: action.into(), resolved, is_missing: false, deprecations: Arc::default() },
        )
    }
}
