//! Actions whose arguments are declared as those of modules are.

use super::ActionContext;
use churten_module::{Args, Host, LocalHost, Params, validate};
use churten_value::Dict;

/// The arguments of an action; the error is what is wrong with them.
pub(super) fn read<A: Args>(context: &ActionContext<'_>, arguments: &Dict, action: &str) -> Result<A, String> {
    // Under its full name an action is called by the place of its code.
    let name = match context.task.action.name.strip_prefix("ansible.builtin.") {
        Some(short) => format!("ansible_collections.ansible.builtin.plugins.action.{short}"),
        None => action.to_owned(),
    };
    let validated = validate(&name, A::SPEC, arguments, LocalHost::new().observe());
    match validated.failure() {
        Some(failure) => Err(failure.msg),
        None => A::from_params(&Params(validated.params)).map_err(|failure| failure.msg),
    }
}
