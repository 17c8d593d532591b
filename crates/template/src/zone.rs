//! The controller's time zone, from `TZ` or `/etc/localtime`.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// When a zone's offset changes, in seconds since 1970, and what it changes to, in seconds from UTC.
struct Zone {
    first: i64,
    changes: Vec<(i64, i64)>,
}

/// Seconds from UTC of local time at a moment, given in seconds since 1970.
pub(crate) fn offset(moment: i64) -> i64 {
    static ZONE: OnceLock<Option<Zone>> = OnceLock::new();
    let Some(zone) = ZONE.get_or_init(local) else { return 0 };
    let after = zone.changes.partition_point(|(start, _)| *start <= moment);
    after.checked_sub(1).and_then(|index| zone.changes.get(index)).map_or(zone.first, |(_, offset)| *offset)
}

fn local() -> Option<Zone> {
    let path = match std::env::var("TZ") {
        Ok(name) if name.is_empty() => return None,
        Ok(name) => {
            let name = name.trim_start_matches(':');
            if name.starts_with('/') { PathBuf::from(name) } else { Path::new("/usr/share/zoneinfo").join(name) }
        }
        Err(_) => PathBuf::from("/etc/localtime"),
    };
    parse(&std::fs::read(path).ok()?)
}

/// The TZif format (RFC 8536): the 64-bit block of version 2 and later.
fn parse(bytes: &[u8]) -> Option<Zone> {
    if bytes.get(..4)? != b"TZif" || *bytes.get(4)? < b'2' {
        return None;
    }
    let first = Header::read(bytes)?;
    let second = bytes.get(44 + first.size(4)..)?;
    let header = Header::read(second)?;
    let data = second.get(44..)?;
    let times = data.get(..header.times * 8)?;
    let kinds = data.get(header.times * 8..header.times * 9)?;
    let types = data.get(header.times * 9..header.times * 9 + header.types * 6)?;
    let offset = |kind: usize| {
        let bytes = types.get(kind * 6..kind * 6 + 4)?;
        Some(i64::from(i32::from_be_bytes(bytes.try_into().ok()?)))
    };
    let mut changes = Vec::with_capacity(header.times);
    for (time, kind) in times.chunks_exact(8).zip(kinds) {
        changes.push((i64::from_be_bytes(time.try_into().ok()?), offset(usize::from(*kind))?));
    }
    Some(Zone { first: offset(0)?, changes })
}

struct Header {
    times: usize,
    types: usize,
    characters: usize,
    leaps: usize,
    standard: usize,
    universal: usize,
}

impl Header {
    fn read(bytes: &[u8]) -> Option<Self> {
        let count = |at: usize| {
            let bytes = bytes.get(at..at + 4)?;
            usize::try_from(u32::from_be_bytes(bytes.try_into().ok()?)).ok().filter(|count| *count < 1_000_000)
        };
        Some(Self {
            universal: count(20)?,
            standard: count(24)?,
            leaps: count(28)?,
            times: count(32)?,
            types: count(36)?,
            characters: count(40)?,
        })
    }

    fn size(&self, width: usize) -> usize {
        self.times * (width + 1)
            + self.types * 6
            + self.characters
            + self.leaps * (width + 4)
            + self.standard
            + self.universal
    }
}
