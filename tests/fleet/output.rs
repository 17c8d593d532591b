//! The default callback's output, read back.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Output;

/// What a run said.
#[derive(Clone, Debug)]
pub(crate) struct Report {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// One line about a host, with the diff above it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Told {
    pub(crate) task: String,
    pub(crate) host: String,
    /// `ok`, `changed`, `skipping`, `fatal`.
    pub(crate) state: String,
    pub(crate) item: String,
    pub(crate) diff: String,
}

impl Report {
    pub(crate) fn new(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self { code: output.status.code(), stdout: text(&output.stdout), stderr: text(&output.stderr) }
    }

    /// Everything it said, for the message of a test that fails.
    pub(crate) fn everything(&self) -> String {
        format!("exit {:?}\n{}\n{}", self.code, self.stdout, self.stderr)
    }

    /// The output without paths of temporary files, with the hosts of each task in the order of their lines. In a loop
    /// ansible-core prints a host's differences once it is done, above the line of whichever host comes next: they count
    /// by themselves.
    pub(crate) fn normalised(&self) -> String {
        let mut lines = Vec::new();
        for section in self.sections() {
            let is_loop = section.told.iter().any(|chunk| chunk.contains("] => (item="));
            let mut told = if is_loop { apart(&section.told) } else { section.told };
            told.sort();
            lines.extend(section.head.iter().map(|line| line.to_string()));
            lines.extend(told);
            lines.extend(section.rest);
        }
        lines.join("\n")
    }

    /// What was said about hosts, task by task.
    pub(crate) fn told(&self) -> Vec<Told> {
        let mut all = Vec::new();
        for section in self.sections() {
            let task =
                section.head.first().map(|line| line.trim_end_matches('*').trim().to_owned()).unwrap_or_default();
            for chunk in section.told {
                let (diff, line) = chunk.rsplit_once('\n').unwrap_or(("", &chunk));
                let Some((state, host, item)) = host_line(line) else { continue };
                all.push(Told {
                    task: task.clone(),
                    host: host.to_owned(),
                    state: state.to_owned(),
                    item: item.to_owned(),
                    diff: diff.trim().to_owned(),
                });
            }
        }
        all
    }

    /// A number of the recap for each host: `changed`, `unreachable`.
    pub(crate) fn recap(&self, name: &str) -> BTreeMap<String, usize> {
        let recap = self.stdout.split("PLAY RECAP").nth(1).unwrap_or_default();
        let line = |line: &str| {
            let (host, counts) = line.split_once(" : ")?;
            let count = counts.split_whitespace().find_map(|count| count.strip_prefix(&format!("{name}=")))?;
            Some((host.trim().to_owned(), count.parse().ok()?))
        };
        recap.lines().filter_map(line).collect()
    }

    /// The hosts whose number of the recap is not 0.
    pub(crate) fn with(&self, name: &str) -> BTreeSet<String> {
        self.recap(name).into_iter().filter(|(_, count)| *count > 0).map(|(host, _)| host).collect()
    }

    fn sections(&self) -> Vec<Section> {
        let mut sections = vec![Section::default()];
        let mut open: Vec<String> = Vec::new();
        for line in self.stdout.lines() {
            let line = masked(line);
            let is_banner =
                ["TASK [", "PLAY [", "PLAY RECAP", "RUNNING HANDLER ["].iter().any(|one| line.starts_with(one));
            let section = sections.last_mut().unwrap();
            if is_banner {
                section.rest.append(&mut open);
                sections.push(Section { head: vec![line], ..Section::default() });
            } else if host_line(&line).is_some() {
                open.push(line);
                section.told.push(open.join("\n"));
                open.clear();
            } else {
                open.push(line);
            }
        }
        sections.last_mut().unwrap().rest.append(&mut open);
        sections
    }
}

/// A banner and what follows it.
#[derive(Default)]
struct Section {
    head: Vec<String>,
    told: Vec<String>,
    rest: Vec<String>,
}

/// Each difference and each line about a host.
fn apart(told: &[String]) -> Vec<String> {
    let mut pieces: Vec<Vec<&str>> = Vec::new();
    for line in told.iter().flat_map(|chunk| chunk.lines()) {
        let is_first = pieces.is_empty() || line.starts_with("--- ") || host_line(line).is_some();
        match pieces.last_mut().filter(|_| !is_first) {
            Some(piece) => piece.push(line),
            None => pieces.push(vec![line]),
        }
    }
    pieces.iter().map(|piece| piece.join("\n").trim_end().to_owned()).collect()
}

/// State, host and item of a line about a host.
fn host_line(line: &str) -> Option<(&str, &str, &str)> {
    let (state, rest) = line.split_once(": [")?;
    if !["ok", "changed", "skipping", "fatal", "failed", "included"].contains(&state) {
        return None;
    }
    let (host, item) = rest.split_once(']')?;
    Some((state, host, item.trim_start_matches(" => ").trim()))
}

/// The line without what no two runs have in common.
fn masked(line: &str) -> String {
    if let Some(path) = line.strip_prefix("+++ after: ") {
        // ansible-core names its temporary copy here.
        if path.ends_with(".j2") || path.contains("/ansible-local-") {
            return format!("+++ after: TEMPORARY/{}", path.rsplit('/').next().unwrap_or_default());
        }
    }
    line.to_owned()
}
