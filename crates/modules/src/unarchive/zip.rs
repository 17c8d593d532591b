//! Archives that `unzip` reads.

use super::{Known, Unarchive, parsable};
use crate::run;
use churten_module::prelude::*;
use churten_module::time;

/// An archive that `unzip` has listed.
pub(super) struct Zip {
    pub(super) name: &'static str,
    unzip: String,
    root: PathBuf,
    /// The command that lists entries with their modes.
    zipinfo: Vec<String>,
}

/// One entry as `zipinfo` lists it.
struct Entry {
    /// Permissions, in as many letters as the packing system has.
    permissions: String,
    size: u64,
    /// Local time, in seconds as if it were UTC.
    modified: i64,
    path: String,
}

impl Zip {
    /// Try to list an archive; the error is why `unzip` cannot.
    pub(super) fn find(module: &Unarchive, host: &dyn Host, src: &Path) -> Result<Self, String> {
        let missing = |name: &str| format!("Unable to find required '{name}' binary in the path");
        let unzip = host.find_program("unzip", &[]).ok_or_else(|| missing("unzip"))?.display().to_string();
        let (name, zipinfo) = match host.find_program("zipinfo", &[]) {
            Some(path) => ("ZipArchive", vec![path.display().to_string()]),
            None => ("ZipZArchive", vec![unzip.clone(), "-Z".to_owned()]),
        };
        let command = parsable(Command::new([&unzip, "-l", &src.display().to_string()]));
        let output = run::asked(host.observe(), &command).map_err(|failure| failure.msg)?;
        if !output.success() {
            return Err(format!("Command \"{unzip}\" could not handle archive: {}", output.stderr_text()));
        }
        Ok(Self { name, unzip, root: module.root(host), zipinfo })
    }

    /// What chooses names, behind the archive's.
    fn choice(module: &Unarchive) -> Vec<String> {
        let mut words = module.include.clone();
        if !module.exclude.is_empty() {
            words.push("-x".to_owned());
            words.extend(module.exclude.iter().cloned());
        }
        words
    }

    pub(super) fn extract(&self, module: &Unarchive, src: &Path) -> Command {
        let mut words = vec![self.unzip.clone(), "-o".to_owned()];
        words.extend(module.extra_opts.iter().cloned());
        words.push(src.display().to_string());
        words.extend(Self::choice(module));
        words.extend(["-d".to_owned(), self.root.display().to_string()]);
        parsable(Command::new(words))
    }

    pub(super) fn look(&self, module: &Unarchive, host: &dyn Host, src: &Path) -> Result<Known> {
        let listing = |words: Vec<String>| {
            let mut words = words;
            words.push(src.display().to_string());
            words.extend(Self::choice(module));
            run::asked(host.observe(), &parsable(Command::new(words)))
        };
        let mut zipinfo = self.zipinfo.clone();
        zipinfo.extend(["-T", "-s"].map(str::to_owned));
        let output = listing(zipinfo)?;
        let text = output.stdout_text();
        let entries: Vec<Entry> = text.lines().filter_map(Entry::of).collect();
        let sums = listing(vec![self.unzip.clone(), "-v".to_owned()])?.stdout_text();
        let sums: Vec<&str> = sums.lines().filter_map(checksum).collect();
        let mut difference = String::new();
        for (at, entry) in entries.iter().enumerate() {
            if let Some(code) = entry.code(module, &self.root, host, sums.get(at).copied())? {
                difference += &format!("{code} {}\n", entry.path);
            }
        }
        let names = entries.into_iter().map(|entry| entry.path).filter(|path| !module.is_excluded(path)).collect();
        Ok(Known { names, is_unpacked: output.success() && difference.is_empty(), difference })
    }
}

/// The CRC of a line of `unzip -v`: length, method, size, ratio, date, time, CRC, name.
fn checksum(line: &str) -> Option<&str> {
    let mut words = line.split_whitespace();
    words.next()?.parse::<u64>().ok()?;
    let sum = words.nth(5)?;
    words.next()?;
    (sum.len() == 8 && sum.bytes().all(|letter| letter.is_ascii_hexdigit())).then_some(sum)
}

impl Entry {
    /// A line of `zipinfo -T -s`: permissions, version, system, size, kind, method, time, path.
    fn of(line: &str) -> Option<Self> {
        let mut rest = line;
        let mut words = [""; 7];
        for word in &mut words {
            (*word, rest) = rest.trim_start().split_once(' ')?;
        }
        let [permissions, _, _, size, _, _, when] = words;
        // The name keeps its blanks.
        let modified = seconds(when)?;
        Some(Self { permissions: permissions.to_owned(), size: size.parse().ok()?, modified, path: rest.to_owned() })
    }

    fn kind(&self) -> FileKind {
        match self.permissions.chars().next() {
            Some('l') => FileKind::Link,
            _ if self.path.ends_with('/') => FileKind::Directory,
            _ => FileKind::File,
        }
    }

    /// The mode that the entry asks for; systems without such modes leave it to the mask.
    fn mode(&self, umask: u32) -> u32 {
        let letters: Vec<char> = self.permissions.chars().skip(1).collect();
        if letters.len() != 9 {
            let all = if self.kind() == FileKind::Directory { 0o777 } else { 0o666 };
            return all & !umask;
        }
        // Of set-user-id, set-group-id and sticky, which unzip leaves out, only the execution counts.
        let is_set = |(_, letter): &(usize, &char)| !matches!(letter, '-' | 'S' | 'T');
        letters.iter().enumerate().filter(is_set).fold(0, |mode, (at, _)| mode | 0o400 >> at)
    }

    /// How what is there differs from the entry, as rsync's itemized changes tell it; `None` when it does not.
    fn code(&self, module: &Unarchive, root: &Path, host: &dyn Host, sum: Option<&str>) -> Result<Option<String>> {
        let kind = self.kind();
        let letter = match kind {
            FileKind::Directory => 'd',
            FileKind::Link => 'L',
            _ => 'f',
        };
        let path = root.join(self.path.trim_start_matches('/'));
        let Some(stat) = host.lstat(&path)? else { return Ok(Some(format!(">{letter}++++++.??"))) };
        if stat.kind != kind {
            return Ok(Some(format!("c{letter}++++++.??")));
        }
        let mut marks = ['.', '.', '.', '.', '.'];
        let [content, size, when, mode, owner] = &mut marks;
        if kind == FileKind::File {
            let offset = i64::from(host.utc_offset(stat.modified));
            let modified = stat.modified.seconds + offset;
            if modified > self.modified && module.keep_newer {
                return Ok(None);
            }
            if modified != self.modified {
                *when = 't';
            }
            if stat.size != self.size {
                (*content, *size) = ('c', 's');
            } else if sum != Some(&host.digest(&path, Algorithm::Crc32)?) {
                *content = 'c';
            }
        }
        if kind != FileKind::Link {
            let own = self.mode(host.umask());
            let wanted = match &module.file.mode {
                None => i64::from(own),
                Some(given) => churten_module::mode::wanted(given, stat.mode, stat.is_directory(), host.umask())
                    .map_err(|details| Failure::new(details).with("path", self.path.as_str()))?,
            };
            if i64::from(stat.mode) != wanted {
                *mode = 'p';
            }
        }
        let identity = host.identity();
        let number = |given: &Option<String>, named: &dyn Fn(&str) -> Option<u32>, own: u32| match given {
            None => Some(own),
            Some(name) => named(name).or_else(|| name.trim().parse().ok()),
        };
        let uid = number(&module.file.owner, &|name| host.user_by_name(name).map(|user| user.uid), identity.uid);
        let gid = number(&module.file.group, &|name| host.group_by_name(name).map(|group| group.gid), identity.gid);
        if uid.is_some_and(|uid| uid != stat.uid) {
            *owner = 'o';
        }
        // Both have one place.
        if gid.is_some_and(|gid| gid != stat.gid) {
            *owner = 'g';
        }
        let marks: String = marks.iter().collect();
        Ok((marks != ".....").then(|| format!(".{letter}{marks}..??")))
    }
}

/// `20200913.122640` as seconds.
fn seconds(text: &str) -> Option<i64> {
    let (date, clock) = text.split_once('.')?;
    let part = |text: &str, from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    let small = |text: &str, from: usize| part(text, from, from + 2).and_then(|number| u32::try_from(number).ok());
    Some(time::seconds(&time::DateTime {
        year: part(date, 0, 4)?,
        month: small(date, 4)?,
        day: small(date, 6)?,
        hour: small(clock, 0)?,
        minute: small(clock, 2)?,
        second: small(clock, 4)?,
        microsecond: 0,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_zipinfo() {
        let entry = Entry::of("-rwsr-x--T  3.0 unx        2 tx stor 20200913.122640 a  b").unwrap();
        assert_eq!((entry.path.as_str(), entry.size, entry.mode(0o22)), ("a  b", 2, 0o750));
        assert_eq!(entry.modified, 1_600_000_000);
        let entry = Entry::of("drwx---     2.0 fat        0 b- stor 20200101.000000 dosdir/").unwrap();
        assert_eq!((entry.kind(), entry.mode(0o22)), (FileKind::Directory, 0o755));
        assert!(Entry::of("4 files, 5 bytes uncompressed, 5 bytes compressed:  0.0%").is_none());
        assert_eq!(checksum("       2  Stored        2   0% 2020-09-13 12:26 6174e0a1  f"), Some("6174e0a1"));
        assert_eq!(checksum("--------          -------  ---                            -------"), None);
    }
}
