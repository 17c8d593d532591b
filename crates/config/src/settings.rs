//! The settings in force.

use crate::convert::{Kind, convert, kind, of_default};
use crate::table::DEPRECATIONS;
use crate::{Definition, Environment, IniFile, SETTINGS, find, parse_ini};
use churten_diagnostics::{ErrorKind, Report};
use churten_value::{Data, Repr, Value, str_repr};
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

/// Where a value came from, shown as `ansible-config dump` shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueOrigin {
    /// The table.
    Default,
    /// An environment variable.
    Environment(String),
    /// The configuration file.
    File(PathBuf),
    /// A command line option, by the name its value is stored under.
    CommandLine(String),
    /// An Ansible variable.
    Variable(String),
    /// A playbook keyword.
    Keyword(String),
    /// The call of a plugin itself.
    Direct,
}

impl fmt::Display for ValueOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::Environment(name) => write!(f, "env: {name}"),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::CommandLine(name) => write!(f, "cli: {name}"),
            Self::Variable(name) => write!(f, "var: {name}"),
            Self::Keyword(name) => write!(f, "keyword: {name}"),
            Self::Direct => f.write_str("Direct"),
        }
    }
}

/// A value and where it came from.
#[derive(Clone, Debug, PartialEq)]
pub struct Resolved {
    /// The value in the setting's type.
    pub value: Value,
    /// Its source.
    pub origin: ValueOrigin,
}

/// What settings are resolved from, beside the configuration file.
pub struct LoadOptions {
    /// The process environment.
    pub environment: Environment,
    /// Values of command line options that were given, by the name ansible-core stores them under (`forks`,
    /// `remote_user`, `private_key_file`, `ssh_common_args`, ...).
    pub cli: BTreeMap<String, Value>,
    /// Use this configuration file instead of searching for one (`ansible-config -c`).
    pub config_file: Option<PathBuf>,
}

impl LoadOptions {
    /// Of this process, without command line options.
    pub fn of_process() -> Self {
        Self { environment: Environment::of_process(), cli: BTreeMap::new(), config_file: None }
    }
}

/// Every setting with its value; immutable once loaded.
pub struct Settings {
    pub(crate) environment: Environment,
    pub(crate) cli: BTreeMap<String, Value>,
    pub(crate) ini: IniFile,
    config_file: Option<PathBuf>,
    values: Vec<Resolved>,
    warnings: Vec<Report>,
}

/// Values may hold passwords of the command line; only the file is shown.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").field("config_file", &self.config_file).finish_non_exhaustive()
    }
}

impl Settings {
    /// Finds and reads the configuration file and resolves every setting.
    ///
    /// # Errors
    /// A configuration file that cannot be read, a value of the wrong type or outside of the choices; all of them
    /// [`ErrorKind::Options`].
    pub fn load(options: LoadOptions) -> Result<Self, Report> {
        let LoadOptions { environment, cli, config_file } = options;
        let (config_file, warning) = match config_file {
            Some(path) => (Some(path), None),
            None => find::find(&environment),
        };
        let ini = config_file.as_deref().map(read_file).transpose()?.unwrap_or_default();
        let warnings = warning.into_iter().collect();
        let mut settings = Self { environment, cli, ini, config_file, values: Vec::new(), warnings };
        let home = definition("ANSIBLE_HOME");
        let home = home.map(|definition| settings.resolve(definition, "", None)).transpose()?;
        let home = home.map(|home| home.value.to_text()).unwrap_or_default();
        settings.values =
            SETTINGS.iter().map(|definition| settings.resolve(definition, &home, None)).collect::<Result<_, _>>()?;
        Ok(settings)
    }

    /// The configuration file in use.
    pub fn config_file(&self) -> Option<&Path> {
        self.config_file.as_deref()
    }

    /// The environment the settings were resolved in.
    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    /// What to tell the user about loading.
    pub fn warnings(&self) -> &[Report] {
        &self.warnings
    }

    /// What to tell the user about deprecated settings that are set.
    pub fn deprecations(&self) -> impl Iterator<Item = Report> {
        self.entries().filter(|(_, resolved)| resolved.origin != ValueOrigin::Default).filter_map(|(definition, _)| {
            let (name, version) = (definition.name, definition.deprecated?);
            let (_, reason, alternatives) = DEPRECATIONS.iter().find(|(deprecated, ..)| *deprecated == name)?;
            let end = if alternatives.ends_with('.') { "" } else { "." };
            Some(Report::new(format!(
                "{name} option. Reason: {reason}\nAlternatives: {alternatives}{end} This feature will be removed from \
                 ansible-core version {version}.\n"
            )))
        })
    }

    /// Every setting in order of its name, as `ansible-config dump` lists them.
    pub fn entries(&self) -> impl Iterator<Item = (&'static Definition, &Resolved)> {
        SETTINGS.iter().zip(&self.values)
    }

    /// A setting by name, with its origin. `None` for a name that is no setting.
    pub fn resolved(&self, name: &str) -> Option<&Resolved> {
        self.values.get(index(name)?)
    }

    /// The value of a setting; `None` (Python's) for a name that is no setting.
    pub fn get(&self, name: &str) -> &Value {
        const NOTHING: &Value = &Value::NONE;
        self.resolved(name).map_or(NOTHING, |resolved| &resolved.value)
    }

    /// The value of a setting that Ansible variables can override (`ansible_python_interpreter`, ...).
    ///
    /// # Errors
    /// A variable of the wrong type.
    pub fn get_with_variables(&self, name: &str, variables: &dyn Fn(&str) -> Option<Value>) -> Result<Value, Report> {
        let Some(definition) = definition(name) else { return Ok(Value::NONE) };
        for variable in definition.vars.iter().rev() {
            if let Some(value) = variables(variable) {
                return self
                    .checked(definition, "", value, ValueOrigin::Variable((*variable).to_owned()))
                    .map(|it| it.value);
            }
        }
        Ok(self.get(name).clone())
    }

    /// What a setting is when nobody says anything; `None` for one that does not exist.
    pub fn default_of(&self, name: &str) -> Value {
        let definition = definition(name);
        definition
            .map_or(Value::NONE, |definition| self.converted_default(definition, &self.get("ANSIBLE_HOME").to_text()))
    }

    fn converted_default(&self, definition: &Definition, home: &str) -> Value {
        let value = of_default(definition.default, home);
        convert(&value, definition.type_name, &ValueOrigin::Default, &self.environment).unwrap_or(value)
    }

    /// Resolves one entry from command line, environment, file and default. `plugin` is `kind/name` for messages.
    pub(crate) fn resolve(
        &self,
        definition: &Definition,
        home: &str,
        plugin: Option<&str>,
    ) -> Result<Resolved, Report> {
        let plugin = plugin.unwrap_or_default();
        for name in definition.cli.iter().rev() {
            if let Some(value) = self.cli.get(*name).filter(|value| !value.is_none()) {
                return self.checked(definition, plugin, value.clone(), ValueOrigin::CommandLine((*name).to_owned()));
            }
        }
        for name in definition.env.iter().rev() {
            if let Some(text) = self.environment.variables.get(*name) {
                // An empty variable is no value for anything but text, unless it converts.
                let origin = ValueOrigin::Environment((*name).to_owned());
                let is_unset = text.is_empty() && matches!(kind(definition.type_name), Kind::Integer | Kind::Float);
                if !is_unset {
                    return self.checked(definition, plugin, Value::str(text.as_str()), origin);
                }
            }
        }
        if let Some(file) = &self.config_file {
            let found = definition.ini.iter().rev().find_map(|(section, key)| self.ini.get(section, key));
            if let Some(text) = found {
                return self.checked(definition, plugin, Value::str(text), ValueOrigin::File(file.clone()));
            }
        }
        if definition.name == "CONFIG_FILE" && plugin.is_empty() {
            let value = self.config_file.as_ref().map(|path| path.to_string_lossy().into_owned()).into();
            return Ok(Resolved { value, origin: ValueOrigin::Default });
        }
        let value = self.converted_default(definition, home);
        Ok(Resolved { value, origin: ValueOrigin::Default })
    }

    /// Converts a value and compares it with the choices.
    pub(crate) fn checked(
        &self,
        definition: &Definition,
        plugin: &str,
        value: Value,
        origin: ValueOrigin,
    ) -> Result<Resolved, Report> {
        let label = || label(definition, plugin);
        let converted = convert(&value, definition.type_name, &origin, &self.environment).map_err(|message| {
            let from = str_repr(&origin.to_string());
            let message = Report::new(message).kind(ErrorKind::Options);
            message.context(format!("Config {} from {from} has an invalid value.", label()))
        })?;
        let is_choice = |value: &Value| match &value.data {
            Data::Str(_) | Data::Int(_) => definition.choices.contains(&value.to_text().as_str()),
            _ => false,
        };
        let allowed = definition.choices.is_empty()
            || converted.is_none()
            || converted.as_list().map_or_else(|| is_choice(&converted), |items| items.iter().all(is_choice));
        if !allowed {
            return Err(Report::new(format!("Invalid value {} for config {}.", Repr(&converted), label()))
                .kind(ErrorKind::Options)
                .help(format!("Valid values are: {}", definition.choices.join(", "))));
        }
        Ok(Resolved { value: converted, origin })
    }
}

/// Where a setting stands in the table, which is sorted by name.
fn index(name: &str) -> Option<usize> {
    SETTINGS.binary_search_by(|definition| definition.name.cmp(name)).ok()
}

fn definition(name: &str) -> Option<&'static Definition> {
    SETTINGS.get(index(name)?)
}

fn label(definition: &Definition, plugin: &str) -> String {
    match plugin.split_once('/') {
        Some((kind, name)) => format!("'{}' for '{name}' {kind} plugin", definition.name),
        None => format!("'{}'", definition.name),
    }
}

fn read_file(path: &Path) -> Result<IniFile, Report> {
    let shown = path.display();
    let extension = path.extension().map(|extension| extension.to_string_lossy().into_owned()).unwrap_or_default();
    let refuse = |message: String| Report::new(message).kind(ErrorKind::Options);
    match extension.as_str() {
        "cfg" | "ini" => {}
        "yaml" | "yml" => return Err(refuse("Unsupported configuration file type: yaml".to_owned())),
        _ => {
            let extension = if extension.is_empty() { extension } else { format!(".{extension}") };
            return Err(refuse(format!("Unsupported configuration file extension for {shown}: {extension}")));
        }
    }
    let bytes = std::fs::read(path).map_err(|error| refuse(format!("Error reading config file ({shown}): {error}")))?;
    parse_ini(&String::from_utf8_lossy(&bytes))
        .map_err(|message| refuse(format!("Error reading config file ({shown}): {message}")))
}
