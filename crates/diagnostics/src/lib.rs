//! Errors a person can act on: what happened, where, why, and the way out.
//!
//! A [`Report`] is data. It is rendered in one place ([`Report::render`]), in the form ansible-core 2.19 gives
//! its errors: the message chain on one line, then each link with its origin and a source excerpt.

mod excerpt;
mod render;
mod report;
mod system;

pub use excerpt::excerpt;
pub use report::{ErrorKind, Report};
pub use system::python_error;
