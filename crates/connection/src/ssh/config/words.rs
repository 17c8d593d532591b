//! Cutting a line of `ssh_config` into words.

/// Cut as OpenSSH does: blanks separate, quotes of both kinds hold together, a backslash protects a quote, a backslash
/// or a blank, and a word that begins with `#` ends the line. `None` for a quote that is not closed.
pub(crate) fn split(line: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut characters = line.chars().peekable();
    loop {
        while characters.next_if(|c| *c == ' ' || *c == '\t').is_some() {}
        if matches!(characters.peek(), None | Some('#')) {
            return Some(words);
        }
        let mut word = String::new();
        let mut quote = None;
        loop {
            match characters.next() {
                None if quote.is_some() => return None,
                None => break,
                Some('\\') => {
                    match characters.next_if(|c| matches!(c, '\'' | '"' | '\\') || (quote.is_none() && *c == ' ')) {
                        Some(c) => word.push(c),
                        None => word.push('\\'),
                    }
                }
                Some(c) if Some(c) == quote => quote = None,
                Some(c @ ('"' | '\'')) if quote.is_none() => quote = Some(c),
                Some(' ' | '\t') if quote.is_none() => break,
                Some(c) => word.push(c),
            }
        }
        words.push(word);
    }
}

/// The keyword of a line, in lower case, and the rest after blanks and at most one `=`. `None` for comments and
/// empty lines.
pub(crate) fn keyword(line: &str) -> Option<(String, &str)> {
    let line = line.trim_matches([' ', '\t', '\r', '\n', '\x0c']);
    if line.is_empty() || line.starts_with('#') {
        return None;
    }
    // A keyword may be in quotes.
    let (name, rest) = match line.strip_prefix('"').and_then(|rest| rest.split_once('"')) {
        Some((name, rest)) => (name, rest),
        None => line.split_at(line.find([' ', '\t', '=']).unwrap_or(line.len())),
    };
    let rest = rest.trim_start_matches([' ', '\t']);
    let rest = rest.strip_prefix('=').unwrap_or(rest).trim_start_matches([' ', '\t']);
    Some((name.to_ascii_lowercase(), rest))
}

#[cfg(test)]
mod tests {
    use super::{keyword, split};

    #[test]
    fn words() {
        for (line, expected) in [
            ("a b\tc", Some(vec!["a", "b", "c"])),
            (r#""a b" 'c d'"#, Some(vec!["a b", "c d"])),
            (r#"a"b c"d"#, Some(vec!["ab cd"])),
            (r"a\ b \x", Some(vec!["a b", r"\x"])),
            (r#""a\"b""#, Some(vec![r#"a"b"#])),
            ("a # b", Some(vec!["a"])),
            ("a#b", Some(vec!["a#b"])),
            ("\"a", None),
            ("", Some(vec![])),
        ] {
            let expected: Option<Vec<String>> = expected.map(|words| words.into_iter().map(String::from).collect());
            assert_eq!(split(line), expected, "{line}");
        }
    }

    #[test]
    fn keywords() {
        for (line, expected) in [
            ("Host a b", Some(("host", "a b"))),
            ("  Port=22", Some(("port", "22"))),
            ("Port = 22", Some(("port", "22"))),
            ("User\tx", Some(("user", "x"))),
            ("# x", None),
            ("", None),
            ("ProxyCommand ssh -W %h:%p=1 x", Some(("proxycommand", "ssh -W %h:%p=1 x"))),
        ] {
            assert_eq!(keyword(line), expected.map(|(k, r)| (k.to_owned(), r)), "{line}");
        }
    }
}
