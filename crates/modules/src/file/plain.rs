//! `state: file`, `touch` and `absent`.

use super::{FileState, Work, shown};
use churten_module::prelude::*;
use churten_module::{Stat, new_entry};

impl Work<'_> {
    pub(super) fn file(mut self) -> Result<Plan> {
        self.follow()?;
        if !matches!(self.before, FileState::File | FileState::Hard) {
            let (path, before) = (shown(&self.path), self.before.name());
            return Err(Failure::new(format!("file ({path}) is {before}, cannot continue"))
                .with("path", path)
                .with("state", before));
        }
        self.begin(FileState::File);
        let path = self.path.clone();
        if let Some(current) = self.host.lstat(&path)? {
            self.attributes(&path, &current)?;
        }
        self.times(&path, None)?;
        Ok(self.finish("path"))
    }

    pub(super) fn touch(mut self) -> Result<Plan> {
        let given = self.path.clone();
        // The difference speaks of the path as given, the times are those of what it leads to.
        let before = self.before;
        if before == FileState::Absent {
            // Nothing is known of a file that is not there.
            self.requested_times(Some("now"))?;
            if self.options.check {
                let mut plan = Plan::new().with("dest", shown(&given));
                plan.changed = true;
                return Ok(plan);
            }
        }
        self.begin(FileState::Touch);
        let target = if before == FileState::Link && self.arguments.follow {
            self.host.real_path(&given)
        } else {
            given.clone()
        };
        let current = match self.host.lstat(&target)? {
            Some(current) => current,
            None if before == FileState::Link => {
                return Err(Failure::new(format!(
                    "Error while updating modification or access time: [Errno 2] No such file or directory: {}",
                    Value::bytes(shown(&target).into_bytes()).to_text()
                ))
                .with("path", shown(&target)));
            }
            None => {
                self.creatable(&target)?;
                let now = self.host.now();
                let write = Write { labelling: Labelling::Made, ..Write::new(target.clone(), Vec::new()) };
                self.plan.step(Step::Write(write));
                self.plan.undo = Some(target.clone());
                Stat { accessed: now, modified: now, ..new_entry(self.host, FileKind::File) }
            }
        };
        self.attributes(&target, &current)?;
        self.times(&target, Some((&current, "now")))?;
        Ok(self.finish("dest"))
    }

    /// That a file can be made here, in the words of the failure to make it.
    fn creatable(&self, path: &Path) -> Result<()> {
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let error = match self.host.stat(parent) {
            _ if path.as_os_str().is_empty() => std::io::Error::from_raw_os_error(2),
            Ok(Some(stat)) if stat.is_directory() => return Ok(()),
            Ok(Some(_)) => std::io::Error::from_raw_os_error(20),
            Ok(None) => std::io::Error::from_raw_os_error(2),
            Err(error) => error,
        };
        Err(Failure::new("Error, could not touch target.")
            .with("path", shown(path))
            .caused_by(churten_module::python_path_error(&error, path)))
    }

    pub(super) fn absent(mut self) -> Result<Plan> {
        if self.before == FileState::Absent {
            return Ok(Plan::new().with("path", shown(&self.path)).with("state", "absent"));
        }
        self.begin(FileState::Absent);
        if self.before == FileState::Directory {
            let (mut directories, mut files) = (Vec::new(), Vec::new());
            let path = self.path.clone();
            self.inside(&path, 0, &mut |path, stat| {
                let path = shown(path);
                if stat.is_directory() { directories.push(path) } else { files.push(path) }
            });
            let content = Dict::from([("directories", Value::from(directories)), ("files", files.into())]);
            self.differences.before.insert("path_content", content);
        }
        self.plan.set("state", "absent");
        self.plan.step(Step::Remove(self.path.clone()));
        Ok(self.finish("path"))
    }

    /// Visit everything below a directory: first what is in it, then what is in its directories.
    pub(super) fn inside(&self, directory: &Path, depth: usize, visit: &mut dyn FnMut(&Path, &Stat)) {
        const MAX_DEPTH: usize = 512;
        let names = self.host.list(directory).unwrap_or_default();
        let mut below = Vec::new();
        for name in names {
            let path = directory.join(name);
            let Ok(Some(stat)) = self.host.lstat(&path) else { continue };
            visit(&path, &stat);
            if stat.is_directory() && depth < MAX_DEPTH {
                below.push(path);
            }
        }
        for path in below {
            self.inside(&path, depth + 1, visit);
        }
    }
}
