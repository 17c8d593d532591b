//! Frames out of bytes that arrive in pieces.

use crate::frame::Header;
use crate::{Frame, FrameError, HEADER};
use zeroize::Zeroize;

/// Memory taken for a body before its bytes have arrived; a stated length alone allocates no more.
const EAGER: usize = 64 << 10;

/// What has arrived of a body; wiped when it is dropped, for it may be a request's.
#[derive(Debug)]
struct Body(Vec<u8>);

impl Drop for Body {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

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
    /// The frame whose body is arriving.
    partial: Option<(Header, Body)>,
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
            let header = Header::parse(self.header)?;
            self.partial = Some((header, Body(Vec::with_capacity(header.length.min(EAGER)))));
            self.filled = 0;
        }
        let Some((header, mut body)) = self.partial.take() else { return Ok(None) };
        let missing = header.length.saturating_sub(body.0.len());
        let (now, later) = input.split_at_checked(missing).unwrap_or((*input, &[]));
        body.0.extend_from_slice(now);
        *input = later;
        if body.0.len() == header.length {
            return header.frame(std::mem::take(&mut body.0)).map(Some);
        }
        self.partial = Some((header, body));
        Ok(None)
    }
}
