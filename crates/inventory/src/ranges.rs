//! Host names with ranges: `web[01:10:2].example.com`, `db-[a:f]`.

/// The most names the ranges of one pattern, and of all sources together, may stand for; a typing error must not eat
/// the memory.
pub(crate) const MAX_NAMES: usize = 100_000;

/// The most bytes that the names of one pattern may have together.
const MAX_BYTES: usize = 64 << 20;

/// The most ranges in one pattern.
const MAX_RANGES: usize = 100;

/// True when the text has a range that [`expand`] understands or refuses.
pub(crate) fn has_range(name: &str) -> bool {
    matches!((name.find('['), name.find(']')), (Some(open), Some(close)) if open < close)
}

/// Every name the text stands for.
///
/// # Errors
/// ansible-core's message about a bad range.
pub(crate) fn expand(name: &str) -> Result<Vec<String>, String> {
    expand_within(name, MAX_RANGES)
}

fn expand_within(name: &str, ranges: usize) -> Result<Vec<String>, String> {
    if !has_range(name) {
        return Ok(vec![name.to_owned()]);
    }
    let Some(ranges) = ranges.checked_sub(1) else {
        return Err(format!("host pattern has more than {MAX_RANGES} ranges"));
    };
    let (head, rest) = name.split_once('[').unwrap_or((name, ""));
    let (bounds, tail) = rest.split_once(']').unwrap_or((rest, ""));
    let tails = expand_within(tail, ranges)?;
    let parts: Vec<&str> = bounds.split(':').collect();
    let (start, end, step) = match parts[..] {
        [start, end] => (start, end, "1"),
        [start, end, step] => (start, end, step),
        _ => return Err("host range must be begin:end or begin:end:step".to_owned()),
    };
    let start = if start.is_empty() { "0" } else { start };
    if end.is_empty() {
        return Err("host range must specify end value".to_owned());
    }
    let items = items(start, end, step)?;
    let names = items.len().saturating_mul(tails.len());
    if names > MAX_NAMES {
        return Err(format!("host range stands for more than {MAX_NAMES} names"));
    }
    // The tails are of one length, or nearly.
    let length = head.len() + end.len() + tails.last().map_or(0, String::len);
    if names.saturating_mul(length) > MAX_BYTES {
        return Err(format!("host range stands for names of more than {MAX_BYTES} bytes"));
    }
    Ok(items.iter().flat_map(|item| tails.iter().map(move |tail| format!("{head}{item}{tail}"))).collect())
}

fn items(start: &str, end: &str, step: &str) -> Result<Vec<String>, String> {
    let step: usize = step
        .trim()
        .parse()
        .map_err(|_| format!("invalid literal for int() with base 10: {}", churten_value::str_repr(step)))?;
    if step == 0 {
        return Err("range() arg 3 must not be zero".to_owned());
    }
    let mut letters = start.chars().chain(end.chars());
    if start.chars().count() == 1
        && end.chars().count() == 1
        && letters.all(|c| c.is_ascii_alphabetic())
        && let (Some(first), Some(last)) = (start.bytes().next(), end.bytes().next())
    {
        const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
        let place = |letter| LETTERS.iter().position(|known| *known == letter).unwrap_or(0);
        let (first, last) = (place(first), place(last));
        if first > last {
            return Err("host range must have begin <= end".to_owned());
        }
        return Ok(LETTERS[first..=last].iter().step_by(step).map(|letter| char::from(*letter).to_string()).collect());
    }
    let width = if start.len() > 1 && start.starts_with('0') { start.len() } else { 0 };
    if width > 0 && width != end.len() {
        return Err("host range must specify equal-length begin and end formats".to_owned());
    }
    let number = |text: &str| {
        text.trim()
            .parse::<u64>()
            .map_err(|_| format!("invalid literal for int() with base 10: {}", churten_value::str_repr(text)))
    };
    let (first, last) = (number(start)?, number(end)?);
    if first > last {
        return Ok(Vec::new());
    }
    let names = (last - first) / step as u64;
    if names > MAX_NAMES as u64 {
        return Err(format!("host range stands for more than {MAX_NAMES} names"));
    }
    if names.saturating_mul(width as u64) > MAX_BYTES as u64 || width > u16::MAX.into() {
        return Err(format!("host range stands for names of more than {MAX_BYTES} bytes"));
    }
    Ok((first..=last).step_by(step).map(|number| format!("{number:0width$}")).collect())
}

#[cfg(test)]
mod tests {
    use super::expand;

    #[test]
    fn expands() {
        for (name, names) in [
            ("a", "a"),
            ("w[1:3]", "w1 w2 w3"),
            ("w[01:05:2].x", "w01.x w03.x w05.x"),
            ("w[08:11]", "w08 w09 w10 w11"),
            ("w[:2]", "w0 w1 w2"),
            ("[a:c]", "a b c"),
            ("w[3:1]", ""),
            ("r[1:2]s[a:b]", "r1sa r1sb r2sa r2sb"),
        ] {
            assert_eq!(expand(name).expect(name).join(" "), names);
        }
        for name in ["w[c:a]", "w[001:10]", "w[1:]", "w[1:2:3:4]", "w[1:b]", "w[1:5:0]", "w[0:99999999999]"] {
            assert!(expand(name).is_err(), "{name}");
        }
    }

    #[test]
    fn what_would_not_fit_the_memory_is_refused() {
        let zeros = "0".repeat(70_000);
        for name in [
            "w[0:999999999999]".to_owned(),
            "w[1:1000][1:1001]".to_owned(),
            format!("{}[1:100000]", "w".repeat(1000)),
            format!("w[{zeros}:{}1]", &zeros[1..]),
            format!("w[{}0:{}9]", &zeros[..1000], "0".repeat(995) + "99999"),
            "[0:0]".repeat(50_000),
        ] {
            let reason = expand(&name).expect_err("too much");
            assert!(reason.contains("more than"), "{}", reason.chars().take(200).collect::<String>());
        }
    }
}
