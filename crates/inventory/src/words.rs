//! Words of a line as Python's `shlex` splits it in POSIX mode, with `#` comments.

/// Splits a line into words: quotes group and vanish, a backslash escapes, `#` outside of quotes starts a comment, even
/// inside a word.
///
/// # Errors
/// `No closing quotation` and `No escaped character`.
pub(crate) fn split(line: &str) -> Result<Vec<String>, &'static str> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut characters = line.chars();
    while let Some(c) = characters.next() {
        match c {
            ' ' | '\t' | '\r' | '\n' => words.extend(word.take()),
            '#' => break,
            '\\' => word.get_or_insert_default().push(characters.next().ok_or("No escaped character")?),
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match characters.next().ok_or("No closing quotation")? {
                        '\'' => break,
                        c => word.push(c),
                    }
                }
            }
            '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match characters.next().ok_or("No closing quotation")? {
                        '"' => break,
                        '\\' => match characters.next().ok_or("No escaped character")? {
                            c @ ('"' | '\\') => word.push(c),
                            c => {
                                word.push('\\');
                                word.push(c);
                            }
                        },
                        c => word.push(c),
                    }
                }
            }
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn splits_as_shlex() {
        for (line, words) in [
            ("a b=1", &["a", "b=1"][..]),
            ("a b=\"x y\" c='z # q' # d", &["a", "b=x y", "c=z # q"]),
            ("a\\ b \"\\\"\\n\"", &["a b", "\"\\n"]),
            ("a''", &["a"]),
            ("'' x#y", &["", "x"]),
            ("", &[]),
        ] {
            assert_eq!(split(line).expect(line), words);
        }
        assert_eq!(split("a 'b"), Err("No closing quotation"));
        assert_eq!(split("a\\"), Err("No escaped character"));
    }
}
