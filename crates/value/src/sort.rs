//! Sorting by an order that may fail and may be none.

use std::cmp::Ordering;

/// So many items are sorted by insertion.
const FEW: usize = 20;

/// Sort stably, as far as the order is one. The standard library's sort is free to panic where it is not (`nan` is
/// neither smaller nor larger than any number), and goes on comparing after a failure; Python does neither.
///
/// # Errors
/// The first failure of a comparison.
pub fn try_sort_by<T, E>(items: Vec<T>, mut compare: impl FnMut(&T, &T) -> Result<Ordering, E>) -> Result<Vec<T>, E> {
    let mut is_less = |a: usize, b: usize| match (items.get(a), items.get(b)) {
        (Some(a), Some(b)) => compare(a, b).map(|order| order == Ordering::Less),
        _ => Ok(false),
    };
    let mut order: Vec<usize> = (0..items.len()).collect();
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
    while width < order.len() {
        let mut merged = Vec::with_capacity(order.len());
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
    let mut items: Vec<Option<T>> = items.into_iter().map(Some).collect();
    Ok(order.into_iter().filter_map(|index| items.get_mut(index)?.take()).collect())
}

#[cfg(test)]
mod tests {
    use super::try_sort_by;
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
