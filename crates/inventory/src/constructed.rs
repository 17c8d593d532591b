//! The inventory plugin `constructed`: variables and groups made from the variables of the hosts read so far.

use crate::build::Builder;
use crate::files::{Stage, VariableFiles};
use crate::merge::merge_variables;
use crate::model::HostId;
use churten_diagnostics::Report;
use churten_template::{Environment, Templar};
use churten_value::{Data, Dict, Repr, Value};

/// Applies a configuration to every host of the inventory.
///
/// # Errors
/// A configuration of another structure; with `strict`, an expression that fails.
pub(crate) fn parse(builder: &mut Builder<'_>, configuration: &Dict) -> Result<(), Report> {
    let switched_on = |name: &str| configuration.get(name).is_some_and(churten_config::Settings::boolean_of);
    let use_extra_vars = if configuration.contains("use_extra_vars") {
        switched_on("use_extra_vars")
    } else {
        let option = builder.settings.plugin_option("inventory/constructed", "use_extra_vars", &|_| None)?;
        churten_config::Settings::boolean_of(&option.value)
    };
    let mut rules = Rules {
        templar: templar(builder),
        files: switched_on("use_vars_plugins")
            .then(|| VariableFiles::new(builder.settings, builder.reader.clone(), Stage::Any))
            .transpose()?,
        use_extra_vars,
        strict: configuration.get("strict").is_some_and(churten_config::Settings::boolean_of),
        leading_separator: configuration.get("leading_separator").is_none_or(churten_config::Settings::boolean_of),
    };
    let empty = Dict::new();
    let mapping = |name: &str| configuration.get(name).and_then(Value::as_dict).unwrap_or(&empty);
    let keyed = configuration.get("keyed_groups").and_then(Value::as_list).unwrap_or_default();
    for index in 0..builder.data.hosts.len() {
        let host = HostId(index as u32);
        rules.compose(builder, host, mapping("compose"))?;
        let vars = rules.variables(builder, host)?;
        rules.groups(builder, host, &vars, mapping("groups"))?;
        for entry in keyed {
            rules.keyed_group(builder, host, &vars, entry)?;
        }
    }
    Ok(())
}

/// What renders the expressions of a configuration.
pub(crate) fn templar(builder: &Builder<'_>) -> Templar {
    Templar::new(Environment {
        basedir: builder.settings.environment().working_directory.clone(),
        vault: builder.reader.secrets.clone(),
        ..Environment::configured(builder.settings)
    })
}

struct Rules {
    templar: Templar,
    /// What `group_vars` and `host_vars` are read with, where they count.
    files: Option<VariableFiles>,
    use_extra_vars: bool,
    strict: bool,
    leading_separator: bool,
}

impl Rules {
    /// What the inventory sources, the files beside them, and earlier runs say about a host so far.
    fn variables(&mut self, builder: &mut Builder<'_>, host: HostId) -> Result<Dict, Report> {
        let behaviour = builder.settings.hash_behaviour();
        let groups = builder.data.groups_of(host);
        let host = builder.data.host(host);
        let mut vars = Dict::new();
        for group in &groups {
            merge_variables(&mut vars, &builder.data.group(*group).vars, behaviour);
        }
        if let Some(files) = &mut self.files {
            for directory in &builder.directories {
                for group in &groups {
                    if let Some(more) = files.of(directory, "group_vars", &builder.data.group(*group).name)? {
                        merge_variables(&mut vars, &more, behaviour);
                    }
                }
            }
        }
        merge_variables(&mut vars, &host.vars, behaviour);
        if let Some(files) = &mut self.files {
            for directory in &builder.directories {
                if let Some(more) = files.of(directory, "host_vars", &host.name)? {
                    merge_variables(&mut vars, &more, behaviour);
                }
            }
        }
        vars.insert("inventory_hostname", host.name.clone());
        let (name, mut warnings) = (host.name.clone(), vec![]);
        let facts = builder.facts.of(&name, &mut |warning| warnings.push(warning));
        warnings.into_iter().for_each(|warning| builder.warn(warning));
        if let Some(facts) = facts? {
            merge_variables(&mut vars, &facts, behaviour);
        }
        Ok(vars)
    }

    fn compose(&mut self, builder: &mut Builder<'_>, host: HostId, entries: &Dict) -> Result<(), Report> {
        let mut vars = self.variables(builder, host)?;
        // As in ansible-core, groups are made without them.
        if self.use_extra_vars {
            merge_variables(&mut vars, &builder.extra_vars, builder.settings.hash_behaviour());
        }
        for (name, expression) in entries {
            match self.templar.evaluate(expression, &vars) {
                Ok(value) => builder.set_host_variable(host, name.clone(), value),
                Err(report) if self.strict => {
                    let (name, host) = (name.to_text(), builder.data.host(host).name.clone());
                    return Err(report.context(format!("Could not set {name} for host {host}.")));
                }
                Err(_) => {}
            }
        }
        Ok(())
    }

    fn groups(&self, builder: &mut Builder<'_>, host: HostId, vars: &Dict, entries: &Dict) -> Result<(), Report> {
        for (name, condition) in entries {
            match self.templar.evaluate(condition, vars) {
                Ok(value) if value.is_truthy() => {
                    let group = builder.add_made_group(&name.to_text());
                    builder.data.put_host(group, host);
                }
                Ok(_) => {}
                Err(report) if self.strict => {
                    let (name, host) = (name.to_text(), builder.data.host(host).name.clone());
                    return Err(report.context(format!("Could not add host {host} to group {name}.")));
                }
                Err(_) => {}
            }
        }
        Ok(())
    }

    fn keyed_group(&self, builder: &mut Builder<'_>, host: HostId, vars: &Dict, entry: &Value) -> Result<(), Report> {
        let Some(entry) = entry.as_dict() else {
            return Err(Report::parser(format!("Invalid keyed group entry, it must be a dictionary: {}", Repr(entry))));
        };
        let expression = entry.get("key").cloned().unwrap_or_default();
        let key = match self.templar.evaluate(&expression, vars) {
            Ok(key) => key,
            Err(report) if self.strict => {
                let name = builder.data.host(host).name.clone();
                let expression = expression.to_text();
                return Err(
                    report.context(format!("Could not generate group for host {name} from {expression} entry."))
                );
            }
            Err(_) => return Ok(()),
        };
        let default = entry.get("default_value").filter(|value| !value.is_none());
        let trailing = entry.get("trailing_separator").is_none_or(Value::is_truthy);
        if default.is_some() && entry.contains("trailing_separator") {
            return Err(Report::parser(
                "parameters are mutually exclusive for keyed groups: default_value|trailing_separator",
            ));
        }
        if !key.is_truthy() && default.is_none() {
            if self.strict {
                let name = builder.data.host(host).name.clone();
                let expression = expression.to_text();
                return Err(Report::parser(format!(
                    "No key or key resulted empty for {expression} in host {name}, invalid entry"
                )));
            }
            return Ok(());
        }
        let text = |name: &str, or: &str| entry.get(name).map_or_else(|| or.to_owned(), Value::to_text);
        let (prefix, separator) = (text("prefix", ""), text("separator", "_"));
        let filled = |value: &Value| match default {
            Some(default) if value.is_none() || value.as_str() == Some("") => default.to_text(),
            _ => value.to_text(),
        };
        let names: Vec<String> = match &key.data {
            Data::List(items) => items.iter().map(filled).collect(),
            Data::Dict(entries) => entries
                .iter()
                .map(|(name, value)| {
                    let value = filled(value);
                    if value.is_empty() && !trailing {
                        name.to_text()
                    } else {
                        format!("{}{separator}{value}", name.to_text())
                    }
                })
                .collect(),
            Data::Str(_) | Data::None => vec![filled(&key)],
            _ => {
                return Err(Report::parser(format!(
                    "Invalid group name format, expected a string or a list of them or dictionary, got: {}",
                    crate::yaml::python_class(&key)
                )));
            }
        };
        let parent = entry.get("parent_group").filter(|parent| parent.is_truthy()).map(Value::to_text);
        for name in names {
            let separator = if prefix.is_empty() && !self.leading_separator { "" } else { separator.as_str() };
            let group = builder.add_made_group(&format!("{prefix}{separator}{name}"));
            builder.data.put_host(group, host);
            if let Some(parent) = &parent {
                let parent = builder.add_made_group(parent);
                builder.add_child(parent, group)?;
            }
        }
        Ok(())
    }
}
