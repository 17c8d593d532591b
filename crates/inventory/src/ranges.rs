//! Host names with ranges: `web[01:10:2].example.com`, `db-[a:f]`.

/// The most names one pattern may stand for; a typing error must not eat the memory.
const MAX_NAMES: usize = 1_000_000;

/// True when the text has a range that [`expand`] understands or refuses.
pub(crate) fn has_range(name: &str) -> bool {
    matches!((name.find('['), name.find(']')), (Some(open), Some(close)) if open < close)
}

/// Every name the text stands for.
///
/// # Errors
/// ansible-core's message about a bad range.
pub(crate) fn expand(name: &str) -> Result<Vec<String>, String> {
    if !has_range(name) {
        return Ok(vec![name.to_owned()]);
    }
    let (head, rest) = name.split_once('[').unwrap_or((name, ""));
    let (bounds, tail) = rest.split_once(']').unwrap_or((rest, ""));
    let tails = expand(tail)?;
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
    if items.len().saturating_mul(tails.len()) > MAX_NAMES {
        return Err(format!("host range stands for more than {MAX_NAMES} names"));
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
    if (last - first) / step as u64 > MAX_NAMES as u64 {
        return Err(format!("host range stands for more than {MAX_NAMES} names"));
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
}
