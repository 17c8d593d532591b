//! Copying one file that is on the host.

use super::{Copy, ends_with_slash, joined, shown};
use churten_module::prelude::*;
use churten_module::{Stat, ValidationFailure, new_entry};

impl Copy {
    /// The Python module's own work: `src` is a path on the host.
    pub(super) fn plan_file(&self, host: &dyn Observe, options: &Options) -> Result<Plan> {
        let Some(source) = &self.src else { fail!("Source None not found") };
        let Some(source_stat) = host.stat(source)? else { fail!("Source {} not found", source.display()) };
        if !host.access(source, Access::Read) {
            fail!("Source {} not readable", source.display());
        }
        // Some devices never end.
        if self.remote_src && !source_stat.is_directory() && !source_stat.is_file() {
            fail!("Cannot copy invalid source '{}': not a file", source.display());
        }
        let (checksum, md5sum) = if source_stat.is_directory() {
            (None, None)
        } else {
            (Some(host.digest(source, Algorithm::Sha1)?), Some(host.digest(source, Algorithm::Md5)?))
        };
        if let Some(expected) = &self.checksum
            && checksum.as_ref() != Some(expected)
        {
            return Err(Failure::new("Copied file does not match the expected checksum. Transfer failed.")
                .with("checksum", checksum)
                .with("expected_checksum", expected.as_str()));
        }
        let mut plan = Plan::new();
        let mut dest = self.dest.clone();
        if ends_with_slash(&dest) && !source_stat.is_directory() {
            dest = joined(&dest, &self.name_of(source));
            if let Some(answered) = self.make_directories(host, options, &dest, source, &mut plan)? {
                return Ok(answered);
            }
        }
        if source_stat.is_directory() && self.remote_src {
            return self.plan_directory(host, options, source, dest, plan);
        }
        if matches!(host.stat(&dest)?, Some(stat) if stat.is_directory()) {
            dest = joined(&dest, &self.name_of(source));
        }
        let content = Content::File(source.clone());
        let job =
            Job { content, checksum, md5sum, source: shown(source), mode: self.remote_src.then_some(source_stat.mode) };
        if let Some(answered) = self.put(host, options, &job, &mut dest, &mut plan)? {
            return Ok(answered);
        }
        if plan.changed
            && !self.remote_src
            && !options.check
            && plan.steps.iter().any(|step| matches!(step, Step::Write(_)))
        {
            // An upload is used up.
            plan.quiet_step(Step::Remove(source.clone()));
        }
        Ok(plan)
    }

    /// Plan that `dest` has the content. A plan that is returned is the whole answer.
    pub(super) fn put(
        &self,
        host: &dyn Observe,
        options: &Options,
        job: &Job,
        dest: &mut PathBuf,
        plan: &mut Plan,
    ) -> Result<Option<Plan>> {
        let mut existing = host.stat(dest)?;
        let mut is_link = matches!(host.lstat(dest)?, Some(stat) if stat.is_link());
        let parent = parent(dest);
        let will_be_made =
            plan.steps.iter().any(|step| matches!(step, Step::CreateDirectory { path, .. } if *path == parent));
        if existing.is_some() {
            if is_link && self.follow {
                *dest = host.real_path(dest);
                is_link = false;
                existing = host.stat(dest)?;
            }
            if !self.force {
                let plan = Plan::new()
                    .with("msg", "file already exists")
                    .with("src", job.source.as_str())
                    .with("dest", shown(dest));
                return Ok(Some(plan));
            }
        } else if !will_be_made {
            match host.stat(&parent) {
                Ok(Some(_)) => {}
                Err(error) if error.raw_os_error() == Some(13) => {
                    fail!("Destination directory {} is not accessible", parent.display())
                }
                _ => fail!("Destination directory {} does not exist", parent.display()),
            }
        }
        if !will_be_made && !host.access(&parent, Access::Write) && !self.file.unsafe_writes {
            fail!("Destination {} not writable", parent.display());
        }
        let before = match &existing {
            Some(stat) if stat.is_file() && host.access(dest, Access::Read) => {
                Some(host.digest(dest, Algorithm::Sha1)?)
            }
            _ => None,
        };
        let differs = before != job.checksum || is_link;
        if differs {
            if self.backup && existing.is_some() {
                plan.quiet_step(Step::Backup { path: dest.clone(), key: "backup_file" });
            }
            if is_link {
                plan.quiet_step(Step::Remove(dest.clone()));
                existing = None;
            }
            let mut write = Write::new(dest.clone(), job.content.clone());
            write.validate = self.validate.clone();
            write.validation_failure = ValidationFailure::Keys;
            write.unsafe_writes = self.file.unsafe_writes;
            if let Content::File(source) = &job.content
                && self.remote_src
            {
                write.attributes_of = Some(source.clone());
            }
            plan.step(Step::Write(write));
        }
        plan.set("dest", shown(dest));
        plan.set("src", job.source.as_str());
        plan.set("md5sum", job.md5sum.clone());
        plan.set("checksum", job.checksum.clone());
        let there = existing.is_some() || is_link;
        let mut current = existing.unwrap_or_else(|| new_entry(host, FileKind::File));
        if differs
            && there
            && let Some(mode) = job.mode
        {
            // A copy within the host onto a file takes the source's mode with it.
            plan.quiet_step(Step::SetMode { path: dest.clone(), mode });
            if !options.check {
                current.mode = mode;
            }
        }
        if there || !options.check {
            self.file.plan(host, dest, &current, &mut Differences::default(), plan)?;
        }
        Ok(None)
    }

    /// Plan the directories above a destination that was written with a slash at its end.
    pub(super) fn make_directories(
        &self,
        host: &dyn Observe,
        options: &Options,
        dest: &Path,
        source: &Path,
        plan: &mut Plan,
    ) -> Result<Option<Plan>> {
        let directory = parent(dest);
        if host.stat(&directory)?.is_some() {
            return Ok(None);
        }
        if options.check {
            let mut plan = Plan::new()
                .with("msg", format!("dest directory {} would be created", directory.display()))
                .with("src", shown(source));
            plan.changed = true;
            return Ok(Some(plan));
        }
        let mut missing: Vec<&Path> =
            directory.ancestors().take_while(|path| matches!(host.stat(path), Ok(None))).collect();
        missing.reverse();
        let arguments = FileArguments { mode: self.directory_mode.clone(), ..self.file.clone() };
        for path in missing {
            plan.step(Step::CreateDirectory { path: path.to_owned(), mode: 0o777 });
            let current = new_entry(host, FileKind::Directory);
            arguments.plan(host, path, &current, &mut Differences::default(), plan)?;
        }
        Ok(None)
    }
}

/// What is to be at the destination.
pub(super) struct Job {
    pub(super) content: Content,
    pub(super) checksum: Option<String>,
    pub(super) md5sum: Option<String>,
    /// What the result's `src` says.
    pub(super) source: String,
    /// The mode that goes with the content.
    pub(super) mode: Option<u32>,
}

pub(super) fn parent(path: &Path) -> PathBuf {
    let text = path.as_os_str().to_string_lossy();
    match text.rsplit_once('/') {
        Some(("", _)) => PathBuf::from("/"),
        Some((directory, _)) => PathBuf::from(directory),
        None => PathBuf::from("."),
    }
}

/// True when two files have the same content.
pub(super) fn same_content(host: &dyn Observe, a: &Path, b: &Path, sizes: (&Stat, &Stat)) -> Result<bool> {
    if sizes.0.size != sizes.1.size {
        return Ok(false);
    }
    Ok(host.digest(a, Algorithm::Sha1)? == host.digest(b, Algorithm::Sha1)?)
}
