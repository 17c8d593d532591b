//! Signals that ask this program to end become the end of its input, so that it leaves nothing behind.

use crate::child::set_nonblocking;
use crate::sys::redirect_end_signals;
use rustix::event::{PollFd, PollFlags, poll};
use std::fs::File;
use std::io::{self, PipeReader, Read};

/// Input that ends when the other side closes it, or when a signal asks this program to end.
pub(crate) struct Input {
    input: File,
    stop: PipeReader,
}

impl Input {
    /// Take over the signals of this process.
    pub(crate) fn new(input: File) -> io::Result<Self> {
        let (stop, writer) = io::pipe()?;
        set_nonblocking(&writer, true)?;
        redirect_end_signals(writer);
        Ok(Self { input, stop })
    }
}

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut files = [PollFd::new(&self.input, PollFlags::IN), PollFd::new(&self.stop, PollFlags::IN)];
        poll(&mut files, None)?;
        let [_, stop] = &files;
        if stop.revents().is_empty() { self.input.read(buffer) } else { Ok(0) }
    }
}
