//! Workers under other identities, each behind a route.

use crate::child::{Piece, Piped, read_piece, set_nonblocking};
use crate::output::{Outgoing, lock};
use crate::queue::{Giver, Taker, queue};
use churten_protocol::{Decoder, Frame, Kind, write_frame};
use std::collections::HashMap;
use std::process::ChildStdin;
use std::sync::atomic::{AtomicU16, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// Bytes that may wait for a worker that does not read. Streams are bounded by their windows, so this is for many
/// large requests.
const MAX_QUEUED: usize = 128 << 20;

/// The id of heartbeats that are not the controller's; their answers are not passed on.
const OWN_HEARTBEAT: u32 = 0;

/// The way to one of them.
struct Route {
    queue: Giver<Frame>,
    queued: Arc<AtomicUsize>,
}

/// All of them.
#[derive(Default)]
pub(crate) struct Routes {
    routes: Mutex<HashMap<u16, Route>>,
    /// The number given out last. Numbers come round late, so that a frame for a closed route finds no new one.
    last: AtomicU16,
}

impl Routes {
    /// Pass a frame on. When there is no such route, or it is choked, the controller is told that it is closed.
    pub(crate) fn forward(&self, mut frame: Frame, output: &Outgoing) {
        let number = std::mem::take(&mut frame.route);
        if frame.kind == Kind::Closed {
            lock(&self.routes).remove(&number);
            return;
        }
        let size = frame.body.len();
        // A request that is not passed on is named, so that it can be made again elsewhere.
        let refused = if frame.kind == Kind::Request { frame.id } else { 0 };
        let mut routes = lock(&self.routes);
        let taken = routes.get(&number).is_some_and(|route| {
            route.queued.fetch_add(size, Ordering::Relaxed) + size <= MAX_QUEUED && route.queue.give(frame).is_ok()
        });
        if !taken {
            routes.remove(&number);
            drop(routes);
            let _ = output.frame(&Frame::bare(number, Kind::Closed, refused));
        }
    }

    /// Tell everybody that somebody is there.
    pub(crate) fn heartbeat(&self) {
        for route in lock(&self.routes).values() {
            let _ = route.queue.give(Frame::bare(0, Kind::Heartbeat, OWN_HEARTBEAT));
        }
    }

    /// End all of them: their standard input ends.
    pub(crate) fn close(&self) {
        lock(&self.routes).clear();
    }

    pub(crate) fn is_empty(&self) -> bool {
        lock(&self.routes).is_empty()
    }

    /// Take in a worker that has said hello; its route, unless there are too many. The decoder holds what it has sent
    /// since.
    pub(crate) fn add(self: &Arc<Self>, mut child: Piped, decoder: Decoder, output: &Arc<Outgoing>) -> Option<u16> {
        let stdin = child.stdin.take()?;
        set_nonblocking(&stdin, false).ok()?;
        let (queue, frames) = queue();
        let queued = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&queued);
        let builder = || thread::Builder::new().name("route".into()).stack_size(256 << 10);
        builder().spawn(move || write(stdin, &frames, &counter)).ok()?;
        let number = {
            let mut routes = lock(&self.routes);
            let next = || self.last.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
            let mut numbers = std::iter::repeat_with(next).take(usize::from(u16::MAX));
            let number = numbers.find(|number| *number != 0 && !routes.contains_key(number))?;
            routes.insert(number, Route { queue, queued });
            number
        };
        let (routes, output) = (Arc::clone(self), Arc::clone(output));
        let started = builder().spawn(move || {
            relay(&mut child, decoder, number, &output);
            // The frame first: the number is not given out again before the controller knows.
            let _ = output.frame(&Frame::bare(number, Kind::Closed, 0));
            lock(&routes.routes).remove(&number);
            child.close();
            let _ = child.reap();
        });
        if started.is_err() {
            lock(&self.routes).remove(&number);
            return None;
        }
        Some(number)
    }
}

/// Write what is queued, until the route is closed.
fn write(mut stdin: ChildStdin, frames: &Taker<Frame>, queued: &AtomicUsize) {
    while let Some(frame) = frames.take() {
        queued.fetch_sub(frame.body.len(), Ordering::Relaxed);
        if write_frame(&mut stdin, &frame).is_err() {
            return;
        }
    }
}

/// Pass on what comes back, until it ends or is no frame.
fn relay(child: &mut Piped, mut decoder: Decoder, number: u16, output: &Outgoing) {
    let mut buffer = vec![0; 64 << 10];
    while let Ok(ready) = child.wait_ready(None) {
        if ready.stderr
            && let Some(pipe) = &mut child.stderr
            && matches!(read_piece(pipe, &mut buffer), Piece::End)
        {
            child.stderr = None;
        }
        if !ready.stdout && !ready.ended {
            continue;
        }
        let Some(pipe) = &mut child.stdout else { return };
        match read_piece(pipe, &mut buffer) {
            Piece::End => return,
            Piece::Nothing if ready.ended => return,
            Piece::Nothing => {}
            Piece::Bytes(mut bytes) => loop {
                match decoder.push(&mut bytes) {
                    Ok(Some(frame)) if frame.kind == Kind::Heartbeat && frame.id == OWN_HEARTBEAT => {}
                    Ok(Some(mut frame)) => {
                        frame.route = number;
                        if output.frame(&frame).is_err() {
                            return;
                        }
                    }
                    Ok(None) => break,
                    Err(_) => return,
                }
            },
        }
    }
}
