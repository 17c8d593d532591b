//! The order of versions of packages (`rpm-version(7)`).

use std::cmp::Ordering;

/// Epoch, version and release compared with others.
pub(super) fn compare(a: (u64, &str, &str), b: (u64, &str, &str)) -> Ordering {
    a.0.cmp(&b.0).then_with(|| compare_part(a.1, b.1)).then_with(|| compare_part(a.2, b.2))
}

/// `[epoch:]version[-release]` taken apart; the release is empty where there is none.
pub(super) fn parts(text: &str) -> (u64, &str, &str) {
    let (epoch, rest) = match text.split_once(':') {
        Some((epoch, rest)) => (epoch.parse().unwrap_or(0), rest),
        None => (0, text),
    };
    let (version, release) = rest.rsplit_once('-').unwrap_or((rest, ""));
    (epoch, version, release)
}

/// Versions, or releases: runs of digits and of letters, whatever stands between them. `~` sorts before the end, `^` behind it.
pub(super) fn compare_part(a: &str, b: &str) -> Ordering {
    let counts = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'~' | b'^');
    let skip = |text: &[u8]| text.iter().position(counts).unwrap_or(text.len());
    let (mut a, mut b) = (a.as_bytes(), b.as_bytes());
    loop {
        a = a.get(skip(a)..).unwrap_or_default();
        b = b.get(skip(b)..).unwrap_or_default();
        match (a.first(), b.first()) {
            (Some(b'~'), Some(b'~')) | (Some(b'^'), Some(b'^')) => {
                a = a.get(1..).unwrap_or_default();
                b = b.get(1..).unwrap_or_default();
                continue;
            }
            (Some(b'~'), _) => return Ordering::Less,
            (_, Some(b'~')) => return Ordering::Greater,
            (Some(b'^'), None) => return Ordering::Greater,
            (None, Some(b'^')) => return Ordering::Less,
            (Some(b'^'), _) => return Ordering::Less,
            (_, Some(b'^')) => return Ordering::Greater,
            (None, None) => return Ordering::Equal,
            (None, _) => return Ordering::Less,
            (_, None) => return Ordering::Greater,
            _ => {}
        }
        let is_number = a.first().is_some_and(u8::is_ascii_digit);
        let belongs = |byte: &u8| if is_number { byte.is_ascii_digit() } else { byte.is_ascii_alphabetic() };
        let (run_a, rest_a) = a.split_at(a.iter().position(|byte| !belongs(byte)).unwrap_or(a.len()));
        let (run_b, rest_b) = b.split_at(b.iter().position(|byte| !belongs(byte)).unwrap_or(b.len()));
        if run_b.is_empty() {
            // Numbers are newer than letters.
            return if is_number { Ordering::Greater } else { Ordering::Less };
        }
        let order = if is_number { number(run_a).cmp(&number(run_b)) } else { run_a.cmp(run_b) };
        if order != Ordering::Equal {
            return order;
        }
        (a, b) = (rest_a, rest_b);
    }
}

/// Digits as they compare: how many they are, then which.
fn number(digits: &[u8]) -> (usize, &[u8]) {
    let start = digits.iter().position(|&digit| digit != b'0').unwrap_or(digits.len());
    let digits = digits.get(start..).unwrap_or_default();
    (digits.len(), digits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cmp::Ordering::{Equal, Greater, Less};

    #[test]
    fn orders_as_rpm() {
        for (a, b, order) in [
            ("1.0", "1.0", Equal),
            ("1.0", "1.10", Less),
            ("1.10", "1.9", Greater),
            ("1.0~rc1", "1.0", Less),
            ("1.0^git1", "1.0", Greater),
            ("1.0^git1", "1.0.1", Less),
            ("1.0^git1~pre", "1.0^git1", Less),
            ("5.5p1", "5.5p2", Less),
            ("xyz10", "xyz10.1", Less),
            ("10xyz", "10.1xyz", Less),
            ("1a", "1.1", Less),
            ("2_0", "2.0", Equal),
            ("001", "1", Equal),
            ("1.el9", "1.el10", Less),
            ("", "1", Less),
        ] {
            assert_eq!(compare_part(a, b), order, "{a} {b}");
            assert_eq!(compare_part(b, a), order.reverse(), "{b} {a}");
        }
    }

    #[test]
    fn an_epoch_counts_most() {
        assert_eq!(parts("2:1.0-1"), (2, "1.0", "1"));
        assert_eq!(parts("1.0"), (0, "1.0", ""));
        assert_eq!(compare(parts("1:1.0-1"), parts("9.0-1")), Greater);
    }
}
