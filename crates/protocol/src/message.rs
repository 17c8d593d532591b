//! Requests and responses as frames: long ones in parts.

use crate::{Frame, FrameError, Kind, MAX_BODY, Request, Response};
use serde::Serialize;
use std::collections::HashMap;

/// The longest request or response, in bytes.
pub const MAX_MESSAGE: usize = 64 << 20;

/// The most bytes of each output of a program, so that both together fit a message. One that prints more is killed.
pub const OUTPUT_LIMIT: usize = 28 << 20;

/// Parts of unfinished messages that a receiver keeps at one time, in bytes.
const MAX_UNFINISHED: usize = 2 * MAX_MESSAGE;

/// Parts are smaller than the largest frame, so that other frames get through between them.
const PART: usize = 1 << 20;

/// The frames of a request, to be sent in order.
///
/// # Errors
/// When it is longer than [`MAX_MESSAGE`].
pub fn request_frames(route: u16, id: u32, request: &Request) -> Result<Vec<Frame>, FrameError> {
    frames(route, Kind::Request, id, request, "request")
}

/// The frames of a response, to be sent in order.
///
/// # Errors
/// When it is longer than [`MAX_MESSAGE`].
pub fn response_frames(route: u16, id: u32, response: &Response) -> Result<Vec<Frame>, FrameError> {
    frames(route, Kind::Response, id, response, "response")
}

fn frames<T: Serialize>(
    route: u16,
    kind: Kind,
    id: u32,
    message: &T,
    what: &'static str,
) -> Result<Vec<Frame>, FrameError> {
    let malformed = |error: postcard::Error| FrameError::Malformed { what, reason: error.to_string() };
    // Measured first: a buffer that grew would leave copies of secrets behind.
    let size = postcard::experimental::serialized_size(message).map_err(malformed)?;
    if size > MAX_MESSAGE {
        return Err(FrameError::MessageTooLarge(size));
    }
    let body = postcard::to_extend(message, Vec::with_capacity(size)).map_err(malformed)?;
    // As a frame at once: it is wiped when dropped.
    let whole = Frame::new(route, kind, id, body);
    if whole.body.len() <= PART {
        return Ok(vec![whole]);
    }
    let mut frames: Vec<Frame> =
        whole.body.chunks(PART).map(|part| Frame::new(route, Kind::More, id, part.to_vec())).collect();
    if let Some(last) = frames.last_mut() {
        last.kind = kind;
    }
    Ok(frames)
}

/// Puts the parts of long messages together. All frames but [`Kind::More`] come out as they go in, the last of a
/// message with the whole body.
#[derive(Debug, Default)]
pub struct Assembler {
    parts: HashMap<(u16, u32), Frame>,
    kept: usize,
}

impl Assembler {
    /// An assembler without unfinished messages.
    pub fn new() -> Self {
        Self::default()
    }

    /// Take a frame; `None` while a message lacks parts.
    ///
    /// # Errors
    /// When one message or all unfinished ones together grow beyond the limits.
    pub fn push(&mut self, mut frame: Frame) -> Result<Option<Frame>, FrameError> {
        if self.parts.is_empty() && frame.kind != Kind::More {
            return Ok(Some(frame));
        }
        let key = (frame.route, frame.id);
        match frame.kind {
            Kind::More => {
                let whole = self.parts.entry(key).or_insert_with(|| Frame::bare(key.0, Kind::More, key.1));
                let length = whole.body.len() + frame.body.len();
                if length > MAX_MESSAGE {
                    return Err(FrameError::MessageTooLarge(length));
                }
                // A part without content would cost memory without being counted.
                self.kept += frame.body.len().max(1024);
                if self.kept > MAX_UNFINISHED {
                    return Err(FrameError::TooManyParts);
                }
                whole.body.extend_from_slice(&frame.body);
                Ok(None)
            }
            Kind::Request | Kind::Response => {
                if let Some(mut whole) = self.parts.remove(&key) {
                    self.kept = self.parts.values().map(|part| part.body.len().max(1024)).sum();
                    let length = whole.body.len() + frame.body.len();
                    if length > MAX_MESSAGE {
                        return Err(FrameError::MessageTooLarge(length));
                    }
                    whole.body.extend_from_slice(&frame.body);
                    std::mem::swap(&mut whole.body, &mut frame.body);
                }
                Ok(Some(frame))
            }
            Kind::Closed => {
                self.parts.retain(|(route, _), _| *route != key.0);
                self.kept = self.parts.values().map(|part| part.body.len().max(1024)).sum();
                Ok(Some(frame))
            }
            _ => Ok(Some(frame)),
        }
    }
}

impl Request {
    /// Read the body of a request frame.
    ///
    /// # Errors
    /// When it is not one, or nests too deep.
    pub fn decode(body: &[u8]) -> Result<Self, FrameError> {
        postcard::from_bytes(body).map_err(|error| FrameError::Malformed { what: "request", reason: error.to_string() })
    }
}

impl Response {
    /// Read the body of a response frame.
    ///
    /// # Errors
    /// When it is not one, or nests too deep.
    pub fn decode(body: &[u8]) -> Result<Self, FrameError> {
        postcard::from_bytes(body)
            .map_err(|error| FrameError::Malformed { what: "response", reason: error.to_string() })
    }
}

const _: () = assert!(PART <= MAX_BODY, "a part fits a frame");
