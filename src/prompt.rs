//! Asking on the terminal, and what Ctrl-C does meanwhile.

use churten_diagnostics::{ErrorKind, Report};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use std::fs::File;
use std::io::Write;
use std::os::fd::{AsFd, BorrowedFd};
use std::time::{Duration, Instant};
use zeroize::Zeroizing;

/// Longer answers are refused.
const MAX_BYTES: usize = 64 << 10;
/// How often a wait looks whether it is still wanted.
const TICK: Timespec = Timespec { tv_sec: 0, tv_nsec: 50_000_000 };

/// Is there no use in waiting any longer: an interrupt, the end of the run?
pub(crate) type Stop<'a> = &'a dyn Fn() -> bool;

/// Sets a terminal back to how it was.
struct Restore<'a>(BorrowedFd<'a>, Termios);

impl Drop for Restore<'_> {
    fn drop(&mut self) {
        let _ = tcsetattr(self.0, OptionalActions::Flush, &self.1);
    }
}

/// The error of a user who pressed Ctrl-C.
pub(crate) fn interrupted() -> Report {
    Report::new("User interrupted execution").kind(ErrorKind::Interrupted)
}

/// Ask on the terminal without echo; without a terminal the answer is a line of standard input.
///
/// # Errors
/// When nothing can be read, or there is no use in waiting.
pub(crate) fn ask_private(prompt: &str, stop: Stop<'_>) -> Result<Zeroizing<String>, Report> {
    let Ok(mut terminal) = File::options().read(true).write(true).open("/dev/tty") else {
        let mut error = std::io::stderr();
        let _ = write!(error, "Warning: Password input may be echoed.\n{prompt}").and_then(|()| error.flush());
        return line(std::io::stdin().as_fd(), stop);
    };
    let failed = |error: std::io::Error| Report::new(format!("cannot ask for a password: {error}"));
    let before = tcgetattr(&terminal).map_err(|error| failed(error.into()))?;
    let mut silent = before.clone();
    silent.local_modes.remove(LocalModes::ECHO);
    silent.local_modes.insert(LocalModes::ICANON | LocalModes::ISIG | LocalModes::ECHONL);
    tcsetattr(&terminal, OptionalActions::Flush, &silent).map_err(|error| failed(error.into()))?;
    let written = terminal.write_all(prompt.as_bytes());
    let _restore = Restore(terminal.as_fd(), before);
    written.map_err(failed)?;
    line(terminal.as_fd(), stop)
}

/// One line of standard input; the prompt is the caller's.
///
/// # Errors
/// When nothing can be read, or there is no use in waiting.
pub(crate) fn read_answer(stop: Stop<'_>) -> Result<Zeroizing<String>, Report> {
    line(std::io::stdin().as_fd(), stop)
}

/// Keys of a terminal without line editing.
const CTRL_C: u8 = 3;
const BACKSPACE: [u8; 2] = [8, 127];

/// Wait for a line of the terminal on standard input, or with a limit for that time; after Ctrl-C the user says whether
/// to go on. `show` writes on the terminal.
///
/// # Errors
/// The user gave up, or there is no use in waiting.
pub(crate) fn pause(
    limit: Option<Duration>,
    echo: bool,
    show: &mut dyn FnMut(&str),
    stop: Stop<'_>,
) -> Result<Zeroizing<String>, Report> {
    let end = limit.and_then(|limit| Instant::now().checked_add(limit));
    let stdin = std::io::stdin();
    let terminal = stdin.as_fd();
    let failed = |error| Report::new(format!("cannot wait on the terminal: {}", std::io::Error::from(error)));
    let before = tcgetattr(terminal).map_err(failed)?;
    let mut keys = before.clone();
    keys.local_modes.remove(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG);
    tcsetattr(terminal, OptionalActions::Flush, &keys).map_err(failed)?;
    let _restore = Restore(terminal, before);
    let mut typed = Zeroizing::new(Vec::new());
    while let Some(key) = key(terminal, end, stop)? {
        match key {
            CTRL_C => {
                show("\r\x1b[KPress 'C' to continue the play or 'A' to abort \r\n");
                if !goes_on(terminal, stop)? {
                    return Err(Report::new("user requested abort!").apart());
                }
                break;
            }
            _ if limit.is_some() => {}
            b'\r' | b'\n' => break,
            key if BACKSPACE.contains(&key) => {
                // A character is as many bytes as follow its first.
                while typed.pop().is_some_and(|byte| byte & 0xc0 == 0x80) {}
                if echo {
                    show(&format!("\r\x1b[K{}", String::from_utf8_lossy(&typed)));
                }
            }
            key if key < b' ' && key != b'\t' => {}
            _ if typed.len() == MAX_BYTES => return Err(Report::new("the answer is too long")),
            key => {
                typed.push(key);
                if echo && std::str::from_utf8(&typed).is_ok() {
                    show(&format!("\r\x1b[K{}", String::from_utf8_lossy(&typed)));
                }
            }
        }
    }
    if limit.is_none() {
        show("\r\x1b[K");
    }
    let text = std::str::from_utf8(&typed).map_err(|_| Report::new("the answer is no UTF-8 text"))?;
    Ok(Zeroizing::new(text.to_owned()))
}

/// Whether the user wants to go on.
fn goes_on(terminal: BorrowedFd<'_>, stop: Stop<'_>) -> Result<bool, Report> {
    loop {
        match key(terminal, None, stop)? {
            Some(b'c' | b'C') => return Ok(true),
            Some(b'a' | b'A') | None => return Ok(false),
            Some(_) => {}
        }
    }
}

/// One byte of the terminal; `None` when the time is over, or at the end of the input.
fn key(terminal: BorrowedFd<'_>, end: Option<Instant>, stop: Stop<'_>) -> Result<Option<u8>, Report> {
    let is_over = || end.is_some_and(|end| Instant::now() >= end);
    let mut byte = [0];
    loop {
        match wait(terminal, &|| stop() || is_over()) {
            Err(_) if is_over() => return Ok(None),
            outcome => outcome?,
        }
        match rustix::io::read(terminal, &mut byte) {
            Ok(0) => return Ok(None),
            Ok(_) => return Ok(Some(byte[0])),
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(Report::new(format!("cannot read an answer: {error}"))),
        }
    }
}

/// One line without its end, byte by byte: what follows belongs to somebody else.
fn line(stream: BorrowedFd<'_>, stop: Stop<'_>) -> Result<Zeroizing<String>, Report> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(256));
    let mut byte = [0];
    loop {
        wait(stream, stop)?;
        let count = match rustix::io::read(stream, &mut byte) {
            Ok(count) => count,
            Err(rustix::io::Errno::INTR) => continue,
            Err(error) => return Err(Report::new(format!("cannot read an answer: {error}"))),
        };
        match (count, byte[0], bytes.is_empty()) {
            (0, _, true) => {
                let message = "Unexpected Exception, this is probably a bug: EOF when reading a line";
                return Err(Report::new(message).kind(ErrorKind::Unexpected));
            }
            (0, ..) | (_, b'\n', _) => break,
            _ if bytes.len() == MAX_BYTES => return Err(Report::new("the answer is too long")),
            (_, byte, _) => bytes.push(byte),
        }
    }
    let text = std::str::from_utf8(&bytes).map_err(|_| Report::new("the answer is no UTF-8 text"))?;
    Ok(Zeroizing::new(text.trim_end_matches('\r').to_owned()))
}

/// Wait for input; a signal alone does not end a read.
fn wait(stream: BorrowedFd<'_>, stop: Stop<'_>) -> Result<(), Report> {
    loop {
        if stop() {
            return Err(interrupted());
        }
        let mut descriptors = [PollFd::new(&stream, PollFlags::IN)];
        match poll(&mut descriptors, Some(&TICK)) {
            Ok(0) | Err(rustix::io::Errno::INTR) => {}
            Ok(_) => return Ok(()),
            Err(error) => return Err(Report::new(format!("cannot wait for an answer: {error}"))),
        }
    }
}
