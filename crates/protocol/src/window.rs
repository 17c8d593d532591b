//! How much of a stream may be under way, so that a slow one delays no other.

use crate::FrameError;

/// The bytes a sender may send before the first credit: a link of 1 Gbit/s is full with it up to a round trip of 30 ms.
pub const WINDOW: usize = 4 << 20;

/// The largest piece of a stream in one data frame.
pub const CHUNK: usize = 128 << 10;

/// The sender's count of what it may still send.
#[derive(Debug)]
pub struct SendWindow(u64);

impl Default for SendWindow {
    fn default() -> Self {
        Self(WINDOW as u64)
    }
}

impl SendWindow {
    /// Take up to [`CHUNK`] bytes of room, at most `wanted`; 0 means wait for credit.
    pub fn take(&mut self, wanted: usize) -> usize {
        let size = wanted.min(CHUNK).min(usize::try_from(self.0).unwrap_or(usize::MAX));
        self.0 -= size as u64;
        size
    }

    /// Room left.
    pub fn room(&self) -> u64 {
        self.0
    }

    /// The receiver gave credit.
    pub fn grant(&mut self, bytes: u32) {
        self.0 = self.0.saturating_add(bytes.into());
    }
}

/// The receiver's count of what the sender may still send.
#[derive(Debug)]
pub struct ReceiveWindow {
    open: usize,
    used: usize,
}

impl Default for ReceiveWindow {
    fn default() -> Self {
        Self { open: WINDOW, used: 0 }
    }
}

impl ReceiveWindow {
    /// A data frame of `size` bytes arrived.
    ///
    /// # Errors
    /// When the sender had no room for it.
    pub fn receive(&mut self, size: usize) -> Result<(), FrameError> {
        self.open = self.open.checked_sub(size).ok_or_else(|| FrameError::Window(size.saturating_sub(self.open)))?;
        Ok(())
    }

    /// `size` bytes were written to their destination. Gives the credit to send, once it is worth a frame.
    pub fn consume(&mut self, size: usize) -> Option<u32> {
        self.used = self.used.saturating_add(size);
        if self.used < WINDOW / 2 {
            return None;
        }
        let credit = std::mem::take(&mut self.used);
        self.open = self.open.saturating_add(credit);
        u32::try_from(credit).ok()
    }
}

/// The body of a credit frame.
pub fn credit_body(bytes: u32) -> Vec<u8> {
    bytes.to_le_bytes().to_vec()
}

/// The bytes a credit frame grants.
///
/// # Errors
/// When the body is not four bytes.
pub fn credit_of(body: &[u8]) -> Result<u32, FrameError> {
    let bytes: [u8; 4] = body
        .try_into()
        .map_err(|_| FrameError::Malformed { what: "credit", reason: format!("{} bytes", body.len()) })?;
    Ok(u32::from_le_bytes(bytes))
}
