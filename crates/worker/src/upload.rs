//! Files that are sent to the host.

use crate::files::{create_private, hex};
use crate::kept::{Part, is_content};
use crate::output::{Outgoing, lock, system_error};
use crate::paths::expand;
use crate::temporary::{Temporary, unforeseen};
use churten_protocol::{
    Destination, Frame, FrameError, Keep, Kind, Known, Placed, Put, ReceiveWindow, Response, Start, credit_body,
};
use sha1::{Digest, Sha1};
use std::collections::VecDeque;
use std::fs::{self, File, Permissions};
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
    /// The controller is gone.
    lost: bool,
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

    /// Nothing more will come, because the connection is lost.
    pub(crate) fn lose(&self) {
        let mut state = lock(&self.state);
        state.lost = !state.aborted || state.lost;
        drop(state);
        self.wake.notify_all();
    }

    /// The next piece; `None` at the end.
    fn next(&self) -> io::Result<Option<Vec<u8>>> {
        let mut state = lock(&self.state);
        loop {
            if state.lost {
                return Err(lost());
            }
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
        if let Some(known) = put.known.filter(is_recalled) {
            return recall(known, &path, temporary);
        }
        let mut incoming = Incoming::begin(put, &path, temporary)?;
        let received =
            incoming.receive(upload, |credit| output.frame(&Frame::new(0, Kind::Credit, id, credit_body(credit))));
        incoming.finish(received, put, path, temporary)
    };
    receive().map_or_else(|error| system_error(name, &error), Response::Placed)
}

/// Answer `Begun`.
pub(crate) fn begun(start: &Start, temporary: &Temporary) -> Response {
    // Without a directory of one's own nothing is there.
    Response::Begun(temporary.kept(&start.remote_tmp).map_or(0, |kept| kept.begun(start.content)))
}

/// True when all of a content is to be there already.
fn is_recalled(known: &Known) -> bool {
    known.keep == Keep::Whole && known.from == known.content.size && known.from > 0
}

fn recall(known: Known, path: &Path, temporary: &Temporary) -> io::Result<Placed> {
    if !temporary.kept("")?.place(known.content, path)? {
        return Err(not_there());
    }
    let path = path.to_string_lossy().into_owned();
    Ok(Placed { path, size: known.content.size, sha1: hex(&known.content.sha1) })
}

fn not_there() -> io::Error {
    io::Error::from_raw_os_error(libc::ENOENT)
}

/// A file that is not whole yet. It is removed when it does not become so.
struct Incoming {
    unfinished: Unfinished,
    file: File,
    hash: Sha1,
    size: u64,
    known: Option<Known>,
    /// It may be gone on with later.
    is_part: bool,
}

/// A file that is removed again, unless it is told that there is no need.
struct Unfinished {
    path: PathBuf,
    is_over: bool,
}

impl Incoming {
    fn begin(put: &Put, path: &Path, temporary: &Temporary) -> io::Result<Self> {
        let known = put.known;
        let mut found = Self::part(put, temporary)?;
        if let (None, Some(Known { from: 1.., .. })) = (&found, known) {
            return Err(not_there());
        }
        let (path, mut file, is_part) = match found.take() {
            Some(part) => (part.path, part.file, true),
            None => {
                let path = beside(path)?;
                let file = create_private(&path)?;
                (path, file, false)
            }
        };
        let mut hash = Sha1::new();
        let mut size = 0;
        if let (true, Some(known)) = (is_part, known) {
            size = known.from;
            file.set_len(size)?;
            io::copy(&mut file, &mut Hashing(&mut hash))?;
        }
        Ok(Self { unfinished: Unfinished { path, is_over: false }, file, hash, size, known, is_part })
    }

    /// The beginning that is there, when one is to be kept. Only what is moved from there to a place beside it is.
    fn part(put: &Put, temporary: &Temporary) -> io::Result<Option<Part>> {
        let (Some(known), Destination::Temporary { remote_tmp, .. }) = (put.known, &put.destination) else {
            return Ok(None);
        };
        if known.keep != Keep::Part {
            return Ok(None);
        }
        let part = temporary.kept(remote_tmp).and_then(|kept| kept.part(known.content)).ok().flatten();
        Ok(part.filter(|part| part.file.metadata().is_ok_and(|file| file.len() >= known.from)))
    }

    fn receive(&mut self, upload: &Upload, grant: impl Fn(u32) -> io::Result<()>) -> io::Result<()> {
        while let Some(piece) = upload.next()? {
            self.file.write_all(&piece)?;
            self.hash.update(&piece);
            self.size += piece.len() as u64;
            if self.known.is_some_and(|known| self.size > known.content.size) {
                return Err(other_content());
            }
            if let Some(credit) = upload.consumed(piece.len()) {
                grant(credit).map_err(|_| lost())?;
            }
        }
        Ok(())
    }

    fn finish(
        mut self,
        received: io::Result<()>,
        put: &Put,
        path: PathBuf,
        temporary: &Temporary,
    ) -> io::Result<Placed> {
        if let Err(error) = received {
            self.unfinished.is_over = self.is_part && error.kind() == io::ErrorKind::ConnectionAborted;
            return Err(error);
        }
        let Self { mut unfinished, file, hash, size, known, is_part } = self;
        let sha1 = hex(&hash.finalize());
        if known.is_some_and(|known| !is_content(known.content, size, &sha1)) {
            return Err(other_content());
        }
        file.set_permissions(Permissions::from_mode(put.mode & 0o7777))?;
        if is_part {
            // Out of the reach of others before it is theirs to lock.
            let own = beside(&path)?;
            fs::rename(&unfinished.path, &own)?;
            unfinished.path = own;
        }
        drop(file);
        churten_module::wait_for_writers(&unfinished.path)?;
        fs::rename(&unfinished.path, &path)?;
        unfinished.is_over = true;
        if let Some(known) = known.filter(|known| known.keep == Keep::Whole)
            && let Ok(kept) = temporary.kept("")
        {
            kept.keep(known.content, &path);
        }
        Ok(Placed { path: path.to_string_lossy().into_owned(), size, sha1 })
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if !self.is_over {
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn lost() -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionAborted, "the connection is lost")
}

fn other_content() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "what came is not the content that was announced")
}

/// A hash that is written to.
struct Hashing<'a>(&'a mut Sha1);

impl Write for Hashing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
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
