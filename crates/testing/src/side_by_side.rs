use std::sync::atomic::{AtomicUsize, Ordering};

/// What `work` makes of each item, in the items' order. As many items at a time as there are processors, and two at
/// least: programs that are waited for leave one free now and then.
///
/// # Panics
/// When `work` does, for any item.
pub fn side_by_side<Item: Sync, Made: Send>(items: &[Item], work: impl Fn(&Item) -> Made + Sync) -> Vec<Made> {
    let threads = std::thread::available_parallelism().map_or(2, |count| count.get().max(2));
    let next = AtomicUsize::new(0);
    let some = || {
        let mut made = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(index) else { return made };
            made.push((index, work(item)));
        }
    };
    let mut made: Vec<(usize, Made)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(some)).collect();
        let joined = workers.into_iter().map(|worker| worker.join());
        // What a test says when it fails is to be the assertion that failed, not that a thread did.
        joined.flat_map(|made| made.unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    });
    made.sort_by_key(|(index, _)| *index);
    made.into_iter().map(|(_, made)| made).collect()
}

#[cfg(test)]
mod tests {
    use super::side_by_side;

    #[test]
    fn results_are_in_the_items_order() {
        let items: Vec<usize> = (0..100).collect();
        assert_eq!(side_by_side(&items, |item| item * 2), items.iter().map(|item| item * 2).collect::<Vec<_>>());
        assert_eq!(side_by_side::<usize, usize>(&[], |item| *item), Vec::<usize>::new());
    }

    #[test]
    #[should_panic(expected = "item 7")]
    fn an_item_that_fails_fails_the_test() {
        side_by_side(&[1, 7, 3], |item| assert_ne!(*item, 7, "item {item}"));
    }
}
