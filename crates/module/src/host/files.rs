//! What the file system says about a path.

/// A point in time as the file system keeps it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp {
    /// Seconds since 1970.
    pub seconds: i64,
    /// Nanoseconds, below one thousand million.
    pub nanoseconds: u32,
}

impl Timestamp {
    /// As Python's float of seconds.
    pub fn as_float(self) -> f64 {
        // The same two roundings as CPython's: the sum of a double and a scaled double.
        self.seconds as f64 + 1e-9 * f64::from(self.nanoseconds)
    }
}

/// What a path is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FileKind {
    /// A regular file.
    #[default]
    File,
    /// A directory.
    Directory,
    /// A symbolic link.
    Link,
    /// A named pipe.
    Fifo,
    /// A socket.
    Socket,
    /// A block device.
    BlockDevice,
    /// A character device.
    CharacterDevice,
}

/// The answer of `stat` or `lstat`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stat {
    /// What it is.
    pub kind: FileKind,
    /// Permission bits, including set-user-id, set-group-id and sticky (`0o7777`).
    pub mode: u32,
    /// Owner.
    pub uid: u32,
    /// Group.
    pub gid: u32,
    /// Bytes.
    pub size: u64,
    /// Number of names.
    pub links: u64,
    /// Inode.
    pub inode: u64,
    /// Device it is on.
    pub device: u64,
    /// Device it is.
    pub device_type: u64,
    /// 512-byte blocks.
    pub blocks: u64,
    /// Preferred block size.
    pub block_size: u64,
    /// Last access.
    pub accessed: Timestamp,
    /// Last change of content.
    pub modified: Timestamp,
    /// Last change of anything.
    pub changed: Timestamp,
}

impl Stat {
    /// True for what only a plan knows of: what is there has an inode.
    pub fn is_to_be_made(&self) -> bool {
        self.inode == 0
    }

    /// True for a directory.
    pub fn is_directory(&self) -> bool {
        self.kind == FileKind::Directory
    }

    /// True for a regular file.
    pub fn is_file(&self) -> bool {
        self.kind == FileKind::File
    }

    /// True for a symbolic link (only `lstat` says so).
    pub fn is_link(&self) -> bool {
        self.kind == FileKind::Link
    }

    /// The mode as Ansible prints it: `0644`, `01777`.
    pub fn mode_text(&self) -> String {
        format!("0{:03o}", self.mode & 0o7777)
    }
}

/// What `access(2)` is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// May be read.
    Read,
    /// May be written.
    Write,
    /// May be executed or entered.
    Execute,
}

/// The answer of `lsattr`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileAttributes {
    /// The letters set: `ei`.
    pub flags: String,
    /// The file's version number, if the file system has one.
    pub version: Option<String>,
}
