//! What tests of this crate share.

use churten_playbook::{Action, Task};
use std::sync::atomic::{AtomicU64, Ordering};

/// A `debug` task with a name.
pub(crate) fn task(name: &str) -> Task {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let action = Action {
        name: "debug".into(),
        resolved: "ansible.builtin.debug".into(),
        is_missing: false,
        deprecations: std::sync::Arc::default(),
    };
    let mut task = Task::new(NEXT.fetch_add(1, Ordering::Relaxed), action);
    task.name = Some(name.into());
    task
}
