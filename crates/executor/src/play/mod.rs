//! A play under the linear strategy.

mod apply;
mod handlers;
mod include;
mod linear;
mod meta;
mod root;

pub(crate) use linear::Linear;
