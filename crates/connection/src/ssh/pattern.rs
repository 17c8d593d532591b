//! OpenSSH's host patterns: `*`, `?`, and lists with negation.

/// True when `text` matches a pattern of `*` and `?`.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut p, mut t) = (0, 0);
    // The last star and the text position it has eaten up to.
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(&c) if c == '?' || Some(&c) == text.get(t) => {
                p += 1;
                t += 1;
            }
            _ => match star {
                Some((at, eaten)) => {
                    star = Some((at, eaten + 1));
                    p = at + 1;
                    t = eaten + 1;
                }
                None => return false,
            },
        }
    }
    pattern.iter().skip(p).all(|c| *c == '*')
}

/// Whether a list of patterns holds for a text: `None` when none matches, `Some(false)` when a negated one does.
pub(crate) fn matches_list<'a>(patterns: impl IntoIterator<Item = &'a str>, text: &str) -> Option<bool> {
    let mut found = None;
    for pattern in patterns {
        match pattern.strip_prefix('!') {
            Some(negated) if matches(negated, text) => return Some(false),
            None if matches(pattern, text) => found = Some(true),
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{matches, matches_list};

    #[test]
    fn single_patterns() {
        for (pattern, text, expected) in [
            ("*", "", true),
            ("a*c", "abbbc", true),
            ("a*c", "abbbd", false),
            ("?", "", false),
            ("a?c", "abc", true),
            ("*.example.com", "www.example.com", true),
            ("*.example.com", "example.com", false),
            ("**b*", "aab", true),
            ("", "", true),
            ("", "a", false),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn lists() {
        assert_eq!(matches_list(["*.a", "!x.a"], "x.a"), Some(false));
        assert_eq!(matches_list(["*.a", "!x.a"], "y.a"), Some(true));
        assert_eq!(matches_list(["!x.a"], "y.a"), None);
    }
}
