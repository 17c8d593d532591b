//! A play under a strategy.

mod ahead;
mod apply;
mod debugger;
mod free;
mod handlers;
mod include;
mod linear;
mod meta;
mod root;
mod step;
mod turn;

pub(crate) use linear::{Linear, task_name};
