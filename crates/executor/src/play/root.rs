//! The one block a play's hosts walk: facts, roles and tasks, with handlers flushed between its parts.

use churten_playbook::{Action, Block, Item, Keywords, Play, Task};
use churten_value::{Dict, Value};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A task churten itself adds.
pub(super) fn implicit(name: Option<&str>, action: &str, args: Dict, keywords: Keywords) -> Task {
    // Numbers of their own, far from those the loader gives.
    static NEXT: AtomicU64 = AtomicU64::new(1 << 48);
    let mut task = Task::new(
        NEXT.fetch_add(1, Ordering::Relaxed),
        Action {
            name: action.into(),
            resolved: format!("ansible.builtin.{action}").into(),
            is_missing: false,
            deprecations: Arc::default(),
        },
    );
    task.name = name.map(Value::from);
    task.args = Value::dict(args);
    task.keywords = Arc::new(keywords);
    task.implicit = true;
    task
}

fn flush() -> Item {
    let args = Dict::from([("_raw_params", "flush_handlers")]);
    Item::Task(Arc::new(implicit(None, "meta", args, Keywords::default())))
}

/// The block of a play. `filter` keeps the entries that the tags select.
pub(super) fn block(
    play: &Play,
    gather: Option<Task>,
    force_handlers: bool,
    filter: &dyn Fn(&[Item]) -> Vec<Item>,
) -> Arc<Block> {
    let mut tasks: Vec<Item> = gather.map(|task| Item::Task(Arc::new(task))).into_iter().collect();
    let middle: Vec<Item> = [play.role_tasks.clone(), play.tasks.clone()].concat();
    for part in [&play.pre_tasks, &middle, &play.post_tasks] {
        let part = filter(part);
        if force_handlers {
            let block = Block { tasks: part, always: vec![flush()], ..Block::default() };
            tasks.push(Item::Block(Arc::new(block)));
        } else {
            tasks.extend(part);
            tasks.push(flush());
        }
    }
    Arc::new(Block { tasks, ..Block::default() })
}

/// The implicit task that gathers facts.
pub(super) fn gather_facts(play: &Play) -> Task {
    let mut args = Dict::new();
    for (name, value) in [
        ("gather_subset", &play.gather_subset),
        ("gather_timeout", &play.gather_timeout),
        ("fact_path", &play.fact_path),
    ] {
        if let Some(value) = value {
            args.insert(name, value.clone());
        }
    }
    let own = Keywords { tags: vec!["always".into()], ..Keywords::default() };
    let mut task = implicit(Some("Gathering Facts"), "gather_facts", args, own.inherit(&play.keywords));
    task.origin = play.origin;
    task
}
