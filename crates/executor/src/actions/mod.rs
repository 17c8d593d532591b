//! What tasks do: actions that run on the controller, and those that run a module on the host.

mod add_host;
mod assemble;
mod assert;
mod async_status;
mod context;
mod copy;
mod copy_tree;
mod debug;
mod declared;
mod detached;
mod fail;
mod fetch;
mod files;
mod foreign;
mod gather_facts;
mod include_vars;
mod package;
mod pause;
mod protomatter;
mod raw;
mod remote;
mod script;
mod set_fact;
mod set_stats;
mod table;
mod template;
pub(crate) mod told;
mod unarchive;
mod uri;
mod validate_argument_spec;
mod wait_for_connection;

pub(crate) use context::ActionContext;
pub(crate) use detached::follow;
pub(crate) use protomatter::DEBUG as PROTOMATTER_DEBUG;
pub(crate) use remote::{invocation, module_name, prepare};
pub(crate) use table::{is_include, is_known, is_plain_module, run, supports_async};
