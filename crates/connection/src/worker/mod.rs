//! The worker at the other end: delivering it, starting it, talking to it.

pub(crate) mod client;
pub(crate) mod delivery;
mod script;
pub(crate) mod transfer;
