//! Files that are sent to the host.

use crate::files::{create_private, hex};
use crate::output::{Outgoing, lock, system_error};
use crate::paths::expand;
use crate::temporary::{Temporary, unforeseen};
use churten_protocol::{Destination, Frame, FrameError, Kind, Placed, Put, ReceiveWindow, Response, credit_body};
use sha1::{Digest, Sha1};
use std::collections::VecDeque;
use std::fs::{self, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, PoisonError};

/// The receiving end of a stream. The reader of frames never waits for it: what arrives is within the window.
#[derive(Default)]
pub(crate) struct Upload {
    state: Mutex<State>,
    wake: Condvar,
}

#[derive(Default)]
struct State {
    pieces: VecDeque<Vec<u8>>,
    window: ReceiveWindow,
    ended: bool,
    /// Why there will be no end.
    broken: Option<FrameError>,
    aborted: bool,
}

impl Upload {
    /// A data frame arrived.
    pub(crate) fn data(&self, bytes: Vec<u8>) {
        let mut state = lock(&self.state);
        if state.ended || state.broken.is_some() || state.aborted {
            return;
        }
        match state.window.receive(bytes.len()) {
            Ok(()) if bytes.is_empty() => {}
            Ok(()) => state.pieces.push_back(bytes),
            Err(error) => state.broken = Some(error),
        }
        self.wake.notify_all();
    }

    /// The end frame arrived.
    pub(crate) fn end(&self) {
        lock(&self.state).ended = true;
        self.wake.notify_all();
    }

    /// Nothing more will come.
    pub(crate) fn abort(&self) {
        let mut state = lock(&self.state);
        state.aborted = true;
        state.pieces.clear();
        self.wake.notify_all();
    }

    /// The next piece; `None` at the end.
    fn next(&self) -> io::Result<Option<Vec<u8>>> {
        let mut state = lock(&self.state);
        loop {
            if state.aborted {
                return Err(io::Error::new(io::ErrorKind::Interrupted, "the transfer was cancelled"));
            }
            if let Some(error) = &state.broken {
                return Err(io::Error::new(io::ErrorKind::InvalidData, error.clone()));
            }
            if let Some(piece) = state.pieces.pop_front() {
                return Ok(Some(piece));
            }
            if state.ended {
                return Ok(None);
            }
            state = self.wake.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn consumed(&self, size: usize) -> Option<u32> {
        lock(&self.state).window.consume(size)
    }
}

/// Answer `Put`.
pub(crate) fn put(upload: &Upload, id: u32, put: &Put, output: &Outgoing, temporary: &Temporary) -> Response {
    let name = match &put.destination {
        Destination::Path(path) => path,
        Destination::Temporary { name, .. } => name,
    };
    let receive = || -> io::Result<Placed> {
        let path = place(put, temporary)?;
        let unfinished = Unfinished(beside(&path)?);
        let mut file = create_private(&unfinished.0)?;
        let mut hash = Sha1::new();
        let mut size = 0;
        while let Some(piece) = upload.next()? {
            file.write_all(&piece)?;
            hash.update(&piece);
            size += piece.len() as u64;
            if let Some(credit) = upload.consumed(piece.len()) {
                output.frame(&Frame::new(0, Kind::Credit, id, credit_body(credit)))?;
            }
        }
        file.set_permissions(Permissions::from_mode(put.mode & 0o7777))?;
        drop(file);
        churten_module::wait_for_writers(&unfinished.0)?;
        fs::rename(&unfinished.0, &path)?;
        Ok(Placed { path: path.to_string_lossy().into_owned(), size, sha1: hex(&hash.finalize()) })
    };
    receive().map_or_else(|error| system_error(name, &error), Response::Placed)
}

/// Where the file goes in the end.
fn place(put: &Put, temporary: &Temporary) -> io::Result<PathBuf> {
    match &put.destination {
        Destination::Path(path) => expand(path),
        Destination::Temporary { remote_tmp, name } => {
            Ok(temporary.subdirectory(remote_tmp)?.join(last_part(name).unwrap_or("file")))
        }
    }
}

/// The last part of a path, when it is a name.
pub(crate) fn last_part(path: &str) -> Option<&str> {
    Path::new(path).file_name().and_then(|name| name.to_str())
}

/// A hidden name in the same directory, so that the rename is atomic.
fn beside(path: &Path) -> io::Result<PathBuf> {
    let directory = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
    Ok(directory.join(format!(".churten-{}-{}", std::process::id(), unforeseen())))
}

/// A file that is removed again; after the rename there is none by that name.
struct Unfinished(PathBuf);

impl Drop for Unfinished {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}
