//! Tasks and blocks.

use crate::{Keywords, PlayContext, Role};
use churten_value::{Dict, Origin, Value};
use std::sync::Arc;

/// An entry of a task list.
#[derive(Clone, Debug)]
pub enum Item {
    /// One task.
    Task(Arc<Task>),
    /// A block.
    Block(Arc<Block>),
}

/// `block` with its `rescue` and `always`.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// `name`, unrendered.
    pub name: Option<Value>,
    /// Where the block is written; `None` for one that churten made around a list.
    pub origin: Option<Origin>,
    /// The tasks.
    pub tasks: Vec<Item>,
    /// Run when a task of the block failed.
    pub rescue: Vec<Item>,
    /// Run in any case.
    pub always: Vec<Item>,
    /// Keywords in effect inside the block.
    pub keywords: Arc<Keywords>,
    /// The role the block belongs to.
    pub role: Option<Arc<Role>>,
}

/// One task, or one handler.
#[derive(Clone, Debug)]
pub struct Task {
    /// A number unique in the run.
    pub id: u64,
    /// Where the task is written.
    pub origin: Option<Origin>,
    /// Where the action's name is written.
    pub action_origin: Option<Origin>,
    /// `name`, unrendered.
    pub name: Option<Value>,
    /// What the task does.
    pub action: Action,
    /// The arguments: a mapping with raw values, or a template that gives one (`args: "{{ x }}"` alone).
    /// `k=v` text is already split; free-form text is under `_raw_params`. When a template in `args:` stands beside
    /// other arguments it is under `_variable_params`, and the others win.
    pub args: Value,
    /// Keywords in effect: the task's own inside all around it.
    pub keywords: Arc<Keywords>,
    /// The task's own `vars`, also the last layer of `keywords.vars`.
    pub vars: Arc<Dict>,
    /// `loop` or `with_X`.
    pub r#loop: Option<Loop>,
    /// `register`
    pub register: Option<Value>,
    /// `until`: all must hold.
    pub until: Vec<Value>,
    /// `retries`
    pub retries: Option<Value>,
    /// `delay`
    pub delay: Option<Value>,
    /// `changed_when`: all must hold.
    pub changed_when: Vec<Value>,
    /// `failed_when`: all must hold.
    pub failed_when: Vec<Value>,
    /// `async`
    pub r#async: Option<Value>,
    /// `poll`
    pub poll: Option<Value>,
    /// `listen` of a handler.
    pub listen: Vec<Value>,
    /// The role the task belongs to.
    pub role: Option<Arc<Role>>,
    /// Path of the file the task is written in.
    pub file: Option<Arc<str>>,
    /// What goes into `ansible_search_path`: the directories of the role and of the roles around it, innermost
    /// first, then the directory of the task's file. The playbook's directory is still to be appended.
    pub search_path: Arc<[Arc<str>]>,
    /// Keywords in effect around the task, without its own: what an `include_tasks` or `include_role` hands on.
    pub surroundings: Arc<Keywords>,
    /// The file arguments of the imports and includes the task came through, innermost first.
    pub include_chain: Arc<[Arc<str>]>,
    /// `vars` and loop variables of the dynamic includes the task came through, outermost first. They win over all but
    /// extra vars.
    pub include_vars: Arc<[Arc<Dict>]>,
    /// The roles around the task, outermost first, its own last.
    pub role_chain: Arc<[Arc<Role>]>,
    /// True when the task stands in a list of handlers.
    pub is_handler: bool,
    /// What of the play the loader needs again for an include; `None` only for tasks not made by the loader.
    pub play: Option<Arc<PlayContext>>,
    /// A task churten itself added: gathering facts, flushing handlers, the end of a role.
    pub implicit: bool,
}

impl Task {
    /// A task with nothing but an action.
    pub fn new(id: u64, action: Action) -> Self {
        Self {
            id,
            origin: None,
            action_origin: None,
            name: None,
            action,
            args: Value::dict(Dict::new()),
            keywords: Arc::default(),
            vars: Arc::default(),
            r#loop: None,
            register: None,
            until: Vec::new(),
            retries: None,
            delay: None,
            changed_when: Vec::new(),
            failed_when: Vec::new(),
            r#async: None,
            poll: None,
            listen: Vec::new(),
            role: None,
            file: None,
            search_path: Arc::default(),
            surroundings: Arc::default(),
            include_chain: Arc::default(),
            include_vars: Arc::default(),
            role_chain: Arc::default(),
            is_handler: false,
            play: None,
            implicit: false,
        }
    }
}

/// The action of a task.
#[derive(Clone, Debug, PartialEq)]
pub struct Action {
    /// The name as written: `debug`, `ansible.builtin.debug`.
    pub name: Arc<str>,
    /// The full name after routing: `ansible.builtin.debug`. `ansible.legacy.X` for a name without a collection that
    /// may be overridden locally is resolved to `ansible.builtin.X` here. The same as `name` when the action is a
    /// template, or an unknown action given by `action:`; both are found out when the task runs.
    pub resolved: Arc<str>,
    /// No action or module of this name was found; the task fails when it runs.
    pub is_missing: bool,
    /// What its collection says of its end, in whole sentences; results of tasks that run tell it.
    pub deprecations: Arc<[String]>,
}

impl Action {
    /// The name inside `ansible.builtin`, if the action belongs to it.
    pub fn builtin(&self) -> Option<&str> {
        self.resolved.strip_prefix("ansible.builtin.")
    }

    /// True when all of the action's text is one command, beside a few `key=value` words.
    pub fn is_free_form(&self) -> bool {
        crate::action::is_free_form(&self.resolved)
    }

    /// True when the action accepts `_raw_params`.
    pub fn takes_raw_params(&self) -> bool {
        crate::action::takes_raw_params(&self.resolved)
    }
}

/// What a task repeats over.
#[derive(Clone, Debug)]
pub struct Loop {
    /// `None` for `loop`, the lookup's name for `with_X`.
    pub lookup: Option<Arc<str>>,
    /// The list, or the lookup's terms, unrendered.
    pub items: Value,
    /// `loop_control`
    pub control: LoopControl,
}

/// `loop_control`
#[derive(Clone, Debug, Default)]
pub struct LoopControl {
    /// `loop_var`
    pub loop_var: Option<Value>,
    /// `index_var`
    pub index_var: Option<Value>,
    /// `label`
    pub label: Option<Value>,
    /// `pause`, seconds
    pub pause: Option<Value>,
    /// `extended`
    pub extended: Option<Value>,
    /// `extended_allitems`
    pub extended_allitems: Option<Value>,
    /// `break_when`: all must hold.
    pub break_when: Vec<Value>,
}
