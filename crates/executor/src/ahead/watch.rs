//! Which variables a task may not look at when it is rendered ahead of its turn.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Names whose value may be another one when the task's turn comes: what hosts of the play are left, what other hosts
/// know, and the functions that look at the world outside of the variables.
const ALWAYS: [&str; 12] = [
    "ansible_current_hosts",
    "ansible_failed_hosts",
    "ansible_play_batch",
    "ansible_play_hosts",
    "hostvars",
    "lookup",
    "now",
    "play_hosts",
    "q",
    "query",
    "undef",
    "vars",
];

/// Notices when a task looks at a variable that is not settled yet.
#[derive(Debug)]
pub(crate) struct Watch {
    /// Results that are still outstanding, by the names they are registered under.
    outstanding: HashSet<Arc<str>>,
    /// [`ALWAYS`] counts, too.
    wide: bool,
    /// It is told everything as well.
    outer: Option<Arc<Watch>>,
    tripped: AtomicBool,
}

impl Watch {
    /// A watch over names that results still outstanding will set.
    pub(crate) fn new(outstanding: &HashSet<Arc<str>>) -> Arc<Self> {
        Arc::new(Self { outstanding: outstanding.clone(), wide: true, outer: None, tripped: AtomicBool::new(false) })
    }

    /// A watch over the result of the items of a loop before this one, inside of the loop's own watch.
    pub(crate) fn of_item(register: Option<&str>, outer: Option<Arc<Self>>) -> Arc<Self> {
        let outstanding = register.map(Arc::from).into_iter().collect();
        Arc::new(Self { outstanding, wide: false, outer, tripped: AtomicBool::new(false) })
    }

    /// The task looks at a name.
    pub(crate) fn look(&self, name: &str) {
        if let Some(outer) = &self.outer {
            outer.look(name);
        }
        if self.wide && ALWAYS.contains(&name) || self.outstanding.contains(name) {
            self.trip();
        }
    }

    /// The task looks at all names there are.
    pub(crate) fn look_at_all(&self) {
        if let Some(outer) = &self.outer {
            outer.look_at_all();
        }
        if self.wide || !self.outstanding.is_empty() {
            self.trip();
        }
    }

    fn trip(&self) {
        self.tripped.store(true, Ordering::Relaxed);
    }

    /// Has the task looked at something that is not settled?
    pub(crate) fn is_tripped(&self) -> bool {
        self.tripped.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::Watch;
    use std::collections::HashSet;

    #[test]
    fn what_is_outstanding_is_noticed() {
        let watch = Watch::new(&HashSet::from(["result".into()]));
        watch.look("other");
        assert!(!watch.is_tripped());
        watch.look("result");
        assert!(watch.is_tripped());
        for name in ["hostvars", "lookup", "ansible_play_hosts"] {
            let watch = Watch::new(&HashSet::new());
            watch.look(name);
            assert!(watch.is_tripped(), "{name}");
        }
    }

    #[test]
    fn an_item_may_look_at_all_but_the_items_before_it() {
        let outer = Watch::new(&HashSet::from(["other".into()]));
        let watch = Watch::of_item(Some("result"), Some(outer.clone()));
        watch.look("item");
        assert!(!watch.is_tripped() && !outer.is_tripped());
        watch.look("hostvars");
        assert!(!watch.is_tripped() && outer.is_tripped());
        watch.look("result");
        assert!(watch.is_tripped());
        let watch = Watch::of_item(None, None);
        watch.look_at_all();
        assert!(!watch.is_tripped());
    }
}
