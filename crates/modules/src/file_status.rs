//! The keys under which `stat` and `find` tell what the file system says.

use churten_module::{FileKind, Stat};
use churten_value::Dict;

/// `isdir` to `issock`.
pub(crate) fn kind(stat: &Stat, facts: &mut Dict) {
    for (key, kind) in [
        ("isdir", FileKind::Directory),
        ("ischr", FileKind::CharacterDevice),
        ("isblk", FileKind::BlockDevice),
        ("isreg", FileKind::File),
        ("isfifo", FileKind::Fifo),
        ("islnk", FileKind::Link),
        ("issock", FileKind::Socket),
    ] {
        facts.insert(key, stat.kind == kind);
    }
}

/// `uid` to `nlink`.
pub(crate) fn identity(stat: &Stat, facts: &mut Dict) {
    for (key, number) in [
        ("uid", stat.uid.into()),
        ("gid", stat.gid.into()),
        ("size", stat.size),
        ("inode", stat.inode),
        ("dev", stat.device),
        ("nlink", stat.links),
    ] {
        facts.insert(key, number);
    }
}

/// `atime`, `mtime`, `ctime`.
pub(crate) fn times(stat: &Stat, facts: &mut Dict) {
    facts.insert("atime", stat.accessed.as_float());
    facts.insert("mtime", stat.modified.as_float());
    facts.insert("ctime", stat.changed.as_float());
}

/// `wusr` to `isgid`.
pub(crate) fn permissions(stat: &Stat, facts: &mut Dict) {
    for (key, bit) in [
        ("wusr", 0o200),
        ("rusr", 0o400),
        ("xusr", 0o100),
        ("wgrp", 0o020),
        ("rgrp", 0o040),
        ("xgrp", 0o010),
        ("woth", 0o002),
        ("roth", 0o004),
        ("xoth", 0o001),
        ("isuid", 0o4000),
        ("isgid", 0o2000),
    ] {
        facts.insert(key, stat.mode & bit != 0);
    }
}
