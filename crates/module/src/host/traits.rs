//! The only way from a module to the machine.

use super::{
    Access, Command, FileAttributes, FileSystemSize, Group, HttpError, HttpRequest, HttpResponse, Identity,
    InterfaceAddress, Output, Stat, SystemName, Terminal, TimedOut, Timestamp, User,
};
use crate::checksum::Algorithm;
use crate::selinux::{Context, Labels};
use crate::{Failure, Result};
use std::io;
use std::net::{IpAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Looking at a machine. Nothing here changes it.
pub trait Observe: Send + Sync {
    /// `stat`, following links. `None` when nothing is there (or a link leads nowhere).
    fn stat(&self, path: &Path) -> io::Result<Option<Stat>>;

    /// `lstat`: a link itself. `None` when nothing is there.
    fn lstat(&self, path: &Path) -> io::Result<Option<Stat>>;

    /// The content of a file, refused beyond `limit` bytes.
    fn read_bounded(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>>;

    /// The first bytes of a file, at most so many.
    fn read_start(&self, path: &Path, count: u64) -> io::Result<Vec<u8>>;

    /// The content of a file of at most 1 GiB.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.read_bounded(path, 1 << 30)
    }

    /// The hexadecimal digest of a file's content, read piece by piece.
    fn digest(&self, path: &Path, algorithm: Algorithm) -> io::Result<String>;

    /// Where a link points, as written in it.
    fn read_link(&self, path: &Path) -> io::Result<PathBuf>;

    /// The names in a directory, sorted.
    fn list(&self, path: &Path) -> io::Result<Vec<String>>;

    /// The absolute path with every link resolved, as far as it exists (`os.path.realpath`).
    fn real_path(&self, path: &Path) -> PathBuf;

    /// `access(2)` for the effective user.
    fn access(&self, path: &Path, access: Access) -> bool;

    /// The letters that `lsattr -d` tells; `None` where there is no such program or it fails.
    fn file_flags(&self, path: &Path) -> Option<String>;

    /// What `lsattr -vd` tells, which fails on more file systems; `None` as above.
    fn file_attributes(&self, path: &Path) -> Option<FileAttributes>;

    /// The contexts of files, where SELinux is on.
    fn labels(&self) -> Option<&dyn Labels> {
        None
    }

    /// The file creation mask of this process.
    fn umask(&self) -> u32;

    /// The working directory.
    fn current_directory(&self) -> PathBuf;

    /// Paths matching a shell pattern, sorted (`glob.glob`).
    fn glob(&self, pattern: &str) -> Vec<PathBuf> {
        crate::glob::glob(self, pattern)
    }

    /// Run a program that changes nothing (`dpkg-query`, `systemctl show`).
    fn query(&self, command: &Command) -> io::Result<Output>;

    /// Look a program up in `PATH`, then in `extra` directories, then in `/sbin`, `/usr/sbin`, `/usr/local/sbin`.
    fn find_program(&self, name: &str, extra: &[&str]) -> Option<PathBuf>;

    /// Like [`find_program`](Self::find_program); its absence is a failure in ansible-core's words.
    fn require_program(&self, name: &str, extra: &[&str]) -> Result<PathBuf> {
        self.find_program(name, extra).ok_or_else(|| {
            let path = self.variable("PATH").unwrap_or_default();
            let mut searched: Vec<&str> = extra.to_vec();
            searched.extend(path.split(':').filter(|directory| !directory.is_empty()));
            for directory in ["/sbin", "/usr/sbin", "/usr/local/sbin"] {
                if !searched.contains(&directory) && matches!(self.stat(Path::new(directory)), Ok(Some(_))) {
                    searched.push(directory);
                }
            }
            let searched = searched.join(":");
            Failure::new(format!("Failed to find required executable \"{name}\" in paths: {searched}"))
        })
    }

    /// A variable of the invocation's environment.
    fn variable(&self, name: &str) -> Option<String>;

    /// The whole environment of the invocation.
    fn environment(&self) -> Vec<(String, String)>;

    /// The user of a name.
    fn user_by_name(&self, name: &str) -> Option<User>;

    /// The user of a number.
    fn user_by_id(&self, uid: u32) -> Option<User>;

    /// The group of a name.
    fn group_by_name(&self, name: &str) -> Option<Group>;

    /// The group of a number.
    fn group_by_id(&self, gid: u32) -> Option<Group>;

    /// Who the module runs as.
    fn identity(&self) -> Identity;

    /// The time.
    fn now(&self) -> Timestamp;

    /// Seconds east of UTC at a time, in the host's time zone.
    fn utc_offset(&self, at: Timestamp) -> i32;

    /// The name of the host (`gethostname`).
    fn hostname(&self) -> String;

    /// `/etc/machine-id`, if there is one.
    fn machine_id(&self) -> Option<String>;

    /// The number of this process, for names of backup files.
    fn process_id(&self) -> u32;

    /// What the kernel calls itself and the machine.
    fn system_name(&self) -> SystemName {
        SystemName { system: "Linux".into(), ..SystemName::default() }
    }

    /// The addresses of all network interfaces.
    fn interface_addresses(&self) -> Vec<InterfaceAddress> {
        Vec::new()
    }

    /// The address that packets to a destination would come from. Nothing is sent.
    fn source_address(&self, destination: IpAddr) -> Option<IpAddr> {
        let _ = destination;
        None
    }

    /// Connect to a port by TCP. The name is looked up on this host.
    fn connect(&self, host: &str, port: u16, limit: Duration) -> io::Result<TcpStream> {
        let _ = (host, port, limit);
        Err(io::Error::from(io::ErrorKind::Unsupported))
    }

    /// The addresses of a name, the name service's order kept.
    fn addresses(&self, name: &str) -> Vec<IpAddr> {
        name.parse().into_iter().collect()
    }

    /// Let time pass.
    fn pause(&self, time: Duration) {
        let _ = time;
    }

    /// The size of the file system that a path is on.
    fn file_system_size(&self, path: &Path) -> Option<FileSystemSize> {
        let _ = path;
        None
    }

    /// The size of a file system that may never answer.
    fn file_system_size_within(&self, path: &Path, limit: Duration) -> Result<Option<FileSystemSize>, TimedOut> {
        let _ = limit;
        Ok(self.file_system_size(path))
    }
}

/// Looking at a machine and changing it.
pub trait Host: Observe {
    /// This host where only looking is wanted.
    fn observe(&self) -> &dyn Observe;

    /// Tell the host's own log of something. One that is not there, or takes nothing, is no error.
    fn log(&self, facility: u8, program: &str, message: &str) {
        let _ = (facility, program, message);
    }

    /// Create a file with content and mode, which must not exist.
    fn create_file(&self, path: &Path, content: &[u8], mode: u32) -> io::Result<()>;

    /// Write into a file that exists, in place.
    fn overwrite(&self, path: &Path, content: &[u8]) -> io::Result<()>;

    /// Copy a file's content into a new file, on the host.
    fn copy_file(&self, source: &Path, destination: &Path, mode: u32) -> io::Result<()>;

    /// Create a directory.
    fn create_directory(&self, path: &Path, mode: u32) -> io::Result<()>;

    /// Create an empty file (0600) or directory (0700) with a free name: `prefix`, eight random characters, `suffix`.
    fn create_temporary(&self, directory: &Path, prefix: &str, suffix: &str, is_directory: bool)
    -> io::Result<PathBuf>;

    /// Set the permission bits, following links.
    fn set_mode(&self, path: &Path, mode: u32) -> io::Result<()>;

    /// Set the owner and the group.
    fn set_owner(&self, path: &Path, uid: Option<u32>, gid: Option<u32>, follow: bool) -> io::Result<()>;

    /// Set the times of last access and change to now, which whoever may write a file may do.
    fn touch(&self, path: &Path, follow: bool) -> io::Result<()>;

    /// Set the times of last access and change; `None` leaves one alone.
    fn set_times(
        &self,
        path: &Path,
        accessed: Option<Timestamp>,
        modified: Option<Timestamp>,
        follow: bool,
    ) -> io::Result<()>;

    /// `chattr`: an operator (`+`, `-`, `=`) and letters.
    fn set_file_attributes(&self, path: &Path, change: &str) -> io::Result<Output>;

    /// Give a file the extended attributes of another (access lists, labels). What the system or the file system does not
    /// let be set is left out. Of links `follow` takes what they lead to.
    fn copy_extended_attributes(&self, from: &Path, to: &Path, follow: bool) -> io::Result<()>;

    /// Give a file a SELinux context; a link gets its own.
    fn set_context(&self, path: &Path, context: &Context) -> io::Result<()> {
        let _ = (path, context);
        Err(io::Error::from(io::ErrorKind::Unsupported))
    }

    /// Make a symbolic link.
    fn symbolic_link(&self, target: &Path, path: &Path) -> io::Result<()>;

    /// Make another name for a file.
    fn hard_link(&self, target: &Path, path: &Path) -> io::Result<()>;

    /// Rename, replacing a file at the destination.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Remove a file or a link.
    fn remove_file(&self, path: &Path) -> io::Result<()>;

    /// Remove a directory and all that is in it.
    fn remove_tree(&self, path: &Path) -> io::Result<()>;

    /// Run a program.
    fn execute(&self, command: &Command) -> io::Result<Output>;

    /// Start a program on a terminal of its own, which repeats what is typed when `echo` says so. The command's standard input and
    /// time limit are not looked at.
    fn start_on_terminal(&self, command: &Command, echo: bool) -> io::Result<Box<dyn Terminal>> {
        let _ = (command, echo);
        Err(io::Error::from(io::ErrorKind::Unsupported))
    }

    /// Make a web request.
    fn http(&self, request: &HttpRequest) -> Result<HttpResponse, HttpError>;
}
