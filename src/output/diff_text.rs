//! Unified diffs that group changes as Python's `difflib` does.
//!
//! The matching is Ratcliff and Obershelp's: the longest common run of lines first, then the same on both sides of it.
//! In texts of 200 lines and more, lines that make up over a hundredth of the text do not start a match.

use std::collections::HashMap;

/// What follows a last line without a newline.
const NO_NEWLINE: &str = "\n\\ No newline at end of file\n";

/// Lines from `a_from..a_to` of one text that became `b_from..b_to` of the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Change {
    equal: bool,
    a: (usize, usize),
    b: (usize, usize),
}

/// The lines of a unified diff, each with its newline; none when the texts are equal. `context` lines of unchanged text
/// are around a change.
pub(super) fn unified(
    (before, before_name): (&str, &str),
    (after, after_name): (&str, &str),
    context: usize,
) -> Vec<String> {
    let a = lines(before);
    let b = lines(after);
    let groups = grouped(changes(&a, &b), context);
    if groups.is_empty() {
        return Vec::new();
    }
    let mut out = vec![format!("--- {before_name}\n"), format!("+++ {after_name}\n")];
    for group in groups {
        let (Some(first), Some(last)) = (group.first(), group.last()) else { continue };
        out.push(format!("@@ -{} +{} @@\n", range(first.a.0, last.a.1), range(first.b.0, last.b.1)));
        for change in &group {
            if change.equal {
                out.extend(a[change.a.0..change.a.1].iter().map(|line| format!(" {line}")));
                continue;
            }
            out.extend(a[change.a.0..change.a.1].iter().map(|line| format!("-{line}")));
            out.extend(b[change.b.0..change.b.1].iter().map(|line| format!("+{line}")));
        }
    }
    out
}

/// Lines with their ends, as Python's `splitlines` separates them.
fn lines(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        line.push(c);
        let ends = match c {
            '\r' => characters.peek() != Some(&'\n'),
            '\n' | '\u{b}' | '\u{c}' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}' => true,
            _ => false,
        };
        if ends {
            lines.push(std::mem::take(&mut line));
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    if let Some(last) = lines.last_mut()
        && !last.ends_with('\n')
    {
        last.push_str(NO_NEWLINE);
    }
    lines
}

fn range(from: usize, to: usize) -> String {
    match to - from {
        0 => format!("{from},0"),
        1 => format!("{}", from + 1),
        length => format!("{},{length}", from + 1),
    }
}

/// Runs of equal lines, `(start in a, start in b, length)`, in order.
fn matches(a: &[String], b: &[String]) -> Vec<(usize, usize, usize)> {
    let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, line) in b.iter().enumerate() {
        places.entry(line).or_default().push(index);
    }
    if b.len() >= 200 {
        let limit = b.len() / 100 + 1;
        places.retain(|_, indices| indices.len() <= limit);
    }
    let mut found = Vec::new();
    let mut open = vec![(0, a.len(), 0, b.len())];
    while let Some((a_from, a_to, b_from, b_to)) = open.pop() {
        let (at_a, at_b, length) = longest(a, b, &places, (a_from, a_to), (b_from, b_to));
        if length == 0 {
            continue;
        }
        found.push((at_a, at_b, length));
        if a_from < at_a && b_from < at_b {
            open.push((a_from, at_a, b_from, at_b));
        }
        if at_a + length < a_to && at_b + length < b_to {
            open.push((at_a + length, a_to, at_b + length, b_to));
        }
    }
    found.sort_unstable();
    let mut merged: Vec<(usize, usize, usize)> = Vec::with_capacity(found.len());
    for (at_a, at_b, length) in found {
        match merged.last_mut() {
            Some(last) if last.0 + last.2 == at_a && last.1 + last.2 == at_b => last.2 += length,
            _ => merged.push((at_a, at_b, length)),
        }
    }
    merged
}

/// The longest run of equal lines in two ranges; the first one in `a`, then in `b`, among equals.
fn longest(
    a: &[String],
    b: &[String],
    places: &HashMap<&str, Vec<usize>>,
    (a_from, a_to): (usize, usize),
    (b_from, b_to): (usize, usize),
) -> (usize, usize, usize) {
    let (mut best_a, mut best_b, mut best) = (a_from, b_from, 0);
    // Length of the run that ends at a line of `b` and the current line of `a`.
    let mut lengths: HashMap<usize, usize> = HashMap::new();
    for (index, line) in a.iter().enumerate().take(a_to).skip(a_from) {
        let mut next = HashMap::new();
        for &place in places.get(line.as_str()).into_iter().flatten() {
            if place < b_from {
                continue;
            }
            if place >= b_to {
                break;
            }
            let length = place.checked_sub(1).and_then(|before| lengths.get(&before)).copied().unwrap_or(0) + 1;
            next.insert(place, length);
            if length > best {
                (best_a, best_b, best) = (index + 1 - length, place + 1 - length, length);
            }
        }
        lengths = next;
    }
    // Frequent lines do not start a run, but may lengthen it.
    while best_a > a_from && best_b > b_from && a[best_a - 1] == b[best_b - 1] {
        (best_a, best_b, best) = (best_a - 1, best_b - 1, best + 1);
    }
    while best_a + best < a_to && best_b + best < b_to && a[best_a + best] == b[best_b + best] {
        best += 1;
    }
    (best_a, best_b, best)
}

fn changes(a: &[String], b: &[String]) -> Vec<Change> {
    let mut changes = Vec::new();
    let (mut at_a, mut at_b) = (0, 0);
    for (from_a, from_b, length) in matches(a, b).into_iter().chain([(a.len(), b.len(), 0)]) {
        if at_a < from_a || at_b < from_b {
            changes.push(Change { equal: false, a: (at_a, from_a), b: (at_b, from_b) });
        }
        (at_a, at_b) = (from_a + length, from_b + length);
        if length > 0 {
            changes.push(Change { equal: true, a: (from_a, at_a), b: (from_b, at_b) });
        }
    }
    changes
}

/// Changes with their context, those that are near each other together.
fn grouped(mut changes: Vec<Change>, context: usize) -> Vec<Vec<Change>> {
    if let Some(first) = changes.first_mut().filter(|change| change.equal) {
        first.a.0 = first.a.0.max(first.a.1.saturating_sub(context));
        first.b.0 = first.b.0.max(first.b.1.saturating_sub(context));
    }
    if let Some(last) = changes.last_mut().filter(|change| change.equal) {
        last.a.1 = last.a.1.min(last.a.0.saturating_add(context));
        last.b.1 = last.b.1.min(last.b.0.saturating_add(context));
    }
    let mut groups = Vec::new();
    let mut group = Vec::new();
    for change in changes {
        if change.equal && change.a.1 - change.a.0 > context.saturating_mul(2) {
            let end = Change { a: (change.a.0, change.a.0 + context), b: (change.b.0, change.b.0 + context), ..change };
            group.push(end);
            groups.push(std::mem::take(&mut group));
            group.push(Change {
                a: (change.a.1 - context, change.a.1),
                b: (change.b.1 - context, change.b.1),
                ..change
            });
            continue;
        }
        group.push(change);
    }
    groups.push(group);
    groups.retain(|group: &Vec<Change>| group.iter().any(|change| !change.equal));
    groups
}

#[cfg(test)]
mod tests {
    use super::unified;

    fn diff(before: &str, after: &str) -> String {
        unified((before, "before"), (after, "after"), 3).concat()
    }

    #[test]
    fn as_difflib() {
        assert_eq!(diff("same\n", "same\n"), "");
        assert_eq!(diff("", "x\ny\n"), "--- before\n+++ after\n@@ -0,0 +1,2 @@\n+x\n+y\n");
        assert_eq!(diff("c", "d\n"), "--- before\n+++ after\n@@ -1 +1 @@\n-c\n\\ No newline at end of file\n+d\n");
        let before = "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\n";
        let after = "one\n2\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\neleven\n";
        assert_eq!(
            diff(before, after),
            "--- before\n+++ after\n@@ -1,5 +1,5 @@\n one\n-two\n+2\n three\n four\n five\n@@ -8,3 +8,4 @@\n eight\n \
             nine\n ten\n+eleven\n"
        );
        let narrow = |context| unified((before, "before"), (after, "after"), context).concat();
        assert_eq!(narrow(0), "--- before\n+++ after\n@@ -2 +2 @@\n-two\n+2\n@@ -10,0 +11 @@\n+eleven\n");
        assert_eq!(narrow(usize::MAX).lines().count(), 15);
    }
}
