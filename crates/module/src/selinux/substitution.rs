//! Directories that count as others: `file_contexts.subs`.

/// Pairs of a directory and the one that it counts as.
#[derive(Clone, Debug, Default)]
pub(super) struct Substitutions(Vec<(String, String)>);

impl Substitutions {
    /// Read the lines of a file: two words each, `#` begins a comment.
    pub(super) fn read(text: &str) -> Self {
        let pairs = text.lines().filter_map(|line| {
            let mut words = line.split_ascii_whitespace();
            let (from, to) = (words.next().filter(|word| !word.starts_with('#'))?, words.next()?);
            Some((from.to_owned(), to.to_owned()))
        });
        Self(pairs.collect())
    }

    /// The path that a path counts as, if there is one. The last line that speaks of it is right.
    pub(super) fn apply(&self, path: &str) -> Option<String> {
        self.0.iter().rev().find_map(|(from, to)| {
            let rest = path.strip_prefix(from.as_str())?;
            match rest.strip_prefix('/') {
                Some(below) if to == "/" => Some(format!("/{below}")),
                Some(_) => Some(format!("{to}{rest}")),
                None if rest.is_empty() => Some(to.clone()),
                None => None,
            }
        })
    }
}
