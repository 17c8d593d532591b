//! The lines of a crontab: jobs under comments that name them, and variables.

/// What stands before a job's name.
const MARK: &str = "#Ansible: ";

/// A crontab that is edited.
pub(super) struct Lines(Vec<String>);

impl Lines {
    pub(super) fn new(text: &str) -> Self {
        Self(text.lines().map(str::to_owned).collect())
    }

    /// The crontab as it is written.
    pub(super) fn text(&self) -> String {
        let text = self.0.join("\n");
        if text.is_empty() || text.ends_with('\n') { text } else { text + "\n" }
    }

    /// True when there is nothing but blanks.
    pub(super) fn is_blank(&self) -> bool {
        self.0.iter().all(|line| line.trim().is_empty())
    }

    /// The names of all jobs.
    pub(super) fn jobs(&self) -> Vec<String> {
        self.0.iter().filter_map(|line| line.strip_prefix(MARK)).map(str::to_owned).collect()
    }

    /// The names of all variables. A line that begins with them is taken as one whatever it is.
    pub(super) fn variables(&self) -> Vec<String> {
        let name = |line: &String| {
            let (name, _) = line.split_once('=')?;
            (!name.is_empty() && !name.contains(char::is_whitespace)).then(|| name.to_owned())
        };
        self.0.iter().filter_map(name).collect()
    }

    /// Make sure of a job; true when something was changed. A job without a name that is the very same line gets it.
    pub(super) fn put_job(&mut self, name: &str, job: &str) -> bool {
        if let Some(found) = self.job(name) {
            let is_other = found != job;
            if is_other {
                self.replace_job(name, Some(job));
            }
            return is_other;
        }
        let last = self.0.len().saturating_sub(1);
        for at in 0..self.0.len() {
            if self.0.get(at).map(String::as_str) != Some(job) {
                continue;
            }
            let before = if at == 0 { last } else { at - 1 };
            let Some(comment) = self.0.get_mut(before) else { continue };
            if !comment.starts_with(MARK) {
                self.0.insert(at, format!("{MARK}{name}"));
                return true;
            }
            // What a version long ago wrote.
            if comment.strip_prefix(MARK) == Some("None") {
                *comment = format!("{MARK}{name}");
                return true;
            }
        }
        self.0.push(format!("{MARK}{name}"));
        self.0.push(job.to_owned());
        true
    }

    /// Take a job out; true when it was there.
    pub(super) fn remove_job(&mut self, name: &str) -> bool {
        let is_there = self.job(name).is_some();
        if is_there {
            self.replace_job(name, None);
        }
        is_there
    }

    /// The line under the comment with a name. A comment under a comment counts as a job.
    fn job(&self, name: &str) -> Option<&str> {
        let mut comment: Option<&str> = None;
        for line in &self.0 {
            match comment.take() {
                Some(found) if found == name => return Some(line),
                Some(_) => {}
                None => comment = line.strip_prefix(MARK),
            }
        }
        None
    }

    /// Put another job under every comment with a name, or take both out.
    fn replace_job(&mut self, name: &str, job: Option<&str>) {
        let comment = format!("{MARK}{name}");
        let mut kept = Vec::with_capacity(self.0.len());
        let mut is_below = false;
        for line in std::mem::take(&mut self.0) {
            if is_below {
                is_below = false;
                kept.extend(job.map(str::to_owned));
            } else if line == comment {
                is_below = true;
                kept.extend(job.is_some().then_some(line));
            } else {
                kept.push(line);
            }
        }
        self.0 = kept;
    }

    /// Make sure of a variable; true when something was changed. A new one goes to the top, or beside another one, whose
    /// absence is the error.
    pub(super) fn put_variable(
        &mut self,
        name: &str,
        value: &str,
        beside: Option<(&str, bool)>,
    ) -> Result<bool, String> {
        let line = format!("{name}=\"{value}\"");
        let Some(at) = self.variable(name) else {
            let at = match beside {
                None => 0,
                Some((other, is_after)) => match self.variable(other) {
                    Some(at) => at + usize::from(is_after),
                    None => return Err(format!("Variable named '{other}' not found.")),
                },
            };
            self.0.insert(at.min(self.0.len()), line);
            return Ok(true);
        };
        if self.0.get(at) == Some(&line) {
            return Ok(false);
        }
        let prefix = format!("{name}=");
        for old in self.0.iter_mut().filter(|old| old.starts_with(&prefix)) {
            old.clone_from(&line);
        }
        Ok(true)
    }

    /// Take a variable out; true when it was there.
    pub(super) fn remove_variable(&mut self, name: &str) -> bool {
        let before = self.0.len();
        let prefix = format!("{name}=");
        self.0.retain(|line| !line.starts_with(&prefix));
        self.0.len() < before
    }

    fn variable(&self, name: &str) -> Option<usize> {
        let prefix = format!("{name}=");
        self.0.iter().position(|line| line.starts_with(&prefix))
    }
}

#[cfg(test)]
mod tests {
    use super::Lines;

    #[test]
    fn jobs_are_found_by_their_names() {
        for (before, name, job, after) in [
            ("", "a", "j", "#Ansible: a\nj\n"),
            ("x", "a", "j", "x\n#Ansible: a\nj\n"),
            ("#Ansible: a\nold\n", "a", "j", "#Ansible: a\nj\n"),
            ("#Ansible: a\n1\n#Ansible: a\n2\n", "a", "j", "#Ansible: a\nj\n#Ansible: a\nj\n"),
            ("j\nx\n", "a", "j", "#Ansible: a\nj\nx\n"),
            ("#Ansible: None\nj\n", "a", "j", "#Ansible: a\nj\n"),
            ("#Ansible: b\nj\n", "a", "j", "#Ansible: b\nj\n#Ansible: a\nj\n"),
            ("#Ansible: a\n", "a", "j", "#Ansible: a\n#Ansible: a\nj\n"),
        ] {
            let mut lines = Lines::new(before);
            assert!(lines.put_job(name, job), "{before}");
            assert_eq!(lines.text(), after, "{before}");
        }
        let mut lines = Lines::new("A=1\n#Ansible: a\nj\n#Ansible: b\nk\n");
        assert!(!lines.put_job("a", "j"));
        assert_eq!(lines.jobs(), ["a", "b"]);
        assert!(lines.remove_job("a") && !lines.remove_job("a"));
        assert_eq!(lines.text(), "A=1\n#Ansible: b\nk\n");
    }

    #[test]
    fn variables() {
        let mut lines = Lines::new("A=1\n B=2\n#C=3\nA=4\n");
        assert_eq!(lines.variables(), ["A", "#C", "A"]);
        assert_eq!(lines.put_variable("A", "5", None), Ok(true));
        assert_eq!(lines.put_variable("A", "5", None), Ok(false));
        assert_eq!(lines.put_variable("N", "x", Some(("A", true))), Ok(true));
        assert_eq!(lines.put_variable("M", "x", Some(("X", true))), Err("Variable named 'X' not found.".into()));
        assert_eq!(lines.text(), "A=\"5\"\nN=\"x\"\n B=2\n#C=3\nA=\"5\"\n");
        assert!(lines.remove_variable("A") && !lines.remove_variable("A"));
    }
}
