//! The text of `--list-hosts`, `--list-tasks` and `--list-tags`.

use crate::{Item, Play, TagFilter, Task};
use churten_value::{Data, Value};
use std::collections::BTreeSet;

/// What to list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ListOptions {
    /// `--list-hosts`
    pub hosts: bool,
    /// `--list-tasks`
    pub tasks: bool,
    /// `--list-tags`
    pub tags: bool,
}

/// What the lister needs to know of a play beside the play itself.
pub struct ListedPlay<'a> {
    /// The play.
    pub play: &'a Play,
    /// The play's name rendered; empty when it has none.
    pub name: String,
    /// The patterns of `hosts`, rendered.
    pub patterns: Vec<String>,
    /// The hosts that the patterns select, in order.
    pub hosts: Vec<String>,
}

/// The text for one playbook: `playbook: PATH` and its plays, each line ended.
///
/// `tags` renders the tags of a task in a play (in force, inherited ones included) to plain words.
pub fn list_playbook(
    path: &str,
    plays: &[ListedPlay<'_>],
    options: ListOptions,
    filter: &TagFilter,
    tags: &dyn Fn(&Play, &[Value]) -> Vec<String>,
) -> String {
    let mut text = format!("\nplaybook: {path}\n");
    for (index, listed) in plays.iter().enumerate() {
        let own_tags = words(tags(listed.play, &listed.play.keywords.tags));
        let name = if listed.name.is_empty() { listed.patterns.join(",") } else { listed.name.clone() };
        text += &format!(
            "\n  play #{} ({}): {name}\tTAGS: [{}]\n",
            index + 1,
            listed.patterns.join(","),
            own_tags.join(",")
        );
        if options.hosts {
            let patterns: Vec<Value> = listed.patterns.iter().map(|pattern| Value::str(pattern.as_str())).collect();
            let patterns = if patterns.is_empty() { Value::NONE } else { Value::list(patterns) };
            text += &format!("    pattern: {}\n", churten_value::Repr(&patterns));
            text += &format!("    hosts ({}):", listed.hosts.len());
            for host in &listed.hosts {
                text += &format!("\n      {host}");
            }
            text.push('\n');
        }
        if !(options.tasks || options.tags) {
            continue;
        }
        if options.tasks {
            text += "    tasks:\n";
        }
        // The flushes of handlers around the sections have the play's tags and are never filtered out.
        let mut all: BTreeSet<String> = own_tags.into_iter().collect();
        let mut lines = String::new();
        let play = listed.play;
        for section in [&play.pre_tasks, &play.role_tasks, &play.tasks, &play.post_tasks] {
            walk(section, &mut |task| {
                if task.implicit && task.action.builtin() == Some("meta") {
                    return;
                }
                let task_tags = words(tags(play, &task.keywords.tags));
                if !filter.selects(&task_tags) {
                    return;
                }
                all.extend(task_tags.iter().cloned());
                if options.tasks {
                    let mut sorted = task_tags;
                    sorted.sort();
                    lines += &format!("      {}\tTAGS: [{}]\n", task_label(task), sorted.join(", "));
                }
            });
        }
        text += &lines;
        if options.tags {
            let all: Vec<String> = all.into_iter().collect();
            text += &format!("      TASK TAGS: [{}]\n", all.join(", "));
        }
    }
    text
}

fn words(tags: Vec<String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    tags.into_iter().filter(|tag| seen.insert(tag.clone())).collect()
}

/// Tasks of blocks in order. As in ansible-core, `rescue` and `always` are not listed.
fn walk(items: &[Item], visit: &mut dyn FnMut(&Task)) {
    for item in items {
        match item {
            Item::Task(task) => visit(task),
            Item::Block(block) => walk(&block.tasks, visit),
        }
    }
}

fn task_label(task: &Task) -> String {
    match &task.name {
        Some(Value { data: Data::Str(name), .. }) if !name.is_empty() => match &task.role {
            // The name of an included role's task stands alone.
            Some(role) if task.action.builtin() != Some("include_role") => format!("{} : {name}", role.full_name()),
            _ => name.to_string(),
        },
        Some(name) if name.is_truthy() => name.to_text(),
        _ => task.action.name.to_string(),
    }
}
