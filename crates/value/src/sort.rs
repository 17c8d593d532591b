//! Sorting once for all types, also by an order that may fail and may be none.

use std::cmp::Ordering;

/// So many items are sorted by insertion.
const FEW: usize = 20;

/// Sort stably. There is one sort for all types, so that programs that have to be small have it once: that of the
/// standard library takes some kilobytes for each type.
pub fn sort<T: Ord>(items: &mut [T]) {
    sort_by(items, Ord::cmp);
}

/// Sort stably by a key, as [`sort`] does.
pub fn sort_by_key<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    sort_by(items, |a, b| key(a).cmp(&key(b)));
}

/// Sort stably by an order, as [`sort`] does.
pub fn sort_by<T>(items: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let Ok(swaps) = swaps(items.len(), &mut |a, b| Ok(compare(&items[a], &items[b]) == Ordering::Less)) else {
        return;
    };
    for (a, b) in swaps {
        items.swap(a, b);
    }
}

/// Sort stably, as far as the order is one. The standard library's sort is free to panic where it is not (`nan` is
/// neither smaller nor larger than any number), and goes on comparing after a failure; Python does neither.
///
/// # Errors
/// The first failure of a comparison.
pub fn try_sort_by<T, E>(
    mut items: Vec<T>,
    mut compare: impl FnMut(&T, &T) -> Result<Ordering, E>,
) -> Result<Vec<T>, E> {
    let mut failure = None;
    let swaps = swaps(items.len(), &mut |a, b| match compare(&items[a], &items[b]) {
        Ok(order) => Ok(order == Ordering::Less),
        Err(error) => {
            failure = Some(error);
            Err(Failed)
        }
    });
    if let Some(failure) = failure {
        return Err(failure);
    }
    for (a, b) in swaps.unwrap_or_default() {
        items.swap(a, b);
    }
    Ok(items)
}

/// A comparison has failed.
struct Failed;

/// Whether the item at one place is less than that at another.
type IsLess<'a> = &'a mut dyn FnMut(usize, usize) -> Result<bool, Failed>;

/// What puts so many items in order: places whose items are swapped, one pair after the other.
fn swaps(length: usize, is_less: IsLess<'_>) -> Result<Vec<(usize, usize)>, Failed> {
    let mut order = order(length, is_less)?;
    let mut swaps = Vec::new();
    for start in 0..length {
        // Each place of a circle takes what the next one has.
        let mut at = start;
        loop {
            let from = std::mem::replace(&mut order[at], at);
            if from == start || from == at {
                break;
            }
            swaps.push((at, from));
            at = from;
        }
    }
    Ok(swaps)
}

/// The places of so many items in the order they are to have.
fn order(length: usize, is_less: IsLess<'_>) -> Result<Vec<usize>, Failed> {
    let mut order: Vec<usize> = (0..length).collect();
    for few in order.chunks_mut(FEW) {
        for end in 1..few.len() {
            let mut at = end;
            while at > 0 && is_less(few[at], few[at - 1])? {
                few.swap(at, at - 1);
                at -= 1;
            }
        }
    }
    let mut width = FEW;
    while width < length {
        let mut merged = Vec::with_capacity(length);
        for pair in order.chunks(2 * width) {
            let (left, right) = pair.split_at(width.min(pair.len()));
            let (mut left, mut right) = (left.iter().peekable(), right.iter().peekable());
            while let (Some(first), Some(second)) = (left.peek(), right.peek()) {
                let next = if is_less(**second, **first)? { right.next() } else { left.next() };
                merged.extend(next);
            }
            merged.extend(left.chain(right));
        }
        order = merged;
        width *= 2;
    }
    Ok(order)
}

#[cfg(test)]
mod tests {
    use super::{sort, sort_by, sort_by_key, try_sort_by};
    use std::cmp::Ordering;

    #[test]
    fn sorts_as_the_standard_library_does() {
        let mut state = 7_u32;
        for length in [0, 1, 2, 19, 20, 21, 40, 41, 137, 1000] {
            let items: Vec<(u32, usize)> = (0..length)
                .map(|index| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    (state >> 27, index)
                })
                .collect();
            let mut expected = items.clone();
            expected.sort_by_key(|(key, _)| *key);
            let mut sorted = items.clone();
            sort_by_key(&mut sorted, |(key, _)| *key);
            assert_eq!(sorted, expected);
            let mut reversed = items.clone();
            sort_by(&mut reversed, |a, b| b.cmp(a));
            sort(&mut sorted);
            assert!(reversed.iter().rev().eq(&sorted));
            assert_eq!(try_sort_by(items, |a, b| Ok::<_, ()>(a.0.cmp(&b.0))), Ok(expected));
        }
    }

    #[test]
    fn an_order_that_is_none_neither_panics_nor_loses_items() {
        let items: Vec<f64> =
            (0..500).map(|index| if index % 3 == 0 { f64::NAN } else { f64::from(index * 7919 % 500) }).collect();
        let sorted = try_sort_by(items, |a, b| Ok::<_, ()>(a.partial_cmp(b).unwrap_or(Ordering::Equal)));
        assert_eq!(sorted.map(|sorted| sorted.len()), Ok(500));
        assert_eq!(try_sort_by((0..100).collect(), |_, _| Err("no")), Err("no"));
    }
}
