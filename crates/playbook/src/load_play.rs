//! Plays.

use crate::context::{Context, Found, PlayContext};
use crate::fields::{self, check_names, check_texts, class_of, place};
use crate::keyword_table::{Element, reserved_names};
use crate::load_playbook::PlaybookFile;
use crate::load_tasks::truth;
use crate::loader::Loader;
use crate::{Item, Keywords, Play, VarsPrompt};
use churten_diagnostics::Report;
use churten_value::{Data, Dict, Origin, Value};
use std::sync::Arc;

type Result<T> = std::result::Result<T, Report>;

/// What the `import_playbook` statements around a play give it, outermost first.
#[derive(Clone, Default)]
pub(crate) struct Imported {
    /// The last wins.
    pub(crate) vars: Vec<Arc<Dict>>,
    pub(crate) when: Vec<Value>,
    pub(crate) tags: Vec<Value>,
}

/// Keywords that only a play has are checked here; those that tasks inherit are checked when a task runs.
const BOOLEANS: &[&str] = &["force_handlers", "gather_facts"];
const INTEGERS: &[&str] = &["gather_timeout"];
const PROMPT_KEYS: &[&str] =
    &["name", "prompt", "default", "private", "confirm", "encrypt", "salt_size", "salt", "unsafe"];

impl Loader {
    pub(crate) fn play(
        &self,
        written: &Dict,
        origin: Option<Origin>,
        file: &PlaybookFile,
        imported: &Imported,
    ) -> Result<Play> {
        let entries = remote_user(written, origin)?;
        check_names(&entries, Element::Play)?;
        let mut keywords = fields::keywords(&entries, Element::Play, &*self.environment)?;
        check_texts(&entries, Element::Play, origin)?;
        if let Some(own) = &file.collection
            && !keywords.collections.iter().any(|name| name.as_str() == Some(own))
        {
            keywords.collections.insert(0, own.clone().into());
        }
        let hosts = hosts(&entries)?;
        let vars = keywords.vars.pop().unwrap_or_default();
        reserved_names(&vars).for_each(|warning| self.environment.warning(warning));
        for tag in &imported.tags {
            if !keywords.tags.contains(tag) {
                keywords.tags.push(tag.clone());
            }
        }
        let id = self.number();
        let vars_files = vars_files(entries.get("vars_files"))?;
        // While loading, the vars of the innermost import count, and less than the play's own; when the play runs,
        // those of the outermost win over all.
        let name_vars = imported.vars.first().cloned().into_iter().chain([vars.clone()]).collect();
        let keywords = Arc::new(keywords);
        let handler_context = Context {
            play: Arc::new(PlayContext {
                id,
                directory: file.directory.clone(),
                search_directory: file.search_directory.clone(),
                vars: name_vars,
                vars_files: vars_files.clone(),
            }),
            keywords: keywords.clone(),
            role: None,
            role_chain: Arc::default(),
            include_chain: Arc::default(),
            include_vars: Arc::default(),
            handlers: true,
            in_block: false,
            depth: 0,
        };
        let mut context = Context { handlers: false, ..handler_context.clone() };
        if !imported.when.is_empty() {
            context.keywords = Arc::new(Keywords { when: imported.when.clone(), ..(*keywords).clone() });
        }
        let mut found = Found::default();
        let (role_tasks, mut handlers) = self.play_roles(&entries, origin, &context, &mut found)?;
        let section = |name: &str, context: &Context, found: &mut Found| -> Result<Vec<Item>> {
            let Some(value) = entries.get(name) else { return Ok(Vec::new()) };
            match &value.data {
                Data::None => Ok(Vec::new()),
                Data::List(list) => self.task_list(list, context, found),
                _ => {
                    let message = format!(
                        "A malformed block was encountered while loading {name}: {} should be a list or None but is {}",
                        value.to_text(),
                        class_of(value)
                    );
                    Err(Report::parser(message).at(origin))
                }
            }
        };
        // In ansible-core's order: the first error in it is the one that is told.
        handlers.extend(section("handlers", &handler_context, &mut found)?);
        let pre_tasks = section("pre_tasks", &context, &mut found)?;
        let post_tasks = section("post_tasks", &context, &mut found)?;
        let tasks = section("tasks", &context, &mut found)?;
        handlers.append(&mut found.handlers);
        let vars_prompt = vars_prompt(entries.get("vars_prompt"))?;
        let Some(hosts) = hosts else {
            return Err(Report::parser("The field 'hosts' is required but was not set.").at(origin));
        };
        self.check_types(&entries)?;
        let get = |name: &str| entries.get(name).filter(|value| !value.is_none()).cloned();
        Ok(Play {
            id,
            origin,
            directory: file.directory.clone(),
            search_directory: file.search_directory.clone(),
            name: get("name"),
            hosts,
            keywords,
            vars,
            import_vars: imported.vars.clone(),
            vars_files,
            vars_prompt,
            gather_facts: get("gather_facts"),
            gather_subset: get("gather_subset"),
            gather_timeout: get("gather_timeout"),
            fact_path: get("fact_path"),
            serial: fields::list(entries.get("serial")),
            strategy: get("strategy"),
            order: get("order"),
            max_fail_percentage: get("max_fail_percentage"),
            force_handlers: get("force_handlers"),
            pre_tasks,
            role_tasks,
            tasks,
            post_tasks,
            handlers,
            roles: found.roles,
        })
    }

    fn play_roles(
        &self,
        entries: &Dict,
        origin: Option<Origin>,
        context: &Context,
        found: &mut Found,
    ) -> Result<(Vec<Item>, Vec<Item>)> {
        let (mut tasks, mut handlers) = (Vec::new(), Vec::new());
        let Some(value) = entries.get("roles") else { return Ok((tasks, handlers)) };
        match &value.data {
            Data::None => {}
            Data::List(list) => {
                // All roles are found before the first is read.
                let uses: Vec<_> = list.iter().map(|entry| self.role_entry(entry, context)).collect::<Result<_>>()?;
                for wanted in &uses {
                    self.find_role(wanted, context)?;
                }
                for wanted in uses {
                    let (more_tasks, more_handlers) = self.role(wanted, context)?.unfold(found);
                    tasks.extend(more_tasks);
                    handlers.extend(more_handlers);
                }
            }
            _ => {
                let message = format!(
                    "A malformed role declaration was encountered: ds ({}) should be a list but was a {}",
                    value.to_text(),
                    class_of(value)
                );
                return Err(Report::parser(message).at(origin));
            }
        }
        Ok((tasks, handlers))
    }

    /// Types of the play's own keywords, when they are no templates.
    fn check_types(&self, entries: &Dict) -> Result<()> {
        let fails = |name: &str, kind: &str, value: &Value| {
            let cause = format!("The value {} could not be converted to '{kind}'.", churten_value::Repr(value));
            Report::parser(format!("Error processing keyword '{name}'."))
                .at(place(value))
                .caused_by(Report::parser(cause).at(place(value)).apart())
        };
        let given =
            |name: &str| entries.get(name).filter(|value| !value.is_none() && !self.environment.is_template(value));
        for name in BOOLEANS {
            if let Some(value) = given(name).filter(|value| truth(value).is_none()) {
                return Err(fails(name, "bool", value));
            }
        }
        if let Some(value) = given("max_fail_percentage") {
            let fits = match &value.data {
                Data::Str(text) => text.trim().trim_end_matches('%').parse::<f64>().is_ok(),
                Data::Int(_) | Data::Float(_) | Data::Bool(_) => true,
                _ => false,
            };
            if !fits {
                return Err(fails("max_fail_percentage", "percent", value));
            }
        }
        for name in INTEGERS {
            let Some(value) = given(name) else { continue };
            let fits = match &value.data {
                Data::Str(text) => text.trim().parse::<i64>().is_ok(),
                Data::Int(_) | Data::BigInt(_) | Data::Float(_) | Data::Bool(_) => true,
                _ => false,
            };
            if !fits {
                return Err(fails(name, "int", value));
            }
        }
        Ok(())
    }
}

/// `user` is the old name of `remote_user`.
fn remote_user(written: &Dict, origin: Option<Origin>) -> Result<Dict> {
    if !written.contains("user") {
        return Ok(written.clone());
    }
    if written.contains("remote_user") {
        let message = "both 'user' and 'remote_user' are set for this play. The use of 'user' is deprecated, and should \
                       be removed";
        return Err(Report::parser(message).at(origin));
    }
    Ok(written
        .iter()
        .map(|(key, value)| match key.as_str() {
            Some("user") => (Value::str("remote_user").with_tags(key.tags), value.clone()),
            _ => (key.clone(), value.clone()),
        })
        .collect())
}

fn hosts(entries: &Dict) -> Result<Option<Value>> {
    let Some(hosts) = entries.get("hosts") else { return Ok(None) };
    if !hosts.is_truthy() {
        return Err(Report::parser("Hosts list cannot be empty. Please check your playbook"));
    }
    match &hosts.data {
        Data::Str(_) => {}
        Data::List(items) => {
            for item in items.iter() {
                if item.is_none() {
                    let message = "Hosts list cannot contain values of 'None'. Please check your playbook";
                    return Err(Report::parser(message));
                }
                if item.as_str().is_none() {
                    let message = format!("Hosts list contains an invalid host value: '{}'", item.to_text());
                    return Err(Report::parser(message));
                }
            }
        }
        _ => {
            return Err(Report::parser("Hosts list must be a sequence or string. Please check your playbook."));
        }
    }
    Ok(Some(hosts.clone()))
}

fn vars_files(value: Option<&Value>) -> Result<Vec<Value>> {
    let fits = |value: &Value| matches!(value.data, Data::Str(_) | Data::List(_) | Data::None);
    let files = fields::list(value);
    for file in value.into_iter().chain(&files) {
        if !fits(file) {
            let message = format!("Invalid `vars_files` value of type '{}'.", file.type_name());
            return Err(Report::parser(message)
                .at(place(file))
                .help("A `vars_files` value should either be a string or list of strings."));
        }
    }
    Ok(files)
}

fn vars_prompt(value: Option<&Value>) -> Result<Vec<VarsPrompt>> {
    let Some(value) = value.filter(|value| !value.is_none()) else { return Ok(Vec::new()) };
    let mut prompts = Vec::new();
    for entry in fields::list(Some(value)) {
        let Some(options) = entry.as_dict() else {
            return Err(Report::parser("Invalid variable file contents.")
                .at(place(&entry))
                .help("Variable files must contain either a dictionary of variables, or a list of dictionaries."));
        };
        let Some(name) = options.get("name") else {
            let message = "Invalid vars_prompt data structure, missing 'name' key";
            return Err(Report::parser(message).at(value.origin()));
        };
        for key in options.keys() {
            if !key.as_str().is_some_and(|key| PROMPT_KEYS.contains(&key)) {
                let message = format!("Invalid vars_prompt data structure, found unsupported key '{}'", key.to_text());
                return Err(Report::parser(message).at(value.origin()));
            }
        }
        let mut rest = options.clone();
        rest.remove("name");
        prompts.push(VarsPrompt { name: name.to_text().into(), options: rest });
    }
    Ok(prompts)
}
