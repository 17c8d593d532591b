//! The one way out: whole frames from many threads.

use churten_protocol::{
    Deflater, Frame, FrameError, RemoteError, Response, response_frames, write_deflated_frame, write_frame,
};
use std::io::{self, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Lock, also after another thread panicked: the data of this crate stays whole at every step.
pub(crate) fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The stream to the controller.
pub(crate) struct Outgoing {
    /// `None` after the first error: nothing follows half a frame.
    stream: Mutex<Option<Stream>>,
}

struct Stream {
    writer: Box<dyn Write + Send>,
    /// The controller is behind a slow link.
    deflater: Option<Deflater>,
}

impl Outgoing {
    pub(crate) fn new(writer: Box<dyn Write + Send>) -> Self {
        Self { stream: Mutex::new(Some(Stream { writer, deflater: None })) }
    }

    /// From now on frames are deflated where that is worth it.
    pub(crate) fn deflate(&self) {
        if let Some(stream) = lock(&self.stream).as_mut() {
            stream.deflater = Some(Deflater::default());
        }
    }

    /// Write bytes that are no frame: the magic.
    pub(crate) fn raw(&self, bytes: &[u8]) -> io::Result<()> {
        match lock(&self.stream).as_mut() {
            Some(stream) => stream.writer.write_all(bytes),
            None => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }

    /// Send a frame. After an error every further one fails.
    pub(crate) fn frame(&self, frame: &Frame) -> io::Result<()> {
        let mut stream = lock(&self.stream);
        let Some(Stream { writer, deflater }) = stream.as_mut() else { return Err(io::ErrorKind::BrokenPipe.into()) };
        let sent = match deflater {
            Some(deflater) => write_deflated_frame(writer, frame, deflater),
            None => write_frame(writer, frame),
        };
        if sent.is_err() {
            *stream = None;
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
        *lock(&self.stream) = None;
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
