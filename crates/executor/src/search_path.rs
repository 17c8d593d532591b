//! Where a task's relative files are looked for.

use churten_playbook::{Play, Task};
use churten_value::Value;

/// `ansible_search_path`: the roles around the task, the directory of its file, the playbook's as imports name it.
pub(crate) fn of(task: &Task, play: Option<&Play>) -> Value {
    let mut directories: Vec<String> = task.search_path.iter().map(|directory| directory.to_string()).collect();
    if let Some(play) = play {
        let own = play.search_directory.display().to_string();
        if !directories.contains(&own) {
            directories.push(own);
        }
    }
    directories.into_iter().collect()
}
