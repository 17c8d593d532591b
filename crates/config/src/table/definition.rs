//! The shape of one entry of the tables.

use churten_value::Value;

/// The default of an option, before templates and conversion.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Default {
    /// No default.
    Null,
    /// A boolean.
    Flag(bool),
    /// An integer.
    Number(i64),
    /// A float.
    Real(f64),
    /// Text, possibly one of the few templates [`Settings`](crate::Settings) resolves.
    Text(&'static str),
    /// A list of text.
    Items(&'static [&'static str]),
    /// A dictionary of text.
    Pairs(&'static [(&'static str, &'static str)]),
}

/// One setting or plugin option: where its value comes from and what it may be.
///
/// In every list of sources the last one that has a value wins, as in ansible-core.
#[derive(Clone, Copy, Debug)]
pub struct Definition {
    /// The name (`DEFAULT_FORKS`, or an option name such as `remote_tmp`).
    pub name: &'static str,
    /// The type as ansible-core spells it, which its messages show; empty when it declares none.
    pub type_name: &'static str,
    /// The default.
    pub default: Default,
    /// What it does, in one line; empty where churten does not use it.
    pub description: &'static str,
    /// Environment variables.
    pub env: &'static [&'static str],
    /// Sections and keys of the configuration file.
    pub ini: &'static [(&'static str, &'static str)],
    /// Ansible variables.
    pub vars: &'static [&'static str],
    /// Playbook keywords.
    pub keywords: &'static [&'static str],
    /// Command line options, by the name under which their value is stored.
    pub cli: &'static [&'static str],
    /// The only values allowed; any when empty.
    pub choices: &'static [&'static str],
    /// The version of ansible-core that removes it.
    pub deprecated: Option<&'static str>,
    /// A plugin does not work without it.
    pub required: bool,
}

impl Definition {
    /// The default with its templates resolved, not yet converted; `home` is the value of `ANSIBLE_HOME`.
    pub fn default_value(&self, home: &str) -> Value {
        crate::convert::of_default(self.default, home)
    }

    /// An option that no table of churten's has, without sources.
    #[must_use]
    pub const fn declared(name: &'static str, type_name: &'static str, default: Default) -> Self {
        Self::new(name, type_name, default)
    }

    pub(crate) const fn new(name: &'static str, type_name: &'static str, default: Default) -> Self {
        Self {
            name,
            type_name,
            default,
            description: "",
            env: &[],
            ini: &[],
            vars: &[],
            keywords: &[],
            cli: &[],
            choices: &[],
            deprecated: None,
            required: false,
        }
    }

    pub(crate) const fn description(mut self, text: &'static str) -> Self {
        self.description = text;
        self
    }

    pub(crate) const fn env(mut self, names: &'static [&'static str]) -> Self {
        self.env = names;
        self
    }

    pub(crate) const fn ini(mut self, keys: &'static [(&'static str, &'static str)]) -> Self {
        self.ini = keys;
        self
    }

    pub(crate) const fn vars(mut self, names: &'static [&'static str]) -> Self {
        self.vars = names;
        self
    }

    pub(crate) const fn keywords(mut self, names: &'static [&'static str]) -> Self {
        self.keywords = names;
        self
    }

    pub(crate) const fn cli(mut self, names: &'static [&'static str]) -> Self {
        self.cli = names;
        self
    }

    pub(crate) const fn choices(mut self, choices: &'static [&'static str]) -> Self {
        self.choices = choices;
        self
    }

    pub(crate) const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    pub(crate) const fn deprecated(mut self, version: &'static str) -> Self {
        self.deprecated = Some(version);
        self
    }
}

/// The options of one plugin.
#[derive(Clone, Copy, Debug)]
pub struct PluginOptions {
    /// The kind of plugin: `connection`, `become`, ...
    pub kind: &'static str,
    /// The plugin's short name.
    pub name: &'static str,
    /// Its options by name in order.
    pub options: &'static [Definition],
}
