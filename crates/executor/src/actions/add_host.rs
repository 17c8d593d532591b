//! `add_host` and `group_by`: hosts and groups that are made while the run goes on.
//!
//! The inventory is changed at once; it is the action's result whether that changed anything.

use super::ActionContext;
use super::fail::only;
use crate::event::Event;
use crate::task::Execution;
use churten_value::{Data, Dict, Value};

pub(crate) fn add_host(context: &ActionContext<'_>, arguments: &Dict) -> Execution {
    let name = ["name", "hostname", "host"].iter().find_map(|key| arguments.get(key));
    let Some(name) = name.filter(|name| name.is_truthy()) else {
        return Execution::refused("name, host or hostname needs to be provided");
    };
    let text = name.to_text();
    let groups = ["groups", "groupname", "group"].iter().find_map(|key| arguments.get(key));
    let groups = match groups.map(|groups| list_of(groups, true)).transpose() {
        Ok(groups) => groups.unwrap_or_default(),
        Err(()) => return Execution::refused("Groups must be specified as a list."),
    };
    let special = ["name", "hostname", "host", "groups", "groupname", "group"];
    let (host, port) = split_port(&text);
    let mut vars: Dict = arguments
        .iter()
        .filter(|(key, _)| key.as_str().is_none_or(|key| !special.contains(&key)))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    if let Some(port) = port {
        vars.insert("ansible_ssh_port", port);
    }
    let text = format!("creating host via 'add_host': hostname={host}");
    context.engine.emit(Event::Verbose { level: 2, host: None, text });
    let names: Vec<String> = groups.iter().map(Value::to_text).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let changed = context.engine.variables.change_inventory(|inventory| inventory.add_host(host, &names, &vars));
    let wanted = Dict::from([
        ("host_name", Value::from(host)),
        ("groups", Value::list(groups)),
        ("host_vars", Value::dict(vars)),
    ]);
    Execution::of(Dict::from([("changed", Value::from(changed)), ("add_host", Value::dict(wanted))]))
}

/// `name:port`, when the port is a number and the name no IPv6 address.
fn split_port(text: &str) -> (&str, Option<i64>) {
    if let Some((host, port)) = text.rsplit_once(':')
        && !host.contains(':')
        && let Ok(port) = port.parse()
    {
        return (host, Some(port));
    }
    (text, None)
}

pub(crate) fn group_by(context: &ActionContext<'_>, arguments: &Dict) -> Execution {
    if let Err(refused) = only(arguments, "group_by", &["key", "parents"]) {
        return *refused;
    }
    let Some(key) = arguments.get("key") else {
        return Execution::failed("the 'key' param is required when using group_by");
    };
    let parents = arguments.get("parents").map_or_else(|| Ok(vec!["all".into()]), |parents| list_of(parents, false));
    let group = key.to_text().replace(' ', "-");
    let parents: Vec<String> =
        parents.unwrap_or_default().iter().map(|parent| parent.to_text().replace(' ', "-")).collect();
    let names: Vec<&str> = parents.iter().map(String::as_str).collect();
    let host = &**context.host;
    let changed =
        context.engine.variables.change_inventory(|inventory| inventory.add_group(&group, Some(host), &names));
    let changed = match changed {
        Ok(changed) => changed,
        Err(report) => return Execution::action_error(report),
    };
    let is_clean = |name: &str| {
        name.chars().all(|c| c.is_alphanumeric() || c == '_') && !name.starts_with(|c: char| c.is_ascii_digit())
    };
    if !is_clean(&group) || !parents.iter().all(|parent| is_clean(parent)) {
        let warning = "Invalid characters were found in group names but not replaced, use -vvvv to see details";
        context.engine.warn(warning.into());
    }
    Execution::of(Dict::from([
        ("changed", Value::from(changed)),
        ("add_group", group.into()),
        ("parent_groups", parents.into()),
    ]))
}

/// A list, or one name; with `split`, a text of names between commas.
fn list_of(value: &Value, split: bool) -> Result<Vec<Value>, ()> {
    match &value.data {
        Data::List(items) => Ok(items.to_vec()),
        Data::Str(text) if split => {
            Ok(text.split(',').map(str::trim).filter(|name| !name.is_empty()).map(Value::from).collect())
        }
        Data::Str(_) => Ok(vec![value.clone()]),
        _ => Err(()),
    }
}
