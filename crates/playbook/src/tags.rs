//! `--tags` and `--skip-tags`.

/// Which tasks run, by their tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagFilter {
    /// `--tags`; `all` when nothing was asked for.
    pub only: Vec<String>,
    /// `--skip-tags`
    pub skip: Vec<String>,
}

impl Default for TagFilter {
    fn default() -> Self {
        Self { only: vec!["all".into()], skip: Vec::new() }
    }
}

impl TagFilter {
    /// A filter; an empty `only` means `all`.
    pub fn new(only: &[String], skip: &[String]) -> Self {
        let only = if only.is_empty() { vec!["all".into()] } else { only.to_vec() };
        Self { only, skip: skip.to_vec() }
    }

    /// True when a task with these tags (rendered, split at commas) runs.
    pub fn selects(&self, tags: &[String]) -> bool {
        let has = |list: &[String], tag: &str| list.iter().any(|item| item == tag);
        // A task that has the tag `untagged` and no other counts as one without tags.
        let untagged = tags.iter().all(|tag| tag == "untagged");
        let common = |list: &[String]| tags.iter().any(|tag| has(list, tag)) || (untagged && has(list, "untagged"));
        let selected = has(tags, "always")
            || (has(&self.only, "all") && !has(tags, "never"))
            || common(&self.only)
            || (has(&self.only, "tagged") && !untagged && !has(tags, "never"));
        if !selected || self.skip.is_empty() {
            return selected;
        }
        if has(&self.skip, "all") {
            return has(tags, "always") && !has(&self.skip, "always");
        }
        !(common(&self.skip) || (has(&self.skip, "tagged") && !untagged))
    }
}
