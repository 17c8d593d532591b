//! Files of apt's sources in the one-line format (sources.list(5)).

use churten_module::prelude::*;

/// Larger files are not read.
const LIMIT: u64 = 16 << 20;

/// A line of a file.
#[derive(Clone)]
struct Line {
    is_source: bool,
    is_enabled: bool,
    /// The source with one blank between its words, or the whole line.
    text: String,
    comment: String,
}

impl Line {
    fn of(line: &str) -> Self {
        let trimmed = line.trim();
        let (is_enabled, rest) = match trimmed.strip_prefix('#') {
            Some(rest) => (false, rest),
            None => (true, trimmed),
        };
        let (source, comment) = rest.split_once('#').unwrap_or((rest, ""));
        let words: Vec<&str> = source.split_whitespace().collect();
        if is_source(&words) {
            Self { is_source: true, is_enabled, text: words.join(" "), comment: comment.trim().to_owned() }
        } else {
            Self { is_source: false, is_enabled: true, text: line.to_owned(), comment: String::new() }
        }
    }

    fn text(&self) -> String {
        if !self.is_source {
            return format!("{}\n", self.text);
        }
        let mark = if self.is_enabled { "" } else { "# " };
        let comment = if self.comment.is_empty() { String::new() } else { format!(" # {}", self.comment) };
        format!("{mark}{}{comment}\n", self.text)
    }
}

fn is_source(words: &[&str]) -> bool {
    matches!(words, ["deb" | "deb-src", _, ..])
}

/// The source of a repository as it was given; `None` when it is none. A comment is not kept.
pub(super) fn source(given: &str) -> Option<String> {
    let line = Line::of(given);
    (line.is_source && line.is_enabled).then_some(line.text)
}

/// All files of sources.
#[derive(Clone)]
pub(super) struct Sources {
    list: PathBuf,
    parts: PathBuf,
    files: Vec<(PathBuf, Vec<Line>)>,
}

impl Sources {
    /// Read `sources.list` and `sources.list.d/*.list`.
    pub(super) fn read(host: &dyn Host) -> Result<Self> {
        let said = host
            .find_program("apt-config", &[])
            .and_then(|program| {
                let names = ["shell", "LIST", "Dir::Etc::sourcelist/f", "PARTS", "Dir::Etc::sourceparts/d"];
                let words = [program.display().to_string()].into_iter().chain(names.map(str::to_owned));
                host.query(&Command::new(words)).ok()
            })
            .map(|output| output.stdout_text())
            .unwrap_or_default();
        let named = |name: &str, default: &str| {
            let value = said.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix("='")?.strip_suffix('\''));
            PathBuf::from(value.filter(|value| !value.is_empty()).unwrap_or(default))
        };
        let list = named("LIST", "/etc/apt/sources.list");
        let parts = named("PARTS", "/etc/apt/sources.list.d");
        let mut found = Self { list: list.clone(), parts: parts.clone(), files: Vec::new() };
        let names = host.list(&parts).unwrap_or_default().into_iter().filter(|name| name.ends_with(".list"));
        for path in [list].into_iter().chain(names.map(|name| parts.join(name))) {
            if !matches!(host.stat(&path)?, Some(stat) if stat.is_file()) {
                continue;
            }
            let text = churten_value::escape_bytes(&host.read_bounded(&path, LIMIT)?).into_owned();
            found.files.push((path, text.lines().map(Line::of).collect()));
        }
        Ok(found)
    }

    /// True when a source is there and not commented out.
    pub(super) fn uses(&self, source: &str) -> bool {
        let mut lines = self.files.iter().flat_map(|(_, lines)| lines);
        lines.any(|line| line.is_source && line.is_enabled && line.text == source)
    }

    /// Make sure of a source. One that is commented out is used.
    pub(super) fn add(&mut self, source: &str, file: Option<&str>) {
        let mut is_there = false;
        for line in self.files.iter_mut().flat_map(|(_, lines)| lines) {
            if line.is_source && line.text == source {
                is_there = true;
                line.is_enabled = true;
            }
        }
        if is_there {
            return;
        }
        let path = match file {
            Some(name) if name.contains('/') => PathBuf::from(name),
            Some(name) => self.parts.join(name),
            None => self.list.clone(),
        };
        let line = Line { is_source: true, is_enabled: true, text: source.to_owned(), comment: String::new() };
        match self.files.iter_mut().find(|(known, _)| *known == path) {
            Some((_, lines)) => lines.push(line),
            None => self.files.push((path, vec![line])),
        }
    }

    /// Take a source out wherever it is used.
    pub(super) fn remove(&mut self, source: &str) {
        for (_, lines) in &mut self.files {
            lines.retain(|line| !(line.is_source && line.is_enabled && line.text == source));
        }
    }

    /// The files and what is in them; a file without lines goes.
    pub(super) fn texts(&self) -> Vec<(PathBuf, String)> {
        let text = |lines: &[Line]| lines.iter().map(Line::text).collect::<String>();
        self.files
            .iter()
            .filter(|(_, lines)| !lines.is_empty())
            .map(|(path, lines)| (path.clone(), text(lines)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        for (line, text) in [
            ("deb  http://h/d  sid   main", "deb http://h/d sid main\n"),
            ("#deb http://h/d sid main # why", "# deb http://h/d sid main # why\n"),
            ("# words", "# words\n"),
            ("", "\n"),
        ] {
            assert_eq!(Line::of(line).text(), text, "{line}");
        }
        assert!(source("nonsense").is_none() && source("deb").is_none());
        assert_eq!(source("deb a b # c"), Some("deb a b".into()));
    }
}
