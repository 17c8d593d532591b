//! One frame: `u32 length of the body | u16 route | u8 kind | u32 id | body`, integers little-endian.

use crate::FrameError;
use std::fmt;
use zeroize::Zeroize;

/// Bytes of a frame's header.
pub const HEADER: usize = 11;

/// The largest body of one frame, in bytes. Longer messages are cut into [`Kind::More`] frames.
pub const MAX_BODY: usize = 16 << 20;

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
            _ => return None,
        })
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
        let length = self.body.len();
        let stated = u32::try_from(length).map_err(|_| FrameError::TooLarge(length))?;
        if length > MAX_BODY {
            return Err(FrameError::TooLarge(length));
        }
        let [l0, l1, l2, l3] = stated.to_le_bytes();
        let [r0, r1] = self.route.to_le_bytes();
        let [i0, i1, i2, i3] = self.id.to_le_bytes();
        Ok([l0, l1, l2, l3, r0, r1, self.kind as u8, i0, i1, i2, i3])
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

/// The fields of a header: length of the body, route, kind, id.
pub(crate) fn parse_header(header: [u8; HEADER]) -> Result<(usize, u16, Kind, u32), FrameError> {
    let [l0, l1, l2, l3, r0, r1, kind, i0, i1, i2, i3] = header;
    let length = u32::from_le_bytes([l0, l1, l2, l3]) as usize;
    if length > MAX_BODY {
        return Err(FrameError::TooLarge(length));
    }
    let kind = Kind::from_number(kind).ok_or(FrameError::Kind(kind))?;
    Ok((length, u16::from_le_bytes([r0, r1]), kind, u32::from_le_bytes([i0, i1, i2, i3])))
}
