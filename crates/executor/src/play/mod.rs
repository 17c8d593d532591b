//! A play under a strategy.

mod apply;
mod free;
mod handlers;
mod include;
mod linear;
mod meta;
mod root;

pub(crate) use linear::Linear;
