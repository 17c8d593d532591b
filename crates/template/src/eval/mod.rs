//! Walks the tree: expressions, statements, scopes, and access to values with Python's semantics.

mod access;
mod call;
mod expression;
mod frame;
mod include;
mod macros;
mod operators;
mod output;
mod run;
mod session;
mod statement;

pub(crate) use access::{attribute, contains, index as position, item, item_path, slice};
pub(crate) use call::{Arguments, Call};
pub(crate) use expression::undefined_result;
pub(crate) use frame::Frame;
pub(crate) use operators::{MAX_BITS, binary, negate, too_large};
pub(crate) use run::Run;
pub(crate) use run::evaluate_alone;
pub(crate) use session::{Session, Stored};
