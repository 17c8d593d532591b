//! Copying a directory within the host (`remote_src`).

use super::file::{parent, same_content};
use super::{Copy, ends_with_slash, joined, shown};
use churten_module::Stat;
use churten_module::prelude::*;

/// Directories deeper than this are refused.
const MAX_DEPTH: usize = 256;

impl Copy {
    pub(super) fn plan_directory(
        &self,
        host: &dyn Observe,
        options: &Options,
        source: &Path,
        mut dest: PathBuf,
        mut plan: Plan,
    ) -> Result<Plan> {
        let existing = host.stat(&dest)?;
        if let Some(stat) = &existing
            && !stat.is_directory()
        {
            if options.check {
                plan.changed = true;
                return Ok(answer(plan, &dest, source));
            }
            fail!(
                "Could not replace '{}' with {}.",
                dest.display(),
                Value::bytes(shown(source).into_bytes()).to_text()
            );
        }
        // `src` without a slash is copied as a directory into the other, with one as its content.
        let name = if ends_with_slash(source) { String::new() } else { self.name_of(source) };
        let inside = if name.is_empty() { dest.clone() } else { joined(&dest, &name) };
        if existing.is_some() {
            dest = inside.clone();
        } else if matches!(host.stat(&parent(&dest)), Ok(None)) && !ends_with_slash(&dest) {
            fail!("Destination directory {} does not exist", parent(&dest).display());
        }
        let before = host.stat(&dest)?;
        if before.is_some() && !self.force {
            return Ok(plan.with("msg", "file already exists").with("src", shown(source)).with("dest", shown(&dest)));
        }
        if before.is_none() && options.check && ends_with_slash(&dest) {
            plan.changed = true;
            let directory = shown(&parent(&dest));
            return Ok(plan
                .with("msg", format!("dest directory {directory} would be created"))
                .with("src", shown(source)));
        }
        if inside != dest {
            plan.step(Step::CreateDirectory { path: dest.clone(), mode: 0o777 });
        }
        self.tree(host, source, &inside, 0, false, &mut plan)?;
        let mut plan = answer(plan, &dest, source);
        let current = match (before, host.stat(source)?) {
            (Some(current), _) => Some(current),
            (None, source) if !options.check => source.map(|stat| self.as_ours(host, stat)),
            _ => None,
        };
        if let Some(current) = current {
            self.file.plan(host, &dest, &current, &mut Differences::default(), &mut plan)?;
        }
        Ok(plan)
    }

    pub(super) fn name_of(&self, source: &Path) -> String {
        let own = || source.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        self.original_basename.clone().unwrap_or_else(own)
    }

    /// A copy has the mode of what it is a copy of, but belongs to who makes it.
    fn as_ours(&self, host: &dyn Observe, stat: Stat) -> Stat {
        let identity = host.identity();
        Stat { uid: identity.uid, gid: identity.gid, inode: 0, ..stat }
    }

    /// Plan that everything below `source` is below `dest`. What is below a directory that is `made` for it has the source's
    /// extended attributes, too.
    fn tree(
        &self,
        host: &dyn Observe,
        source: &Path,
        dest: &Path,
        depth: usize,
        made: bool,
        plan: &mut Plan,
    ) -> Result<()> {
        if depth > MAX_DEPTH {
            fail!("{} is nested too deeply", source.display());
        }
        let Some(stat) = host.stat(source)? else { return Ok(()) };
        let existing = host.stat(dest)?;
        let made = made || existing.is_none();
        match existing {
            Some(current) if depth > 0 => self.owner(host, dest, &current, plan)?,
            Some(_) => {}
            None => {
                plan.step(Step::CreateDirectory { path: dest.to_owned(), mode: 0o777 });
                self.owner(host, dest, &self.as_ours(host, stat.clone()), plan)?;
                plan.quiet_step(Step::SetMode { path: dest.to_owned(), mode: stat.mode });
            }
        }
        for name in host.list(source)? {
            let (from, to) = (source.join(&name), joined(dest, &name));
            let Some(own) = host.lstat(&from)? else { continue };
            if own.is_link() && !self.local_follow.unwrap_or(false) {
                let target = host.read_link(&from)?;
                let mut current = host.lstat(&to)?;
                if !matches!(host.read_link(&to), Ok(found) if found == target) {
                    plan.step(Step::SymbolicLink { target, path: to.clone() });
                    current = None;
                }
                let current = current.unwrap_or_else(|| self.as_ours(host, own));
                self.owner(host, &to, &current, plan)?;
                if made {
                    plan.quiet_step(Step::CopyExtendedAttributes { from, to });
                }
                continue;
            }
            let Some(stat) = host.stat(&from)? else { continue };
            if stat.is_directory() {
                self.tree(host, &from, &to, depth + 1, made, plan)?;
                continue;
            }
            let there = host.stat(&to)?;
            let same = match &there {
                Some(there) => same_content(host, &from, &to, (&stat, there))?,
                None => false,
            };
            if !same {
                let write = Write::new(to.clone(), Content::File(from.clone()));
                plan.step(Step::Write(Write { labelling: Labelling::Made, ..write }));
                plan.quiet_step(Step::SetMode { path: to.clone(), mode: stat.mode });
            }
            let current = there.unwrap_or_else(|| self.as_ours(host, stat));
            self.owner(host, &to, &current, plan)?;
            if made {
                plan.quiet_step(Step::CopyExtendedAttributes { from, to });
            }
        }
        if made {
            // Behind its content, which is not to inherit access lists.
            plan.quiet_step(Step::CopyExtendedAttributes { from: source.to_owned(), to: dest.to_owned() });
        }
        Ok(())
    }

    /// Everything that is copied gets the owner asked for; the mode is only for the directory itself.
    fn owner(&self, host: &dyn Observe, path: &Path, current: &Stat, plan: &mut Plan) -> Result<()> {
        let arguments = FileArguments {
            owner: self.file.owner.clone(),
            group: self.file.group.clone(),
            ..FileArguments::default()
        };
        arguments.plan(host, path, current, &mut Differences::default(), plan).map(|_| ())
    }
}

fn answer(plan: Plan, dest: &Path, source: &Path) -> Plan {
    plan.with("dest", shown(dest)).with("src", shown(source)).with("md5sum", Value::NONE).with("checksum", Value::NONE)
}
