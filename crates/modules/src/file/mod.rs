//! The `file` module: one struct of arguments, one file of plan per state.

mod directory;
mod links;
mod plain;
mod times;

use churten_module::Stat;
use churten_module::prelude::*;

/// Manage files, directories, links and their properties.
///
/// Sets owner, group, mode and attributes of what is there, or creates or removes files, links and directories.
#[derive(Args)]
pub(crate) struct File {
    /// What it should be. `absent` removes it with all that is in it; `touch` creates an empty file or sets its times;
    /// without a state the path stays what it is.
    state: Option<FileState>,
    /// The path to manage.
    #[arg(alias("dest", "name"))]
    path: PathBuf,
    /// The name of the file that is copied; set by other modules.
    #[arg(name = "_original_basename")]
    _original_basename: Option<String>,
    /// Set properties of everything inside a directory too.
    #[arg(default = false)]
    recurse: bool,
    /// Create links whose target does not exist, and replace files by links.
    #[arg(default = false)]
    force: bool,
    /// Follow a link at the path.
    #[arg(default = true)]
    follow: bool,
    /// Only say whether the file looks binary; set by other modules.
    #[arg(name = "_diff_peek")]
    diff_peek: Option<bool>,
    /// What a link points at.
    src: Option<PathBuf>,
    /// The time of the last change: `preserve`, `now`, or a time in `modification_time_format`.
    modification_time: Option<String>,
    /// The format of `modification_time`, as for `strptime`.
    #[arg(default = "%Y%m%d%H%M.%S")]
    modification_time_format: String,
    /// The time of the last access: `preserve`, `now`, or a time in `access_time_format`.
    access_time: Option<String>,
    /// The format of `access_time`, as for `strptime`.
    #[arg(default = "%Y%m%d%H%M.%S")]
    access_time_format: String,
    #[arg(flatten)]
    file: FileArguments,
}

/// What a path is, or should be.
#[derive(Choice, Clone, Copy, PartialEq, Eq)]
enum FileState {
    Absent,
    Directory,
    File,
    Hard,
    Link,
    Touch,
}

impl FileState {
    fn name(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Directory => "directory",
            Self::File => "file",
            Self::Hard => "hard",
            Self::Link => "link",
            Self::Touch => "touch",
        }
    }

    /// What is at a path.
    fn of(host: &dyn Observe, path: &Path) -> Result<Self> {
        Ok(match host.lstat(path)? {
            None => Self::Absent,
            Some(stat) if stat.is_link() => Self::Link,
            Some(stat) if stat.is_directory() => Self::Directory,
            Some(stat) if stat.links > 1 => Self::Hard,
            // Pipes, sockets and devices count as files.
            Some(_) => Self::File,
        })
    }
}

/// What every state's plan works on.
struct Work<'a> {
    arguments: &'a File,
    host: &'a dyn Observe,
    options: &'a Options,
    path: PathBuf,
    before: FileState,
    differences: Differences,
    plan: Plan,
}

impl State for File {
    const NAME: &'static str = "file";

    fn prepare(params: &mut Dict, host: &dyn Observe) {
        let text = |params: &Dict, key: &str| params.get(key).and_then(Value::as_str).map(str::to_owned);
        let Some(mut path) = text(params, "path") else { return };
        // A directory stands for the file of the source's name inside it.
        let is_directory = matches!(host.stat(Path::new(&path)), Ok(Some(stat)) if stat.is_directory());
        if is_directory && !matches!(text(params, "state").as_deref(), Some("link" | "absent")) {
            let source = text(params, "src");
            let name = match (text(params, "_original_basename"), &source) {
                (Some(name), _) => Some(name),
                (None, Some(source)) => Path::new(source).file_name().map(|name| name.to_string_lossy().into_owned()),
                _ => None,
            };
            if let Some(name) = name {
                path = Path::new(&path).join(name).display().to_string();
                params.insert("path", path.as_str());
            }
        }
        if params.get("state").is_none_or(Value::is_none) {
            let recurse = params.get("recurse").and_then(Value::as_bool).unwrap_or(false);
            let state = match FileState::of(host, Path::new(&path)) {
                Ok(FileState::Absent) | Err(_) if recurse => FileState::Directory,
                Ok(FileState::Absent) | Err(_) => FileState::File,
                Ok(before) => before,
            };
            params.insert("state", state.name());
        }
    }

    fn plan(&self, host: &dyn Observe, options: &Options) -> Result<Plan> {
        let path = self.path.clone();
        if self.diff_peek == Some(true) {
            let start = host.read_start(&path, 8192).unwrap_or_default();
            let binary = start.contains(&0);
            return Ok(Plan::new().with("path", shown(&path)).with("appears_binary", binary));
        }
        let state = self.state.unwrap_or(FileState::File);
        let fail = |msg: &str| Failure::new(msg).with("path", shown(&path));
        if self.recurse && state != FileState::Directory {
            return Err(fail("recurse option requires state to be 'directory'"));
        }
        if self.src.is_some() && !matches!(state, FileState::Link | FileState::Hard) {
            return Err(fail("src option requires state to be 'link' or 'hard'"));
        }
        let before = FileState::of(host, &path)?;
        let looks = options.check && state != FileState::Absent;
        let missing = if looks { self.file.missing_accounts(host) } else { Vec::new() };
        let work = Work {
            arguments: self,
            host,
            options,
            path,
            before,
            differences: Differences::default(),
            plan: Plan::new(),
        };
        let planned = match state {
            FileState::File => work.file(),
            FileState::Directory => work.directory(),
            FileState::Link => work.symbolic_link(),
            FileState::Hard => work.hard_link(),
            FileState::Touch => work.touch(),
            FileState::Absent => work.absent(),
        };
        match planned {
            Ok(mut plan) => {
                plan.warnings.splice(0..0, missing);
                Ok(plan)
            }
            Err(failure) if missing.is_empty() => Err(failure),
            Err(failure) => Err(failure.with("warnings", missing)),
        }
    }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

impl Work<'_> {
    /// Begin the difference: the path, and the state where it changes.
    fn begin(&mut self, state: FileState) {
        self.differences.note("path", shown(&self.path), shown(&self.path));
        if state != self.before {
            self.differences.note("state", self.before.name(), state.name());
        }
    }

    /// Where a link leads, when links are followed.
    fn follow(&mut self) -> Result<()> {
        if self.before == FileState::Link && self.arguments.follow {
            self.path = self.host.real_path(&self.path);
            self.before = FileState::of(self.host, &self.path)?;
        }
        Ok(())
    }

    fn fail<T>(&self, msg: impl Into<String>) -> Result<T> {
        Err(Failure::new(msg).with("path", shown(&self.path)))
    }

    /// Plan owner, group, mode and attributes of a path.
    fn attributes(&mut self, path: &Path, current: &Stat) -> Result<bool> {
        self.arguments.file.plan(self.host, path, current, &mut self.differences, &mut self.plan)
    }

    /// The plan, with `key` (`path` or `dest`) naming what was managed.
    fn finish(mut self, key: &str) -> Plan {
        self.plan.set(key, shown(&self.path));
        if self.options.diff {
            self.plan.set("diff", self.differences.into_value());
        }
        self.plan
    }
}
