//! Which keywords each element takes.

use churten_diagnostics::Report;
use churten_value::Dict;

/// Keywords every element takes.
pub(crate) const BASE: &[&str] = &[
    "any_errors_fatal",
    "become",
    "become_exe",
    "become_flags",
    "become_method",
    "become_user",
    "check_mode",
    "connection",
    "debugger",
    "diff",
    "environment",
    "ignore_errors",
    "ignore_unreachable",
    "module_defaults",
    "name",
    "no_log",
    "port",
    "remote_user",
    "run_once",
    "throttle",
    "timeout",
    "vars",
];

const PLAY: &[&str] = &[
    "collections",
    "fact_path",
    "force_handlers",
    "gather_facts",
    "gather_subset",
    "gather_timeout",
    "handlers",
    "hosts",
    "max_fail_percentage",
    "order",
    "post_tasks",
    "pre_tasks",
    "roles",
    "serial",
    "strategy",
    "tags",
    "tasks",
    "vars_files",
    "vars_prompt",
];
const PLAYBOOK_INCLUDE: &[&str] = &["import_playbook", "tags", "when"];
const BLOCK: &[&str] =
    &["always", "block", "collections", "delegate_facts", "delegate_to", "notify", "rescue", "tags", "when"];
const TASK: &[&str] = &[
    "action",
    "args",
    "async",
    "changed_when",
    "collections",
    "delay",
    "delegate_facts",
    "delegate_to",
    "failed_when",
    "loop",
    "loop_control",
    "loop_with",
    "notify",
    "poll",
    "register",
    "retries",
    "tags",
    "until",
    "when",
];
const ROLE: &[&str] = &["collections", "delegate_facts", "delegate_to", "role", "tags", "when"];
const ROLE_METADATA: &[&str] = &["allow_duplicates", "argument_specs", "collections", "dependencies", "galaxy_info"];
/// All keywords of a dynamic include.
const INCLUDE: &[&str] = &[
    "action",
    "args",
    "collections",
    "debugger",
    "ignore_errors",
    "loop",
    "loop_control",
    "loop_with",
    "name",
    "no_log",
    "register",
    "run_once",
    "tags",
    "timeout",
    "vars",
    "when",
];
/// All keywords of `loop_control`.
const LOOP_CONTROL: &[&str] =
    &["break_when", "extended", "extended_allitems", "index_var", "label", "loop_var", "pause"];

/// Keywords whose value must not be a list or a mapping.
pub(crate) const TEXT: &[&str] = &[
    "become_exe",
    "become_flags",
    "become_method",
    "become_user",
    "connection",
    "debugger",
    "delegate_to",
    "fact_path",
    "import_playbook",
    "name",
    "order",
    "remote_user",
    "role",
    "strategy",
];

/// What a mapping of keywords stands for; its name is part of messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Element {
    Play,
    PlaybookInclude,
    Block,
    Task,
    Handler,
    TaskInclude,
    HandlerTaskInclude,
    IncludeRole,
    RoleInclude,
    RoleMetadata,
    LoopControl,
}

impl Element {
    /// The name in messages.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Play => "Play",
            Self::PlaybookInclude => "PlaybookInclude",
            Self::Block => "Block",
            Self::Task => "Task",
            Self::Handler => "Handler",
            Self::TaskInclude => "TaskInclude",
            Self::HandlerTaskInclude => "HandlerTaskInclude",
            Self::IncludeRole => "IncludeRole",
            Self::RoleInclude => "RoleInclude",
            Self::RoleMetadata => "RoleMetadata",
            Self::LoopControl => "LoopControl",
        }
    }

    /// True when the element has the keyword.
    pub(crate) fn takes(self, keyword: &str) -> bool {
        let own = match self {
            Self::Play => PLAY,
            Self::PlaybookInclude => PLAYBOOK_INCLUDE,
            Self::Block => BLOCK,
            Self::Task | Self::TaskInclude | Self::IncludeRole => TASK,
            Self::Handler | Self::HandlerTaskInclude => {
                return keyword == "listen" || TASK.contains(&keyword) || BASE.contains(&keyword);
            }
            Self::RoleInclude => ROLE,
            Self::RoleMetadata => ROLE_METADATA,
            Self::LoopControl => return LOOP_CONTROL.contains(&keyword),
        };
        own.contains(&keyword) || BASE.contains(&keyword)
    }

    /// True when a dynamic include may have the keyword.
    pub(crate) fn include_takes(self, keyword: &str) -> bool {
        INCLUDE.contains(&keyword) || (self == Self::HandlerTaskInclude && keyword == "listen")
    }
}

/// True for a key of a task that is a keyword rather than an action's name.
pub(crate) fn is_task_keyword(key: &str) -> bool {
    key == "listen" || key == "local_action" || key == "static" || key.starts_with("with_") || Element::Task.takes(key)
}

/// Names that the template language has taken, and two that tasks use internally.
const TEMPLATE_NAMES: &[&str] = &[
    "async_val",
    "cycler",
    "dict",
    "joiner",
    "lipsum",
    "lookup",
    "namespace",
    "now",
    "omit",
    "q",
    "query",
    "range",
    "undef",
    "with_",
];

/// True for a variable name that hides a keyword or a name of the template language: such variables work, with a
/// warning.
pub fn is_reserved_name(name: &str) -> bool {
    name != "vars"
        && (name == "local_action"
            || [BASE, PLAY, BLOCK, TASK, TEMPLATE_NAMES].iter().any(|table| table.contains(&name)))
}

/// The warnings about variables with reserved names.
pub fn reserved_names(vars: &Dict) -> impl Iterator<Item = Report> {
    let reserved = vars.keys().filter(|name| name.as_str().is_some_and(is_reserved_name));
    reserved
        .map(|name| Report::new(format!("Found variable using reserved name '{}'.", name.to_text())).at(name.origin()))
}
