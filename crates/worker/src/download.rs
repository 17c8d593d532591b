//! Files that are read from the host.

use crate::files::hex;
use crate::output::{Outgoing, lock, system_error};
use crate::paths::expand;
use churten_protocol::{CHUNK, Fetch, Frame, Kind, Placed, Response, SendWindow};
use sha1::{Digest, Sha1};
use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::fs::FileTypeExt;
use std::sync::{Condvar, Mutex, PoisonError};

/// The sending end of a stream.
#[derive(Default)]
pub(crate) struct Download {
    state: Mutex<State>,
    wake: Condvar,
}

#[derive(Default)]
struct State {
    window: SendWindow,
    aborted: bool,
}

impl Download {
    /// A credit frame arrived.
    pub(crate) fn grant(&self, bytes: u32) {
        lock(&self.state).window.grant(bytes);
        self.wake.notify_all();
    }

    /// Nobody wants more.
    pub(crate) fn abort(&self) {
        lock(&self.state).aborted = true;
        self.wake.notify_all();
    }

    /// Wait for room and take some.
    fn room(&self) -> io::Result<usize> {
        let mut state = lock(&self.state);
        loop {
            if state.aborted {
                return Err(io::Error::new(io::ErrorKind::Interrupted, "the transfer was cancelled"));
            }
            match state.window.take(CHUNK) {
                0 => state = self.wake.wait(state).unwrap_or_else(PoisonError::into_inner),
                size => return Ok(size),
            }
        }
    }
}

/// Answer `Fetch`.
pub(crate) fn fetch(download: &Download, id: u32, fetch: &Fetch, output: &Outgoing) -> Response {
    let send = || -> io::Result<Placed> {
        let path = expand(&fetch.path)?;
        let kind = fs::metadata(&path)?.file_type();
        if kind.is_dir() {
            return Err(io::Error::from_raw_os_error(libc::EISDIR));
        }
        // Opening a named pipe would wait for a writer.
        if kind.is_fifo() || kind.is_socket() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
        }
        let mut file = File::open(&path)?;
        let mut hash = Sha1::new();
        let mut size = 0;
        loop {
            let room = download.room()?;
            let mut piece = Vec::with_capacity(room);
            // By `take`, not by the file's size: what grows or has no size is read as well.
            (&mut file).take(room as u64).read_to_end(&mut piece)?;
            if piece.is_empty() {
                break;
            }
            hash.update(&piece);
            size += piece.len() as u64;
            // The unused rest of the room is given back; only the last piece of a file has one.
            if let Ok(rest) = u32::try_from(room.saturating_sub(piece.len())) {
                download.grant(rest);
            }
            output.frame(&Frame::new(0, Kind::Data, id, piece))?;
        }
        Ok(Placed { path: path.to_string_lossy().into_owned(), size, sha1: hex(&hash.finalize()) })
    };
    send().map_or_else(|error| system_error(&fetch.path, &error), Response::Fetched)
}
