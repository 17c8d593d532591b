//! One frame: `u32 length of the body | u16 route | u8 kind | u32 id | body`, integers little-endian. The highest bit of the
//! kind says that the body is deflated.

use crate::FrameError;
use crate::deflate::{deflate, inflate};
use std::fmt;
use zeroize::Zeroize;

/// Bytes of a frame's header.
pub const HEADER: usize = 11;

/// The largest body of one frame, in bytes. Longer messages are cut into [`Kind::More`] frames.
pub const MAX_BODY: usize = 16 << 20;

/// The bit of a kind that says that the body is deflated.
const DEFLATED: u8 = 0x80;

/// What a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// A [`Request`](crate::Request); its last or only part.
    Request = 0,
    /// A [`Response`](crate::Response); its last or only part.
    Response = 1,
    /// An earlier part of the request or response that follows under the same route and id.
    More = 2,
    /// Raw bytes of a stream, at most [`CHUNK`](crate::CHUNK) by convention.
    Data = 3,
    /// The end of the stream the controller sends.
    End = 4,
    /// The controller gives up on the request with this id: its processes are killed, it is still answered.
    Cancel = 5,
    /// So many further bytes (`u32`) may be sent in the stream with this id.
    Credit = 6,
    /// A sign of life. The worker answers the controller's with the same id.
    Heartbeat = 7,
    /// The worker's [`Hello`](crate::Hello).
    Hello = 8,
    /// The route of this frame is closed: told by the worker when the program behind it ended, by the controller
    /// to end it.
    Closed = 9,
    /// The controller is behind a slow link: from now on the worker deflates what is worth it.
    Deflate = 10,
}

impl Kind {
    /// The kind with a number.
    pub fn from_number(number: u8) -> Option<Self> {
        Some(match number {
            0 => Self::Request,
            1 => Self::Response,
            2 => Self::More,
            3 => Self::Data,
            4 => Self::End,
            5 => Self::Cancel,
            6 => Self::Credit,
            7 => Self::Heartbeat,
            8 => Self::Hello,
            9 => Self::Closed,
            10 => Self::Deflate,
            _ => return None,
        })
    }

    /// True where a body may be deflated: never what may hold a password, for a compressor's memory is not wiped.
    fn may_be_deflated(self) -> bool {
        matches!(self, Self::Response | Self::Data)
    }

    /// True where a body may hold a password, so memory is wiped after use.
    fn may_hold_secrets(self) -> bool {
        matches!(self, Self::Request | Self::More)
    }
}

/// One frame. The bodies of requests are wiped when they are dropped, for they can hold passwords.
#[derive(Clone, PartialEq, Eq)]
pub struct Frame {
    /// 0 for the worker at the other end, else a route it announced ([`Response::Route`](crate::Response::Route)).
    pub route: u16,
    /// What the body is.
    pub kind: Kind,
    /// The request this frame belongs to.
    pub id: u32,
    /// The content.
    pub body: Vec<u8>,
}

impl Frame {
    /// A frame.
    pub fn new(route: u16, kind: Kind, id: u32, body: Vec<u8>) -> Self {
        Self { route, kind, id, body }
    }

    /// A frame without a body.
    pub fn bare(route: u16, kind: Kind, id: u32) -> Self {
        Self::new(route, kind, id, Vec::new())
    }

    /// The header in front of the body.
    ///
    /// # Errors
    /// When the body is longer than [`MAX_BODY`].
    pub fn header(&self) -> Result<[u8; HEADER], FrameError> {
        self.header_of(self.body.len(), self.kind as u8)
    }

    /// The header and the body to send over a slow link; `None` where the body is better left as it is.
    pub fn deflated(&self) -> Option<([u8; HEADER], Vec<u8>)> {
        let body = if self.kind.may_be_deflated() { deflate(&self.body) } else { None }?;
        Some((self.header_of(body.len(), self.kind as u8 | DEFLATED).ok()?, body))
    }

    fn header_of(&self, length: usize, kind: u8) -> Result<[u8; HEADER], FrameError> {
        let stated = u32::try_from(length).map_err(|_| FrameError::TooLarge(length))?;
        if length > MAX_BODY {
            return Err(FrameError::TooLarge(length));
        }
        let [l0, l1, l2, l3] = stated.to_le_bytes();
        let [r0, r1] = self.route.to_le_bytes();
        let [i0, i1, i2, i3] = self.id.to_le_bytes();
        Ok([l0, l1, l2, l3, r0, r1, kind, i0, i1, i2, i3])
    }

    /// The bytes of the whole frame.
    ///
    /// # Errors
    /// When the body is longer than [`MAX_BODY`].
    pub fn encode(&self) -> Result<Vec<u8>, FrameError> {
        let header = self.header()?;
        let mut bytes = Vec::with_capacity(HEADER + self.body.len());
        bytes.extend_from_slice(&header);
        bytes.extend_from_slice(&self.body);
        Ok(bytes)
    }
}

/// Deflates the frames of one direction of a slow link.
#[derive(Debug, Default)]
pub struct Deflater {
    /// Pieces of streams that are not tried, for one before them did not get smaller.
    untried: u32,
}

impl Deflater {
    /// How many pieces of streams are left as they are after one that did not get smaller: packed archives come in many.
    const REST: u32 = 31;

    /// The header and the body to send; `None` where the body is better left as it is.
    pub fn deflate(&mut self, frame: &Frame) -> Option<([u8; HEADER], Vec<u8>)> {
        if frame.kind != Kind::Data {
            return frame.deflated();
        }
        if let Some(left) = self.untried.checked_sub(1) {
            self.untried = left;
            return None;
        }
        let deflated = frame.deflated();
        if deflated.is_none() {
            self.untried = Self::REST;
        }
        deflated
    }
}

impl Drop for Frame {
    fn drop(&mut self) {
        if self.kind.may_hold_secrets() {
            self.body.zeroize();
        }
    }
}

/// Bodies are not shown.
impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { route, kind, id, body } = self;
        write!(f, "{kind:?} route {route} id {id}, {} bytes", body.len())
    }
}

/// What a header says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Header {
    /// Bytes of the body as it is sent.
    pub(crate) length: usize,
    route: u16,
    kind: Kind,
    id: u32,
    deflated: bool,
}

impl Header {
    pub(crate) fn parse(header: [u8; HEADER]) -> Result<Self, FrameError> {
        let [l0, l1, l2, l3, r0, r1, number, i0, i1, i2, i3] = header;
        let length = u32::from_le_bytes([l0, l1, l2, l3]) as usize;
        if length > MAX_BODY {
            return Err(FrameError::TooLarge(length));
        }
        let deflated = number & DEFLATED != 0;
        let kind = Kind::from_number(number & !DEFLATED)
            .filter(|kind| !deflated || kind.may_be_deflated())
            .ok_or(FrameError::Kind(number))?;
        let (route, id) = (u16::from_le_bytes([r0, r1]), u32::from_le_bytes([i0, i1, i2, i3]));
        Ok(Self { length, route, kind, id, deflated })
    }

    /// The frame, of the body as it was sent.
    pub(crate) fn frame(self, body: Vec<u8>) -> Result<Frame, FrameError> {
        let frame = Frame::new(self.route, self.kind, self.id, body);
        if !self.deflated {
            return Ok(frame);
        }
        Ok(Frame::new(self.route, self.kind, self.id, inflate(&frame.body)?))
    }
}

#[cfg(test)]
mod tests {
    use super::{Deflater, Frame, HEADER, Kind};
    use crate::{Decoder, FrameError};

    #[test]
    fn a_deflated_frame_is_read_as_it_was() {
        let frame = Frame::new(3, Kind::Data, 9, b"the same again and again, ".repeat(100));
        let (header, body) = frame.deflated().unwrap();
        let bytes = [&header[..], &body[..]].concat();
        assert!(bytes.len() < 200);
        assert_eq!(Decoder::new().push(&mut bytes.as_slice()), Ok(Some(frame.clone())));
        assert_eq!(crate::read_frame(&mut bytes.as_slice()).unwrap(), Some(frame));
    }

    #[test]
    fn pieces_that_do_not_get_smaller_are_not_tried_for_a_while() {
        let (text, short) = (Frame::new(0, Kind::Data, 1, vec![7; 5000]), Frame::bare(0, Kind::Data, 1));
        let mut deflater = Deflater::default();
        assert!(deflater.deflate(&text).is_some());
        assert!(deflater.deflate(&short).is_none());
        let tried = (0..100).position(|_| deflater.deflate(&text).is_some());
        assert_eq!(tried, Some(31));
        assert!(deflater.deflate(&text).is_some());
    }

    #[test]
    fn a_request_is_never_deflated() {
        let frame = Frame::new(0, Kind::Request, 9, vec![0; 9000]);
        assert_eq!(frame.deflated(), None);
        let mut header = frame.header().unwrap();
        header[6] |= super::DEFLATED;
        assert_eq!(Decoder::new().push(&mut &header[..]), Err(FrameError::Kind(0x80)));
        assert_eq!(header.len(), HEADER);
    }
}
