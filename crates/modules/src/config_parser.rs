//! Files of settings as Python's `configparser` reads and writes them.

/// The names and values of a section.
pub(crate) type Entries = Vec<(String, String)>;

/// A file: sections of lower-case names, and what holds for all of them (`[DEFAULT]`).
#[derive(Clone, Debug, Default)]
pub(crate) struct ConfigFile {
    pub(crate) defaults: Entries,
    pub(crate) sections: Vec<(String, Entries)>,
}

const DEFAULT: &str = "DEFAULT";

impl ConfigFile {
    /// Read a file. `None` when it is none, or has a section or a name twice.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut found: Vec<(String, Entries)> = Vec::new();
        for line in text.lines() {
            let trimmed = line.trim();
            if trimmed.starts_with(['#', ';']) {
                continue;
            }
            let is_continued = line.starts_with([' ', '\t']);
            let last = found.last_mut().and_then(|(_, entries)| entries.last_mut());
            if let Some((_, value)) = last
                && (is_continued || trimmed.is_empty())
            {
                // Empty lines are part of a value that goes on.
                value.push('\n');
                value.push_str(trimmed);
                continue;
            }
            if trimmed.is_empty() {
                continue;
            }
            let section = trimmed.strip_prefix('[').and_then(|rest| Some(rest.rsplit_once(']')?.0));
            if let Some(name) = section.filter(|name| !name.is_empty()) {
                if found.iter().any(|(other, _)| other == name) {
                    return None;
                }
                found.push((name.to_owned(), Vec::new()));
                continue;
            }
            let (_, entries) = found.last_mut()?;
            let at = trimmed.find(['=', ':'])?;
            let (name, value) = trimmed.split_at_checked(at)?;
            let name = name.trim_end().to_lowercase();
            if name.is_empty() || entries.iter().any(|(other, _)| *other == name) {
                return None;
            }
            entries.push((name, value.get(1..)?.trim().to_owned()));
        }
        for (_, value) in found.iter_mut().flat_map(|(_, entries)| entries) {
            value.truncate(value.trim_end().len());
        }
        let at = found.iter().position(|(name, _)| name == DEFAULT);
        let defaults = at.map(|at| found.remove(at).1).unwrap_or_default();
        Some(Self { defaults, sections: found })
    }

    /// The text of the file.
    pub(crate) fn written(&self) -> String {
        let mut text = String::new();
        let defaults = (!self.defaults.is_empty()).then_some((DEFAULT, &self.defaults));
        let sections = self.sections.iter().map(|(name, entries)| (name.as_str(), entries));
        for (name, entries) in defaults.into_iter().chain(sections) {
            text += &format!("[{name}]\n");
            for (name, value) in entries {
                text += &format!("{name} = {}\n", value.replace('\n', "\n\t"));
            }
            text += "\n";
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::ConfigFile;

    #[test]
    fn files_are_read_and_written() {
        let text = "# c\n[A]\nKey=v\n more\n\n  end ; no comment\n\n[b]c]\nx: 1\nempty =\n[DEFAULT]\nq=5\n";
        let file = ConfigFile::read(text).unwrap();
        let written = "[DEFAULT]\nq = 5\n\n[A]\nkey = v\n\tmore\n\t\n\tend ; no comment\n\n[b]c]\nx = 1\nempty = \n\n";
        assert_eq!(file.written(), written);
        for text in ["x=1\n", "[a]\nplain\n", "[a]\n[a]\n", "[a]\nx=1\nX=2\n", "[]\n"] {
            assert!(ConfigFile::read(text).is_none(), "{text}");
        }
    }
}
