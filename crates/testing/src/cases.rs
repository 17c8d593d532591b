//! Lists of cases: `NAME: arguments`, one a line, `#` for comments. Arguments that begin with the name of a program of
//! Ansible are that program's; others are `ansible-playbook`'s.

use std::path::Path;

/// One run of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The name of the case and of its golden files.
    pub name: String,
    /// The program.
    pub program: String,
    /// Settings for the environment: words `ANSIBLE_X=y` (or of the locale, `LC_X=y`) in front of the arguments.
    pub environment: Vec<(String, String)>,
    /// The arguments.
    pub arguments: Vec<String>,
}

/// The cases in a file.
///
/// # Errors
/// The file cannot be read.
pub fn read_cases(path: &Path) -> std::io::Result<Vec<Case>> {
    let entries = read_list(path)?;
    let cases = entries.into_iter().map(|(name, text)| {
        let mut arguments = split_words(&text);
        let setting = |word: &String| {
            ["ANSIBLE_", "LC_", "LANG="].iter().any(|start| word.starts_with(start)) && word.contains('=')
        };
        let settings = arguments.iter().take_while(|word| setting(word)).count();
        let pair = |word: String| word.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
        let environment = arguments.drain(..settings).filter_map(pair).collect();
        let named = arguments.first().is_some_and(|first| first == "ansible" || first.starts_with("ansible-"));
        let program = if named { arguments.remove(0) } else { "ansible-playbook".to_owned() };
        Case { name, program, environment, arguments }
    });
    Ok(cases.collect())
}

/// The names in a file and what stands behind them.
///
/// # Errors
/// The file cannot be read.
pub fn read_list(path: &Path) -> std::io::Result<Vec<(String, String)>> {
    let text = std::fs::read_to_string(path)?;
    let entries = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(':'));
    Ok(entries.map(|(name, rest)| (name.trim().to_owned(), rest.trim().to_owned())).collect())
}

/// Words as a shell separates them, with single quotes.
pub fn split_words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quoted = false;
    for c in text.chars() {
        match c {
            '\'' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            ' ' if !quoted => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::split_words;

    #[test]
    fn words() {
        assert_eq!(split_words("-e 'a b'  -v ''"), ["-e", "a b", "-v", ""]);
    }
}
