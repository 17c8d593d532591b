//! [`LocalHost`].

use super::files::{escaped, real};
use super::{accounts, files, http, network, process, selinux, sys, syslog, terminal};
use crate::checksum::{Algorithm, digest};
use crate::host::{
    Access, Command, FileAttributes, FileSystemSize, Group, Host, HttpError, HttpRequest, HttpResponse, Identity,
    InterfaceAddress, Observe, Output, Program, Stat, SystemName, Terminal, TimedOut, Timestamp, User,
};
use crate::selinux::{Context, Labels};
use crate::time::local;
use rustix::fs::{AtFlags, CWD, Timestamps};
use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions, Permissions};
use std::hash::{BuildHasher as _, RandomState};
use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, TcpStream, UdpSocket};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The machine this program runs on, with the environment of one invocation.
///
/// Nothing of the process itself is changed (directory, mask, environment), so that several may work at once.
#[derive(Clone, Debug)]
pub struct LocalHost {
    environment: BTreeMap<String, String>,
    /// The soft limit of open files for programs; the one of this process when absent.
    open_files: Option<u64>,
    /// Parts of the names of file systems whose files have no SELinux contexts of their own.
    pub(super) special_file_systems: Arc<[String]>,
}

/// The file systems without contexts of their own, when no setting says otherwise.
const SPECIAL_FILE_SYSTEMS: [&str; 6] = ["fuse", "nfs", "vboxsf", "ramfs", "9p", "vfat"];

impl Default for LocalHost {
    fn default() -> Self {
        Self::new()
    }
}

impl LocalHost {
    /// The machine with the environment of this process.
    pub fn new() -> Self {
        let environment = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        Self { environment, open_files: None, special_file_systems: SPECIAL_FILE_SYSTEMS.map(str::to_owned).into() }
    }

    /// With the variables of a task's `environment` on top.
    #[must_use]
    pub fn with_environment<N: Into<String>, V: Into<String>>(
        mut self,
        variables: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        self.environment.extend(variables.into_iter().map(|(name, value)| (name.into(), value.into())));
        self
    }

    /// With another soft limit of open files for the programs that are run.
    #[must_use]
    pub fn with_open_files(mut self, limit: Option<u64>) -> Self {
        self.open_files = limit;
        self
    }

    /// With other file systems whose files have no SELinux contexts of their own (`special_context_filesystems`).
    #[must_use]
    pub fn with_special_file_systems(mut self, names: Option<&[String]>) -> Self {
        if let Some(names) = names {
            self.special_file_systems = names.into();
        }
        self
    }

    fn list_attributes(&self, options: &str, path: &Path) -> Option<String> {
        let program = self.find_program("lsattr", &[])?;
        let command = Command::new([program.display().to_string(), options.to_owned(), path.display().to_string()]);
        let output = self.run(&command.plain_locale()).ok().filter(Output::success)?;
        Some(output.stdout_text())
    }

    fn run(&self, command: &Command) -> io::Result<Output> {
        let found = self.found(command)?;
        process::run(command, found.as_deref(), &self.environment(), self.open_files)
    }

    /// Where the program of a command is, when it is called by its name alone.
    fn found(&self, command: &Command) -> io::Result<Option<PathBuf>> {
        // The program is looked for in the invocation's PATH, not in that of this process.
        if let Program::Arguments(arguments) = &command.program
            && let Some(program) = arguments.first()
            && !program.contains('/')
        {
            let path = command
                .environment
                .iter()
                .rev()
                .find(|(name, _)| name == "PATH")
                .map_or_else(|| self.environment.get("PATH").cloned(), |(_, value)| value.clone());
            let path = path.unwrap_or_else(|| "/bin:/usr/bin".to_owned());
            let path = executable_in(path.split(':'), program);
            return path.map(Some).ok_or_else(|| io::Error::from_raw_os_error(libc::ENOENT));
        }
        Ok(None)
    }
}

fn executable_in<'a>(directories: impl Iterator<Item = &'a str>, name: &str) -> Option<PathBuf> {
    directories.filter(|directory| !directory.is_empty()).map(|directory| Path::new(directory).join(name)).find(
        |path| {
            rustix::fs::access(path, rustix::fs::Access::EXEC_OK).is_ok()
                && fs::metadata(real(path)).is_ok_and(|metadata| metadata.is_file())
        },
    )
}

impl Observe for LocalHost {
    fn stat(&self, path: &Path) -> io::Result<Option<Stat>> {
        files::optional(fs::metadata(real(path)))
    }

    fn lstat(&self, path: &Path) -> io::Result<Option<Stat>> {
        files::optional(fs::symlink_metadata(real(path)))
    }

    fn read_bounded(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
        files::read_bounded(&real(path), limit)
    }

    fn read_start(&self, path: &Path, count: u64) -> io::Result<Vec<u8>> {
        files::read_start(&real(path), count)
    }

    fn digest(&self, path: &Path, algorithm: Algorithm) -> io::Result<String> {
        digest(algorithm, &mut File::open(real(path))?)
    }

    fn read_link(&self, path: &Path) -> io::Result<PathBuf> {
        Ok(escaped(fs::read_link(real(path))?))
    }

    fn list(&self, path: &Path) -> io::Result<Vec<String>> {
        files::list(&real(path))
    }

    fn real_path(&self, path: &Path) -> PathBuf {
        escaped(files::real_path(&real(path), &self.current_directory()))
    }

    fn access(&self, path: &Path, access: Access) -> bool {
        let access = match access {
            Access::Read => rustix::fs::Access::READ_OK,
            Access::Write => rustix::fs::Access::WRITE_OK,
            Access::Execute => rustix::fs::Access::EXEC_OK,
        };
        rustix::fs::access(&*real(path), access).is_ok()
    }

    fn file_flags(&self, path: &Path) -> Option<String> {
        let text = self.list_attributes("-d", path)?;
        Some(text.split_whitespace().next()?.replace('-', ""))
    }

    fn file_attributes(&self, path: &Path) -> Option<FileAttributes> {
        let text = self.list_attributes("-vd", path)?;
        let mut fields = text.split_whitespace();
        let version = fields.next()?.to_owned();
        let flags = fields.next()?.replace('-', "");
        Some(FileAttributes { flags, version: Some(version) })
    }

    fn labels(&self) -> Option<&dyn Labels> {
        selinux::is_enabled().then_some(self)
    }

    fn umask(&self) -> u32 {
        // Asking by `umask(2)` would change it for a moment, for every thread.
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        status
            .lines()
            .find_map(|line| u32::from_str_radix(line.strip_prefix("Umask:")?.trim(), 8).ok())
            .unwrap_or(0o022)
    }

    fn current_directory(&self) -> PathBuf {
        std::env::current_dir().unwrap_or_else(|_| PathBuf::from("/"))
    }

    fn query(&self, command: &Command) -> io::Result<Output> {
        self.run(command)
    }

    fn find_program(&self, name: &str, extra: &[&str]) -> Option<PathBuf> {
        if name.contains('/') {
            let path = PathBuf::from(name);
            return self.access(&path, Access::Execute).then_some(path);
        }
        let path = self.environment.get("PATH").cloned().unwrap_or_default();
        let directories = extra.iter().copied().chain(path.split(':')).chain(["/sbin", "/usr/sbin", "/usr/local/sbin"]);
        executable_in(directories, name)
    }

    fn variable(&self, name: &str) -> Option<String> {
        self.environment.get(name).cloned()
    }

    fn environment(&self) -> Vec<(String, String)> {
        self.environment.iter().map(|(name, value)| (name.clone(), value.clone())).collect()
    }

    fn user_by_name(&self, name: &str) -> Option<User> {
        accounts::find("/etc/passwd", "passwd", name, accounts::user, |user| user.name == name)
    }

    fn user_by_id(&self, uid: u32) -> Option<User> {
        accounts::find("/etc/passwd", "passwd", &uid.to_string(), accounts::user, |user| user.uid == uid)
    }

    fn group_by_name(&self, name: &str) -> Option<Group> {
        accounts::find("/etc/group", "group", name, accounts::group, |group| group.name == name)
    }

    fn group_by_id(&self, gid: u32) -> Option<Group> {
        accounts::find("/etc/group", "group", &gid.to_string(), accounts::group, |group| group.gid == gid)
    }

    fn identity(&self) -> Identity {
        Identity {
            uid: rustix::process::geteuid().as_raw(),
            gid: rustix::process::getegid().as_raw(),
            groups: rustix::process::getgroups()
                .unwrap_or_default()
                .into_iter()
                .map(rustix::process::Gid::as_raw)
                .collect(),
        }
    }

    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp { seconds: i64::try_from(since.as_secs()).unwrap_or(i64::MAX), nanoseconds: since.subsec_nanos() }
    }

    fn utc_offset(&self, at: Timestamp) -> i32 {
        sys::utc_offset(at.seconds)
    }

    fn hostname(&self) -> String {
        rustix::system::uname().nodename().to_string_lossy().into_owned()
    }

    fn machine_id(&self) -> Option<String> {
        fs::read_to_string("/etc/machine-id").ok().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    fn process_id(&self) -> u32 {
        std::process::id()
    }

    fn system_name(&self) -> SystemName {
        let name = rustix::system::uname();
        let text = |part: &std::ffi::CStr| part.to_string_lossy().into_owned();
        SystemName {
            system: text(name.sysname()),
            release: text(name.release()),
            version: text(name.version()),
            machine: text(name.machine()),
        }
    }

    fn interface_addresses(&self) -> Vec<InterfaceAddress> {
        sys::interface_addresses()
    }

    fn connect(&self, host: &str, port: u16, limit: Duration) -> io::Result<TcpStream> {
        network::connect(host, port, limit)
    }

    fn addresses(&self, name: &str) -> Vec<IpAddr> {
        network::addresses(name)
    }

    fn pause(&self, time: Duration) {
        std::thread::sleep(time);
    }

    fn source_address(&self, destination: IpAddr) -> Option<IpAddr> {
        // Connecting a datagram socket looks the route up and does no more.
        let any: IpAddr = match destination {
            IpAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
            IpAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
        };
        let socket = UdpSocket::bind((any, 0)).ok()?;
        socket.connect((destination, 53)).ok()?;
        Some(socket.local_addr().ok()?.ip())
    }

    fn file_system_size(&self, path: &Path) -> Option<FileSystemSize> {
        files::file_system_size(&real(path))
    }

    fn file_system_size_within(&self, path: &Path, limit: Duration) -> Result<Option<FileSystemSize>, TimedOut> {
        // Whoever asks a file system whose server is gone waits for ever, and cannot be interrupted.
        let path = real(path).into_owned();
        let answer: Arc<(Mutex<Option<_>>, Condvar)> = Arc::default();
        let given = Arc::clone(&answer);
        std::thread::spawn(move || {
            let size = files::file_system_size(&path);
            *given.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(size);
            given.1.notify_one();
        });
        let (size, changed) = &*answer;
        let size = size.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = changed.wait_timeout_while(size, limit, |size| size.is_none());
        let (mut size, _) = waited.unwrap_or_else(PoisonError::into_inner);
        size.take().ok_or(TimedOut)
    }
}

/// The alphabet of Python's `tempfile`.
const LETTERS: &[u8; 37] = b"abcdefghijklmnopqrstuvwxyz0123456789_";

/// Letters that nobody can foresee. A root directory need not have `/dev/urandom`.
fn random_name() -> String {
    let bytes = RandomState::new().hash_one(0).to_ne_bytes();
    let letters = bytes.iter().filter_map(|byte| LETTERS.get(usize::from(*byte) % LETTERS.len()));
    letters.map(|byte| *byte as char).collect()
}

fn create(path: &Path, mode: u32) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(mode).open(real(path))
}

impl Host for LocalHost {
    fn log(&self, facility: u8, program: &str, message: &str) {
        let _ = syslog::send(&local(self, self.now()), facility, program, message);
    }

    fn observe(&self) -> &dyn Observe {
        self
    }

    fn create_file(&self, path: &Path, content: &[u8], mode: u32) -> io::Result<()> {
        create(path, mode)?.write_all(content)
    }

    fn overwrite(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        OpenOptions::new().write(true).truncate(true).open(real(path))?.write_all(content)
    }

    fn copy_file(&self, source: &Path, destination: &Path, mode: u32) -> io::Result<()> {
        let mut from = File::open(real(source))?;
        let mut to = create(destination, mode)?;
        io::copy(&mut from, &mut to).map(|_| ())
    }

    fn create_directory(&self, path: &Path, mode: u32) -> io::Result<()> {
        fs::DirBuilder::new().mode(mode).create(real(path))
    }

    fn create_temporary(
        &self,
        directory: &Path,
        prefix: &str,
        suffix: &str,
        is_directory: bool,
    ) -> io::Result<PathBuf> {
        for _ in 0..100 {
            let path = directory.join(format!("{prefix}{}{suffix}", random_name()));
            let created =
                if is_directory { self.create_directory(&path, 0o700) } else { create(&path, 0o600).map(|_| ()) };
            match created {
                Ok(()) => return Ok(path),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::Error::new(io::ErrorKind::AlreadyExists, "No usable temporary file name found"))
    }

    fn set_mode(&self, path: &Path, mode: u32) -> io::Result<()> {
        fs::set_permissions(real(path), Permissions::from_mode(mode))
    }

    fn set_owner(&self, path: &Path, uid: Option<u32>, gid: Option<u32>, follow: bool) -> io::Result<()> {
        let path = real(path);
        if follow { std::os::unix::fs::chown(path, uid, gid) } else { std::os::unix::fs::lchown(path, uid, gid) }
    }

    fn touch(&self, path: &Path, follow: bool) -> io::Result<()> {
        let now = rustix::fs::Timespec { tv_sec: 0, tv_nsec: rustix::fs::UTIME_NOW };
        let flags = if follow { AtFlags::empty() } else { AtFlags::SYMLINK_NOFOLLOW };
        Ok(rustix::fs::utimensat(CWD, &*real(path), &Timestamps { last_access: now, last_modification: now }, flags)?)
    }

    fn set_times(
        &self,
        path: &Path,
        accessed: Option<Timestamp>,
        modified: Option<Timestamp>,
        follow: bool,
    ) -> io::Result<()> {
        let time = |at: Option<Timestamp>| match at {
            Some(at) => rustix::fs::Timespec { tv_sec: at.seconds, tv_nsec: at.nanoseconds.into() },
            None => rustix::fs::Timespec { tv_sec: 0, tv_nsec: rustix::fs::UTIME_OMIT },
        };
        let times = Timestamps { last_access: time(accessed), last_modification: time(modified) };
        let flags = if follow { AtFlags::empty() } else { AtFlags::SYMLINK_NOFOLLOW };
        Ok(rustix::fs::utimensat(CWD, &*real(path), &times, flags)?)
    }

    fn set_file_attributes(&self, path: &Path, change: &str) -> io::Result<Output> {
        let program = self.find_program("chattr", &[]).ok_or_else(|| io::Error::from_raw_os_error(libc::ENOENT))?;
        self.run(&Command::new([program.display().to_string(), change.to_owned(), path.display().to_string()]))
    }

    fn copy_extended_attributes(&self, from: &Path, to: &Path, follow: bool) -> io::Result<()> {
        files::copy_extended_attributes(&real(from), &real(to), follow)
    }

    fn set_context(&self, path: &Path, context: &Context) -> io::Result<()> {
        selinux::set_context(path, context)
    }

    fn symbolic_link(&self, target: &Path, path: &Path) -> io::Result<()> {
        std::os::unix::fs::symlink(real(target), real(path))
    }

    fn hard_link(&self, target: &Path, path: &Path) -> io::Result<()> {
        fs::hard_link(real(target), real(path))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        // A file that cannot be read cannot be waited for; the rename says what is wrong, if anything is.
        let _ = super::wait_for_writers(&real(from));
        fs::rename(real(from), real(to))
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(real(path))
    }

    fn remove_tree(&self, path: &Path) -> io::Result<()> {
        fs::remove_dir_all(real(path))
    }

    fn execute(&self, command: &Command) -> io::Result<Output> {
        self.run(command)
    }

    fn start_on_terminal(&self, command: &Command, echo: bool) -> io::Result<Box<dyn Terminal>> {
        let found = self.found(command)?;
        let process = process::prepared(command, found.as_deref(), &self.environment(), self.open_files)?;
        terminal::start(process, echo)
    }

    fn http(&self, request: &HttpRequest) -> Result<HttpResponse, HttpError> {
        http::exchange(request, &|name| self.variable(name))
    }
}
