//! Frames over blocking streams.

use crate::frame::Header;
use crate::{Deflater, Frame, HEADER};
use std::io::{self, ErrorKind, Read, Write};
use zeroize::Zeroize;

/// Read one frame; `None` when the stream ended between two frames. Buffer the reader.
///
/// # Errors
/// Of the stream; [`ErrorKind::InvalidData`] with a [`FrameError`](crate::FrameError) inside for bytes that are no
/// frame; [`ErrorKind::UnexpectedEof`] within one.
pub fn read_frame(reader: &mut impl Read) -> io::Result<Option<Frame>> {
    let mut header = [0; HEADER];
    let mut filled = 0;
    while let Some(rest) = header.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match reader.read(rest) {
            Ok(0) if filled == 0 => return Ok(None),
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(count) => filled += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    let invalid = |error| io::Error::new(ErrorKind::InvalidData, error);
    let header = Header::parse(header).map_err(invalid)?;
    let mut body = Vec::new();
    // `take` grows the buffer with what really arrives, so a stated length alone allocates nothing.
    reader.take(header.length as u64).read_to_end(&mut body)?;
    if body.len() < header.length {
        body.zeroize();
        return Err(ErrorKind::UnexpectedEof.into());
    }
    header.frame(body).map(Some).map_err(invalid)
}

/// [`write_frame`] over a slow link: the body is deflated where that is worth it.
///
/// # Errors
/// As [`write_frame`].
pub fn write_deflated_frame(writer: &mut impl Write, frame: &Frame, deflater: &mut Deflater) -> io::Result<()> {
    let Some((header, body)) = deflater.deflate(frame) else { return write_frame(writer, frame) };
    writer.write_all(&header)?;
    writer.write_all(&body)?;
    writer.flush()
}

/// Write one frame and flush.
///
/// # Errors
/// Of the stream; [`ErrorKind::InvalidInput`] for a body beyond the limit, before anything is written.
pub fn write_frame(writer: &mut impl Write, frame: &Frame) -> io::Result<()> {
    let header = frame.header().map_err(|error| io::Error::new(ErrorKind::InvalidInput, error))?;
    if frame.body.len() <= 4096 {
        // One write for small frames: one packet, one wake-up of the other side.
        let mut bytes = zeroize::Zeroizing::new(Vec::with_capacity(HEADER + frame.body.len()));
        bytes.extend_from_slice(&header);
        bytes.extend_from_slice(&frame.body);
        writer.write_all(&bytes)?;
    } else {
        writer.write_all(&header)?;
        writer.write_all(&frame.body)?;
    }
    writer.flush()
}
