//! `state: link` and `state: hard`.

use super::{FileState, Work, shown};
use churten_module::new_entry;
use churten_module::prelude::*;

impl Work<'_> {
    pub(super) fn symbolic_link(mut self) -> Result<Plan> {
        let (path, force) = (self.path.clone(), self.arguments.force);
        let mut source = self.arguments.src.clone();
        if source.is_none() {
            if self.before == FileState::Absent {
                fail!("src is required for creating new symlinks");
            }
            if self.arguments.follow && self.before == FileState::Link && self.host.stat(&path)?.is_some() {
                source = Some(self.host.read_link(&path)?);
            }
        }
        let in_directory = self.before == FileState::Directory;
        let base = if in_directory { path.as_path() } else { path.parent().unwrap_or(Path::new("")) };
        if let Some(source) = &source {
            let absolute = base.join(source);
            if !force && self.arguments.src.is_some() && self.host.stat(&absolute)?.is_none() {
                return Err(Failure::new(format!(
                    "src file does not exist, use 'force=yes' if you really want to create the link: {}",
                    shown(&absolute)
                ))
                .with("path", shown(&path))
                .with("src", shown(source)));
            }
        }
        self.may_become_link()?;
        self.begin(FileState::Link);
        let mut replaced = self.before != FileState::Link;
        if !replaced && let Some(source) = &source {
            let old = self.host.read_link(&path)?;
            if old != *source {
                self.differences.note("src", shown(&old), shown(source));
                replaced = true;
            }
        }
        self.plan.set("src", source.as_deref().map(shown));
        if replaced && let Some(target) = &source {
            if !self.options.check {
                self.reachable(target)?;
            }
            if self.before == FileState::Directory {
                self.plan.step(Step::Remove(path.clone()));
            }
            self.plan.step(Step::SymbolicLink { target: target.clone(), path: path.clone() });
        }
        if self.options.check && self.host.stat(&path)?.is_none() {
            return Ok(self.finish("dest"));
        }
        self.link_attributes(&path, source.as_deref(), replaced && !self.options.check)?;
        Ok(self.finish("dest"))
    }

    /// Owner and mode are those of what a link leads to, when links are followed.
    fn link_attributes(&mut self, path: &Path, source: Option<&Path>, replaced: bool) -> Result<()> {
        let base = path.parent().unwrap_or(Path::new(""));
        if self.arguments.follow {
            let target = match source {
                Some(source) => self.host.real_path(&base.join(source)),
                None => self.host.real_path(path),
            };
            let target = if replaced { target } else { self.host.real_path(path) };
            match self.host.stat(&target)? {
                None => self.plan.warn(
                    "Cannot set fs attributes on a non-existent symlink target. follow should be set to False to avoid \
                     this.",
                ),
                Some(current) => {
                    self.attributes(&target, &current)?;
                    self.times(&target, None)?;
                }
            }
            return Ok(());
        }
        let current = match self.host.lstat(path)? {
            Some(current) if !replaced => current,
            _ => new_entry(self.host, FileKind::Link),
        };
        self.attributes(path, &current)?;
        self.times(path, None)
    }

    fn may_become_link(&self) -> Result<()> {
        let (path, force) = (&self.path, self.arguments.force);
        match self.before {
            FileState::Directory if force => {
                if self.host.list(path)?.is_empty() {
                    return Ok(());
                }
                self.fail(format!("the directory {} is not empty, refusing to convert it", shown(path)))
            }
            FileState::Absent | FileState::Link => Ok(()),
            _ if force => Ok(()),
            before => self.fail(format!("refusing to convert from {} to symlink for {}", before.name(), shown(path))),
        }
    }

    /// That the directory of the new name is there, in the words of the failure to make a link.
    fn reachable(&self, target: &Path) -> Result<()> {
        let parent = self.path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if matches!(self.host.stat(parent), Ok(Some(_))) {
            return Ok(());
        }
        let bytes = |path: &Path| Value::bytes(shown(path).into_bytes()).to_text();
        self.fail(format!(
            "Error while linking: [Errno 2] No such file or directory: {} -> {}",
            bytes(target),
            bytes(&self.path)
        ))
    }

    pub(super) fn hard_link(mut self) -> Result<Plan> {
        let path = self.path.clone();
        let source = match (&self.arguments.src, self.before) {
            (None, before) if before != FileState::Hard => fail!("src is required for creating new hardlinks"),
            (source, _) => source.clone(),
        };
        let refuse =
            |msg: String| Err(Failure::new(msg).with("dest", shown(&path)).with("src", source.as_deref().map(shown)));
        if let Some(source) = &source
            && self.host.stat(source)?.is_none()
        {
            return refuse("src does not exist".into());
        }
        self.begin(FileState::Hard);
        let force = self.arguments.force;
        let replaced = match (self.before, &source) {
            (_, None) => false,
            (FileState::Absent, _) => true,
            (FileState::Link, Some(source)) => {
                let old = self.host.read_link(&path)?;
                let differs = old != *source;
                if differs {
                    self.differences.note("src", shown(&old), shown(source));
                }
                differs
            }
            (FileState::Hard, Some(source)) => {
                let inode = |path: &Path| -> Result<Option<(u64, u64)>> {
                    Ok(self.host.stat(path)?.map(|stat| (stat.device, stat.inode)))
                };
                let differs = inode(&path)? != inode(source)?;
                if differs && !force {
                    return refuse("Cannot link, different hard link exists at destination".into());
                }
                differs
            }
            (FileState::Directory, _) => return refuse("Cannot link, directory exists at destination".into()),
            (before, _) if !force => return refuse(format!("Cannot link, {} exists at destination", before.name())),
            _ => true,
        };
        self.plan.set("src", source.as_deref().map(shown));
        if replaced && let Some(target) = &source {
            self.plan.step(Step::HardLink { target: target.clone(), path: path.clone() });
        }
        if self.options.check && self.host.stat(&path)?.is_none() {
            return Ok(self.finish("dest"));
        }
        // The new name has the owner and mode of the file it is a name of.
        let current = match &source {
            Some(source) if replaced && !self.options.check => self.host.stat(source)?,
            _ => self.host.lstat(&path)?,
        };
        if let Some(current) = current {
            self.attributes(&path, &current)?;
            self.times(&path, None)?;
        }
        Ok(self.finish("dest"))
    }
}
