//! Kinds of plugins.

/// A kind of plugin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Controller sides of modules.
    Action,
    /// Ways to become another user.
    Become,
    /// Caches of facts.
    Cache,
    /// Callbacks.
    Callback,
    /// Command lines of network devices.
    Cliconf,
    /// Connections.
    Connection,
    /// Parts of documentation.
    DocFragment,
    /// Filters.
    Filter,
    /// Interfaces of network devices.
    HttpApi,
    /// Inventories.
    Inventory,
    /// Lookups.
    Lookup,
    /// Modules.
    Module,
    /// What modules in Python share.
    ModuleUtils,
    /// NETCONF of network devices.
    NetConf,
    /// Shells.
    Shell,
    /// Strategies.
    Strategy,
    /// Tests.
    Test,
    /// Sources of variables.
    Vars,
}

impl Kind {
    const ALL: [Self; 18] = [
        Self::Action,
        Self::Become,
        Self::Cache,
        Self::Callback,
        Self::Cliconf,
        Self::Connection,
        Self::DocFragment,
        Self::Filter,
        Self::HttpApi,
        Self::Inventory,
        Self::Lookup,
        Self::Module,
        Self::ModuleUtils,
        Self::NetConf,
        Self::Shell,
        Self::Strategy,
        Self::Test,
        Self::Vars,
    ];

    /// The kind that `ansible-doc -t` calls so.
    pub fn named(name: &str) -> Option<Self> {
        Self::of_routing(if name == "module" { "modules" } else { name })
    }

    pub(crate) fn of_routing(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.routing() == name)
    }

    /// The key in `plugin_routing`, and the directory below `plugins/`.
    pub(crate) const fn routing(self) -> &'static str {
        match self {
            Self::Action => "action",
            Self::Become => "become",
            Self::Cache => "cache",
            Self::Callback => "callback",
            Self::Cliconf => "cliconf",
            Self::Connection => "connection",
            Self::DocFragment => "doc_fragments",
            Self::Filter => "filter",
            Self::HttpApi => "httpapi",
            Self::Inventory => "inventory",
            Self::Lookup => "lookup",
            Self::Module => "modules",
            Self::ModuleUtils => "module_utils",
            Self::NetConf => "netconf",
            Self::Shell => "shell",
            Self::Strategy => "strategy",
            Self::Test => "test",
            Self::Vars => "vars",
        }
    }
}
