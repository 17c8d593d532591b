//! Replacing a file so that nobody ever sees half of it, and keeping a copy of what was there.

use crate::host::{Command, FileKind, Host, Output};
use crate::labelling::{self, Labelling};
use crate::plan::{Content, ValidationFailure, Write};
use crate::{Failure, Options, Result, Timestamp, python_error};
use churten_value::{Dict, Value};
use std::io;
use std::path::{Path, PathBuf};

/// Permission bits of a new file, before the mask is taken off.
const NEW_FILE: u32 = 0o666;

/// Write a file: into a new one beside it, which takes over mode and owner, is validated, and renamed.
/// What validation said is told in `result` where the request wants that.
pub(crate) fn write(host: &dyn Host, request: &Write, options: &Options, result: &mut Dict) -> Result<()> {
    let followed;
    let path = if request.follow {
        followed = host.real_path(&request.path);
        make_directories(host, &followed)?;
        &followed
    } else {
        &request.path
    };
    rehearse(host, request, options, result)?;
    let before = host.stat(path)?;
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let outcome = beside(host, request, path, directory);
    match outcome {
        Ok(()) => Ok(()),
        Err(Unwritten::Label(failure)) => Err(failure),
        Err(Unwritten::System(error)) if request.unsafe_writes && before.is_some() && in_place_may_help(&error) => {
            let content = bytes(host, &request.content)?;
            host.overwrite(path, &content).map_err(|error| failed(path, &error))
        }
        Err(Unwritten::System(error)) => Err(failed(path, &error)),
    }
}

/// Everything about a write but the writing: the user's validation.
pub(crate) fn rehearse(host: &dyn Host, request: &Write, options: &Options, result: &mut Dict) -> Result<()> {
    let Some(command) = &request.validate else { return Ok(()) };
    let output = validate(host, request, command, options)?;
    if request.rehearse {
        let said = [
            ("rc", Value::from(output.code)),
            ("stdout", output.stdout_text().into()),
            ("stderr", output.stderr_text().into()),
        ];
        result.insert("validation", Dict::from(said));
    }
    Ok(())
}

fn make_directories(host: &dyn Host, path: &Path) -> Result<()> {
    let mut missing: Vec<&Path> = path
        .ancestors()
        .skip(1)
        .filter(|path| !path.as_os_str().is_empty())
        .take_while(|path| matches!(host.stat(path), Ok(None)))
        .collect();
    missing.reverse();
    for directory in missing {
        host.create_directory(directory, 0o777).map_err(|error| {
            Failure::new(format!("Error creating {} ({})", directory.display(), python_error(&error)))
        })?;
    }
    Ok(())
}

fn failed(path: &Path, error: &io::Error) -> Failure {
    Failure::new(format!("Could not replace file: {path}: {error}", path = path.display(), error = python_error(error)))
}

/// Errors that ansible-core meets by writing in place: not permitted, cross-device, text busy, busy, denied, read-only.
fn in_place_may_help(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::EPERM | libc::EXDEV | libc::EACCES | libc::ETXTBSY | libc::EBUSY))
}

/// Why a file was not written.
enum Unwritten {
    System(io::Error),
    Label(Failure),
}

impl From<io::Error> for Unwritten {
    fn from(error: io::Error) -> Self {
        Self::System(error)
    }
}

fn beside(host: &dyn Host, request: &Write, path: &Path, directory: &Path) -> Result<(), Unwritten> {
    let temporary = host.create_temporary(directory, ".ansible_tmp", &file_name(path), false)?;
    let done = fill(host, request, path, &temporary)
        .map_err(Unwritten::System)
        .and_then(|()| label(host, request.labelling, path, &temporary).map_err(Unwritten::Label))
        .and_then(|()| Ok(host.rename(&temporary, path)?));
    if done.is_err() {
        let _ = host.remove_file(&temporary);
    }
    done
}

fn file_name(path: &Path) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    // Room for the prefix and the random part below the 255 bytes of most file systems.
    let mut end = name.len().min(200);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    name.get(..end).unwrap_or_default().to_owned()
}

fn fill(host: &dyn Host, request: &Write, path: &Path, temporary: &Path) -> io::Result<()> {
    match &request.content {
        Content::Bytes(content) => host.overwrite(temporary, content)?,
        Content::File(source) => {
            host.remove_file(temporary)?;
            host.copy_file(source, temporary, 0o600)?;
        }
    }
    if let Some(source) = &request.attributes_of {
        host.copy_extended_attributes(source, temporary, true)?;
    }
    let identity = host.identity();
    match host.stat(path)? {
        Some(before) => {
            if (before.uid, before.gid) != (identity.uid, identity.gid) {
                // Only root may give a file away; an ordinary user's file becomes the user's, as with ansible-core.
                match host.set_owner(temporary, Some(before.uid), Some(before.gid), true) {
                    Err(error) if error.raw_os_error() != Some(libc::EPERM) => return Err(error),
                    _ => {}
                }
            }
            if request.attributes_of.is_none() {
                host.copy_extended_attributes(path, temporary, true)?;
            }
            host.set_mode(temporary, before.mode)
        }
        None => host.set_mode(temporary, NEW_FILE & !host.umask()),
    }
}

/// Give a new file, which is to be renamed to `path`, its SELinux context.
///
/// # Errors
///
/// When the context there, or the policy, cannot be read, or the new one is not accepted.
pub fn label(host: &dyn Host, labelling: Labelling, path: &Path, temporary: &Path) -> Result<()> {
    let Some(labels) = host.labels() else { return Ok(()) };
    let is_there = labelling != Labelling::Policy && host.stat(path)?.is_some();
    let wanted = match labelling {
        _ if is_there => Some(labelling::current(labels, path)?),
        // As if it had been made under its own name. Who may make a file need not be allowed to change its context.
        Labelling::Made => {
            if let Some(context) = labels.context_when_made(path, FileKind::File) {
                let _ = labelling::set(host, temporary, path, &labelling::all(Some(&context), labels));
            }
            return Ok(());
        }
        Labelling::Kept | Labelling::Policy => labelling::default(labels, path)?,
    };
    labelling::set(host, temporary, path, &labelling::all(wanted.as_ref(), labels)).map(|_| ())
}

/// The content in memory.
pub(crate) fn bytes(host: &dyn Host, content: &Content) -> io::Result<Vec<u8>> {
    match content {
        Content::Bytes(bytes) => Ok(bytes.to_vec()),
        Content::File(path) => host.read(path),
    }
}

/// Run the user's command on a temporary file with the new content.
fn validate(host: &dyn Host, request: &Write, command: &str, options: &Options) -> Result<Output> {
    if !command.contains("%s") {
        return Err(Failure::new(format!("validate must contain %s: {command}")));
    }
    // A file of the host is looked at where it is.
    let (candidate, temporary) = match &request.content {
        Content::File(path) => (path.clone(), None),
        Content::Bytes(content) => {
            let directory = options.temporary_directory.clone().unwrap_or_else(|| PathBuf::from("/tmp"));
            let temporary = host.create_temporary(&directory, "tmp", "", false)?;
            host.overwrite(&temporary, content)?;
            (temporary.clone(), Some(temporary))
        }
    };
    let line = command.replace("%s", &candidate.display().to_string());
    let outcome = crate::words::split(&line).map_err(Failure::new).and_then(|words| {
        let command = Command::new(words.iter().map(|word| crate::expand::expand(word, host.observe())));
        host.execute(&command).map_err(|error| Failure::could_not_run(&command.program, &error))
    });
    if let Some(temporary) = temporary {
        let _ = host.remove_file(&temporary);
    }
    let output = outcome?;
    if output.success() {
        return Ok(output);
    }
    let (rc, stderr) = (output.code, output.stderr_text());
    Err(match request.validation_failure {
        ValidationFailure::Line => Failure::new(format!("failed to validate: rc:{rc} error:{stderr}")),
        ValidationFailure::Keys => Failure::new("failed to validate")
            .with("exit_status", rc)
            .with("stdout", output.stdout_text())
            .with("stderr", stderr),
    })
}

/// Copy a file to `path.PID.YYYY-MM-DD@HH:MM:SS~` with its mode, owner and times. `None` when there is no file.
pub(crate) fn backup(host: &dyn Host, path: &Path) -> Result<Option<PathBuf>> {
    let Some(stat) = host.stat(path)? else { return Ok(None) };
    let when = crate::time::local(host.observe(), host.now());
    let name = PathBuf::from(format!(
        "{}.{}.{:04}-{:02}-{:02}@{:02}:{:02}:{:02}~",
        path.display(),
        host.process_id(),
        when.year,
        when.month,
        when.day,
        when.hour,
        when.minute,
        when.second
    ));
    let could_not = |error: io::Error| {
        Failure::new(format!(
            "Could not make backup of {} to {}: {}",
            path.display(),
            name.display(),
            python_error(&error)
        ))
    };
    if matches!(host.lstat(&name), Ok(Some(_))) {
        host.remove_file(&name).map_err(could_not)?;
    }
    host.copy_file(path, &name, 0o600).map_err(could_not)?;
    host.copy_extended_attributes(path, &name, true).map_err(could_not)?;
    if let Some(labels) = host.labels() {
        let context = labelling::current(labels, path)?;
        labelling::set(host, &name, &name, &labelling::all(Some(&context), labels))?;
    }
    let _ = host.set_owner(&name, Some(stat.uid), Some(stat.gid), true);
    host.set_mode(&name, stat.mode).map_err(could_not)?;
    let keep = |at: Timestamp| Some(at);
    let _ = host.set_times(&name, keep(stat.accessed), keep(stat.modified), true);
    Ok(Some(name))
}
