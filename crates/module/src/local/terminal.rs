//! Programs on a terminal (pty(7)).

use super::sys;
use crate::host::{Heard, Terminal};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, OptionalActions, Winsize, tcgetattr, tcsetattr, tcsetwinsize};
use std::fs::OpenOptions;
use std::io;
use std::os::fd::{AsFd as _, OwnedFd};
use std::os::unix::fs::OpenOptionsExt as _;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The size that programs see: the classic terminal's.
const SIZE: Winsize = Winsize { ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0 };
/// How long a program may take to end on each of the signals.
const PATIENCE: Duration = Duration::from_millis(100);

/// Start a program on a new terminal.
pub(super) fn start(mut process: Command, echo: bool) -> io::Result<Box<dyn Terminal>> {
    let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
    grantpt(&ours)?;
    unlockpt(&ours)?;
    let name = ptsname(&ours, Vec::new())?;
    let no_terminal_of_ours = i32::try_from(OpenptFlags::NOCTTY.bits()).unwrap_or(0);
    let theirs = OpenOptions::new()
        .read(true)
        .write(true)
        .custom_flags(no_terminal_of_ours)
        .open(name.to_string_lossy().as_ref())?;
    tcsetwinsize(&theirs, SIZE)?;
    if !echo {
        let mut modes = tcgetattr(&theirs)?;
        modes.local_modes.remove(LocalModes::ECHO);
        tcsetattr(&theirs, OptionalActions::Now, &modes)?;
    }
    process
        .stdin(Stdio::from(theirs.try_clone()?))
        .stdout(Stdio::from(theirs.try_clone()?))
        .stderr(Stdio::from(theirs));
    sys::set_terminal(&mut process);
    let child = process.spawn()?;
    Ok(Box::new(Conversation { ours: Some(ours), child }))
}

struct Conversation {
    /// Our end; gone after hanging up.
    ours: Option<OwnedFd>,
    child: Child,
}

impl Conversation {
    /// Has the program ended within a time?
    fn ends_within(&mut self, limit: Option<Duration>) -> io::Result<Option<Option<i32>>> {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok(Some(status.code()));
            }
            if limit.is_some_and(|limit| begun.elapsed() >= limit) {
                return Ok(None);
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

impl Terminal for Conversation {
    fn hear(&mut self, most: usize, limit: Option<Duration>) -> io::Result<Heard> {
        let Some(ours) = &self.ours else { return Ok(Heard::End) };
        let deadline = limit.map(|limit| Instant::now() + limit);
        loop {
            let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
            let left = left.and_then(|left| Timespec::try_from(left).ok());
            match poll(&mut [PollFd::from_borrowed_fd(ours.as_fd(), PollFlags::IN)], left.as_ref()) {
                Ok(0) => return Ok(Heard::Silence),
                Ok(_) => {}
                Err(rustix::io::Errno::INTR) => continue,
                Err(error) => return Err(error.into()),
            }
            let mut bytes = vec![0; most];
            return match rustix::io::read(ours, &mut bytes) {
                // The last program that had the terminal open is gone.
                Ok(0) | Err(rustix::io::Errno::IO) => Ok(Heard::End),
                Ok(length) => {
                    bytes.truncate(length);
                    Ok(Heard::Bytes(bytes))
                }
                Err(rustix::io::Errno::INTR) => continue,
                Err(error) => Err(error.into()),
            };
        }
    }

    fn tell(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut rest = bytes;
        while let Some(ours) = &self.ours
            && !rest.is_empty()
        {
            match rustix::io::write(ours, rest) {
                Ok(length) => rest = rest.get(length..).unwrap_or_default(),
                Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    fn hang_up(&mut self, patience: Option<Duration>) -> io::Result<Option<i32>> {
        // A program that closes everything before it ends is not to hear that it lost its terminal.
        if let Some(code) = self.ends_within(patience)? {
            return Ok(code);
        }
        self.ours = None;
        if let Some(code) = self.ends_within(Some(PATIENCE))? {
            return Ok(code);
        }
        for signal in [Signal::HUP, Signal::CONT, Signal::INT, Signal::KILL] {
            if let Some(pid) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw) {
                let _ = kill_process(pid, signal);
            }
            if let Some(code) = self.ends_within(Some(PATIENCE))? {
                return Ok(code);
            }
        }
        Ok(self.child.wait()?.code())
    }
}

impl Drop for Conversation {
    fn drop(&mut self) {
        // What could not be ended is not ours to report here.
        let _ = self.hang_up(Some(Duration::ZERO));
    }
}
