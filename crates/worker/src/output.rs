//! The one way out: whole frames from many threads.

use churten_protocol::{Frame, FrameError, RemoteError, Response, response_frames, write_deflated_frame, write_frame};
use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Lock, also after another thread panicked: the data of this crate stays whole at every step.
pub(crate) fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The stream to the controller.
pub(crate) struct Outgoing {
    /// `None` after the first error: nothing follows half a frame.
    writer: Mutex<Option<Box<dyn Write + Send>>>,
    /// The controller is behind a slow link.
    deflates: AtomicBool,
}

impl Outgoing {
    pub(crate) fn new(writer: Box<dyn Write + Send>) -> Self {
        Self { writer: Mutex::new(Some(writer)), deflates: AtomicBool::new(false) }
    }

    /// From now on frames are deflated where that is worth it.
    pub(crate) fn deflate(&self) {
        self.deflates.store(true, Ordering::Relaxed);
    }

    /// Write bytes that are no frame: the magic.
    pub(crate) fn raw(&self, bytes: &[u8]) -> io::Result<()> {
        match lock(&self.writer).as_mut() {
            Some(writer) => writer.write_all(bytes),
            None => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }

    /// Send a frame. After an error every further one fails.
    pub(crate) fn frame(&self, frame: &Frame) -> io::Result<()> {
        let mut writer = lock(&self.writer);
        let Some(stream) = writer.as_mut() else { return Err(io::ErrorKind::BrokenPipe.into()) };
        let deflates = self.deflates.load(Ordering::Relaxed);
        let sent = if deflates { write_deflated_frame(stream, frame) } else { write_frame(stream, frame) };
        if sent.is_err() {
            *writer = None;
        }
        sent
    }

    /// Answer a request. An answer that cannot be coded is replaced by an error that says why.
    pub(crate) fn respond(&self, id: u32, response: &Response) -> io::Result<()> {
        let frames = response_frames(0, id, response).or_else(|error| response_frames(0, id, &refusal(&error)));
        for frame in frames.unwrap_or_default() {
            self.frame(&frame)?;
        }
        Ok(())
    }

    /// Drop the stream, so that the other side sees its end.
    pub(crate) fn close(&self) {
        *lock(&self.writer) = None;
    }
}

/// The answer to something that is not the protocol.
pub(crate) fn refusal(error: &FrameError) -> Response {
    Response::Error(RemoteError { errno: 0, message: error.to_string() })
}

/// The answer to something the system refused.
pub(crate) fn system_error(what: &str, error: &io::Error) -> Response {
    Response::Error(RemoteError { errno: error.raw_os_error().unwrap_or(0), message: format!("{what}: {error}") })
}
