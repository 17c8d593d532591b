//! Doing what a plan says. The one place where `State` modules change a host.

use crate::atomic::{self, backup, write};
use crate::host::Host;
use crate::labelling;
use crate::plan::{Plan, Run, Step};
use crate::{Failure, Options, Result, error_text, python_error, python_path_error};
use churten_value::Dict;
use std::io;
use std::path::Path;

/// Perform every step; what is learned on the way goes into `result`. For modules that act as they go.
pub fn perform(host: &dyn Host, plan: &Plan, options: &Options, result: &mut Dict) -> Result<()> {
    plan.steps.iter().try_for_each(|step| one(host, step, options, result))
}

/// What is done of a plan in check mode: the validation of files that ask for it.
pub(crate) fn rehearse(host: &dyn Host, plan: &Plan, options: &Options, result: &mut Dict) -> Result<()> {
    plan.steps.iter().try_for_each(|step| match step {
        Step::Write(request) if request.rehearse => atomic::rehearse(host, request, options, result),
        _ => Ok(()),
    })
}

fn one(host: &dyn Host, step: &Step, options: &Options, result: &mut Dict) -> Result<()> {
    match step {
        Step::Write(request) => write(host, request, options, result),
        Step::Backup { path, key } => {
            if let Some(name) = backup(host, path)? {
                result.insert(*key, name.display().to_string());
            }
            Ok(())
        }
        Step::CreateDirectory { path, mode } => match host.create_directory(path, *mode) {
            Ok(()) => Ok(()),
            // Something else made it in the meantime; that is what was wanted.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            Err(error) => Err(Failure::new(format!(
                "There was an issue creating {} as requested: {}",
                path.display(),
                python_path_error(&error, path)
            ))
            .with("path", path.display().to_string())),
        },
        Step::SetMode { path, mode } => {
            // As a module whose code raised an exception.
            let raised = |error| format!("Task failed: Module failed: {}", python_path_error(&error, path));
            host.set_mode(path, *mode).map_err(|error| Failure::new(raised(error)))
        }
        Step::SetOwner { path, uid, gid, follow } => host.set_owner(path, *uid, *gid, *follow).map_err(|error| {
            let what = if uid.is_some() { "chown failed" } else { "chgrp failed" };
            let failure = Failure::new(what).with("path", path.display().to_string());
            if uid.is_some() { failure.caused_by(python_path_error(&error, path)) } else { failure }
        }),
        Step::SetContext { path, parts, told } => {
            if let Some((before, after)) = labelling::set(host, path, path, parts)?
                && !told
            {
                labelling::tell(result, &before, &after);
            }
            Ok(())
        }
        Step::CopyExtendedAttributes { from, to } => Ok(host.copy_extended_attributes(from, to, false)?),
        Step::Touch { path, follow } => host.touch(path, *follow).map_err(|error| about_times(path, &error)),
        Step::SetTimes { path, accessed, modified, follow } => {
            host.set_times(path, *accessed, *modified, *follow).map_err(|error| about_times(path, &error))
        }
        Step::SetFileAttributes { path, change } => {
            let output = host.set_file_attributes(path, change)?;
            if output.success() && output.stderr.is_empty() {
                return Ok(());
            }
            let stderr = output.stderr_text();
            Err(Failure::new("chattr failed")
                .with("path", path.display().to_string())
                .with("details", format!("Error while setting attributes: {stderr}")))
        }
        Step::SymbolicLink { target, path } => {
            replace(host, path, "creating symlink", |at| host.symbolic_link(target, at))
        }
        Step::HardLink { target, path } => replace(host, path, "linking", |at| host.hard_link(target, at)),
        Step::Remove(path) => remove(host, path),
        Step::Run(run) => execute(host, run, result),
    }
}

fn about_times(path: &Path, error: &io::Error) -> Failure {
    let reason = python_error(error);
    Failure::new(format!("Error while updating modification or access time: {reason}"))
        .with("path", path.display().to_string())
}

/// Make a link beside its place and rename it there, so that a file in its place is replaced at once.
fn replace(host: &dyn Host, path: &Path, what: &str, make: impl Fn(&Path) -> io::Result<()>) -> Result<()> {
    let failed = |error: &io::Error| {
        Failure::new(format!("Error while {what}: {}", python_error(error))).with("path", path.display().to_string())
    };
    if host.lstat(path)?.is_none() {
        return make(path).map_err(|error| failed(&error));
    }
    let directory = path.parent().unwrap_or(Path::new("/"));
    let name = format!(".{}.{}.tmp", host.process_id(), host.now().nanoseconds);
    let temporary = directory.join(name);
    make(&temporary).map_err(|error| failed(&error))?;
    if let Err(error) = host.rename(&temporary, path) {
        let _ = host.remove_file(&temporary);
        return Err(failed(&error));
    }
    // Renaming one name of an inode onto another name of it does nothing and leaves both.
    if host.lstat(&temporary)?.is_some() {
        let _ = host.remove_file(&temporary);
    }
    Ok(())
}

fn remove(host: &dyn Host, path: &Path) -> Result<()> {
    let Some(stat) = host.lstat(path)? else { return Ok(()) };
    let (done, what) =
        if stat.is_directory() { (host.remove_tree(path), "rmtree") } else { (host.remove_file(path), "unlinking") };
    match done {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => {
            let text = match what {
                "rmtree" => format!("rmtree failed: {}", python_error(&error)),
                _ => format!("unlinking failed: {} ", python_error(&error)),
            };
            Err(Failure::new(text).with("path", path.display().to_string()))
        }
    }
}

fn execute(host: &dyn Host, run: &Run, result: &mut Dict) -> Result<()> {
    let output = host.execute(&run.command).map_err(|error| Failure::new(error_text(&error)))?;
    let (stdout, stderr) = (output.stdout_text(), output.stderr_text());
    if run.report {
        result.insert("rc", output.code);
        result.insert("stdout", stdout.as_str());
        result.insert("stderr", stderr.as_str());
    }
    match &run.failure {
        Some(text) if !output.success() => {
            let msg = text.replace("{stderr}", &stderr).replace("{stdout}", &stdout);
            Err(Failure::new(msg).with("rc", output.code).with("stdout", stdout).with("stderr", stderr))
        }
        _ => Ok(()),
    }
}
