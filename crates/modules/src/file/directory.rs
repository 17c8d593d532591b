//! `state: directory`.

use super::{FileState, Work, shown};
use churten_module::prelude::*;
use churten_module::{Stat, new_entry};

impl Work<'_> {
    pub(super) fn directory(mut self) -> Result<Plan> {
        self.follow()?;
        self.begin(FileState::Directory);
        let path = self.path.clone();
        match self.before {
            FileState::Absent => {
                if self.options.check {
                    // Whether it can be made, and what its attributes would be, is not looked at.
                    self.plan.changed = true;
                    return Ok(self.finish("path"));
                }
                self.create_missing(&path)?;
                self.times(&path, None)?;
            }
            FileState::Directory => {
                if let Some(current) = self.host.lstat(&path)? {
                    self.attributes(&path, &current)?;
                }
                self.times(&path, None)?;
                if self.arguments.recurse {
                    self.recurse(&path)?;
                }
            }
            other => return self.fail(format!("{} already exists as a {}", shown(&path), other.name())),
        }
        Ok(self.finish("path"))
    }

    /// Create a directory and what is missing above it, each with the attributes asked for.
    fn create_missing(&mut self, path: &Path) -> Result<()> {
        let missing: Vec<PathBuf> = path
            .ancestors()
            .filter(|path| !path.as_os_str().is_empty())
            .take_while(|path| !matches!(self.host.stat(path), Ok(Some(stat)) if stat.is_directory()))
            .map(Path::to_path_buf)
            .collect();
        for directory in missing.iter().rev() {
            let current = new_entry(self.host, FileKind::Directory);
            if let Some(parent) = directory.parent()
                && matches!(self.host.stat(parent), Ok(Some(stat)) if !stat.is_directory())
            {
                let path = shown(directory);
                let bytes = Value::bytes(path.clone().into_bytes()).to_text();
                let msg =
                    format!("There was an issue creating {path} as requested: [Errno 20] Not a directory: {bytes}");
                // The failure names the directory that was asked for, the message the one that failed.
                return Err(Failure::new(msg).with("path", shown(&self.path)));
            }
            self.plan.step(Step::CreateDirectory { path: directory.clone(), mode: 0o777 });
            let inherited = Stat { gid: self.inherited_group(directory).unwrap_or(current.gid), ..current };
            self.attributes(directory, &inherited)?;
        }
        Ok(())
    }

    /// A directory with the set-group-id bit gives its group to what is made in it.
    fn inherited_group(&self, directory: &Path) -> Option<u32> {
        let parent = self.host.stat(directory.parent()?).ok()??;
        (parent.mode & 0o2000 != 0).then_some(parent.gid)
    }

    /// Everything inside gets the attributes too; the difference is only told of the directory itself.
    fn recurse(&mut self, path: &Path) -> Result<()> {
        let mut found: Vec<(PathBuf, Stat)> = Vec::new();
        self.inside(path, 0, &mut |path, stat| found.push((path.to_owned(), stat.clone())));
        for (path, stat) in found {
            let (mut ignored, mut plan) = (Differences::default(), std::mem::take(&mut self.plan));
            let outcome = self.recursive_one(&path, &stat, &mut ignored, &mut plan);
            self.plan = plan;
            outcome?;
        }
        Ok(())
    }

    fn recursive_one(&self, path: &Path, stat: &Stat, differences: &mut Differences, plan: &mut Plan) -> Result<()> {
        let arguments = &self.arguments.file;
        if !stat.is_link() {
            arguments.plan(self.host, path, stat, differences, plan)?;
            return Ok(());
        }
        arguments.plan(self.host, path, stat, differences, plan)?;
        if !self.arguments.follow {
            return Ok(());
        }
        // What a link leads to counts as part of the tree.
        let target = self.host.real_path(path);
        if let Some(stat) = self.host.lstat(&target)? {
            arguments.plan(self.host, &target, &stat, differences, plan)?;
            if stat.is_directory() && !path.starts_with(&target) {
                let mut found: Vec<(PathBuf, Stat)> = Vec::new();
                self.inside(&target, 0, &mut |path, stat| found.push((path.to_owned(), stat.clone())));
                for (path, stat) in found {
                    arguments.plan(self.host, &path, &stat, differences, plan)?;
                }
            }
        }
        Ok(())
    }
}
