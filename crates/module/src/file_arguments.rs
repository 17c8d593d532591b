//! The arguments that every module shares which manages files: owner, group, mode, attributes.

use crate::labelling;
use crate::plan::{Plan, Step};
use crate::selinux::{Context, Labels};
use crate::{Args, Failure, FileKind, Observe, Result, Stat, mode};
use churten_value::{Dict, Value};
use std::path::Path;

/// Owner, group, mode and attributes of a file.
#[derive(Args, Clone, Debug, Default)]
pub struct FileArguments {
    /// The permissions: octal text (`'0644'`), or symbolic (`u=rw,g=r,o=r`).
    pub mode: Option<Value>,
    /// Name or number of the user that should own the file.
    pub owner: Option<String>,
    /// Name or number of the group that should own the file.
    pub group: Option<String>,
    /// The user part of the SELinux context; `_default` for what the policy says of the path. Without effect where SELinux is off.
    pub seuser: Option<String>,
    /// The role part of the SELinux context; `_default` for what the policy says of the path. Without effect where SELinux is off.
    pub serole: Option<String>,
    /// The level part of the SELinux context; `_default` for what the policy says of the path. Without effect where SELinux is off.
    pub selevel: Option<String>,
    /// The type part of the SELinux context; `_default` for what the policy says of the path. Without effect where SELinux is off.
    pub setype: Option<String>,
    /// The attributes the file should have, as `chattr` takes them.
    #[arg(alias("attr"))]
    pub attributes: Option<String>,
    /// Write in place where the file cannot be replaced at once.
    #[arg(default = false, variable = "ANSIBLE_UNSAFE_WRITES")]
    pub unsafe_writes: bool,
}

/// What differs between a file and what it should be, for `diff`.
#[derive(Clone, Debug, Default)]
pub struct Differences {
    /// As it is.
    pub before: Dict,
    /// As it should be.
    pub after: Dict,
}

impl Differences {
    /// Note a difference.
    pub fn note(&mut self, key: &str, before: impl Into<Value>, after: impl Into<Value>) {
        self.before.insert(key, before);
        self.after.insert(key, after);
    }

    /// `{"before": {...}, "after": {...}}`.
    pub fn into_value(self) -> Value {
        Dict::from([("before", Value::from(self.before)), ("after", self.after.into())]).into()
    }
}

impl FileArguments {
    /// Plan what has to change of a path that is, or will be, as `current` says. `follow` is for the owner only; a
    /// link has no mode of its own. True when something has to change.
    pub fn plan(
        &self,
        host: &dyn Observe,
        path: &Path,
        current: &Stat,
        differences: &mut Differences,
        plan: &mut Plan,
    ) -> Result<bool> {
        let mut changed = self.plan_context(host, path, current, differences, plan)?;
        changed |= self.plan_owner(host, path, current, differences, plan)?;
        changed |= self.plan_mode(host, path, current, differences, plan)?;
        changed |= self.plan_attributes(host, path, differences, plan);
        plan.changed |= changed;
        Ok(changed)
    }

    fn plan_context(
        &self,
        host: &dyn Observe,
        path: &Path,
        current: &Stat,
        differences: &mut Differences,
        plan: &mut Plan,
    ) -> Result<bool> {
        let Some(labels) = host.labels() else { return Ok(false) };
        let parts = self.context_parts(labels, path)?;
        if current.is_to_be_made() || host.lstat(path)?.is_none() {
            if parts.iter().all(Option::is_none) {
                return Ok(false);
            }
            plan.step(Step::SetContext { path: path.to_owned(), parts: parts.clone(), told: false });
            let made = labelling::default(labels, path)?;
            return Ok(made.is_none_or(|made| made.with(&parts) != made));
        }
        let (before, after) = labelling::wanted(labels, path, &parts)?;
        if before == after {
            return Ok(false);
        }
        differences.note("secontext", before.parts().to_vec(), after.parts().to_vec());
        plan.step(Step::SetContext { path: path.to_owned(), parts, told: true });
        Ok(true)
    }

    /// What is asked for of user, role, type and, where contexts have one, level; `_default` is what the policy says.
    fn context_parts(&self, labels: &dyn Labels, path: &Path) -> Result<Vec<Option<String>>> {
        let mut parts = vec![self.seuser.clone(), self.serole.clone(), self.setype.clone()];
        if labels.has_levels() {
            parts.push(self.selevel.clone());
        }
        let is_default = |part: &Option<String>| part.as_deref() == Some("_default");
        if parts.iter().any(is_default) {
            let default = labelling::default(labels, path)?;
            let default = default.as_ref().map(Context::parts).unwrap_or_default();
            for (at, part) in parts.iter_mut().enumerate().filter(|(_, part)| is_default(part)) {
                *part = default.get(at).cloned();
            }
        }
        Ok(parts)
    }

    /// What to tell in check mode of an owner and a group that are not there: an earlier task may be about to make them.
    pub fn missing_accounts(&self, host: &dyn Observe) -> Vec<String> {
        let missing = |kind: &str, id: &str, given: &str, is_there: &dyn Fn(Option<u32>) -> bool| {
            let number = given.trim().parse().ok();
            let what = if number.is_some() { format!("with {id} {given}") } else { given.to_owned() };
            (!is_there(number))
                .then(|| format!("failed to look up {kind} {what}. Create {kind} up to this point in real play"))
        };
        let owner = self.owner.as_ref().and_then(|owner| {
            missing("user", "uid", owner, &|number| match number {
                Some(uid) => host.user_by_id(uid).is_some(),
                None => host.user_by_name(owner).is_some(),
            })
        });
        let group = self.group.as_ref().and_then(|group| {
            missing("group", "gid", group, &|number| match number {
                Some(gid) => host.group_by_id(gid).is_some(),
                None => host.group_by_name(group).is_some(),
            })
        });
        owner.into_iter().chain(group).collect()
    }

    fn plan_owner(
        &self,
        host: &dyn Observe,
        path: &Path,
        current: &Stat,
        differences: &mut Differences,
        plan: &mut Plan,
    ) -> Result<bool> {
        let number = |kind: &str, what: &str, given: &str, named: Option<u32>| {
            given.trim().parse().ok().or(named).ok_or_else(|| {
                Failure::new(format!("{what} failed: failed to look up {kind} {given}"))
                    .with("path", path.display().to_string())
            })
        };
        let mut changed = false;
        if let Some(owner) = &self.owner {
            let uid = number("user", "chown", owner, host.user_by_name(owner).map(|user| user.uid))?;
            if uid != current.uid {
                differences.note("owner", current.uid, uid);
                plan.step(Step::SetOwner { path: path.to_owned(), uid: Some(uid), gid: None, follow: false });
                changed = true;
            }
        }
        if let Some(group) = &self.group {
            let gid = number("group", "chgrp", group, host.group_by_name(group).map(|group| group.gid))?;
            if gid != current.gid {
                differences.note("group", current.gid, gid);
                plan.step(Step::SetOwner { path: path.to_owned(), uid: None, gid: Some(gid), follow: false });
                changed = true;
            }
        }
        Ok(changed)
    }

    fn plan_mode(
        &self,
        host: &dyn Observe,
        path: &Path,
        current: &Stat,
        differences: &mut Differences,
        plan: &mut Plan,
    ) -> Result<bool> {
        let Some(wanted) = &self.mode else { return Ok(false) };
        let bits = mode::wanted(wanted, current.mode, current.is_directory(), host.umask()).map_err(|details| {
            Failure::new("mode must be in octal or symbolic form")
                .with("path", path.display().to_string())
                .with("details", details)
        })?;
        if bits == i64::from(current.mode) {
            return Ok(false);
        }
        differences.note("mode", mode::text(current.mode.into()), mode::text(bits));
        // A link's own bits cannot be set on Linux; ansible-core shows the difference and leaves it.
        if current.kind == FileKind::Link {
            return Ok(false);
        }
        let bits = u32::try_from(bits & 0o7777).unwrap_or(0);
        plan.step(Step::SetMode { path: path.to_owned(), mode: bits });
        Ok(true)
    }

    fn plan_attributes(&self, host: &dyn Observe, path: &Path, differences: &mut Differences, plan: &mut Plan) -> bool {
        let Some(given) = self.attributes.as_ref().filter(|given| !given.is_empty()) else { return false };
        let (operator, wanted) = match given.chars().next() {
            Some(operator @ ('+' | '-')) => (operator, given.get(1..).unwrap_or_default()),
            _ => ('=', given.as_str()),
        };
        let current = host.file_flags(path).unwrap_or_default();
        if current == wanted && operator != '-' {
            return false;
        }
        let change = format!("{operator}{wanted}");
        differences.note("attributes", current, change.as_str());
        plan.step(Step::SetFileAttributes { path: path.to_owned(), change });
        true
    }
}

/// What a file or directory that is about to be made will be, before its arguments are applied.
pub fn new_entry(host: &dyn Observe, kind: FileKind) -> Stat {
    let identity = host.identity();
    let mode = match kind {
        FileKind::Link => 0o777,
        FileKind::Directory => 0o777 & !host.umask(),
        _ => 0o666 & !host.umask(),
    };
    Stat { kind, mode, uid: identity.uid, gid: identity.gid, links: 1, ..Stat::default() }
}
