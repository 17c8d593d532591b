//! Signals that ask this program to end become the end of its input, so that it leaves nothing behind.
#![expect(unsafe_code, reason = "installing a signal handler, and the one system call inside it")]

use rustix::event::{PollFd, PollFlags, poll};
use std::fs::File;
use std::io::{self, PipeReader, Read};
use std::os::fd::{IntoRawFd, RawFd};
use std::sync::atomic::{AtomicI32, Ordering};

/// The pipe the handler writes to; never closed, so the number stays ours.
static PIPE: AtomicI32 = AtomicI32::new(-1);

extern "C" fn handle(_signal: libc::c_int) {
    let pipe: RawFd = PIPE.load(Ordering::Relaxed);
    // SAFETY: `write` may be called in a handler, and the byte lives as long as the call. The pipe does not block, and
    // the program is about to end, so an `errno` that the interrupted code would see changed does no harm.
    unsafe {
        libc::write(pipe, [0_u8].as_ptr().cast(), 1);
    }
}

/// Input that ends when the other side closes it, or when a signal asks this program to end.
pub(crate) struct Input {
    input: File,
    stop: PipeReader,
}

impl Input {
    /// Take over the signals of this process.
    pub(crate) fn new(input: File) -> io::Result<Self> {
        let (stop, writer) = io::pipe()?;
        crate::child::set_nonblocking(&writer, true)?;
        PIPE.store(writer.into_raw_fd(), Ordering::Relaxed);
        for signal in [libc::SIGHUP, libc::SIGINT, libc::SIGTERM] {
            // SAFETY: `handle` does only what a handler may. Programs started from here have the default again.
            unsafe {
                libc::signal(signal, handle as extern "C" fn(libc::c_int) as libc::sighandler_t);
            }
        }
        Ok(Self { input, stop })
    }
}

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut files = [PollFd::new(&self.input, PollFlags::IN), PollFd::new(&self.stop, PollFlags::IN)];
        match poll(&mut files, None) {
            Ok(_) => {}
            Err(error) => return Err(error.into()),
        }
        let [_, stop] = &files;
        if stop.revents().is_empty() { self.input.read(buffer) } else { Ok(0) }
    }
}
