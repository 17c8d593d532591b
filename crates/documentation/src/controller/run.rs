//! What concerns the run itself: hosts, variables, messages.

use churten_module::Args;
use churten_value::Dict;

/// Add a host to the inventory of this run.
///
/// The host and its groups are there for the plays that follow. Every other argument becomes a variable of the host.
#[derive(Args)]
pub(super) struct AddHost {
    /// The host, perhaps with a port behind a colon.
    #[arg(alias("host", "hostname"))]
    name: String,
    /// The groups it belongs to; those that are not there are made.
    #[arg(alias("group", "groupname"))]
    groups: Option<Vec<String>>,
}

/// Fail unless all of some conditions hold.
#[derive(Args)]
pub(super) struct Assert {
    /// The conditions, written as in `when`.
    that: Vec<String>,
    /// What is said when one does not hold.
    #[arg(alias("msg"))]
    fail_msg: Option<String>,
    /// What is said when all hold.
    success_msg: Option<String>,
    /// Say only what does not hold.
    #[arg(default = false)]
    quiet: bool,
}

/// Show a text or the value of a variable.
#[derive(Args)]
#[args(exclusive("msg", "var"))]
pub(super) struct Debug {
    /// The text.
    #[arg(default = "Hello world!")]
    msg: String,
    /// An expression whose value is shown; it needs no braces.
    var: Option<String>,
    /// Show it only with so many `-v`.
    #[arg(default = 0)]
    verbosity: i64,
}

/// Fail, with a text.
#[derive(Args)]
pub(super) struct Fail {
    /// The text.
    #[arg(default = "Failed as requested from task")]
    msg: String,
}

/// Gather facts with the modules that `FACTS_MODULES` names.
#[derive(Args)]
pub(super) struct GatherFacts {
    /// Run several of these modules at the same time; without a choice of one's own, where there are several.
    parallel: Option<bool>,
}

/// Put the host into a group that is named by a value.
#[derive(Args)]
pub(super) struct GroupBy {
    /// The name of the group. Blanks in it become `-`.
    key: String,
    /// The groups that hold the group.
    #[arg(default = ["all"])]
    parents: Vec<String>,
}

/// Tell the run itself something: to go on elsewhere, to end, to forget.
#[derive(Args)]
pub(super) struct Meta {
    /// What to do, as the value of the action itself.
    #[arg(choices(
        "clear_facts",
        "clear_host_errors",
        "end_host",
        "end_play",
        "flush_handlers",
        "noop",
        "refresh_inventory",
        "reset_connection",
        "end_batch",
        "end_role"
    ))]
    free_form: String,
}

/// Wait for some time, or for somebody.
#[derive(Args)]
pub(super) struct Pause {
    /// For so many minutes.
    minutes: Option<String>,
    /// For so many seconds.
    seconds: Option<String>,
    /// Ask this and wait for a line of input.
    prompt: Option<String>,
    /// Show what is typed.
    #[arg(default = true)]
    echo: bool,
}

/// Set variables of the host while the play runs.
#[derive(Args)]
pub(super) struct SetFact {
    /// The variables: every argument is one.
    key_value: Dict,
    /// Put them into the cache of facts, too.
    #[arg(default = false)]
    cacheable: bool,
}

/// Set values that are shown, and told to callbacks, at the end of the run.
#[derive(Args)]
pub(super) struct SetStats {
    /// The values by name.
    data: Dict,
    /// Keep a value for each host.
    #[arg(default = false)]
    per_host: bool,
    /// Add to a value that is there, instead of replacing it.
    #[arg(default = true)]
    aggregate: bool,
}

/// Check values against a specification of arguments, as roles declare them.
#[derive(Args)]
pub(super) struct ValidateArgumentSpec {
    /// The specification: names with types, defaults, choices.
    argument_spec: Dict,
    /// The values; variables of the same names when not given.
    provided_arguments: Option<Dict>,
}
