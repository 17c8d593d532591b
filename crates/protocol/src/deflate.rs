//! Contents made smaller for a slow link, as a raw DEFLATE stream (RFC 1951).
//!
//! Why this and not another format is in `docs/decisions/0011-deflate-on-slow-links.md`.

use crate::{FrameError, MAX_BODY};
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use std::io::{Read, Write};

/// Contents of fewer bytes are left as they are.
const WORTHWHILE: usize = 1024;

/// The bytes, smaller; `None` where that does not save at least an eighth of them.
pub(crate) fn deflate(bytes: &[u8]) -> Option<Vec<u8>> {
    if bytes.len() < WORTHWHILE {
        return None;
    }
    let mut encoder = DeflateEncoder::new(Vec::with_capacity(bytes.len() / 2), Compression::fast());
    // Writing to memory does not fail.
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok().filter(|smaller| smaller.len() <= bytes.len() - bytes.len() / 8)
}

/// The bytes as they were, which are [`MAX_BODY`] at the most.
///
/// # Errors
/// When they are no whole DEFLATE stream, or more come out of it.
pub(crate) fn inflate(bytes: &[u8]) -> Result<Vec<u8>, FrameError> {
    let mut inflated = Vec::new();
    let limit = MAX_BODY as u64 + 1;
    match DeflateDecoder::new(bytes).take(limit).read_to_end(&mut inflated) {
        Ok(size) if size > MAX_BODY => Err(FrameError::TooLarge(size)),
        Ok(_) => Ok(inflated),
        Err(error) => Err(FrameError::Malformed { what: "deflated content", reason: error.to_string() }),
    }
}

#[cfg(test)]
mod tests {
    use super::{deflate, inflate};
    use crate::MAX_BODY;

    #[test]
    fn only_what_gets_smaller_is_deflated() {
        let text = b"all work and no play ".repeat(200);
        let smaller = deflate(&text).unwrap();
        assert!(smaller.len() * 20 < text.len());
        assert_eq!(inflate(&smaller), Ok(text));
        assert_eq!(deflate(b"short"), None);
        let mut state = 1_u64;
        let noise = std::iter::repeat_with(|| {
            state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
            (state >> 56) as u8
        });
        assert_eq!(deflate(&noise.take(4096).collect::<Vec<_>>()), None);
    }

    #[test]
    fn what_is_too_much_or_no_deflate_is_refused() {
        let bomb = deflate(&vec![0; MAX_BODY + 1]).unwrap();
        assert!(inflate(&bomb).is_err());
        let whole = deflate(&vec![7; 5000]).unwrap();
        assert!(inflate(&whole[..whole.len() - 1]).is_err());
        assert!(inflate(b"\xff\xff\xff").is_err());
        assert!(inflate(b"").is_err());
    }
}
