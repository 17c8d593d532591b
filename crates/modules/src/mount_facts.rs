//! The `mount_facts` module.

use crate::mount_table::{insert_size, unescape};
use churten_module::glob::matches;
use churten_module::prelude::*;
use churten_module::{Output, TimedOut};
use churten_value::{Repr, float_repr};
use std::time::Duration;

/// Tell what is mounted, and what would be.
///
/// Mounts come from tables of the host and, where there are none, from the program `mount`. They come as
/// `ansible_facts.mount_points`, the first that is found of each mount point.
#[derive(Args)]
pub(crate) struct MountFacts {
    /// Tables to read, in this order; `mount` is the program. `dynamic` are the tables of what is mounted, `static` those of
    /// what is configured, `all` are both.
    sources: Option<Vec<String>>,
    /// The program that tells mounts where no table does; `null` for none.
    #[arg(default = "mount")]
    mount_binary: Option<Value>,
    /// Patterns of devices.
    devices: Option<Vec<String>>,
    /// Patterns of file system types.
    fstypes: Option<Vec<String>>,
    /// Seconds to wait for each file system and program.
    timeout: Option<f64>,
    /// What to do when one does not answer in time.
    #[arg(default = "error")]
    on_timeout: OnTimeout,
    /// Tell all mounts as `aggregate_mounts`, too. When this is not said, mount points that a source has twice are warned of.
    include_aggregate_mounts: Option<bool>,
}

#[derive(Choice, Clone, Copy, PartialEq, Eq)]
enum OnTimeout {
    Error,
    Warn,
    Ignore,
}

const DYNAMIC: [&str; 3] = ["/etc/mtab", "/proc/mounts", "/etc/mnttab"];
const STATIC: [&str; 3] = ["/etc/fstab", "/etc/vfstab", "/etc/filesystems"];
/// The source that is the program, whatever the program is called.
const PROGRAM: &str = "mount";
/// Larger tables are not read.
const LIMIT: u64 = 64 << 20;

/// One mount of a table.
struct Entry {
    fields: Dict,
    line: String,
}

impl Action for MountFacts {
    const NAME: &'static str = "mount_facts";
    const CHECK: CheckMode = CheckMode::Run;

    fn run(&self, host: &dyn Host, _: &Options) -> Result<Dict> {
        let mut look = Look { module: self, host, limit: self.limit()?, uuids: None, warnings: Vec::new() };
        let (mut all, mut points) = (Vec::new(), Dict::new());
        let mut repeated = Vec::new();
        for (source, entries) in look.sources()? {
            let entries: Vec<Entry> = entries.into_iter().filter(|entry| self.wants(entry)).collect();
            let mut names: Vec<Value> = Vec::new();
            let mut has_repeated = false;
            for entry in entries {
                let mount = entry.text("mount");
                let facts = look.facts(&source, entry)?;
                has_repeated |= names.iter().any(|name| name.as_str() == Some(&mount));
                if !points.contains(&mount) {
                    points.insert(mount.as_str(), facts.clone());
                }
                names.push(mount.into());
                all.push(Value::from(facts));
            }
            if has_repeated {
                repeated.push(format!("{source} ({})", Repr(&Value::list(names))));
            }
        }
        if !repeated.is_empty() && self.include_aggregate_mounts.is_none() {
            look.warnings.push(format!(
                "mount_facts: ignoring repeat mounts in the following sources: {}. You can disable this warning by configuring \
                 the 'include_aggregate_mounts' option as True or False.",
                repeated.join(", ")
            ));
        }
        if self.include_aggregate_mounts != Some(true) {
            all.clear();
        }
        let facts = Dict::from([("mount_points", Value::from(points)), ("aggregate_mounts", Value::list(all))]);
        let mut result = Dict::from([("ansible_facts", facts)]);
        if !look.warnings.is_empty() {
            result.insert("warnings", look.warnings);
        }
        Ok(result)
    }
}

impl MountFacts {
    fn limit(&self) -> Result<Option<Duration>> {
        if let Some(other) = self.mount_binary.as_ref().filter(|name| name.as_str().is_none()) {
            fail!("argument 'mount_binary' must be a string or null, not {}", other.to_text());
        }
        let Some(seconds) = self.timeout else { return Ok(None) };
        match Duration::try_from_secs_f64(seconds) {
            Ok(limit) if seconds > 0.0 => Ok(Some(limit)),
            _ => fail!("argument 'timeout' must be a positive number or null, not {}", float_repr(seconds)),
        }
    }

    fn wants(&self, entry: &Entry) -> bool {
        let is_one_of = |patterns: &Option<Vec<String>>, name: &str| {
            let patterns = patterns.as_deref().unwrap_or_default();
            patterns.is_empty() || patterns.iter().any(|pattern| matches(pattern, name))
        };
        is_one_of(&self.devices, &entry.text("device")) && is_one_of(&self.fstypes, &entry.text("fstype"))
    }
}

/// One run of the module.
struct Look<'a> {
    module: &'a MountFacts,
    host: &'a dyn Host,
    limit: Option<Duration>,
    /// What `lsblk` says: devices and the identifiers of their file systems. Asked once.
    uuids: Option<Vec<(String, String)>>,
    warnings: Vec<String>,
}

impl Look<'_> {
    /// Every source that is there, with what it says.
    fn sources(&mut self) -> Result<Vec<(String, Vec<Entry>)>> {
        let given = self.module.sources.as_deref().filter(|sources| !sources.is_empty());
        let given = given.map_or_else(|| vec!["all".to_owned()], <[String]>::to_vec);
        let mut sources: Vec<&str> = Vec::new();
        for source in &given {
            match source.as_str() {
                "" => fail!("sources contains an empty string"),
                "all" => sources.extend(DYNAMIC.iter().chain(&STATIC)),
                "dynamic" => sources.extend(DYNAMIC),
                "static" => sources.extend(STATIC),
                other => sources.push(other),
            }
        }
        let is_repeated = |(at, source): (usize, &&str)| sources.iter().take(at).any(|other| other == source);
        if sources.iter().enumerate().any(is_repeated) {
            let shown: Value = sources.iter().copied().collect();
            let text = Repr(&shown);
            self.warnings.push(format!(
                "mount_facts option 'sources' contains duplicate entries, repeat sources will be ignored: {text}"
            ));
        }
        let mut found = Vec::new();
        let mut seen: Vec<PathBuf> = Vec::new();
        let (mut asks_dynamic, mut has_dynamic) = (false, false);
        for source in sources {
            let is_dynamic = DYNAMIC.contains(&source);
            asks_dynamic |= is_dynamic;
            if source == PROGRAM {
                let path = PathBuf::from(PROGRAM);
                if !seen.contains(&path) {
                    seen.push(path);
                    found.push((source.to_owned(), self.told_by_program()?));
                    has_dynamic = true;
                }
                continue;
            }
            let path = self.host.real_path(Path::new(source));
            if seen.contains(&path) {
                continue;
            }
            let content = self.host.read_bounded(&path, LIMIT).unwrap_or_default();
            seen.push(path);
            if content.is_empty() {
                continue;
            }
            has_dynamic |= is_dynamic;
            found.push((source.to_owned(), entries_of_file(&String::from_utf8_lossy(&content))));
        }
        if asks_dynamic && !has_dynamic && self.module.mount_binary.is_some() {
            found.push((PROGRAM.to_owned(), self.told_by_program()?));
        }
        Ok(found)
    }

    fn told_by_program(&mut self) -> Result<Vec<Entry>> {
        let Some(name) = self.module.mount_binary.as_ref().and_then(Value::as_str) else {
            fail!("'mount_binary' is null, but a source")
        };
        let program = self.host.require_program(name, &[])?.display().to_string();
        let Some(output) = self.asked(&[&program], &program)? else { return Ok(Vec::new()) };
        if !output.success() {
            let code = output.code;
            fail!("Failed to execute {program}: Command '{program}' returned non-zero exit status {code}.");
        }
        Ok(entries_of_program(&output.stdout_text()))
    }

    /// Ask a program; `None` when it does not answer in time and that may be.
    fn asked(&mut self, words: &[&str], shown: &str) -> Result<Option<Output>> {
        let mut command = Command::new(words.iter().copied());
        command.timeout = self.limit;
        let output = crate::run::asked(self.host.observe(), &command)?;
        if !output.timed_out {
            return Ok(Some(output));
        }
        self.timed_out(format!("Command '{shown}' timed out after {} seconds", self.seconds()))?;
        Ok(None)
    }

    fn seconds(&self) -> String {
        float_repr(self.module.timeout.unwrap_or_default())
    }

    fn timed_out(&mut self, text: String) -> Result<()> {
        match self.module.on_timeout {
            OnTimeout::Error => return Err(Failure::new(text)),
            OnTimeout::Warn if !self.warnings.contains(&text) => self.warnings.push(text),
            OnTimeout::Warn | OnTimeout::Ignore => {}
        }
        Ok(())
    }

    /// All that is known of a mount.
    fn facts(&mut self, source: &str, entry: Entry) -> Result<Dict> {
        let (mount, device) = (entry.text("mount"), entry.text("device"));
        let uuid = self.uuid(&device)?;
        let mut facts = entry.fields;
        let size = match self.limit {
            None => Ok(self.host.file_system_size(Path::new(&mount))),
            Some(limit) => self.host.file_system_size_within(Path::new(&mount), limit),
        };
        match size {
            Ok(Some(size)) => insert_size(&mut facts, &size),
            Ok(None) => {}
            Err(TimedOut) => {
                let kind = facts.get("fstype").map(Value::to_text).unwrap_or_default();
                let seconds = self.seconds();
                self.timed_out(format!(
                    "Timed out getting mount size for mount {mount} (type {kind}) after {seconds} seconds"
                ))?;
            }
        }
        facts.insert("ansible_context", Dict::from([("source", source), ("source_data", &entry.line)]));
        facts.insert("uuid", uuid.map_or(Value::NONE, Value::from));
        Ok(facts)
    }

    /// The identifier of the file system on a device: as the table says, as `lsblk` says, or as udev says.
    fn uuid(&mut self, device: &str) -> Result<Option<String>> {
        if let Some(uuid) = device.strip_prefix("UUID=") {
            return Ok(Some(uuid.to_owned()));
        }
        if self.uuids.is_none() {
            self.uuids = Some(self.listed_uuids()?);
        }
        let listed = self.uuids.iter().flatten().find(|(name, _)| name == device);
        if let Some((_, uuid)) = listed {
            return Ok(Some(uuid.clone()));
        }
        let arguments = ["info", "--query", "property", "--name", device];
        let said = self.said("udevadm", &arguments)?.unwrap_or_default();
        Ok(said.lines().find_map(|line| line.strip_prefix("ID_FS_UUID=")).map(str::to_owned))
    }

    fn listed_uuids(&mut self) -> Result<Vec<(String, String)>> {
        let arguments = ["--list", "--noheadings", "--paths", "--output", "NAME,UUID", "--exclude", "2"];
        let said = self.said("lsblk", &arguments)?.unwrap_or_default();
        let pair = |line: &str| {
            line.split_once(char::is_whitespace).map(|(name, uuid)| (name.to_owned(), uuid.trim().to_owned()))
        };
        Ok(said.lines().filter_map(pair).filter(|(_, uuid)| !uuid.is_empty()).collect())
    }

    /// What a program says that need not be there.
    fn said(&mut self, name: &str, arguments: &[&str]) -> Result<Option<String>> {
        let Some(program) = self.host.find_program(name, &[]) else { return Ok(None) };
        let program = program.display().to_string();
        let words: Vec<&str> = std::iter::once(program.as_str()).chain(arguments.iter().copied()).collect();
        let shown: Value = words.iter().copied().collect();
        let output = self.asked(&words, &Repr(&shown).to_string())?;
        Ok(output.filter(Output::success).map(|output| output.stdout_text()))
    }
}

impl Entry {
    fn text(&self, key: &str) -> String {
        self.fields.get(key).map(Value::to_text).unwrap_or_default()
    }
}

/// A table: `fstab` or `mnttab`, else `vfstab`. A table with a line that is of neither kind is none.
fn entries_of_file(text: &str) -> Vec<Entry> {
    let lines: Vec<&str> =
        text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    let all = |read: fn(&[String]) -> Option<Dict>| -> Option<Vec<Entry>> {
        let entry = |line: &&str| {
            let fields: Vec<String> = line.split_whitespace().map(unescape).collect();
            read(&fields).map(|fields| Entry { fields, line: (*line).to_owned() })
        };
        lines.iter().map(entry).collect()
    };
    all(fstab).or_else(|| all(vfstab)).unwrap_or_default()
}

/// Four to six fields, the last two numbers (fstab(5)).
fn fstab(fields: &[String]) -> Option<Dict> {
    let [device, mount, kind, options, rest @ ..] = fields else { return None };
    let names = ["dump", "passno"];
    if rest.len() > names.len() {
        return None;
    }
    let mut entry = Dict::from([
        ("device", device.as_str()),
        ("mount", mount.as_str()),
        ("fstype", kind.as_str()),
        ("options", options.as_str()),
    ]);
    for (name, text) in names.iter().zip(rest) {
        entry.insert(*name, text.parse::<i64>().ok()?);
    }
    Some(entry)
}

/// Seven fields, of which a line with more has too many.
fn vfstab(fields: &[String]) -> Option<Dict> {
    let [device, to_check, mount, kind, pass, at_boot, options, ..] = fields else { return None };
    let pass = pass.parse::<i64>().map_or_else(|_| Value::from(pass.as_str()), Value::from);
    Some(Dict::from([
        ("device", Value::from(device.as_str())),
        ("device_to_fsck", to_check.as_str().into()),
        ("mount", mount.as_str().into()),
        ("fstype", kind.as_str().into()),
        ("passno", pass),
        ("mount_at_boot", at_boot.as_str().into()),
        ("options", options.as_str().into()),
    ]))
}

/// What `mount` prints, on Linux or on BSD; nothing when a line is of neither kind.
fn entries_of_program(text: &str) -> Vec<Entry> {
    let all = |read: fn(&str) -> Option<Dict>| -> Option<Vec<Entry>> {
        let entry = |line: &str| read(line).map(|fields| Entry { fields, line: line.to_owned() });
        text.lines().map(entry).collect()
    };
    all(on_linux).or_else(|| all(on_bsd)).unwrap_or_default()
}

/// `DEVICE on MOUNT type KIND (OPTIONS)`.
fn on_linux(line: &str) -> Option<Dict> {
    let words: Vec<&str> = line.splitn(6, ' ').collect();
    let [device, "on", mount, "type", kind, options] = words.as_slice() else { return None };
    let options = in_parentheses(options)?;
    Some(Dict::from([("device", *device), ("mount", *mount), ("fstype", *kind), ("options", options)]))
}

/// `DEVICE on MOUNT (KIND, OPTIONS)`.
fn on_bsd(line: &str) -> Option<Dict> {
    let words: Vec<&str> = line.splitn(4, ' ').collect();
    let [device, "on", mount, details] = words.as_slice() else { return None };
    let details = in_parentheses(details)?;
    let (kind, options) = details.split_once(',').map_or((details, None), |(kind, rest)| (kind, Some(rest.trim())));
    let mut entry = Dict::from([("device", *device), ("mount", *mount), ("fstype", kind)]);
    if let Some(options) = options {
        entry.insert("options", options);
    }
    Some(entry)
}

fn in_parentheses(text: &str) -> Option<&str> {
    text.strip_prefix('(')?.strip_suffix(')').filter(|inside| !inside.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables() {
        for (text, expected) in [
            ("# c\n/dev/a /x ext4 ro 0 1\n\nUUID=b /y\\040z xfs rw\n", vec!["/x", "/y z"]),
            ("/dev/a /x ext4 ro 0 1\nbad\n", vec![]),
            ("/dev/a /x ext4 ro a b\n", vec![]),
            ("/dev/dsk/a /dev/rdsk/a /x ufs 1 yes -\n", vec!["/x"]),
        ] {
            let mounts: Vec<String> = entries_of_file(text).iter().map(|entry| entry.text("mount")).collect();
            assert_eq!(mounts, expected, "{text}");
        }
        for (text, expected) in [
            ("proc on /proc type proc (rw,relatime)\n", "rw,relatime"),
            ("/dev/q on /q (ufs, local, rw)\n", "local, rw"),
            ("/dev/q on /q (ufs)\n", ""),
        ] {
            let options: Vec<String> = entries_of_program(text).iter().map(|entry| entry.text("options")).collect();
            assert_eq!(options, [expected], "{text}");
        }
        assert!(entries_of_program("/dev/a on /x type ext4 (rw) [label]\n").is_empty());
    }
}
