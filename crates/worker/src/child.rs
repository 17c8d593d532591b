//! A child process whose pipes are served from one thread.

use churten_protocol::{Command as Named, Environment};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::{AsFd, OwnedFd};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::process::{Pid, PidfdFlags, WaitId, WaitIdOptions, pidfd_open, waitid};
use std::ffi::OsStr;
use std::io::{self, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

/// How often a child is looked after where the kernel cannot tell of its end (before Linux 5.3).
const LOOK: Duration = Duration::from_millis(20);

/// A child that leads a process group of its own.
pub(crate) struct Piped {
    child: Child,
    pub(crate) leader: Pid,
    /// Readable when the child has ended.
    ended: Option<OwnedFd>,
    pub(crate) stdin: Option<ChildStdin>,
    pub(crate) stdout: Option<ChildStdout>,
    pub(crate) stderr: Option<ChildStderr>,
}

/// What [`Piped::wait_ready`] found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ready {
    pub(crate) stdin: bool,
    pub(crate) stdout: bool,
    pub(crate) stderr: bool,
    pub(crate) ended: bool,
}

/// The command for a named program.
pub(crate) fn command(named: &Named) -> io::Result<Command> {
    match named {
        Named::Argv(argv) => {
            let (program, arguments) =
                argv.split_first().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "no program"))?;
            let mut command = Command::new(program);
            command.args(arguments);
            Ok(command)
        }
        Named::Shell { executable, line } => {
            let mut command = Command::new(if executable.is_empty() { "/bin/sh" } else { executable });
            command.args(["-c", line]);
            Ok(command)
        }
    }
}

/// Add variables to a command. Names that no variable can have are refused.
pub(crate) fn add_environment(command: &mut Command, environment: &Environment) -> io::Result<()> {
    for (name, value) in environment {
        if name.is_empty() || name.contains(['=', '\0']) {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a name of an environment variable"));
        }
        command.env(name, OsStr::from_bytes(value.expose()));
    }
    Ok(())
}

impl Piped {
    /// Start a command with pipes; its standard input is one only on demand.
    pub(crate) fn start(mut command: Command, with_stdin: bool) -> io::Result<Self> {
        command.process_group(0).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.stdin(if with_stdin { Stdio::piped() } else { Stdio::null() });
        let mut child = command.spawn()?;
        let leader = i32::try_from(child.id()).ok().and_then(Pid::from_raw).ok_or(io::ErrorKind::InvalidData)?;
        let ended = pidfd_open(leader, PidfdFlags::empty()).ok();
        let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let piped = Self { child, leader, ended, stdin, stdout, stderr };
        if let Some(pipe) = &piped.stdin {
            set_nonblocking(pipe, true)?;
        }
        if let Some(pipe) = &piped.stdout {
            set_nonblocking(pipe, true)?;
        }
        if let Some(pipe) = &piped.stderr {
            set_nonblocking(pipe, true)?;
        }
        Ok(piped)
    }

    /// Wait until a pipe is ready or the child has ended, at most `timeout`.
    pub(crate) fn wait_ready(&self, timeout: Option<Duration>) -> io::Result<Ready> {
        let timeout = if self.ended.is_some() { timeout } else { Some(timeout.map_or(LOOK, |limit| limit.min(LOOK))) };
        let mut files = Vec::with_capacity(4);
        let readable = PollFlags::IN;
        if let Some(pipe) = &self.stdin {
            files.push(PollFd::new(pipe, PollFlags::OUT));
        }
        if let Some(pipe) = &self.stdout {
            files.push(PollFd::new(pipe, readable));
        }
        if let Some(pipe) = &self.stderr {
            files.push(PollFd::new(pipe, readable));
        }
        if let Some(file) = &self.ended {
            files.push(PollFd::new(file, readable));
        }
        let timeout = timeout.and_then(|limit| Timespec::try_from(limit).ok());
        match poll(&mut files, timeout.as_ref()) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        let mut found = files.iter().map(|file| !file.revents().is_empty());
        let mut next = |present: bool| present && found.next().unwrap_or(false);
        let mut ready = Ready {
            stdin: next(self.stdin.is_some()),
            stdout: next(self.stdout.is_some()),
            stderr: next(self.stderr.is_some()),
            ended: next(self.ended.is_some()),
        };
        if self.ended.is_none() {
            ready.ended = self.has_ended();
        }
        Ok(ready)
    }

    /// True when the child has ended, without reaping it.
    fn has_ended(&self) -> bool {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        !matches!(waitid(WaitId::Pid(self.leader), options), Ok(None))
    }

    /// Close the pipes.
    pub(crate) fn close(&mut self) {
        (self.stdin, self.stdout, self.stderr) = (None, None, None);
    }

    /// Reap the child whenever it ends, in a thread of its own.
    pub(crate) fn reap_elsewhere(mut self) {
        self.close();
        let _ = thread::Builder::new().name("reap".into()).stack_size(64 << 10).spawn(move || self.reap());
    }

    /// Reap the child: its exit code, or minus the signal that ended it.
    pub(crate) fn reap(&mut self) -> io::Result<i32> {
        self.child.wait().map(code_of)
    }
}

fn code_of(status: ExitStatus) -> i32 {
    status.code().unwrap_or_else(|| -status.signal().unwrap_or(0))
}

/// Let reads and writes of a pipe wait, or not.
pub(crate) fn set_nonblocking(pipe: &impl AsFd, on: bool) -> io::Result<()> {
    let mut flags = fcntl_getfl(pipe)?;
    flags.set(OFlags::NONBLOCK, on);
    Ok(fcntl_setfl(pipe, flags)?)
}

/// What one read gave.
pub(crate) enum Piece<'a> {
    /// Bytes.
    Bytes(&'a [u8]),
    /// Nothing for now.
    Nothing,
    /// The end.
    End,
}

/// Read from a pipe that does not block. Errors are the end as well.
pub(crate) fn read_piece<'a>(pipe: &mut impl Read, buffer: &'a mut [u8]) -> Piece<'a> {
    match pipe.read(buffer) {
        Ok(0) => Piece::End,
        Ok(count) => Piece::Bytes(buffer.get(..count).unwrap_or_default()),
        Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => Piece::Nothing,
        Err(_) => Piece::End,
    }
}

/// Write to a pipe that does not block: how much was taken, `None` when nobody reads any more.
pub(crate) fn write_piece(pipe: &mut impl Write, bytes: &[u8]) -> Option<usize> {
    match pipe.write(bytes) {
        Ok(count) => Some(count),
        Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => Some(0),
        Err(_) => None,
    }
}
