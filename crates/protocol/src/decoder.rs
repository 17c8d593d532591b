//! Frames out of bytes that arrive in pieces.

use crate::frame::parse_header;
use crate::{Frame, FrameError, HEADER};

/// Memory taken for a body before its bytes have arrived; a stated length alone allocates no more.
const EAGER: usize = 64 << 10;

/// Cuts a stream of bytes into frames, without doing any input itself.
///
/// ```
/// use churten_protocol::{Decoder, Frame, Kind};
/// let bytes = Frame::bare(0, Kind::Heartbeat, 7).encode().unwrap();
/// let mut decoder = Decoder::new();
/// let (mut first, mut rest) = bytes.split_at(5);
/// assert_eq!(decoder.push(&mut first), Ok(None));
/// assert_eq!(decoder.push(&mut rest).unwrap().unwrap().id, 7);
/// ```
#[derive(Debug, Default)]
pub struct Decoder {
    header: [u8; HEADER],
    filled: usize,
    /// The frame whose body is arriving, and how many bytes are missing.
    partial: Option<(Frame, usize)>,
}

impl Decoder {
    /// A decoder at the start of a frame.
    pub fn new() -> Self {
        Self::default()
    }

    /// True between two frames: the end of the stream is clean here.
    pub fn is_idle(&self) -> bool {
        self.filled == 0 && self.partial.is_none()
    }

    /// Take bytes from the front of `input` until a frame is complete or `input` is empty. Call again while frames
    /// come out.
    ///
    /// # Errors
    /// On a header that is no frame's. The stream is then beyond repair.
    pub fn push(&mut self, input: &mut &[u8]) -> Result<Option<Frame>, FrameError> {
        if self.partial.is_none() {
            while self.filled < HEADER {
                let Some((&byte, rest)) = input.split_first() else { return Ok(None) };
                *input = rest;
                if let Some(slot) = self.header.get_mut(self.filled) {
                    *slot = byte;
                }
                self.filled += 1;
            }
            let (length, route, kind, id) = parse_header(self.header)?;
            let body = Vec::with_capacity(length.min(EAGER));
            self.partial = Some((Frame::new(route, kind, id, body), length));
            self.filled = 0;
        }
        let Some((mut frame, missing)) = self.partial.take() else { return Ok(None) };
        let (now, later) = input.split_at_checked(missing).unwrap_or((*input, &[]));
        frame.body.extend_from_slice(now);
        *input = later;
        let missing = missing.saturating_sub(now.len());
        if missing == 0 {
            return Ok(Some(frame));
        }
        self.partial = Some((frame, missing));
        Ok(None)
    }
}
