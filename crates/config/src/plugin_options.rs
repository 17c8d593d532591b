//! Options of plugins: variables, keywords, command line, environment, file, default.

use crate::{Definition, PLUGINS, Resolved, Settings, ValueOrigin};
use churten_diagnostics::Report;
use churten_value::Value;

/// What a task knows that can set a plugin's option.
#[derive(Clone, Copy)]
pub struct OptionSources<'a> {
    /// A rendered variable of the host and task.
    pub variables: &'a dyn Fn(&str) -> Option<Value>,
    /// The value of a playbook keyword (`remote_user`, `port`, `become_user`, ...) where it was written.
    pub keywords: &'a dyn Fn(&str) -> Option<Value>,
}

impl Settings {
    /// The definition of a plugin's option; `plugin` is `kind/name`, such as `connection/ssh`.
    pub fn plugin_definition(plugin: &str, option: &str) -> Option<&'static Definition> {
        let (kind, name) = plugin.split_once('/')?;
        let plugin = PLUGINS.iter().find(|plugin| plugin.kind == kind && plugin.name == name)?;
        plugin.options.iter().find(|definition| definition.name == option)
    }

    /// A plugin's option that its call gives, in the option's type.
    ///
    /// # Errors
    /// An unknown option, a value of the wrong type or outside of the choices.
    pub fn direct_plugin_option(&self, plugin: &str, option: &str, value: Value) -> Result<Resolved, Report> {
        match Self::plugin_definition(plugin, option) {
            Some(definition) => self.checked(definition, plugin, value, ValueOrigin::Direct),
            None => Err(Report::new(format!("Requested option {option} was not defined in configuration"))),
        }
    }

    /// The value of an option that is defined elsewhere, from the command line, the environment, the file and its default;
    /// `plugin` is `kind/name` for messages.
    ///
    /// # Errors
    /// A value of the wrong type or outside of the choices.
    pub fn defined_option(&self, plugin: &str, definition: &Definition) -> Result<Resolved, Report> {
        self.resolve(definition, "", Some(plugin))
    }

    /// True for a plugin that has options; `kind` is `connection`, `lookup`, ...
    pub fn has_plugin(kind: &str, name: &str) -> bool {
        PLUGINS.iter().any(|plugin| plugin.kind == kind && plugin.name == name)
    }

    /// The value of a plugin's option with variables only; see [`Settings::plugin_option_from`].
    ///
    /// # Errors
    /// See [`Settings::plugin_option_from`].
    pub fn plugin_option(
        &self,
        plugin: &str,
        option: &str,
        variables: &dyn Fn(&str) -> Option<Value>,
    ) -> Result<Resolved, Report> {
        self.plugin_option_from(plugin, option, OptionSources { variables, keywords: &|_| None })
    }

    /// The value of a plugin's option. Variables win over keywords, these over the command line, the environment,
    /// the configuration file and the default; within one kind of source the last name of the table wins.
    ///
    /// # Errors
    /// An unknown option, a value of the wrong type or outside of the choices.
    pub fn plugin_option_from(
        &self,
        plugin: &str,
        option: &str,
        sources: OptionSources<'_>,
    ) -> Result<Resolved, Report> {
        let Some(definition) = Self::plugin_definition(plugin, option) else {
            return Err(Report::new(format!("Requested option {option} was not defined in configuration")));
        };
        for name in definition.vars.iter().rev() {
            if let Some(value) = (sources.variables)(name).filter(|value| !value.is_none()) {
                return self.checked(definition, plugin, value, ValueOrigin::Variable((*name).to_owned()));
            }
        }
        for name in definition.keywords.iter().rev() {
            if let Some(value) = (sources.keywords)(name).filter(|value| !value.is_none()) {
                return self.checked(definition, plugin, value, ValueOrigin::Keyword((*name).to_owned()));
            }
        }
        // The user of the command line is stored as `remote_user`, which the ssh plugin's table calls `user`.
        if definition.cli.contains(&"user")
            && let Some(value) = self.cli.get("remote_user").filter(|value| !value.is_none())
        {
            return self.checked(definition, plugin, value.clone(), ValueOrigin::CommandLine("remote_user".into()));
        }
        self.resolve(definition, "", Some(plugin))
    }
}
