//! Reading keywords from a mapping: names, types, the shared keywords, variables.

use crate::Keywords;
use crate::environment::Environment;
use crate::keyword_table::{BASE, Element, TEXT};
use churten_diagnostics::Report;
use churten_value::{Data, Dict, Origin, Value};
use std::sync::Arc;

type Result<T> = std::result::Result<T, Report>;

/// Where a value is written. Python's `None` and booleans cannot carry an origin in ansible-core, so errors about
/// them show none.
pub(crate) fn place(value: &Value) -> Option<Origin> {
    match value.data {
        Data::None | Data::Bool(_) => None,
        _ => value.origin(),
    }
}

/// The class of a value from a file, as messages of ansible-core print it.
pub(crate) fn class_of(value: &Value) -> String {
    let kind = match &value.data {
        Data::Str(_) => "Str",
        Data::Int(_) | Data::BigInt(_) => "Int",
        Data::Float(_) => "Float",
        Data::List(_) => "List",
        Data::Dict(_) => "Dict",
        Data::Timestamp(when) if when.time.is_none() => "Date",
        Data::Timestamp(_) => "DateTime",
        Data::Time(_) => "Time",
        Data::Vault(_) => return "<class 'ansible.parsing.vault.EncryptedString'>".into(),
        _ => return format!("<class '{}'>", value.type_name()),
    };
    format!("<class 'ansible.module_utils._internal._datatag._AnsibleTagged{kind}'>")
}

/// Every key must be a keyword of the element.
pub(crate) fn check_names(entries: &Dict, element: Element) -> Result<()> {
    for key in entries.keys() {
        if !key.as_str().is_some_and(|name| element.takes(name)) {
            let message = format!("'{}' is not a valid attribute for a {}", key.to_text(), element.name());
            return Err(Report::parser(message).at(key.origin()));
        }
    }
    Ok(())
}

/// Text keywords must not be lists or mappings. `origin` is the place of the whole element.
pub(crate) fn check_texts(entries: &Dict, element: Element, origin: Option<Origin>) -> Result<()> {
    for name in TEXT {
        if !element.takes(name) {
            continue;
        }
        if let Some(value) = entries.get(name)
            && matches!(value.data, Data::List(_) | Data::Dict(_))
        {
            return Err(not_text(name, value).at(origin));
        }
    }
    Ok(())
}

/// The error for a list or mapping where text is wanted.
pub(crate) fn not_text(name: &str, value: &Value) -> Report {
    Report::parser(format!(
        "The field '{name}' is supposed to be a string type, however the incoming data structure is a {}",
        class_of(value)
    ))
}

/// A keyword that holds a list: nothing, one value, or a list of values.
pub(crate) fn list(value: Option<&Value>) -> Vec<Value> {
    match value {
        None => Vec::new(),
        Some(value) => match &value.data {
            Data::None => Vec::new(),
            Data::List(items) => items.to_vec(),
            _ => vec![value.clone()],
        },
    }
}

/// A list keyword whose items must be text.
pub(crate) fn text_list(name: &str, value: Option<&Value>) -> Result<Vec<Value>> {
    let items = list(value);
    for item in &items {
        if item.as_str().is_none() {
            let message = format!("Keyword '{name}' items must be of type 'str', not '{}'.", item.type_name());
            return Err(Report::parser(message).at(place(item)));
        }
    }
    Ok(items)
}

/// `tags`: a list, kept as it is, or text that is split at its commas.
pub(crate) fn tags(value: Option<&Value>) -> Result<Vec<Value>> {
    let Some(value) = value else { return Ok(Vec::new()) };
    match &value.data {
        Data::Str(text) if value.is_trusted_text() && text.contains("{{") => Ok(vec![value.clone()]),
        Data::Str(text) => Ok(text.split(',').map(|tag| Value::str(tag.trim()).with_tags(value.tags)).collect()),
        Data::List(items) => Ok(items.to_vec()),
        _ => Err(Report::new("tags must be specified as a list").at(place(value))),
    }
}

/// `vars`: a mapping with valid names.
pub(crate) fn vars(value: Option<&Value>, element: Element) -> Result<Arc<Dict>> {
    let Some(value) = value else { return Ok(Arc::default()) };
    match &value.data {
        Data::None => Ok(Arc::default()),
        Data::Dict(entries) => {
            for name in entries.keys() {
                check_variable_name(name)?;
            }
            Ok(entries.clone())
        }
        _ => {
            let message = format!("Vars in a {} must be specified as a dictionary.", element.name());
            Err(Report::parser(message).at(place(value)))
        }
    }
}

const VARIABLE_NAME_HELP: &str = "Variable names must be strings starting with a letter or underscore character, \
                                  and contain only letters, numbers and underscores.";

/// Check that a value can be the name of a variable.
///
/// # Errors
/// `Invalid variable name 'a-b'.`, a general error at the value's place.
pub fn check_variable_name(name: &Value) -> Result<()> {
    let message = match &name.data {
        Data::Str(text) if is_identifier(text) => return Ok(()),
        Data::Str(text) => format!("Invalid variable name {}.", churten_value::str_repr(text)),
        Data::List(_) | Data::Dict(_) => format!("Invalid variable name of type '{}'.", name.type_name()),
        _ => format!("Invalid variable name '{}' of type '{}'.", name.to_text(), name.type_name()),
    };
    Err(Report::new(message).at(place(name)).help(VARIABLE_NAME_HELP).apart())
}

fn is_identifier(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(|first| first == '_' || first.is_ascii_alphabetic())
        && characters.all(|c| c == '_' || c.is_ascii_alphanumeric())
        && !matches!(text, "True" | "False" | "None")
}

/// `module_defaults`: a mapping, or a list of mappings. Its keys become full names of actions; a group stands for each
/// of its actions, and comes below what is said of an action by name.
fn module_defaults(value: Option<&Value>, environment: &dyn Environment) -> Result<Vec<Value>> {
    let mut layers = Vec::new();
    for item in list(value) {
        let Some(entries) = item.as_dict() else {
            let message = "The field 'module_defaults' is supposed to be a dictionary or list of dictionaries, the keys \
                           of which must be static action, module, or group names. Only the values may contain \
                           templates. For example: {'ping': \"{{ ping_defaults }}\"}";
            return Err(Report::parser(message).at(place(&item)));
        };
        let mut named = Dict::new();
        for (key, defaults) in entries {
            let name = key.to_text();
            if let Some(group) = name.strip_prefix("group/") {
                let members = environment.action_group(group)?;
                let layer: Dict = members.iter().map(|member| (Value::from(&**member), defaults.clone())).collect();
                layers.push(Value::dict(layer).with_tags(item.tags));
                continue;
            }
            match environment.resolve_action(&name, &[])? {
                Some(action) => named.insert(&*action.name, defaults.clone()),
                None => {
                    let full = if name.contains('.') { name } else { format!("ansible.legacy.{name}") };
                    return Err(Report::parser(format!("Could not resolve action {full} in module_defaults")));
                }
            };
        }
        layers.push(Value::dict(named).with_tags(item.tags));
    }
    Ok(layers)
}

/// The shared keywords of an element. `entries` may hold other keys too.
pub(crate) fn keywords(entries: &Dict, element: Element, environment: &dyn Environment) -> Result<Keywords> {
    // `None` means unset for every keyword here, as templates never see it.
    let get = |name: &str| {
        let takes = BASE.contains(&name) || element.takes(name);
        entries.get(name).filter(|value| takes && !value.is_none()).cloned()
    };
    let collections =
        if element.takes("collections") { text_list("collections", entries.get("collections"))? } else { Vec::new() };
    if !collections.is_empty() && collections.iter().any(|item| environment.is_template(item)) {
        let mut shown = collections.clone();
        if !shown.iter().any(|item| matches!(item.as_str(), Some("ansible.builtin" | "ansible.legacy"))) {
            shown.push("ansible.legacy".into());
        }
        environment.warning(Report::new(format!(
            "\"collections\" is not templatable, but we found: {}, it will not be templated and will be used \"as is\".",
            churten_value::Repr(&Value::list(shown))
        )));
    }
    let vars = vars(entries.get("vars"), element)?;
    Ok(Keywords {
        any_errors_fatal: get("any_errors_fatal"),
        r#become: get("become"),
        become_exe: get("become_exe"),
        become_flags: get("become_flags"),
        become_method: get("become_method"),
        become_user: get("become_user"),
        check_mode: get("check_mode"),
        collections,
        connection: get("connection"),
        debugger: get("debugger"),
        delegate_facts: get("delegate_facts"),
        delegate_to: get("delegate_to"),
        diff: get("diff"),
        environment: list(entries.get("environment")),
        ignore_errors: get("ignore_errors"),
        ignore_unreachable: get("ignore_unreachable"),
        module_defaults: module_defaults(entries.get("module_defaults"), environment)?,
        no_log: get("no_log"),
        notify: list(get("notify").as_ref()),
        port: get("port"),
        remote_user: get("remote_user"),
        run_once: get("run_once"),
        tags: if element.takes("tags") { tags(entries.get("tags"))? } else { Vec::new() },
        throttle: get("throttle"),
        timeout: get("timeout"),
        vars: if vars.is_empty() { Vec::new() } else { vec![vars] },
        when: list(get("when").as_ref()),
    })
}
