//! Declared arguments, and the one validator that reads them.

mod convert;
mod from_argument;
mod key_values;
mod rules;
mod specification;
mod validate;

pub use convert::convert_value;
pub use from_argument::{BitSize, ByteSize, FromArgument, Json, JsonArgument, Params, StandIn};
pub use specification::{
    Args, Argument, ArgumentDocs, ArgumentSpec, ArgumentType, DefaultValue, Deprecation, Docs, Rule,
};
pub use validate::{Validated, validate};
