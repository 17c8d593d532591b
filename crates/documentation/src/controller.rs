//! What the controller does itself, without a module on the host: declared here for its manual, done in `executor`.

#![expect(dead_code, reason = "only what the structs declare is read")]

mod hosts;
mod includes;
mod run;

use churten_module::{Args, CheckMode, Manual};
use hosts::{Fetch, Package, Raw, Reboot, Script, Shell, Template, WaitForConnection};
use includes::{ImportPlaybook, ImportRole, ImportTasks, IncludeRole, IncludeTasks, IncludeVars};
use run::{AddHost, Assert, Debug, Fail, GatherFacts, GroupBy, Meta, Pause, SetFact, SetStats, ValidateArgumentSpec};

/// Expands to the table of manuals.
macro_rules! controller {
    ($($name:literal $arguments:ident $check:ident $difference:literal,)*) => {
        /// The manuals of what the controller does.
        pub(crate) static CONTROLLER: &[Manual] = &[$(Manual {
            name: $name,
            spec: <$arguments as Args>::SPEC,
            docs: <$arguments as Args>::DOCS,
            check: CheckMode::$check,
            has_difference: $difference,
        }),*];
    };
}

controller! {
    "add_host" AddHost Run false,
    "assert" Assert Run false,
    "debug" Debug Run false,
    "fail" Fail Run false,
    "fetch" Fetch Run true,
    "gather_facts" GatherFacts Run false,
    "group_by" GroupBy Run false,
    "import_playbook" ImportPlaybook Run false,
    "import_role" ImportRole Run false,
    "import_tasks" ImportTasks Run false,
    "include_role" IncludeRole Run false,
    "include_tasks" IncludeTasks Run false,
    "include_vars" IncludeVars Run false,
    "meta" Meta Run false,
    "package" Package Run false,
    "pause" Pause Run false,
    "raw" Raw Skip false,
    "reboot" Reboot Run false,
    "script" Script Run false,
    "set_fact" SetFact Run false,
    "set_stats" SetStats Run false,
    "shell" Shell Run false,
    "template" Template Run true,
    "validate_argument_spec" ValidateArgumentSpec Run false,
    "wait_for_connection" WaitForConnection Skip false,
}
