//! The YAML inventory format.

use crate::build::Builder;
use crate::ini::expand_pattern;
use crate::model::GroupId;
use churten_diagnostics::Report;
use churten_value::{Data, Dict, Repr, Value};

/// Groups in groups in groups are refused from here on.
const MAX_DEPTH: usize = 100;

/// The Python class of a value as messages show it.
pub(crate) fn python_class(value: &Value) -> String {
    let name = match &value.data {
        Data::Bool(_) => return "<class 'bool'>".to_owned(),
        Data::None => return "<class 'NoneType'>".to_owned(),
        Data::Dict(_) => "Dict",
        Data::List(_) => "List",
        Data::Float(_) => "Float",
        Data::Int(_) | Data::BigInt(_) => "Int",
        Data::Timestamp(when) if when.time.is_some() => "DateTime",
        Data::Timestamp(_) => "Date",
        Data::Time(_) => "Time",
        _ => "Str",
    };
    format!("<class 'ansible.module_utils._internal._datatag._AnsibleTagged{name}'>")
}

/// Reads a document into the inventory.
///
/// # Errors
/// A document of another structure; what came before the error stays in the inventory.
pub(crate) fn parse(builder: &mut Builder<'_>, document: &Value) -> Result<(), Report> {
    if !document.is_truthy() {
        return Err(Report::parser("Parsed empty YAML file"));
    }
    let Some(groups) = document.as_dict() else {
        return Err(Report::parser(format!(
            "YAML inventory has invalid structure, it should be a dictionary, got: {}",
            python_class(document)
        )));
    };
    if groups.get("plugin").is_some_and(Value::is_truthy) {
        return Err(Report::parser("Plugin configuration YAML file, not YAML inventory"));
    }
    for (name, content) in groups {
        parse_group(builder, name, content, 0)?;
    }
    Ok(())
}

fn parse_group(
    builder: &mut Builder<'_>,
    name: &Value,
    content: &Value,
    depth: usize,
) -> Result<Option<GroupId>, Report> {
    if depth > MAX_DEPTH {
        return Err(Report::parser("groups are nested too deeply").at(name.origin()));
    }
    let empty = Dict::new();
    let sections = match &content.data {
        Data::None => &empty,
        Data::Dict(sections) => sections,
        _ => {
            let name = name.to_text();
            builder.warn(Report::new(format!("Skipping '{name}' as this is not a valid group definition")));
            return Ok(None);
        }
    };
    if name.as_str().is_none() {
        let shown = Repr(name);
        return Err(Report::parser(format!(
            "Unable to add group {shown}: Invalid group name supplied, expected a string but got {} for {shown}",
            python_class(name)
        )));
    }
    let group = builder.add_group(&name.to_text());
    for (key, section) in sections {
        let key = key.to_text();
        let known = matches!(key.as_str(), "vars" | "children" | "hosts");
        let mut wrapped = Dict::new();
        let entries = match &section.data {
            Data::None if known => continue,
            Data::Dict(entries) => &**entries,
            Data::Str(_) if known => {
                wrapped.insert(section.clone(), Value::NONE);
                &wrapped
            }
            _ if known => {
                return Err(Report::parser(format!(
                    "Invalid \"{key}\" entry for \"{}\" group, requires a dictionary, found \"{}\" instead.",
                    name.to_text(),
                    python_class(section)
                )));
            }
            _ => {
                builder.warn(Report::new(format!(
                    "Skipping key ({key}) in group ({}) as it is not a mapping, it is a {}",
                    name.to_text(),
                    python_class(section)
                )));
                continue;
            }
        };
        match key.as_str() {
            "vars" => {
                for (variable, value) in entries {
                    builder.set_group_variable(group, variable.clone(), value.clone())?;
                }
            }
            "children" => {
                for (child, content) in entries {
                    if let Some(child) = parse_group(builder, child, content, depth + 1)? {
                        builder.add_child(group, child)?;
                    }
                }
            }
            "hosts" => {
                for (pattern, vars) in entries {
                    parse_hosts(builder, group, pattern, vars)?;
                }
            }
            _ => builder.warn(Report::new(format!(
                "Skipping unexpected key ({key}) in group ({}), only \"vars\", \"children\" and \"hosts\" are valid",
                name.to_text()
            ))),
        }
    }
    Ok(Some(group))
}

fn parse_hosts(builder: &mut Builder<'_>, group: GroupId, pattern: &Value, vars: &Value) -> Result<(), Report> {
    let Some(text) = pattern.as_str() else {
        return Err(Report::parser(format!(
            "Host pattern {} must be a string. Enclose integers/floats in quotation marks.",
            Repr(pattern)
        )));
    };
    let (hosts, port) = expand_pattern(text)?;
    builder.count_names(hosts.len())?;
    let empty = Dict::new();
    let vars = match &vars.data {
        Data::Dict(vars) => &**vars,
        _ if !vars.is_truthy() => &empty,
        _ => {
            let shown = Repr(vars);
            return Err(Report::parser(format!("Invalid data from file, expected dictionary and got:\n\n{shown}")));
        }
    };
    for name in hosts {
        let host = builder.add_host(&name, Some(group), port.clone());
        for (key, value) in vars {
            builder.set_host_variable(host, key.clone(), value.clone());
        }
    }
    Ok(())
}
