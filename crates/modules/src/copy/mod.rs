//! The `copy` module.
//!
//! Three ways lead here. A playbook's `remote_src` and a plain `src` are the Python module's own: a file that is on
//! the host already (without `remote_src` it is an upload, and is used up). Content that came with the invocation
//! (the attachment `content`, or the argument of that name) is what ansible-core's copy *action* does in several round trips: compare, then only
//! correct the properties, or write.

pub mod attachments;
mod directory;
mod file;
mod transfer;

use churten_module::Custom;
use churten_module::prelude::*;

/// Copy files to the host, or from one place on the host to another.
#[derive(Args)]
pub(crate) struct Copy {
    /// The file or directory to copy.
    src: Option<PathBuf>,
    /// The name of the file that is copied, for a `dest` that is a directory.
    #[arg(name = "_original_basename")]
    original_basename: Option<String>,
    /// The content of the file, in place of `src`.
    #[arg(name = "content", no_log)]
    _content: Option<String>,
    /// Where to copy to. A path that ends with a slash is a directory, and is made.
    dest: PathBuf,
    /// Keep a copy of the file as it was.
    #[arg(default = false)]
    backup: bool,
    /// Replace a file that differs.
    #[arg(default = true)]
    force: bool,
    /// A command that must accept the new file, `%s`, before it is put in place.
    validate: Option<String>,
    /// The mode of directories that are made.
    directory_mode: Option<Value>,
    /// `src` is on the host.
    #[arg(default = false)]
    remote_src: bool,
    /// Follow links in `src`.
    local_follow: Option<bool>,
    /// The SHA-1 that `src` must have.
    checksum: Option<String>,
    /// Follow a link at `dest`.
    #[arg(default = false)]
    follow: bool,
    #[arg(flatten)]
    file: FileArguments,
}

impl State for Copy {
    const NAME: &'static str = "copy";

    fn prepare(params: &mut Dict, host: &dyn Observe) {
        // `preserve` is the mode of the source, and the invocation says which.
        if params.get("mode").and_then(Value::as_str) == Some("preserve")
            && let Some(source) = params.get("src").and_then(Value::as_str)
            && let Ok(Some(stat)) = host.stat(Path::new(source))
        {
            params.insert("mode", stat.mode_text());
        }
    }

    fn plan(&self, host: &dyn Observe, options: &Options) -> Result<Plan> {
        if Self::is_transfer(options) { self.plan_transfer(host, options) } else { self.plan_file(host, options) }
    }
}

impl Custom for Copy {
    const NAME: &'static str = "copy";
    const HAS_DIFFERENCE: bool = true;

    fn run(host: &dyn Host, arguments: &Dict, options: &Options) -> Dict {
        transfer::run(host, arguments, options)
    }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// The path inside a directory, written as Python's `os.path.join` does.
fn joined(directory: &Path, name: &str) -> PathBuf {
    let directory = directory.as_os_str().to_string_lossy();
    if directory.is_empty() || directory.ends_with('/') {
        PathBuf::from(format!("{directory}{name}"))
    } else {
        PathBuf::from(format!("{directory}/{name}"))
    }
}

/// True when a path was written with a slash at its end.
fn ends_with_slash(path: &Path) -> bool {
    path.as_os_str().to_string_lossy().ends_with('/')
}
