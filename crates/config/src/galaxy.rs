//! Servers of Ansible Galaxy: a section of the configuration file, and variables of the environment, for each that
//! `GALAXY_SERVER_LIST` names. churten asks none of them; `ansible-config` shows what is set.

use crate::table::Default;
use crate::{Definition, Resolved, Settings, ValueOrigin};
use churten_diagnostics::Report;
use churten_value::{Dict, Value};

/// The options of a server, in the order in which ansible-core declares them.
static OPTIONS: [Definition; 10] = [
    Definition::new("url", "str", Default::Null).required(),
    Definition::new("username", "str", Default::Null),
    Definition::new("password", "str", Default::Null),
    Definition::new("token", "str", Default::Null),
    Definition::new("auth_url", "str", Default::Null),
    Definition::new("api_version", "int", Default::Null).choices(&["2", "3"]),
    Definition::new("validate_certs", "bool", Default::Null).cli(&["validate_certs"]),
    Definition::new("client_id", "str", Default::Null),
    Definition::new("client_secret", "str", Default::Null),
    Definition::new("timeout", "int", Default::Null).cli(&["timeout"]),
];

/// An option of a server, and what it is set to.
#[derive(Clone, Debug)]
pub struct GalaxyOption {
    /// The name.
    pub name: &'static str,
    /// The value and where it comes from; `None` for what has no value and must have one.
    pub resolved: Option<Resolved>,
}

fn section(server: &str) -> String {
    format!("galaxy_server.{server}")
}

fn variable(server: &str, option: &str) -> String {
    format!("ANSIBLE_GALAXY_SERVER_{}_{}", server.to_uppercase(), option.to_uppercase())
}

/// An error of a server is told with its help on one line.
fn on_one_line(report: Report) -> Report {
    match &report.help {
        Some(help) => Report { message: format!("{} {help}", report.message), help: None, ..report },
        None => report,
    }
}

impl Settings {
    /// The names of the servers.
    pub fn galaxy_servers(&self) -> Vec<&str> {
        self.list("GALAXY_SERVER_LIST").into_iter().filter(|name| !name.is_empty()).collect()
    }

    /// True for a key of the configuration file that belongs to a server; `None` when the section is no server's.
    pub fn is_galaxy_key(&self, section_name: &str, key: &str) -> Option<bool> {
        self.galaxy_servers().into_iter().find(|server| section(server) == section_name)?;
        Some(OPTIONS.iter().any(|definition| definition.name == key))
    }

    /// The options of a server, in the order in which ansible-core declares them.
    ///
    /// # Errors
    /// A value of the wrong type or outside of the choices.
    pub fn galaxy_server(&self, server: &str) -> Result<Vec<GalaxyOption>, Report> {
        let label = format!("galaxy_server/{server}");
        let resolved = |definition: &'static Definition| {
            let name = variable(server, definition.name);
            let resolved = if let Some(text) = self.environment().variables.get(&name) {
                self.checked(definition, &label, Value::str(text.as_str()), ValueOrigin::Environment(name))?
            } else if let (Some(file), Some(text)) =
                (self.config_file(), self.ini.get(&section(server), definition.name))
            {
                self.checked(definition, &label, Value::str(text), ValueOrigin::File(file.to_path_buf()))?
            } else {
                let value = match definition.name {
                    "timeout" => self.get("GALAXY_SERVER_TIMEOUT").clone(),
                    _ => Value::NONE,
                };
                Resolved { value, origin: ValueOrigin::Default }
            };
            let is_missing = definition.required && resolved.value.is_none();
            Ok(GalaxyOption { name: definition.name, resolved: (!is_missing).then_some(resolved) })
        };
        OPTIONS.iter().map(resolved).collect::<Result<_, _>>().map_err(on_one_line)
    }

    /// What there is to set about every server, as `ansible-config list` shows it.
    pub fn listed_galaxy_servers(&self) -> Dict {
        let servers = self.galaxy_servers().into_iter();
        let mut listed: Vec<(Value, Value)> =
            servers.map(|server| (server.into(), self.listed(server).into())).collect();
        listed.sort_by(|(a, _), (b, _)| a.as_str().cmp(&b.as_str()));
        listed.into_iter().collect()
    }

    fn listed(&self, server: &str) -> Dict {
        let mut sorted: Vec<&Definition> = OPTIONS.iter().collect();
        sorted.sort_by_key(|definition| definition.name);
        let facts = |definition: &Definition| {
            let mut facts = Dict::new();
            let numbers = definition.choices.iter().filter_map(|choice| choice.parse::<i64>().ok());
            let choices: Vec<Value> = numbers.map(Value::from).collect();
            if !choices.is_empty() {
                facts.insert("choices", choices);
            }
            if let Some(name) = definition.cli.first() {
                facts.insert("cli", vec![Value::dict(Dict::from([("name", Value::from(*name))]))]);
            }
            match definition.name {
                "api_version" | "token" => facts.insert("default", Value::NONE),
                "timeout" => facts.insert("default", self.get("GALAXY_SERVER_TIMEOUT").clone()),
                _ => None,
            };
            facts.insert("description", format!("`{}` of the server {server}", definition.name));
            let name = Dict::from([("name", Value::from(variable(server, definition.name)))]);
            facts.insert("env", vec![Value::dict(name)]);
            let place = [("key", Value::from(definition.name)), ("section", section(server).into())];
            facts.insert("ini", vec![Value::dict(Dict::from(place))]);
            facts.insert("required", definition.required);
            facts.insert("type", definition.type_name);
            facts
        };
        sorted.into_iter().map(|definition| (Value::from(definition.name), Value::dict(facts(definition)))).collect()
    }
}
