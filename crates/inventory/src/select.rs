//! What a pattern and a limit select.

use crate::model::{GroupId, HostId, LOCALHOST};
use crate::pattern::{Matcher, Operation, Pattern, Subscript, Term, split};
use crate::{Failure, Inventory};
use churten_config::OnProblem;
use churten_diagnostics::Report;
use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

/// Hosts and what to tell the user about finding them.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Names, in the order in which the pattern finds them.
    pub hosts: Vec<Arc<str>>,
    /// Warnings: parts of the pattern that match nothing.
    pub warnings: Vec<Report>,
}

/// The hosts a run is limited to (`--limit`).
#[derive(Clone, Debug)]
pub struct Limit {
    pattern: Pattern,
}

impl Limit {
    /// Reads a limit; `@file` stands for the patterns in that file, one a line. `None` when there is no pattern.
    ///
    /// # Errors
    /// A file that cannot be read, a regular expression that is none.
    pub fn parse(text: &str, working_directory: &Path) -> Result<Option<Self>, Report> {
        let mut parts = Vec::new();
        for part in split(text) {
            let Some(file) = part.strip_prefix('@') else {
                parts.push(part);
                continue;
            };
            let path = working_directory.join(file);
            if !path.exists() {
                return Err(Report::new(format!("Unable to find limit file b'{file}'")));
            }
            if !path.is_file() {
                return Err(Report::new(format!(
                    "Limit starting with \"@\" must be a file, not a directory: b'{file}'"
                )));
            }
            let text = std::fs::read_to_string(&path)
                .map_err(|error| Report::new(format!("Unable to read limit file b'{file}': {error}")))?;
            parts.extend(text.lines().map(str::trim_end).filter(|line| !line.is_empty()).map(str::to_owned));
        }
        if parts.is_empty() {
            return Ok(None);
        }
        Ok(Some(Self { pattern: Pattern::of_parts(parts)? }))
    }
}

impl Inventory {
    /// The hosts of a pattern, within a limit.
    ///
    /// # Errors
    /// With `HOST_PATTERN_MISMATCH=error`, a part that matches nothing.
    pub fn select(&self, pattern: &Pattern, limit: Option<&Limit>) -> Result<Selection, Report> {
        let mut warnings = Vec::new();
        let mut hosts = self.evaluate(pattern, &mut warnings)?;
        if let Some(limit) = limit {
            let allowed: HashSet<HostId> = self.evaluate(&limit.pattern, &mut warnings)?.into_iter().collect();
            hosts.retain(|host| allowed.contains(host));
        }
        let hosts = hosts.into_iter().map(|host| self.data.host(host).name.clone()).collect();
        Ok(Selection { hosts, warnings })
    }

    /// The hosts a command starts with: as [`select`](Self::select), with the checks made before a run.
    ///
    /// # Errors
    /// A limit that leaves no host of an inventory that has some, or that is wrong.
    pub fn targets(&self, pattern: &str, limit: Option<&Limit>) -> Result<Selection, Failure> {
        let is_empty = self.hosts().next().is_none();
        // What is wrong with the pattern is an error when the play looks for its hosts, not here.
        let parsed = Pattern::parse(pattern).ok().filter(|pattern| self.select(pattern, None).is_ok());
        let mut selection = match parsed {
            Some(pattern) => self.select(&pattern, limit)?,
            None => Selection::default(),
        };
        if is_empty && self.localhost_warning && !LOCALHOST.contains(&pattern) {
            selection.warnings.insert(
                0,
                Report::new(
                    "provided hosts list is empty, only localhost is available. Note that the implicit localhost does \
                     not match 'all'",
                ),
            );
        }
        if selection.hosts.is_empty() && !is_empty && limit.is_some() {
            let report =
                Report::new("Specified inventory, host pattern and/or --limit leaves us with no hosts to target.");
            return Err(Failure { report, warnings: selection.warnings });
        }
        Ok(selection)
    }

    fn evaluate(&self, pattern: &Pattern, warnings: &mut Vec<Report>) -> Result<Vec<HostId>, Report> {
        let mut hosts: Vec<HostId> = Vec::new();
        let mut present: HashSet<HostId> = HashSet::new();
        for term in &pattern.terms {
            let found = self.match_term(term, warnings)?;
            match term.operation {
                Operation::Add => hosts.extend(found.into_iter().filter(|host| present.insert(*host))),
                Operation::Keep => {
                    let found: HashSet<HostId> = found.into_iter().collect();
                    hosts.retain(|host| found.contains(host));
                }
                Operation::Remove => {
                    let found: HashSet<HostId> = found.into_iter().collect();
                    hosts.retain(|host| !found.contains(host));
                }
            }
        }
        Ok(hosts)
    }

    fn match_term(&self, term: &Term, warnings: &mut Vec<Report>) -> Result<Vec<HostId>, Report> {
        let data = &self.data;
        let groups: Vec<GroupId> = match &term.matcher {
            Matcher::Exact(name) => data.group_id(name).into_iter().collect(),
            matcher => (0..data.groups.len())
                .map(|index| GroupId(index as u32))
                .filter(|id| matcher.matches(&data.group(*id).name))
                .collect(),
        };
        let mut seen = HashSet::new();
        let mut hosts: Vec<HostId> =
            groups.iter().flat_map(|group| data.hosts_of(*group)).filter(|host| seen.insert(*host)).collect();
        let may_be_hosts = groups.is_empty() || term.text.starts_with('~') || term.text.contains(['.', '?', '*', '[']);
        if may_be_hosts {
            match &term.matcher {
                Matcher::Exact(name) => hosts.extend(data.host_id(name).filter(|host| seen.insert(*host))),
                matcher => hosts.extend(
                    data.hosts
                        .iter()
                        .zip((0..).map(HostId))
                        .filter(|(host, id)| !host.implicit && matcher.matches(&host.name) && !seen.contains(id))
                        .map(|(_, id)| id),
                ),
            }
        }
        if hosts.is_empty() && LOCALHOST.contains(&term.text.as_str()) {
            hosts.extend(self.localhost(&term.text));
        }
        if hosts.is_empty() && groups.is_empty() && term.text != "all" {
            let report = Report::new(format!("Could not match supplied host pattern, ignoring: {}", term.text));
            match self.mismatch {
                OnProblem::Error => return Err(report),
                OnProblem::Warn if !warnings.contains(&report) => warnings.push(report),
                OnProblem::Warn | OnProblem::Ignore => {}
            }
        }
        if matches!(term.subscript, Some(Subscript::DashRange(..))) {
            warnings.push(Report::new("Use [x:y] inclusive subscripts instead of [x-y] which has been removed"));
        }
        Ok(match term.subscript {
            None => hosts,
            Some(Subscript::One(place)) => {
                let index = usize::try_from(place)
                    .ok()
                    .or_else(|| hosts.len().checked_sub(usize::try_from(place.unsigned_abs()).ok()?));
                index.and_then(|index| hosts.get(index).copied()).into_iter().collect()
            }
            Some(Subscript::Range(start, end) | Subscript::DashRange(start, end)) => {
                let end = end.map_or(hosts.len(), |end| end.saturating_add(1)).min(hosts.len());
                hosts.get(start..end).unwrap_or_default().to_vec()
            }
        })
    }
}
