//! Programs on the real machine.

use super::files::real;
use super::sys;
use crate::host::{Command, Output, Program};
use churten_value::unescape_bytes;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStringExt as _;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

/// How long a finished program's pipes are still read when a child of it keeps them open.
const GRACE: Duration = Duration::from_secs(1);
/// How often a silent program is looked at.
const TICK: Duration = Duration::from_millis(200);

/// What a program is given: in the text of modules, bytes that are not UTF-8 are escaped.
fn system_text(text: &str) -> Cow<'_, OsStr> {
    match unescape_bytes(text) {
        Cow::Borrowed(_) => Cow::Borrowed(OsStr::new(text)),
        Cow::Owned(bytes) => Cow::Owned(OsString::from_vec(bytes)),
    }
}

/// A command that is ready to be started, with `environment` as its whole environment. The program is at `found`
/// when that is not what it is called; it sees its name as it was given.
pub(super) fn prepared(
    command: &Command,
    found: Option<&Path>,
    environment: &[(String, String)],
    open_files: Option<u64>,
) -> io::Result<std::process::Command> {
    let mut process = match &command.program {
        Program::Arguments(arguments) => {
            let (program, rest) = arguments
                .split_first()
                .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "no program to run"))?;
            let program = system_text(program);
            let mut process = std::process::Command::new(found.unwrap_or(Path::new(&*program)));
            process.arg0(&*program).args(rest.iter().map(|argument| system_text(argument)));
            process
        }
        Program::Shell { line, executable } => {
            let mut process = std::process::Command::new(executable.as_deref().unwrap_or("/bin/sh"));
            process.arg("-c").arg(system_text(line));
            process
        }
    };
    process.env_clear().envs(environment.iter().map(|(name, value)| (name, value)));
    for (name, value) in &command.environment {
        match value {
            Some(value) => process.env(name, value),
            None => process.env_remove(name),
        };
    }
    if let Some(directory) = &command.directory {
        // The directory the worker stands in is inherited: another user may not be allowed to enter it anew.
        if std::env::current_dir().ok().as_deref() != Some(directory) {
            process.current_dir(&*real(directory));
        }
    }
    if let Some(mask) = command.umask {
        sys::set_umask(&mut process, mask);
    }
    if let Some(limit) = open_files {
        sys::set_open_files(&mut process, limit);
    }
    Ok(process)
}

/// Run a command (see [`prepared`]) and collect what it says.
pub(super) fn run(
    command: &Command,
    found: Option<&Path>,
    environment: &[(String, String)],
    open_files: Option<u64>,
) -> io::Result<Output> {
    let mut process = prepared(command, found, environment, open_files)?;
    process.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    if command.timeout.is_some() {
        process.process_group(0);
    }
    let mut child = process.spawn()?;
    let output = collect(&mut child, command);
    if output.is_err() {
        let _ = child.kill();
        let _ = child.wait();
    }
    output
}

fn collect(child: &mut Child, command: &Command) -> io::Result<Output> {
    let deadline = command.timeout.map(|limit| Instant::now() + limit);
    let (mut stdin, mut stdout, mut stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let mut to_write = command.stdin.as_deref().unwrap_or_default();
    if to_write.is_empty() {
        stdin = None;
    }
    if let Some(pipe) = &stdin {
        // A program that does not read must not stop us from reading what it says.
        rustix::io::ioctl_fionbio(pipe, true)?;
    }
    let mut output = Output::default();
    let mut exited: Option<Instant> = None;
    while stdin.is_some() || stdout.is_some() || stderr.is_some() {
        let mut waiting = Vec::with_capacity(3);
        waiting.extend(stdout.as_ref().map(|pipe| PollFd::from_borrowed_fd(pipe.as_fd(), PollFlags::IN)));
        waiting.extend(stderr.as_ref().map(|pipe| PollFd::from_borrowed_fd(pipe.as_fd(), PollFlags::IN)));
        waiting.extend(stdin.as_ref().map(|pipe| PollFd::from_borrowed_fd(pipe.as_fd(), PollFlags::OUT)));
        let tick = Timespec { tv_sec: 0, tv_nsec: i64::try_from(TICK.as_nanos()).unwrap_or(0) };
        match poll(&mut waiting, Some(&tick)) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        let ready: Vec<bool> = waiting.iter().map(|pipe| !pipe.revents().is_empty()).collect();
        let mut ready = ready.into_iter();
        let mut heard = false;
        if stdout.is_some() && ready.next() == Some(true) {
            heard |= take(&mut stdout, &mut output.stdout, command.output_limit)?;
        }
        if stderr.is_some() && ready.next() == Some(true) {
            heard |= take(&mut stderr, &mut output.stderr, command.output_limit)?;
        }
        if let Some(pipe) = &mut stdin
            && ready.next() == Some(true)
        {
            match pipe.write(to_write) {
                Ok(length) => to_write = to_write.get(length..).unwrap_or_default(),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                // The program does not want the rest.
                Err(_) => to_write = &[],
            }
            if to_write.is_empty() {
                stdin = None;
            }
        }
        if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            output.timed_out = true;
            if let Some(group) = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw) {
                let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
            }
            break;
        }
        if heard {
            exited = exited.map(|_| Instant::now());
        } else if child.try_wait()?.is_some() {
            let since = *exited.get_or_insert_with(Instant::now);
            if since.elapsed() >= GRACE {
                break;
            }
        }
    }
    let status = child.wait()?;
    output.code = status.code().unwrap_or_else(|| -status.signal().unwrap_or(1));
    Ok(output)
}

/// Read what is there; the pipe is dropped at its end. True when something came.
fn take<R: Read>(pipe: &mut Option<R>, into: &mut Vec<u8>, limit: usize) -> io::Result<bool> {
    let mut buffer = [0; 16 * 1024];
    let Some(reader) = pipe else { return Ok(false) };
    match reader.read(&mut buffer) {
        Ok(0) => *pipe = None,
        Ok(length) if into.len() + length > limit => {
            let said = format!("The program printed more than {} MiB and was killed.", limit >> 20);
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, said));
        }
        Ok(length) => {
            into.extend_from_slice(buffer.get(..length).unwrap_or_default());
            return Ok(true);
        }
        Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
        Err(error) => return Err(error),
    }
    Ok(false)
}
