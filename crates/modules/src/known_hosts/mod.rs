//! The `known_hosts` module.

mod entry;

use churten_module::prelude::*;
use entry::Entry;

/// Put a host's key into a `known_hosts` file, or take it out. Of each type there is one key for a host.
#[derive(Args)]
pub(crate) struct KnownHosts {
    /// The host, as it stands in the key; `[host]:port` with a port of its own.
    #[arg(alias("host"))]
    name: String,
    /// The key as a line of the file.
    key: Option<String>,
    /// The file.
    #[arg(default = "~/.ssh/known_hosts")]
    path: PathBuf,
    /// Write the name so that nobody can read it.
    #[arg(default = false)]
    hash_host: bool,
    /// Whether the key should be there.
    #[arg(default = "present")]
    state: Presence,
}

#[derive(Choice, Clone, Copy, PartialEq, Eq)]
enum Presence {
    Absent,
    Present,
}

/// Larger files are not edited in memory.
const LIMIT: u64 = 256 << 20;

impl State for KnownHosts {
    const NAME: &'static str = "known_hosts";

    fn plan(&self, host: &dyn Observe, options: &Options) -> Result<Plan> {
        let key = self.key.as_deref().filter(|key| !key.is_empty()).map(terminated);
        if self.state == Presence::Present && key.is_none() {
            fail!("No key specified when adding a host");
        }
        if self.name.contains(',') {
            fail!(
                "Comma separated list of names is not supported. Please pass a single name to lookup in the known_hosts \
                 file."
            );
        }
        if let Some(key) = &key
            && !key.lines().filter_map(Entry::of).any(|entry| entry.is_for(&self.name))
        {
            fail!("Host parameter does not match hashed host field in supplied key");
        }
        let is_there = host.stat(&self.path)?.is_some();
        let before = match is_there {
            true => String::from_utf8(host.read_bounded(&self.path, LIMIT)?)
                .map_err(|_| Failure::not_yet(format!("{}, which is not UTF-8", self.path.display())))?,
            false => String::new(),
        };
        let (after, shown) = self.edit(&before, key.as_deref());
        let mut plan = Plan::new();
        if after != before {
            plan.step(Step::Write(Write::new(self.path.clone(), after)));
            // Missing directories are not made.
            let parent = self.path.parent().unwrap_or(Path::new("/"));
            if !options.check && host.stat(parent)?.is_none() {
                fail!("Failed to write to file '{}'.", self.path.display());
            }
        }
        // In check mode there is not much to tell, but for a key that is not there to be taken out.
        let has_nothing_to_remove = self.state == Presence::Absent && key.is_some() && !plan.changed;
        if !options.check || has_nothing_to_remove {
            plan.set("name", self.name.as_str());
            plan.set("path", self.path.display().to_string());
            plan.set("key", self.key.clone());
            plan.set("hash_host", self.hash_host);
            plan.set("state", if self.state == Presence::Present { "present" } else { "absent" });
        }
        // The difference is told whether it is asked for or not.
        let path = self.path.display().to_string();
        let header = if is_there { path.clone() } else { "/dev/null".to_owned() };
        let entries = [("before_header", header), ("after_header", path), ("before", before), ("after", shown)];
        plan.set("diff", Dict::from(entries));
        Ok(plan)
    }
}

impl KnownHosts {
    /// The text as it should be, and as the difference shows it.
    fn edit(&self, before: &str, key: Option<&str>) -> (String, String) {
        let lines: Vec<&str> = before.split_inclusive('\n').collect();
        let is_found = |line: &str| Entry::of(line).is_some_and(|entry| entry.is_for(&self.name));
        let Some(key) = key else {
            // All keys of the host go; the difference does not tell.
            if !lines.iter().any(|line| is_found(line)) {
                return (before.to_owned(), before.to_owned());
            }
            let kept: String = lines.iter().copied().filter(|line| !is_found(line)).collect();
            return (if kept.is_empty() { kept } else { terminated(&kept) }, before.to_owned());
        };
        // Only the first line tells which key it is.
        let wanted = key.lines().next().and_then(Entry::of);
        let kind = wanted.map_or("", |entry| entry.kind);
        // Of lines with a marker there may be several; only the very same counts.
        let marker = wanted.and_then(|entry| entry.marker);
        let old = lines.iter().position(|line| {
            is_found(line)
                && Entry::of(line).is_some_and(|entry| {
                    entry.kind == kind
                        && (entry.marker.is_none()
                            || entry.marker == marker && Some(entry.key) == wanted.map(|entry| entry.key))
                })
        });
        let entry = old.and_then(|at| lines.get(at)).and_then(|line| Entry::of(line));
        let is_same = match (entry, wanted) {
            (Some(entry), Some(wanted)) => {
                let is_written_so = match entry.is_hashed() {
                    true => self.hash_host || entry.hosts == wanted.hosts,
                    false => !self.hash_host && entry.hosts == wanted.hosts,
                };
                entry.key == wanted.key && entry.marker == wanted.marker && is_written_so
            }
            _ => false,
        };
        if self.state == Presence::Present && is_same || self.state == Presence::Absent && old.is_none() {
            return (before.to_owned(), before.to_owned());
        }
        let mut after: String =
            lines.iter().enumerate().filter(|(at, _)| Some(*at) != old).map(|(_, line)| *line).collect();
        if self.state == Presence::Present {
            after.push_str(&self.written(key));
        }
        (after.clone(), after)
    }

    /// The key as it is written.
    fn written(&self, key: &str) -> String {
        if !self.hash_host {
            return key.to_owned();
        }
        let line = |line: &str| match Entry::of(line) {
            Some(entry) if !entry.is_hashed() => {
                let rest = line.trim_start().strip_prefix(entry.hosts).unwrap_or_default();
                format!("{}{rest}\n", entry::hashed(&self.name))
            }
            _ => format!("{line}\n"),
        };
        key.lines().map(line).collect()
    }
}

fn terminated(text: &str) -> String {
    if text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") }
}
