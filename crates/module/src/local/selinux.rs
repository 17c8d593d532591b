//! The contexts of the real machine's files, by way of their extended attributes and the kernel's file system for SELinux.

use super::host::LocalHost;
use super::{files, mounts};
use crate::host::{FileKind, Observe as _};
use crate::selinux::{CONFIGURATION, Context, FileContexts, Labels, PolicyFiles, Unreadable};
use rustix::fs::{StatVfsMountFlags, XattrFlags, lgetxattr, lsetxattr, statfs, statvfs};
use std::fs::{self, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Where the kernel's file system for SELinux is.
const SELINUXFS: &str = "/sys/fs/selinux";
/// Its magic number (`SELINUX_MAGIC`, linux/magic.h).
const MAGIC: u32 = 0xf97c_ff8c;
/// The attribute that holds a file's context.
const ATTRIBUTE: &str = "security.selinux";
/// The most bytes of a file of the policy.
const LIMIT: u64 = 32 << 20;
/// The most bytes of a context: a page (selinuxfs).
const MAX_CONTEXT: usize = 4096;

/// True when SELinux is on, found out once: the kernel's file system is mounted, for writing, too, and somebody has configured it.
/// What begins without it stays without it until the machine is started again.
pub(super) fn is_enabled() -> bool {
    static ENABLED: OnceLock<bool> = OnceLock::new();
    *ENABLED.get_or_init(|| {
        statfs(SELINUXFS).is_ok_and(|found| found.f_type as u32 == MAGIC)
            && statvfs(SELINUXFS).is_ok_and(|found| !found.f_flag.contains(StatVfsMountFlags::RDONLY))
            && Path::new(CONFIGURATION).exists()
    })
}

/// Give a file a context, a link its own.
pub(super) fn set_context(path: &Path, context: &Context) -> io::Result<()> {
    let mut value = context.to_string().into_bytes();
    value.push(0);
    Ok(lsetxattr(&*files::real(path), ATTRIBUTE, &value, XattrFlags::empty())?)
}

fn text(path: impl AsRef<Path>) -> Option<String> {
    files::read_bounded(path.as_ref(), LIMIT).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

fn context_of(bytes: &[u8]) -> Context {
    let text = bytes.split(|byte| *byte == 0 || *byte == b'\n').next().unwrap_or_default();
    Context::new(&String::from_utf8_lossy(text))
}

/// What is read of files that have not changed since, as far as their times, sizes and inodes tell.
type Signature = Vec<Option<(u64, u64, i64, i64)>>;

fn signature(paths: &[PathBuf]) -> Signature {
    let of = |path: &PathBuf| {
        let found = fs::metadata(path).ok()?;
        Some((found.ino(), found.size(), found.mtime(), found.mtime_nsec()))
    };
    paths.iter().map(of).collect()
}

type Loaded = Result<Arc<FileContexts>, Unreadable>;

/// The contexts of the policy in use, kept until its files change.
fn file_contexts() -> Loaded {
    static KEPT: Mutex<Option<(PathBuf, Signature, Loaded)>> = Mutex::new(None);
    let files = PolicyFiles::of(&text(CONFIGURATION).unwrap_or_default());
    let paths = files.paths();
    let [main, ..] = &paths;
    let now = signature(&paths);
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((of, then, loaded)) = &*kept
        && of == main
        && *then == now
    {
        return loaded.clone();
    }
    let loaded = files.load(|path| text(path)).map(Arc::new);
    *kept = Some((main.clone(), now, loaded.clone()));
    loaded
}

impl Labels for LocalHost {
    fn has_levels(&self) -> bool {
        static LEVELS: OnceLock<bool> = OnceLock::new();
        *LEVELS.get_or_init(|| text(Path::new(SELINUXFS).join("mls")).is_some_and(|text| text.trim() == "1"))
    }

    fn context(&self, path: &Path) -> io::Result<Context> {
        let mut value = vec![0_u8; MAX_CONTEXT];
        let length = lgetxattr(&*files::real(path), ATTRIBUTE, value.as_mut_slice())?;
        Ok(context_of(value.get(..length).unwrap_or_default()))
    }

    fn default_context(&self, path: &Path) -> io::Result<Option<Context>> {
        let found = fs::canonicalize(files::real(path)).map_or_else(|_| path.to_owned(), files::escaped);
        // A policy that cannot be read says nothing of any path, as with libselinux.
        let Ok(contexts) = file_contexts() else { return Ok(None) };
        contexts.lookup(&found.to_string_lossy()).map_err(io::Error::other)
    }

    fn context_when_made(&self, path: &Path, kind: FileKind) -> Option<Context> {
        let class = match kind {
            FileKind::File => "file",
            FileKind::Directory => "dir",
            FileKind::Link => "lnk_file",
            _ => return None,
        };
        let class = text(Path::new(SELINUXFS).join("class").join(class).join("index"))?;
        let own = context_of(text("/proc/thread-self/attr/current")?.as_bytes());
        let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let directory = self.context(&self.real_path(directory)).ok()?;
        let name = path.file_name()?.to_string_lossy().into_owned();
        // Blanks and what is not printed is written as in addresses (security_compute_create_name_raw(3)).
        let mut asked = format!("{own} {directory} {} ", class.trim());
        for byte in name.bytes() {
            match byte {
                b'%' | b' ' | 0..=0x1f | 0x7f.. => asked.push_str(&format!("%{byte:02x}")),
                byte => asked.push(char::from(byte)),
            }
        }
        let mut file = OpenOptions::new().read(true).write(true).open(Path::new(SELINUXFS).join("create")).ok()?;
        file.write_all(asked.as_bytes()).ok()?;
        let mut answer = vec![0_u8; MAX_CONTEXT];
        let length = file.read(&mut answer).ok()?;
        Some(context_of(answer.get(..length)?))
    }

    fn common_context(&self, path: &Path) -> Option<Context> {
        let point = mounts::point(&self.real_path(path));
        let mounts = text("/proc/mounts")?;
        let special = |kind: &str| self.special_file_systems.iter().any(|name| kind.contains(name.as_str()));
        mounts
            .lines()
            .any(|line| {
                let mut words = line.split(' ').skip(1);
                matches!((words.next(), words.next()), (Some(at), Some(kind)) if Path::new(at) == point && special(kind))
            })
            .then(|| self.context(&point).ok())
            .flatten()
    }
}
