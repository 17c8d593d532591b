//! Where one host stands in a play: which task is next, and what a failure does to that.
//!
//! A cursor is a stack of frames. A frame walks one block: its tasks, after a failure its `rescue`, and in any case
//! its `always`. Flushing handlers pushes a frame that walks the notified handlers.

use churten_playbook::{Block, Item, Task};
use std::sync::Arc;

/// A part of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Section {
    Tasks,
    Rescue,
    Always,
    /// The handlers of the play; a failure there is a failure of the task that flushed them.
    Handlers,
}

#[derive(Clone, Debug)]
struct Frame {
    block: Arc<Block>,
    section: Section,
    /// The section's entries; a copy of the block's once something is included.
    items: Arc<Vec<Item>>,
    index: usize,
    /// A failure that no `rescue` has taken care of, to be passed on after `always`.
    failed: bool,
}

impl Frame {
    fn new(block: &Arc<Block>) -> Self {
        Self {
            block: block.clone(),
            section: Section::Tasks,
            items: Arc::new(block.tasks.clone()),
            index: 0,
            failed: false,
        }
    }

    fn enter(&mut self, section: Section) {
        let items = if section == Section::Rescue { &self.block.rescue } else { &self.block.always };
        self.items = Arc::new(items.clone());
        self.section = section;
        self.index = 0;
    }
}

/// What a failure led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AfterFailure {
    /// A `rescue` of a block around the task takes over.
    Rescued,
    /// No `rescue` is left; the host has failed, though `always` sections may still run.
    HostFailed,
}

/// Where one host stands in a play.
#[derive(Clone, Debug)]
pub(crate) struct Cursor {
    frames: Vec<Frame>,
    failed: bool,
    ended: bool,
}

impl Cursor {
    /// At the start of the play's tasks, given as one block.
    pub(crate) fn new(root: &Arc<Block>) -> Self {
        Self { frames: vec![Frame::new(root)], failed: false, ended: false }
    }

    /// The next task of the host, or `None` at the end. Calling it again without [`advance`](Self::advance) gives
    /// the same task. `wanted` tells whether the host was notified of a handler.
    pub(crate) fn next(&mut self, wanted: &dyn Fn(&Task) -> bool) -> Option<Arc<Task>> {
        if self.ended {
            return None;
        }
        loop {
            let frame = self.frames.last_mut()?;
            match frame.items.get(frame.index) {
                Some(Item::Task(task)) => {
                    if frame.section == Section::Handlers && !wanted(task) {
                        frame.index += 1;
                        continue;
                    }
                    return Some(task.clone());
                }
                Some(Item::Block(block)) => {
                    let inner = Frame::new(&block.clone());
                    self.frames.push(inner);
                }
                None => match frame.section {
                    Section::Tasks => frame.enter(Section::Always),
                    Section::Rescue => {
                        frame.failed = false;
                        frame.enter(Section::Always);
                    }
                    Section::Always | Section::Handlers => self.leave(),
                },
            }
        }
    }

    /// Leave the innermost frame; an unrescued failure goes on to the block around it.
    fn leave(&mut self) {
        let Some(frame) = self.frames.pop() else { return };
        if frame.section == Section::Handlers {
            return;
        }
        if let Some(outer) = self.frames.last_mut() {
            outer.index += 1;
        }
        if frame.failed {
            self.fail();
        }
    }

    /// True when a host that failed where `earlier` stands would run tasks before it came here: it is the rest of a block with
    /// a `rescue` or an `always` that lies between.
    pub(crate) fn has_left_guards_of(&self, earlier: &Self) -> bool {
        let is_guard = |frame: &&Frame| !frame.block.rescue.is_empty() || !frame.block.always.is_empty();
        let mut now = self.frames.iter().filter(is_guard);
        !earlier.frames.iter().filter(is_guard).all(|guard| {
            now.next().is_some_and(|frame| Arc::ptr_eq(&frame.block, &guard.block) && frame.section == guard.section)
        })
    }

    /// Step past the task that [`next`](Self::next) gave.
    pub(crate) fn advance(&mut self) {
        if let Some(frame) = self.frames.last_mut() {
            frame.index += 1;
        }
    }

    /// The current task failed on this host. The task was already stepped past.
    pub(crate) fn fail(&mut self) -> AfterFailure {
        loop {
            let Some(frame) = self.frames.last_mut() else {
                self.failed = true;
                return AfterFailure::HostFailed;
            };
            match frame.section {
                Section::Handlers => {
                    self.frames.pop();
                }
                Section::Tasks if !frame.block.rescue.is_empty() => {
                    frame.enter(Section::Rescue);
                    return AfterFailure::Rescued;
                }
                Section::Tasks | Section::Rescue => {
                    frame.failed = true;
                    if frame.block.always.is_empty() {
                        self.frames.pop();
                        self.step_outer();
                        continue;
                    }
                    frame.enter(Section::Always);
                    return self.verdict();
                }
                Section::Always => {
                    self.frames.pop();
                    self.step_outer();
                }
            }
        }
    }

    fn step_outer(&mut self) {
        if let Some(outer) = self.frames.last_mut() {
            outer.index += 1;
        }
    }

    /// While an `always` section runs after a failure: will a block around it rescue the host?
    fn verdict(&mut self) -> AfterFailure {
        let outer = self.frames.iter().rev().skip(1);
        let rescued = outer.filter(|frame| frame.section == Section::Tasks).any(|frame| !frame.block.rescue.is_empty());
        if rescued {
            AfterFailure::Rescued
        } else {
            self.failed = true;
            AfterFailure::HostFailed
        }
    }

    /// True when a failure was not rescued.
    pub(crate) fn has_failed(&self) -> bool {
        self.failed
    }

    /// Forget a failure (`meta: clear_host_errors`).
    pub(crate) fn clear_failure(&mut self) {
        self.failed = false;
        for frame in &mut self.frames {
            frame.failed = false;
        }
    }

    /// Take no more tasks (`meta: end_host`, `end_play`, an unreachable host).
    pub(crate) fn end(&mut self) {
        self.ended = true;
    }

    /// True when the host takes no more tasks.
    pub(crate) fn has_ended(&self) -> bool {
        self.ended || self.frames.is_empty()
    }

    /// The host has failed for a reason outside its own tasks (`any_errors_fatal`, a failure in an earlier play).
    pub(crate) fn fail_host(&mut self) {
        self.failed = true;
        self.ended = true;
    }

    /// Put included entries right after the task that was last stepped past.
    pub(crate) fn include(&mut self, included: &[Item]) {
        if let Some(frame) = self.frames.last_mut() {
            let at = frame.index.min(frame.items.len());
            Arc::make_mut(&mut frame.items).splice(at..at, included.iter().cloned());
        }
    }

    /// Run the notified ones of `handlers` before going on.
    pub(crate) fn flush_handlers(&mut self, handlers: &Arc<Vec<Item>>) {
        self.frames.push(Frame {
            block: Arc::new(Block::default()),
            section: Section::Handlers,
            items: handlers.clone(),
            index: 0,
            failed: false,
        });
    }

    /// Skip what is left of the tasks for which `skip` holds (`meta: end_role`).
    pub(crate) fn skip_while(&mut self, skip: &dyn Fn(&Task) -> bool) {
        while let Some(task) = self.next(&|_| true) {
            if !skip(&task) {
                return;
            }
            self.advance();
        }
    }
}

/// Every task below some entries, in the order they stand.
pub(crate) fn flatten(items: &[Item], into: &mut Vec<u64>) {
    for item in items {
        match item {
            Item::Task(task) => into.push(task.id),
            Item::Block(block) => {
                flatten(&block.tasks, into);
                flatten(&block.rescue, into);
                flatten(&block.always, into);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{AfterFailure, Cursor};
    use churten_playbook::{Block, Item};
    use std::sync::Arc;

    fn task(name: &str) -> Item {
        Item::Task(Arc::new(crate::testing::task(name)))
    }

    fn block(tasks: Vec<Item>, rescue: Vec<Item>, always: Vec<Item>) -> Arc<Block> {
        Arc::new(Block { tasks, rescue, always, ..Block::default() })
    }

    /// Walk a play in which the tasks named in `failing` fail; the names in the order they ran.
    fn walk(root: &Arc<Block>, failing: &[&str]) -> (Vec<String>, bool) {
        let mut cursor = Cursor::new(root);
        let mut ran = vec![];
        while let Some(task) = cursor.next(&|_| true) {
            let name = task.name.as_ref().unwrap().to_text();
            ran.push(name.clone());
            cursor.advance();
            if failing.contains(&name.as_str()) {
                cursor.fail();
            }
        }
        (ran, cursor.has_failed())
    }

    #[test]
    fn blocks_run_as_in_ansible() {
        let inner = block(vec![task("i1"), task("i2")], vec![], vec![task("ia")]);
        let root = block(
            vec![
                task("a"),
                Item::Block(block(
                    vec![task("b1"), Item::Block(inner), task("b2")],
                    vec![task("r1"), task("r2")],
                    vec![task("al")],
                )),
                task("z"),
            ],
            vec![],
            vec![],
        );
        let cases: &[(&[&str], &[&str], bool)] = &[
            (&[], &["a", "b1", "i1", "i2", "ia", "b2", "al", "z"], false),
            (&["a"], &["a"], true),
            (&["b1"], &["a", "b1", "r1", "r2", "al", "z"], false),
            (&["i1"], &["a", "b1", "i1", "ia", "r1", "r2", "al", "z"], false),
            (&["ia"], &["a", "b1", "i1", "i2", "ia", "r1", "r2", "al", "z"], false),
            (&["b1", "r1"], &["a", "b1", "r1", "al"], true),
            (&["al"], &["a", "b1", "i1", "i2", "ia", "b2", "al"], true),
        ];
        for (failing, ran, failed) in cases {
            assert_eq!(
                walk(&root, failing),
                (ran.iter().map(|name| (*name).to_owned()).collect(), *failed),
                "{failing:?}"
            );
        }
    }

    #[test]
    fn the_end_of_a_guarded_block_is_noticed() {
        let plain = Item::Block(block(vec![task("p")], vec![], vec![]));
        let guarded = Item::Block(block(vec![task("b1"), plain, task("b2")], vec![], vec![task("al")]));
        let root = block(vec![task("a"), guarded, task("z")], vec![], vec![]);
        let mut cursor = Cursor::new(&root);
        let mut places = vec![];
        while let Some(task) = cursor.next(&|_| true) {
            places.push((task.name.as_ref().unwrap().to_text(), cursor.clone()));
            cursor.advance();
        }
        let leaves: Vec<(&str, &str)> = places
            .windows(2)
            .filter(|pair| pair[1].1.has_left_guards_of(&pair[0].1))
            .map(|pair| (&*pair[0].0, &*pair[1].0))
            .collect();
        assert_eq!(leaves, [("b2", "al"), ("al", "z")]);
        assert!(!places[5].1.has_left_guards_of(&places[0].1), "from a to z");
    }

    #[test]
    fn a_failure_says_whether_it_is_rescued() {
        let inner = Item::Block(block(vec![task("i")], vec![], vec![task("ia")]));
        let rescued = block(vec![Item::Block(block(vec![inner.clone()], vec![task("r")], vec![]))], vec![], vec![]);
        let fatal = block(vec![inner], vec![], vec![]);
        for (root, expected) in [(rescued, AfterFailure::Rescued), (fatal, AfterFailure::HostFailed)] {
            let mut cursor = Cursor::new(&root);
            cursor.next(&|_| true);
            cursor.advance();
            assert_eq!(cursor.fail(), expected);
        }
    }

    #[test]
    fn a_cleared_failure_is_not_passed_on() {
        let root = block(
            vec![Item::Block(block(vec![task("a")], vec![task("r")], vec![task("clear")])), task("z")],
            vec![],
            vec![],
        );
        let mut cursor = Cursor::new(&root);
        let mut ran = vec![];
        while let Some(task) = cursor.next(&|_| true) {
            let name = task.name.as_ref().unwrap().to_text();
            cursor.advance();
            match name.as_str() {
                "a" | "r" => {
                    cursor.fail();
                }
                "clear" => cursor.clear_failure(),
                _ => {}
            }
            ran.push(name);
        }
        assert_eq!((ran, cursor.has_failed()), (["a", "r", "clear", "z"].map(String::from).to_vec(), false));
    }

    #[test]
    fn included_tasks_and_handlers_come_next() {
        let root = block(vec![task("a"), task("b")], vec![], vec![]);
        let mut cursor = Cursor::new(&root);
        cursor.next(&|_| true);
        cursor.advance();
        cursor.include(&[task("x"), task("y")]);
        cursor.flush_handlers(&Arc::new(vec![task("h1"), task("h2")]));
        let mut ran = vec![];
        while let Some(task) = cursor.next(&|task| task.name.as_ref().is_none_or(|name| name.to_text() != "h1")) {
            ran.push(task.name.as_ref().unwrap().to_text());
            cursor.advance();
        }
        assert_eq!(ran, ["h2", "x", "y", "b"]);
    }
}
