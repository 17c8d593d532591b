//! A play under a strategy.

mod ahead;
mod announce;
mod apply;
mod debugger;
mod free;
mod handlers;
mod include;
mod linear;
mod meta;
mod root;
mod selection;
mod step;
mod turn;

pub(crate) use announce::task_name;
pub(crate) use linear::Linear;
