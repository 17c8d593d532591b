//! Finding the worker's first byte behind whatever else a login prints.

use crate::FrameError;

/// What a worker writes before its first frame. The line end tells when a terminal rewrites bytes.
pub const MAGIC: [u8; 8] = *b"CHRT\x01\r\n\0";

/// How many bytes may come before the magic: banners, a message of the day, `sudo`'s lecture.
pub const MAX_NOISE: usize = 64 << 10;

/// Searches a stream for [`MAGIC`] and keeps what came before it.
#[derive(Debug, Default)]
pub struct Preamble {
    seen: Vec<u8>,
}

impl Preamble {
    /// A search at the start of a stream.
    pub fn new() -> Self {
        Self::default()
    }

    /// Take bytes from the front of `input`, up to and including the magic; true when it has been found.
    ///
    /// # Errors
    /// After [`MAX_NOISE`] bytes without it.
    pub fn push(&mut self, input: &mut &[u8]) -> Result<bool, FrameError> {
        while let Some((&byte, rest)) = input.split_first() {
            *input = rest;
            self.seen.push(byte);
            if self.seen.ends_with(&MAGIC) {
                self.seen.truncate(self.seen.len() - MAGIC.len());
                return Ok(true);
            }
            if self.seen.len() > MAX_NOISE {
                return Err(FrameError::NoMagic);
            }
        }
        Ok(false)
    }

    /// What came before the magic; all bytes so far when it has not come.
    pub fn noise(&self) -> &[u8] {
        &self.seen
    }
}
