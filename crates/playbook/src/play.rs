//! Playbooks and plays.

use crate::{Item, Keywords, Role, Task};
use churten_value::{Dict, Origin, Value};
use std::path::PathBuf;
use std::sync::Arc;

/// A playbook file with everything it imports.
#[derive(Debug)]
pub struct Playbook {
    /// The path as given.
    pub path: PathBuf,
    /// The plays in order; `import_playbook` is resolved.
    pub plays: Vec<Arc<Play>>,
}

/// One play.
#[derive(Debug)]
pub struct Play {
    /// A number unique in the run.
    pub id: u64,
    /// Where the play is written.
    pub origin: Option<Origin>,
    /// Directory of the playbook file the play is written in: `playbook_dir`.
    pub directory: PathBuf,
    /// The same directory as the imports around the play name it, `..` and all: where roles and files are looked for.
    pub search_directory: PathBuf,
    /// `name`, unrendered.
    pub name: Option<Value>,
    /// `hosts`: patterns, unrendered.
    pub hosts: Value,
    /// Keywords of the play itself.
    pub keywords: Arc<Keywords>,
    /// `vars`
    pub vars: Arc<Dict>,
    /// `vars` of the `import_playbook` statements around the play, outermost first. They win over `vars`.
    pub import_vars: Vec<Arc<Dict>>,
    /// `vars_files`
    pub vars_files: Vec<Value>,
    /// `vars_prompt`
    pub vars_prompt: Vec<VarsPrompt>,
    /// `gather_facts`
    pub gather_facts: Option<Value>,
    /// `gather_subset`
    pub gather_subset: Option<Value>,
    /// `gather_timeout`, seconds
    pub gather_timeout: Option<Value>,
    /// `fact_path`
    pub fact_path: Option<Value>,
    /// `serial`: sizes and percentages of the batches.
    pub serial: Vec<Value>,
    /// `strategy`
    pub strategy: Option<Value>,
    /// `order`
    pub order: Option<Value>,
    /// `max_fail_percentage`
    pub max_fail_percentage: Option<Value>,
    /// `force_handlers`
    pub force_handlers: Option<Value>,
    /// `pre_tasks`
    pub pre_tasks: Vec<Item>,
    /// The tasks of `roles`, one block a role, dependencies before the role that needs them.
    pub role_tasks: Vec<Item>,
    /// `tasks`
    pub tasks: Vec<Item>,
    /// `post_tasks`
    pub post_tasks: Vec<Item>,
    /// Handlers of the roles, then of the play: in the order they run. Blocks and includes may be among them.
    pub handlers: Vec<Item>,
    /// All roles statically in the play (from `roles`, dependencies and `import_role`), in order.
    pub roles: Vec<Arc<Role>>,
}

impl Play {
    /// How many tasks the first block of the play has: tasks of a list up to the next block are a block, too.
    pub fn first_tasks(&self) -> usize {
        let lists = [&self.pre_tasks, &self.role_tasks, &self.tasks, &self.post_tasks];
        match lists.into_iter().find(|list| !list.is_empty()).map(Vec::as_slice) {
            Some([Item::Block(block), ..]) => block.tasks.len(),
            Some(list) => list.iter().take_while(|item| matches!(item, Item::Task(_))).count(),
            None => 0,
        }
    }
}

/// One entry of `vars_prompt`.
#[derive(Clone, Debug)]
pub struct VarsPrompt {
    /// The variable's name.
    pub name: Arc<str>,
    /// The entry's other keys: prompt, default, private, confirm, encrypt, salt, salt_size, unsafe.
    pub options: Dict,
}

/// What `include_tasks` and `include_role` add to a play while it runs.
#[derive(Clone, Debug, Default)]
pub struct Included {
    /// The tasks.
    pub items: Vec<Item>,
    /// Handlers that the include brings.
    pub handlers: Vec<Arc<Task>>,
    /// Roles that the include brings, the included one last.
    pub roles: Vec<Arc<Role>>,
}
