//! How two texts differ, for whoever has to find out why.

/// The first lines of a text that another has not, and the other way round.
pub(crate) fn between(ours: &str, theirs: &str) -> String {
    const SHOWN: usize = 12;
    let only = |mark: char, lines: &str, others: &str| -> String {
        let others: Vec<&str> = others.lines().collect();
        let lines = lines.lines().filter(|line| !others.contains(line)).take(SHOWN);
        lines.map(|line| format!("  {mark} {line}\n")).collect()
    };
    let found = only('-', theirs, ours) + &only('+', ours, theirs);
    if found.is_empty() { "  the same lines in another order\n".to_owned() } else { found }
}
