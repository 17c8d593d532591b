//! Zip archives (PKWARE's APPNOTE.TXT), the content compressed by the host's `gzip`, whose streams are the same (RFC 1952).

use super::sources::Entry;
use crate::run;
use churten_module::prelude::*;
use churten_module::time;
use churten_value::sort;

/// Larger archives are not made in memory.
const LIMIT: usize = 1 << 30;
/// Without extensions neither a size nor the number of entries may be beyond what its field holds.
const MOST_ENTRIES: usize = 0xffff;

const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
/// Version 2.0 of the format.
const VERSION: u16 = 20;
/// Names are UTF-8.
const UTF8: u16 = 1 << 11;
const STORED: u16 = 0;
const DEFLATED: u16 = 8;
/// The system that modes are of.
const UNIX: u16 = 3;

/// An entry and where it is.
struct Member<'a> {
    name: &'a str,
    flags: u16,
    method: u16,
    when: (u16, u16),
    sum: u32,
    compressed: u32,
    size: u32,
    mode: u32,
    offset: u32,
}

/// An archive of these entries. Links are followed.
pub(super) fn written(host: &dyn Host, root: &Path, entries: &[Entry]) -> Result<Vec<u8>> {
    let too_large = || Failure::not_yet("zip archives beyond 1 GiB or 65,535 entries");
    if entries.len() > MOST_ENTRIES {
        return Err(too_large());
    }
    let gzip = run::program(host.observe(), "gzip")?;
    let mut bytes: Vec<u8> = Vec::new();
    let mut directory: Vec<u8> = Vec::new();
    let mut count: u16 = 0;
    for entry in entries {
        let path = root.join(&entry.name);
        let Some(stat) = host.stat(&path)? else { continue };
        let name = if entry.is_directory { format!("{}/", entry.name) } else { entry.name.clone() };
        let (method, sum, size, content) = match stat.kind {
            FileKind::Directory => (STORED, 0, 0, Vec::new()),
            FileKind::File => {
                let command = Command::new([gzip.as_str(), "-n", "-c", "--", &path.display().to_string()]);
                let command = command.output_limit(LIMIT);
                let output = run::successful(host, &command)?;
                let (content, sum, size) =
                    unwrapped(&output.stdout).ok_or_else(|| Failure::new(format!("{gzip} wrote no gzip stream")))?;
                (DEFLATED, sum, size, content.to_vec())
            }
            _ => continue,
        };
        if bytes.len() + content.len() > LIMIT || stat.size > LIMIT as u64 {
            return Err(too_large());
        }
        let number = |length: usize| u32::try_from(length).map_err(|_| too_large());
        let kind = if stat.is_directory() { 0o040_000 } else { 0o100_000 };
        let member = Member {
            name: &name,
            flags: if name.is_ascii() { 0 } else { UTF8 },
            method,
            when: dos_time(host, stat.modified),
            sum,
            compressed: number(content.len())?,
            size,
            mode: kind | stat.mode,
            offset: number(bytes.len())?,
        };
        put(&mut bytes, &LOCAL.to_le_bytes());
        member.describe(&mut bytes)?;
        put(&mut bytes, &0_u16.to_le_bytes());
        put(&mut bytes, name.as_bytes());
        put(&mut bytes, &content);
        member.list(&mut directory)?;
        count += 1;
    }
    let number = |length: usize| u32::try_from(length).map_err(|_| too_large());
    let (offset, length) = (number(bytes.len())?, number(directory.len())?);
    put(&mut bytes, &directory);
    put(&mut bytes, &END.to_le_bytes());
    put(&mut bytes, &[0; 4]);
    put(&mut bytes, &count.to_le_bytes());
    put(&mut bytes, &count.to_le_bytes());
    put(&mut bytes, &length.to_le_bytes());
    put(&mut bytes, &offset.to_le_bytes());
    put(&mut bytes, &[0; 2]);
    Ok(bytes)
}

fn put(bytes: &mut Vec<u8>, more: &[u8]) {
    bytes.extend_from_slice(more);
}

impl Member<'_> {
    /// The fields that stand before the content and in the directory.
    fn describe(&self, bytes: &mut Vec<u8>) -> Result<()> {
        let length = u16::try_from(self.name.len()).map_err(|_| Failure::new(format!("{} is too long", self.name)))?;
        for number in [VERSION, self.flags, self.method, self.when.1, self.when.0] {
            put(bytes, &number.to_le_bytes());
        }
        for number in [self.sum, self.compressed, self.size] {
            put(bytes, &number.to_le_bytes());
        }
        put(bytes, &length.to_le_bytes());
        Ok(())
    }

    /// The entry of the directory.
    fn list(&self, bytes: &mut Vec<u8>) -> Result<()> {
        put(bytes, &CENTRAL.to_le_bytes());
        put(bytes, &(UNIX << 8 | VERSION).to_le_bytes());
        self.describe(bytes)?;
        // Nothing more, no comment, the first disk, no kind of content.
        put(bytes, &[0; 8]);
        // The bit of MS-DOS for directories stands below the mode.
        let is_directory = self.name.ends_with('/');
        put(bytes, &(self.mode << 16 | if is_directory { 0x10 } else { 0 }).to_le_bytes());
        put(bytes, &self.offset.to_le_bytes());
        put(bytes, self.name.as_bytes());
        Ok(())
    }
}

/// The compressed content of a gzip stream without name, its checksum and its length.
fn unwrapped(stream: &[u8]) -> Option<(&[u8], u32, u32)> {
    let rest = stream.strip_prefix(&[0x1f, 0x8b, 8, 0])?.get(6..)?;
    let (content, trailer) = rest.split_at_checked(rest.len().checked_sub(8)?)?;
    Some((content, u32_at(trailer, 0)?, u32_at(trailer, 4)?))
}

/// Date and time as MS-DOS keeps them, in the host's zone and even seconds.
fn dos_time(host: &dyn Host, at: Timestamp) -> (u16, u16) {
    let when = time::local(host.observe(), at);
    let year = u32::try_from((when.year - 1980).clamp(0, 127)).unwrap_or(0);
    let small = |number: u32| u16::try_from(number).unwrap_or(0);
    (small(year << 9 | when.month << 5 | when.day), small(when.hour << 11 | when.minute << 5 | (when.second / 2)))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.try_into().ok().map(u32::from_le_bytes)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<usize> {
    bytes.get(at..at + 2)?.try_into().ok().map(|bytes| usize::from(u16::from_le_bytes(bytes)))
}

/// The names and checksums of an archive that is there; `None` when it is none.
pub(super) fn sums(host: &dyn Host, path: &Path) -> Option<Vec<(Vec<u8>, u32)>> {
    sums_of(&host.read_bounded(path, 2 * LIMIT as u64).ok()?)
}

/// The names and checksums in an archive, sorted.
pub(super) fn sums_of(bytes: &[u8]) -> Option<Vec<(Vec<u8>, u32)>> {
    let end = bytes.windows(4).rposition(|four| *four == END.to_le_bytes())?;
    let end = bytes.get(end..)?;
    let mut at = u32_at(end, 16)? as usize;
    let mut found = Vec::new();
    for _ in 0..u16_at(end, 10)? {
        let entry = bytes.get(at..)?;
        if u32_at(entry, 0)? != CENTRAL {
            return None;
        }
        let (name, extra, comment) = (u16_at(entry, 28)?, u16_at(entry, 30)?, u16_at(entry, 32)?);
        found.push((entry.get(46..46 + name)?.to_vec(), u32_at(entry, 16)?));
        at += 46 + name + extra + comment;
    }
    sort(&mut found);
    Some(found)
}
